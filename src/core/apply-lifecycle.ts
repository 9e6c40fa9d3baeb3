/** The account's state as the operator tells it. `deregistered` is final for an account id. */
import type { TerminalEvent } from '../events/event.ts'
import type { LifecycleState } from './account.ts'
import type { Applying } from './applying.ts'

export function applyLifecycle(applying: Applying, event: TerminalEvent): void {
  const { account, atMs, changes } = applying
  const { facts } = account
  if (facts.lifecycle === 'deregistered') return
  if (event.type === 'cancellation.requested' || event.type === 'cancellation.withdrawn') {
    cancel(applying, event.type === 'cancellation.requested')
    return
  }
  const next = stateAfter(event)
  if (next === undefined) return
  // What was decided later stands, whichever is heard of first; the end of an account always does.
  if (atMs < facts.lifecycleMs && next !== 'deregistered') return
  account.dirty.facts = true
  facts.lifecycleMs = atMs
  if (next === facts.lifecycle) return
  facts.lifecycle = next
  changes.add('lifecycle')
}

function cancel({ account, atMs, changes }: Applying, isOpen: boolean): void {
  const { facts } = account
  if (atMs < facts.cancellation.atMs) return
  if (isOpen !== facts.cancellation.isOpen) changes.add('lifecycle')
  facts.cancellation = { atMs, isOpen }
  account.dirty.facts = true
}

function stateAfter(event: TerminalEvent): LifecycleState | undefined {
  switch (event.type) {
    case 'account.restricted':
    case 'merchant.closed':
      return 'restricted'
    case 'account.suspended':
    case 'reinstatement.rejected':
      return 'suspended'
    case 'reinstatement.requested':
      return 'reinstating'
    case 'account.released':
    case 'account.reinstated':
      return 'active'
    case 'account.deregistration.scheduled':
      return 'deregistration-scheduled'
    case 'account.deregistered':
    case 'cancellation.completed':
      return 'deregistered'
    default:
      return undefined
  }
}
