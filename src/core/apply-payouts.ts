/** Payouts on their way, made, and come back. */
import type { EventOf } from '../events/event.ts'
import type { Applying } from './applying.ts'
import { noteCompleted, notePayoutReturn, noteSent } from './payouts.ts'

type PayoutType = 'payout.scheduled' | 'payout.completed' | 'payout.failed' | 'payout.returned'

export function applyPayout(
  { account, atMs, changes }: Applying,
  event: { [Type in PayoutType]: EventOf<Type> }[PayoutType],
): void {
  const { payouts } = account.facts
  const { payoutId, accountRef } = event.data
  account.dirty.facts = true
  changes.add('payouts')
  if (event.type === 'payout.failed' || event.type === 'payout.returned') {
    const { returnCode: code, returnScheme: scheme } = event.data
    notePayoutReturn(payouts, { atMs, payoutId, accountRef, code, scheme })
    return
  }
  if (event.type === 'payout.completed') noteCompleted(payouts, atMs)
  if (accountRef !== undefined) noteSent(payouts, { atMs, payoutId, accountRef })
}
