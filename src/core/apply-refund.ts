/** Refunds: those for which the source found no sale are kept one by one. */
import type { EventOf } from '../events/event.ts'
import { DAY_LATE_MS_MAX } from './apply-sale.ts'
import type { Applying } from './applying.ts'
import { noteRefund } from './refunds.ts'
import { paneOf } from './spans.ts'

export function applyRefund(applying: Applying, event: EventOf<'card.refund'>): void {
  const { account, atMs, arrivedMs, currency, changes, notes } = applying
  const { data } = event
  if (data.matched !== false) return
  if (arrivedMs - event.timeMs > DAY_LATE_MS_MAX) {
    notes.push({ kind: 'late', action: 'facts-only' })
    return
  }
  const isInMoney = data.currency === (currency ?? account.facts.currency ?? data.currency)
  if (!isInMoney) notes.push({ kind: 'currency-mismatch' })
  // Behind one that was folded before, it says nothing new of a window that was told of.
  if (account.refunds.some((it) => it.atMs > atMs)) applying.isRevision = true
  noteRefund(account.refunds, {
    atMs,
    pane: paneOf(atMs),
    eventId: event.id,
    terminalId: data.terminalId,
    amount: data.amount,
    currency: data.currency,
    isInMoney,
    failure: data.matchFailure ?? '',
    cashier: data.cashierId ?? '',
  })
  account.dirty.now = true
  changes.add('refunds')
}
