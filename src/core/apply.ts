/** Writes an event into an account's facts and ledger, and tells what that changed. */
import type { TerminalEvent } from '../events/event.ts'
import type { Account } from './account.ts'
import { applyAuthorisation, applyCompletion } from './apply-sale.ts'
import { applyBalance } from './apply-balance.ts'
import { applyDocument } from './apply-documents.ts'
import { applyFee } from './apply-fee.ts'
import { applyLifecycle } from './apply-lifecycle.ts'
import { applyMerchant } from './apply-merchant.ts'
import { applyPayout } from './apply-payouts.ts'
import { applyRefund } from './apply-refund.ts'
import { applyTerminal } from './apply-terminal.ts'
import { applyReversal, applyVoid } from './apply-void.ts'
import type { Applying } from './applying.ts'
import { terminalOf } from './terminals.ts'

export function apply(applying: Applying, event: TerminalEvent): void {
  const { account } = applying
  if ('terminalId' in event.data && event.data.terminalId !== undefined) {
    if (!account.facts.terminals.has(event.data.terminalId)) {
      terminalOf(account.facts.terminals, event.data.terminalId)
      account.dirty.facts = true
      applying.changes.add('terminals')
    }
  }
  if (account.facts.currency === undefined) seeCurrency(account, event)
  switch (event.type) {
    case 'card.authorisation':
      return applyAuthorisation(applying, event)
    case 'card.completion':
      return applyCompletion(applying, event)
    case 'card.refund':
      return applyRefund(applying, event)
    case 'card.void':
      return applyVoid(applying, event)
    case 'card.reversal':
      return applyReversal(applying, event)
    case 'fee.invoiced':
    case 'fee.payment.received':
    case 'fee.collection.failed':
    case 'fee.disputed':
    case 'fee.written-off':
      return applyFee(applying, event)
    case 'balance.negative':
      return applyBalance(applying, event)
    case 'kyc.document.updated':
    case 'kyc.document.expiring':
    case 'kyc.document.rejected':
      return applyDocument(applying, event)
    case 'payout.scheduled':
    case 'payout.completed':
    case 'payout.failed':
    case 'payout.returned':
      return applyPayout(applying, event)
    default:
      applyTerminal(applying, event)
      applyMerchant(applying, event)
      applyLifecycle(applying, event)
  }
}

/** Of the first amount of any kind: that of the limits, where the profile names none. */
function seeCurrency({ facts, dirty }: Account, { data }: TerminalEvent): void {
  if (!('currency' in data) || data.currency === undefined) return
  facts.currency = data.currency
  dirty.facts = true
}
