/** What happens to a sale afterwards. */
import { emit, type Sale, type Trading } from './shift.ts'

/** A sale voided, a sale reversed by a time-out, a refund: on some days one of them. */
export function takeBack(trading: Trading, sales: readonly Sale[]): void {
  const { plan, rng } = trading
  const { currency } = plan.country
  const draw = rng.next()
  if (draw > 0.12) return
  const sale = rng.pick(sales)
  const { terminalId, amount, transactionId } = sale
  if (draw > 0.08) {
    const refund = `rf-${plan.index}d${trading.day}n${trading.serial}`
    const data = { transactionId: refund, terminalId, amount, currency, cardToken: sale.card.token }
    const refundMs = sale.timeMs + rng.int(20, 90) * 60_000
    emit(
      trading,
      { type: 'card.refund', data: { ...data, originalTransactionId: transactionId } },
      refundMs,
    )
    return
  }
  const peers = sales.filter((other) => other.terminalId === terminalId)
  const isAtMidnight = plan.place.dayAt(sale.timeMs + 1_200_000) !== trading.day
  if (peers.length < 3 || isAtMidnight || sale.arriveMs - sale.timeMs > 10_000) return
  const originalTime = plan.place.stamp(sale.timeMs)
  const data = { originalTransactionId: transactionId, originalTime, terminalId, amount, currency }
  if (draw > 0.04) {
    emit(
      trading,
      { type: 'card.void', data: { ...data, sameDay: true } },
      sale.timeMs + rng.int(2, 15) * 60_000,
    )
    return
  }
  // One in five overtakes its sale.
  const arriveMs = rng.chance(0.2) ? sale.timeMs + 140 : undefined
  const reversal = { ...data, reversalType: 'system-timeout' as const }
  const reversedMs = arriveMs === undefined ? sale.timeMs + rng.int(30_000, 60_000) : arriveMs - 20
  emit(trading, { type: 'card.reversal', data: reversal }, reversedMs, arriveMs)
}
