/** The end of the day: one batch for each terminal that sold, and a payout on working days. */
import { weekdayOf } from './civil.ts'
import { isHoliday } from './holidays.ts'
import { instantOf } from './plan.ts'
import { emit, type Sale, type Trading } from './shift.ts'

const FEE_SHARE = 0.006

export function settle(trading: Trading, sales: readonly Sale[]): void {
  pay(trading)
  const byTerminal = Map.groupBy(sales, ({ terminalId }) => terminalId)
  for (const [terminalId, ofTerminal] of byTerminal) closeBatch(trading, terminalId, ofTerminal)
}

function closeBatch(trading: Trading, terminalId: string, sales: readonly Sale[]): void {
  const { plan, rng, day, till } = trading
  const batchId = `b-${plan.index}d${day}${terminalId}`
  const sum = sales.reduce((total, { amount }) => total + amount, 0)
  const atMs = instantOf(plan.place, rng, day, plan.trade.closes + 10)
  const { currency } = plan.country
  const localDate = plan.place.stamp(atMs).slice(0, 10)
  const data = { batchId, terminalId, localDate, count: sales.length, sum, currency }
  emit(trading, { type: 'batch.closed', data }, atMs)
  till.batches.push(batchId)
  till.gross += sum
}

/** Small shops are paid on Mondays, the others on every working day. */
function pay(trading: Trading): void {
  const { plan, rng, day, till } = trading
  const weekday = weekdayOf(day)
  const isPayday = plan.mean < 12 ? weekday === 0 : weekday < 5
  if (!isPayday || till.gross === 0 || isHoliday(plan.country.country, day)) return
  const fees = Math.round(till.gross * FEE_SHARE)
  const data = {
    payoutId: `po-${plan.index}d${day}`,
    net: till.gross - fees,
    currency: plan.country.currency,
    gross: till.gross,
    fees,
    batchIds: till.batches.slice(-100),
    accountRef: `sa-${plan.index}`,
    accountClass: 'corporate',
  }
  emit(trading, { type: 'payout.completed', data }, instantOf(plan.place, rng, day, 720))
  trading.till = { batches: [], gross: 0 }
}
