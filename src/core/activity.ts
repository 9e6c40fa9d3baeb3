/** Sales by customers: what the inactivity clocks start from, and what ends a wait or a pause. */
import type { EventOf } from '../events/event.ts'
import type { Applying } from './applying.ts'
import type { Attempt } from './attempts.ts'
import { breakPause } from './pauses.ts'
import { isExempt, isLive, noteActivity, terminalOf } from './terminals.ts'
import type { Shown, Terminal } from './terminals.ts'
import type { Day, EpochMs } from './time.ts'

/** What can be a sale. */
export type Sold = EventOf<'card.authorisation'> | EventOf<'card.completion'>

/** A sale by a customer of at least one minor unit: what the inactivity clocks start from. */
export function beActive(applying: Applying, attempt: Attempt, event: Sold, on: Day): void {
  const { account, changes, zone, atMs, arrivedMs } = applying
  const { facts } = account
  const isAuthorisation = event.type === 'card.authorisation'
  const shown: Shown = {
    eventId: event.id,
    amount: attempt.amount,
    currency: event.data.currency,
    responseCode: isAuthorisation ? event.data.responseCode : undefined,
    last4: isAuthorisation ? event.data.last4 : undefined,
  }
  const terminal = terminalOf(facts.terminals, attempt.terminalId)
  noteOn(applying, terminal, on, shown)
  if (terminal.successor !== undefined) {
    for (const it of withSuccessors(facts.terminals, terminal, atMs)) {
      if (it !== terminal) noteOn(applying, it, on, shown)
    }
  }
  // A sale of today moves the clock; one that does not may still end a wait for stored sales.
  const isLate = on < zone.dayOf(arrivedMs)
  const isCounted = isLive(terminal, Infinity) && !isExempt(terminal, Infinity)
  if (isLate || !isCounted) changes.add('backlog')
  if (facts.firstActivityOn === undefined || on < facts.firstActivityOn) {
    facts.firstActivityOn = on
    account.dirty.facts = true
    changes.add('activity')
  }
  if (facts.lifecycle === 'pending-activation') {
    facts.lifecycle = 'active'
    account.dirty.facts = true
    changes.add('lifecycle')
  }
  if (breakPause(facts.pauses, on, atMs)) {
    account.dirty.facts = true
    changes.add('pauses')
  }
}

function noteOn(applying: Applying, terminal: Terminal, on: Day, shown: Shown): void {
  const { changes, atMs, arrivedMs } = applying
  const isFirst = terminal.activity.length === 0
  if (noteActivity(terminal, on, atMs, shown)) changes.add(isFirst ? 'activity' : 'later-activity')
  terminal.activeArrivedMs = arrivedMs
}

/** A sale from before a terminal was replaced is its successor's activity too. */
export function withSuccessors(
  terminals: ReadonlyMap<string, Terminal>,
  first: Terminal,
  atMs: EpochMs,
): Terminal[] {
  const chain = [first]
  for (let it = first; it.successor !== undefined && atMs <= Math.max(...it.replacements);) {
    const next = terminals.get(it.successor)
    if (next === undefined || chain.includes(next)) break
    chain.push(next)
    it = next
  }
  return chain
}
