/** Writes an event into an account's facts and ledger, and tells what that changed. */
import type { TerminalEvent } from '../events/event.ts'
import { applyAuthorisation, applyCompletion } from './apply-sale.ts'
import { applyFee } from './apply-fee.ts'
import { applyLifecycle } from './apply-lifecycle.ts'
import { applyMerchant } from './apply-merchant.ts'
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
    }
  }
  switch (event.type) {
    case 'card.authorisation':
      return applyAuthorisation(applying, event)
    case 'card.completion':
      return applyCompletion(applying, event)
    case 'card.void':
      return applyVoid(applying, event)
    case 'card.reversal':
      return applyReversal(applying, event)
    case 'fee.invoiced':
    case 'fee.payment.received':
    case 'fee.disputed':
    case 'fee.written-off':
      return applyFee(applying, event)
    default:
      applyTerminal(applying, event)
      applyMerchant(applying, event)
      applyLifecycle(applying, event)
  }
}
