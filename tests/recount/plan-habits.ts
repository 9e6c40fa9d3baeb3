/** Cards that come again, amounts that are too even, accounts that wake, refunds of nothing. */
import { HOUR_MS, plusDays, type Day } from './civil.ts'
import { DAY_MS, lateness, MINUTE_MS, secondOf, type Plan } from './plan.ts'
import { addAttempt, undo } from './plan-cards.ts'

type Sale = Readonly<{ day: Day; amount: number; cardToken?: string | undefined }>

/** Late around the bounds, in other money, undone in part or whole. */
function sell(plan: Plan, { day, amount, cardToken }: Sale): void {
  const { draw } = plan
  const timeMs = plan.on(day, secondOf(plan))
  const sort = draw.whole(1, 100)
  let lateMs = 1000
  if (sort > 80) lateMs = draw.whole(1, 23) * HOUR_MS
  if (sort > 90) lateMs = draw.one([24 * HOUR_MS, 24 * HOUR_MS + 1000, 72 * HOUR_MS, 73 * HOUR_MS])
  const odd = draw.percent(4) ? { currency: plan.otherCurrency } : {}
  const owner = draw.percent(4) ? { cardFlag: 'owner' } : {}
  const data = { cardToken, ...odd, ...owner }
  const transactionId = addAttempt(plan, { timeMs, lateMs, amount, data })
  if (!draw.percent(14) || 'currency' in odd) return
  const card = cardToken === undefined ? {} : { cardToken }
  undo(plan, { transactionId, timeMs, lateMs, terminalId: 'T1', amount, ...card })
}

/** Days on which a card comes three or five times, and weeks of large round sales. */
export function addEven(plan: Plan, days: number): void {
  const { draw } = plan
  const visits = draw.whole(2, 4)
  let day = plan.day(1, 8)
  for (let index = 0; index < visits && day < plusDays(plan.startOn, days); index += 1) {
    addVisits(plan, day)
    day = plusDays(day, draw.one([0, 1, 3, 28, 29, 30]))
  }
  const weeks = draw.whole(1, 3)
  for (let week = 0; week < weeks; week += 1) addRoundWeek(plan, plan.day(0, days - 8))
  if (draw.percent(30)) addForwarded(plan, plan.day(2, days))
}

function addVisits(plan: Plan, day: Day): void {
  const { draw } = plan
  const cards = draw.whole(1, 2)
  for (let card = 0; card < cards; card += 1) {
    const cardToken = draw.percent(94) ? `h1:v${card}` : undefined
    const amount = draw.one([4_999, 5_000, 5_000, 8_800, 50_000])
    const sales = draw.whole(2, 6)
    const isSame = draw.percent(50)
    for (let index = 0; index < sales; index += 1) {
      sell(plan, { day, amount: isSame ? amount : amount + index * 100, cardToken })
    }
  }
}

/** More cards on a day than are tallied: only the smallest tokens count. */
function addForwarded(plan: Plan, day: Day): void {
  const { draw } = plan
  const cards = draw.whole(254, 259)
  const number = (index: number) => `h1:${String(index).padStart(3, '0')}`
  for (let index = 0; index < cards; index += 1) {
    const timeMs = plan.on(day, 30_000 + index * 60)
    addAttempt(plan, { timeMs, amount: 5_000, data: { cardToken: number(index) } })
  }
  const cardToken = number(draw.whole(253, 258))
  for (let index = 0; index < 3; index += 1) sell(plan, { day, amount: 7_000, cardToken })
}

function addRoundWeek(plan: Plan, from: Day): void {
  const { draw } = plan
  const sales = draw.whole(8, 14)
  const roundPercent = draw.one([40, 55, 70, 90])
  for (let index = 0; index < sales; index += 1) {
    const isRound = draw.percent(roundPercent)
    const even = [100_000, 150_000, 500_000] as const
    const odd = [99_999, 100_001, 120_000, 99_500] as const
    const day = plan.day(0, draw.one([2, 6, 7]), from)
    sell(plan, { day, amount: isRound ? draw.one(even) : draw.one(odd) })
  }
}

/** Trading, a gap of about two months, and a start with all that explains it or does not. */
export function addDormancy(plan: Plan): void {
  const { draw } = plan
  const activation = { terminalId: 'T1', serialNo: 'SN-1' }
  if (draw.percent(60)) plan.add('terminal.activated', plan.on(plan.startOn, 60), activation)
  const before = draw.whole(1, 40)
  let lastOn = plan.startOn
  for (let index = 0; index < before; index += 1) {
    const day = plusDays(plan.startOn, index)
    if (index > 0 && draw.percent(25)) continue
    const sales = draw.whole(1, 3)
    for (let sale = 0; sale < sales; sale += 1) {
      sell(plan, { day, amount: draw.one([900, 3_000, 8_000, 60_000]) })
    }
    lastOn = day
  }
  const firstOn = plusDays(lastOn, draw.one([58, 59, 60, 60, 61, 75, 95]))
  addMeanwhile(plan, lastOn, firstOn)
  addWaking(plan, firstOn)
}

