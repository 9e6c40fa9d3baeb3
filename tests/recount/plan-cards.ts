/** Card traffic: sales with what undoes them, declines in bursts, days that sell too much. */
import { HOUR_MS, plusDays, type Day } from './civil.ts'
import { DAY_MS, lateness, MINUTE_MS, secondOf, type Plan } from './plan.ts'

type Attempt = Readonly<{
  timeMs: number
  lateMs?: number
  terminalId?: string
  amount?: number
  data?: object
}>

const APPROVED = { responseCode: '00', approved: true }

/** Plans an attempt, approved unless `data` says otherwise, and gives its transaction id. */
export function addAttempt(plan: Plan, attempt: Attempt): string {
  const { timeMs, lateMs = 0, terminalId = 'T1', amount = 10_000, data = {} } = attempt
  const transactionId = plan.name('tx')
  const money = { amount, currency: plan.currency }
  const card = { cardToken: plan.name('h1') }
  const all = { transactionId, terminalId, mti: '0200', ...money, ...APPROVED, ...card, ...data }
  plan.add('card.authorisation', timeMs, all, { lateMs })
  return transactionId
}

/** A sale of any sort: late, ahead of the clock, doubled, voided, of a card of the owner. */
export function addSale(plan: Plan, day: Day, terminalId: string): void {
  const { draw } = plan
  const timeMs = plan.on(day, secondOf(plan))
  const amount = draw.one([1, 100, 5_000, 12_000])
  const sort = draw.whole(1, 100)
  if (sort <= 4) return addAhead(plan, timeMs, terminalId)
  if (sort <= 8) return addCompletion(plan, timeMs, terminalId)
  if (sort <= 12) return addOddSale(plan, { timeMs, terminalId, amount })
  if (sort <= 16) return addUndoneFirst(plan, { timeMs, terminalId, amount })
  const lateMs = lateness(plan)
  const swipe = draw.percent(30) ? { stan: plan.name('s'), rrn: plan.name('r') } : {}
  const transactionId = addAttempt(plan, { timeMs, lateMs, terminalId, amount, data: swipe })
  if ('stan' in swipe && lateMs < HOUR_MS && draw.percent(50)) {
    // The adapter lost the id; the answer may even be another.
    const again = { ...swipe, approved: draw.percent(70) }
    const repeatMs = timeMs + draw.whole(0, 600) * 1000
    addAttempt(plan, { timeMs: repeatMs, lateMs: HOUR_MS, terminalId, amount, data: again })
  }
  if (draw.percent(20)) undo(plan, { transactionId, timeMs, lateMs, terminalId, amount })
}

function addAhead(plan: Plan, arrivalMs: number, terminalId: string): void {
  const { draw } = plan
  const ahead = draw.one([MINUTE_MS, 5 * MINUTE_MS, 5 * MINUTE_MS + 1000, HOUR_MS, 700 * DAY_MS])
  addAttempt(plan, { timeMs: arrivalMs + ahead, lateMs: -ahead, terminalId })
}

function addCompletion(plan: Plan, timeMs: number, terminalId: string): void {
  const data = { processingCode: '030000', mti: '0100' }
  const originalTransactionId = addAttempt(plan, { timeMs, terminalId, data })
  const transactionId = plan.name('tx')
  const money = { amount: 9_000, currency: plan.currency }
  const all = { transactionId, originalTransactionId, terminalId, ...money }
  plan.add('card.completion', timeMs + plan.draw.whole(1, 48) * HOUR_MS, all)
}

function addOddSale(plan: Plan, sale: Attempt): void {
  const odd = plan.draw.one([
    { cardFlag: 'owner' },
    { cardFlag: 'staff' },
    { amount: 0 },
    { currency: plan.otherCurrency },
    { processingCode: '200000' },
    { approved: false, responseCode: '51' },
  ])
  addAttempt(plan, { ...sale, data: odd })
}

/** The void arrives before its sale and tells nothing but its name; or the sale never comes. */
function addUndoneFirst(plan: Plan, sale: Attempt): void {
  const lateMs = plan.draw.whole(10, 40) * MINUTE_MS
  const isUnknown = plan.draw.percent(30)
  const originalTransactionId = isUnknown ? plan.name('tx') : addAttempt(plan, { ...sale, lateMs })
  const voidedMs = sale.timeMs + plan.draw.whole(1, 9) * MINUTE_MS
  plan.add('card.void', voidedMs, { originalTransactionId, sameDay: true })
}

type Sold = Readonly<{
  transactionId: string
  timeMs: number
  lateMs: number
  terminalId: string
  amount: number
  cardToken?: string
}>

/**
 * Soon after the sale with little said; or later, telling all that a ledger needs. A sale too late
 * for the tallies of days is never taken out of them: its void tells no amount.
 */
