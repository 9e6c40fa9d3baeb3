/** Writes an event into an account's facts and ledger, and tells what that changed. */
import type { EventOf, TerminalEvent } from '../events/event.ts'
import { parseDay, parseInstant } from '../events/time-text.ts'
import type { Account } from './account.ts'
import { applyAuthorisation, applyCompletion } from './apply-sale.ts'
import { applyFee } from './apply-fee.ts'
import { applyLifecycle } from './apply-lifecycle.ts'
import { applyMerchant } from './apply-merchant.ts'
import { applyTerminal } from './apply-terminal.ts'
import { applyReversal, applyVoid } from './apply-void.ts'
import type { Change } from './detector.ts'
import type { Note } from './observer.ts'
import { terminalOf } from './terminals.ts'
import type { Day, EpochMs, Zone } from './time.ts'

/** What is known while one event is written, and what is gathered. */
export type Applying = {
  readonly account: Account
  /** Event time, clamped to five minutes after the arrival. */
  readonly atMs: EpochMs
  readonly arrivedMs: EpochMs
  readonly zone: Zone
  /** Of the account: amounts in another one count, but not in sums. */
  readonly currency: string | undefined
  readonly changes: Set<Change>
  readonly notes: Note[]
  /** Local date whose sales the event changed. */
  touchedOn: Day | undefined
  /** It took something back: a void or a reversal. */
  isRevision: boolean
}

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

/** A date, or an instant; a date begins with its first instant in the account's zone. */
export function instantOf(text: string, zone: Zone): EpochMs {
  const day = parseDay(text)
  return day === undefined ? (parseInstant(text) ?? NaN) : zone.startMs(day)
}

/** The local date of a date or an instant. */
export function dateOfText(text: string, zone: Zone): Day {
  return parseDay(text) ?? zone.dayOf(parseInstant(text) ?? NaN)
}

export type Applied<Type extends TerminalEvent['type']> = (
  applying: Applying,
  event: EventOf<Type>,
) => void
