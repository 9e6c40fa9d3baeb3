/** Shares of declines: quiet weeks, then hours and days in which too much is refused. */
import { HOUR_MS, plusDays, type Day } from './civil.ts'
import { MINUTE_MS, type Plan } from './plan.ts'
import { addAttempt } from './plan-cards.ts'

/** Some weeks of a few sales a day, then spells; some begin before there is a history. */
export function addRatios(plan: Plan): void {
  const { draw } = plan
  const activatedOn = plusDays(plan.startOn, draw.one([0, 0, 0, 8]))
  const device = { terminalId: 'T1', serialNo: 'SN-1' }
  if (draw.percent(80)) plan.add('terminal.activated', plan.on(activatedOn, 60), device)
  const usual = draw.one([0, 0, 5, 12])
  const days = draw.one([18, 20, 22, 36])
  let day = plan.startOn
  for (let index = 0; index < days; index += 1, day = plusDays(day, 1)) {
    if (!draw.percent(6)) addQuietDay(plan, day, usual)
  }
  if (draw.percent(20)) {
    const from = plan.day(-1, 2, day)
    const pause = { from, to: plan.day(0, 6, from) }
    plan.add('merchant.pause.declared', plan.on(plusDays(day, -3), 4000), pause)
  }
  const spells = draw.whole(2, 4)
  for (let index = 0; index < spells; index += 1) {
    if (draw.percent(55)) addBadHours(plan, day)
    else addBadDays(plan, day)
    day = plusDays(day, draw.one([1, 1, 2, 3, 4]))
    addQuietDay(plan, day, usual)
  }
}

function addQuietDay(plan: Plan, day: Day, declinedPercent: number): void {
  const { draw } = plan
  const attempts = draw.whole(1, 3)
  for (let index = 0; index < attempts; index += 1) {
    const timeMs = plan.on(day, draw.whole(9 * 3600, 20 * 3600))
    const isDeclined = draw.percent(declinedPercent)
    const data = isDeclined ? { approved: false, responseCode: '51', issuerId: 'I1' } : {}
    addAttempt(plan, { timeMs, amount: 3_000, data })
  }
}

type Share = Readonly<{ declinedPercent: number; issuerPercent: number }>

function drawShare({ draw }: Plan, shares: readonly [number, ...number[]]): Share {
  return { declinedPercent: draw.one(shares), issuerPercent: draw.one([20, 60, 68, 72, 100]) }
}

function addOne(plan: Plan, timeMs: number, share: Share): void {
  const { draw } = plan
  const sort = draw.whole(1, 100)
  let lateMs = 1000
  if (sort > 86) lateMs = draw.whole(1, 75) * MINUTE_MS
  if (sort > 94) lateMs = draw.whole(2, 26) * HOUR_MS
  if (sort > 98) lateMs = draw.whole(26, 80) * HOUR_MS
  const isDeclined = draw.percent(share.declinedPercent)
  const other = draw.one([undefined, 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'IA'])
  const issuer = draw.percent(share.issuerPercent) ? 'I1' : other
  const answer = isDeclined ? { approved: false, responseCode: '05' } : {}
  const data = { ...answer, ...(issuer === undefined ? {} : { issuerId: issuer }) }
  addAttempt(plan, { timeMs, lateMs, amount: 2_000, data })
}

/** One to three hours that begin so far apart that they count once or twice. */
function addBadHours(plan: Plan, day: Day): void {
  const { draw } = plan
  const share = drawShare(plan, [50, 55, 65, 80])
  let startMs = plan.on(day, draw.percent(20) ? -draw.whole(0, 3000) : draw.whole(25_000, 55_000))
  const hours = draw.whole(1, 3)
  for (let hour = 0; hour < hours; hour += 1) {
    const attempts = draw.whole(18, 28)
    const stepMs = draw.one([60_000, 100_000, 170_000])
    for (let index = 0; index < attempts; index += 1) {
      addOne(plan, startMs + index * stepMs, share)
    }
    startMs += draw.one([HOUR_MS, HOUR_MS + 60_000, 90 * MINUTE_MS, 3 * HOUR_MS, 4 * HOUR_MS])
  }
}

/** A day, or two, of attempts so far apart that no hour is full. */
function addBadDays(plan: Plan, day: Day): void {
  const { draw } = plan
  const share = drawShare(plan, [32, 38, 45])
  const attempts = draw.whole(48, 58) * draw.one([1, 2])
  const stepMs = draw.one([22, 25, 28]) * MINUTE_MS
  const startMs = plan.on(day, draw.whole(0, 20_000))
  for (let index = 0; index < attempts; index += 1) addOne(plan, startMs + index * stepMs, share)
}

const LISTED = ['14', '15', '41', '43', '46', '54', '57', '59', '62', '63'] as const

/** Many cards tried within the hour, near ten of them refused as unknown, lost or wrong. */
export function addTesting(plan: Plan, days: number): void {
  const { draw } = plan
  const spells = draw.whole(2, 5)
  for (let index = 0; index < spells; index += 1) {
    const startMs = plan.on(plan.day(1, days), draw.whole(-1500, 80_000))
    const cards = draw.whole(9, 12)
    const issuers = draw.whole(2, 4)
    const attempts = draw.whole(19, 46)
    const listedPercent = draw.one([35, 55, 80])
    const stepMs = draw.one([30_000, 100_000, 180_000])
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const isListed = draw.percent(listedPercent)
      const code = isListed ? draw.one(LISTED) : draw.one(['51', '05', '55'])
      const isDeclined = isListed || draw.percent(20)
      const answer = isDeclined ? { approved: false, responseCode: code } : {}
      const cardToken = draw.percent(94) ? `h1:${index}-${draw.whole(1, cards)}` : undefined
      const issuerId = draw.percent(94) ? `I${draw.whole(1, issuers)}` : undefined
      const lateMs = draw.percent(85) ? 1000 : draw.whole(1, 75) * MINUTE_MS
      const timeMs = startMs + attempt * stepMs
      const data = { ...answer, cardToken, issuerId }
      addAttempt(plan, { timeMs, lateMs, amount: 100, data })
    }
  }
}