export function undo(plan: Plan, sold: Sold): void {
  const { draw } = plan
  const { transactionId: originalTransactionId, timeMs, lateMs, terminalId, amount } = sold
  const isSoon = lateMs < 10 * MINUTE_MS && draw.percent(50)
  const since = isSoon ? draw.whole(1, 50) * MINUTE_MS : draw.whole(3, 72) * HOUR_MS
  const undoneMs = Math.max(timeMs + since, timeMs + lateMs + MINUTE_MS)
  const originalTime = Temporal.Instant.fromEpochMilliseconds(timeMs).toString()
  const isEarly = lateMs < 60 * HOUR_MS
  const money = isEarly ? { amount, currency: plan.currency } : {}
  const card = sold.cardToken !== undefined && draw.percent(60) ? { cardToken: sold.cardToken } : {}
  const full = isSoon ? {} : { originalTime, terminalId, ...money, ...card }
  const common = { originalTransactionId, ...full }
  const local = (ms: number) => {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(plan.zone).toPlainDate()
  }
  const sameDay = local(timeMs).equals(local(undoneMs))
  const knownLateMs = draw.percent(70) ? 0 : draw.whole(1, 30) * MINUTE_MS
  const timing = { lateMs: knownLateMs }
  const kind = draw.whole(1, 4)
  if (kind === 1) plan.add('card.void', undoneMs, { ...common, sameDay }, timing)
  if (kind === 2) {
    plan.add('card.reversal', undoneMs, { ...common, reversalType: 'merchant-void' }, timing)
  }
  if (kind === 3) {
    plan.add('card.reversal', undoneMs, { ...common, reversalType: 'system-timeout' }, timing)
  }
  if (kind === 4) {
    const part = isEarly ? { amount: Math.ceil(amount / 2), currency: plan.currency } : {}
    plan.add('card.reversal', undoneMs, { ...common, ...part, reversalType: 'partial' }, timing)
  }
}

/** Declines of one to four cards around the ten minutes, some of them across a midnight. */
export function addBursts(plan: Plan, day: Day): void {
  const { draw } = plan
  const startS = draw.percent(40) ? -draw.whole(0, 1200) : draw.whole(9 * 3600, 20 * 3600)
  const cards = draw.whole(1, 4)
  for (let card = 0; card < cards; card += 1) {
    const token = plan.name('h1')
    const fromS = startS + card * draw.one([0, 30, 300, 3600, 7200])
    const offsets = [0, draw.one([60, 300, 599]), draw.one([599, 600, 601, 120]), 700, 1300]
    const timings = offsets.slice(0, draw.whole(2, 5))
    for (const offset of timings) {
      const timeMs = plan.on(day, fromS + offset)
      const lateMs = draw.percent(75) ? 1000 : draw.whole(1, 80) * MINUTE_MS
      const responseCode = draw.one(['51', '55', '05', '14'])
      const approved = draw.percent(8)
      const swipe = draw.percent(20) ? { stan: plan.name('s'), rrn: plan.name('r') } : {}
      const data = { cardToken: token, responseCode, approved, ...swipe }
      addAttempt(plan, { timeMs, lateMs, data })
      if ('stan' in swipe) addAttempt(plan, { timeMs: timeMs + 1000, lateMs: 2000, data })
    }
  }
}

/** A few weeks of even days, then some that sell a multiple of them. */
export function addSpikes(plan: Plan): void {
  const { draw } = plan
  const isEven = draw.percent(50)
  const usual = draw.whole(8, 11)
  const amount = draw.one([5_000, 10_000, 30_000])
  let day = plan.startOn
  const base = draw.whole(32, 44)
  for (let index = 0; index < base; index += 1, day = plusDays(day, 1)) {
    if (!isEven && draw.percent(12)) continue
    sellOn(plan, day, usual + (isEven ? 0 : draw.whole(-2, 2)), amount)
  }
  const spikes = draw.whole(2, 4)
  for (let index = 0; index < spikes; index += 1) {
    const tenths = draw.one([28, 29, 30, 31, 50, 69, 70, 71])
    sellOn(plan, day, Math.ceil((usual * tenths) / 10), draw.percent(70) ? amount : amount * 3)
    const pause = draw.whole(0, 4)
    day = plusDays(day, 1)
    for (let rest = 0; rest < pause; rest += 1, day = plusDays(day, 1)) {
      if (draw.percent(80)) sellOn(plan, day, usual, amount)
    }
  }
}

function sellOn(plan: Plan, day: Day, number: number, amount: number): void {
  const { draw } = plan
  for (let index = 0; index < number; index += 1) {
    const timeMs = plan.on(day, 8 * 3600 + Math.floor((index * 13 * 3600) / number))
    const sort = draw.whole(1, 100)
    const lateMs =
      sort <= 94 ? 1000 : draw.one([HOUR_MS, 20 * HOUR_MS, 47 * HOUR_MS, 72 * HOUR_MS, 5 * DAY_MS])
    const transactionId = addAttempt(plan, { timeMs, lateMs, amount })
    if (draw.percent(2)) undo(plan, { transactionId, timeMs, lateMs, terminalId: 'T1', amount })
  }
}
