/** Refunds for which the source found no sale, of the last days. */
import type { EpochMs } from './time.ts'

const REFUNDS_MAX = 64

export type UnmatchedRefund = {
  atMs: EpochMs
  pane: number
  eventId: string
  terminalId: string
  amount: number
  currency: string
  isInMoney: boolean
  failure: string
  /** A hash that the source made; empty: none. */
  cashier: string
}

/** Ascending by time; the newest 64. */
export function noteRefund(refunds: UnmatchedRefund[], refund: UnmatchedRefund): void {
  let place = refunds.length
  while (place > 0 && refunds[place - 1]!.atMs > refund.atMs) place--
  refunds.splice(place, 0, refund)
  if (refunds.length > REFUNDS_MAX) refunds.shift()
}