function addMeanwhile(plan: Plan, lastOn: Day, firstOn: Day): void {
  const { draw } = plan
  const inside = () => plan.day(-1, 60, lastOn)
  if (draw.percent(30)) {
    const serials = { oldSerialNo: 'SN-1', newSerialNo: 'SN-2' }
    const sort = draw.whole(1, 4)
    const timing = { lateMs: draw.percent(70) ? 0 : draw.whole(1, 30) * DAY_MS }
    const timeMs = plan.on(inside(), secondOf(plan))
    const data = { terminalId: 'T1' }
    if (sort === 1) plan.add('terminal.replaced', timeMs, { ...data, ...serials }, timing)
    if (sort === 2) plan.add('terminal.recovered', timeMs, { ...data, faultClass: 'x' }, timing)
    if (sort === 3) plan.add('merchant.reverified', timeMs, { result: 'success' }, timing)
    if (sort === 4) plan.add('merchant.reverified', timeMs, { result: 'fail' }, timing)
  }
  if (draw.percent(15)) {
    const from = plan.day(-20, 62, lastOn)
    const pause = { from, to: plan.day(1, 40, from) }
    plan.add('merchant.pause.declared', plan.on(plusDays(from, -2), 4000), pause)
  }
  if (draw.percent(12)) {
    const timeMs = plan.on(inside(), 40_000)
    addAttempt(plan, { timeMs, amount: 4_000, data: { cardFlag: draw.one(['owner', 'staff']) } })
  }
  // One that a terminal had kept to itself until the shop opened again.
  if (draw.percent(25)) {
    const timeMs = plan.on(inside(), 40_000)
    const lateMs = plan.on(plusDays(firstOn, draw.whole(-1, 4)), 50_000) - timeMs
    if (lateMs > 0) addAttempt(plan, { timeMs, lateMs, amount: 4_000 })
  }
}

function addWaking(plan: Plan, firstOn: Day): void {
  const { draw } = plan
  const sort = draw.whole(1, 3)
  const [sales, amounts] =
    sort === 1
      ? ([draw.whole(8, 12), [500, 2_000]] as const)
      : sort === 2
        ? ([draw.whole(2, 6), [80_000, 120_000, 250_000]] as const)
        : ([draw.whole(1, 4), [3_000, 16_000, 20_000, 140_000]] as const)
  for (let index = 0; index < sales; index += 1) {
    const day = index === 0 ? firstOn : plan.day(0, draw.one([0, 2, 3]), firstOn)
    sell(plan, { day, amount: draw.one<number>(amounts) })
  }
}

/** Refunds around a day and around both limits, some matched, some from before a migration. */
export function addRefunds(plan: Plan, days: number): void {
  const { draw } = plan
  if (draw.percent(35)) {
    const migratedOn = plusDays(plan.startOn, draw.whole(-190, -140))
    const migratedAt = draw.percent(50) ? migratedOn : `${migratedOn}T00:00:00Z`
    plan.add('merchant.profile-changed', plan.on(plan.startOn, 3), { migratedAt })
  }
  const runs = draw.whole(2, 5)
  for (let run = 0; run < runs; run += 1) {
    let timeMs = plan.on(plan.day(1, days), draw.whole(-400, 80_000))
    const refunds = draw.whole(1, 5)
    for (let index = 0; index < refunds; index += 1) {
      addRefund(plan, timeMs)
      timeMs += draw.one([MINUTE_MS, 5 * HOUR_MS, DAY_MS - 5 * MINUTE_MS, DAY_MS])
      timeMs -= draw.one([0, 0, MINUTE_MS])
    }
  }
}

function addRefund(plan: Plan, timeMs: number): void {
  const { draw } = plan
  const amount = draw.one([100, 9_000, 9_000, 49_999, 50_000])
  const money = { amount, currency: draw.percent(8) ? plan.otherCurrency : plan.currency }
  const match = draw.one([{ matched: false }, { matched: false }, { matched: true }, {}])
  const bounds = [24 * HOUR_MS, 72 * HOUR_MS, 72 * HOUR_MS + 1000] as const
  const lateMs = draw.percent(70) ? 1000 : draw.percent(60) ? lateness(plan) : draw.one(bounds)
  const data = { transactionId: plan.name('rf'), terminalId: 'T1', ...money, ...match }
  plan.add('card.refund', timeMs, data, { lateMs })
}
