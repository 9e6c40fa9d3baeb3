/** What the writers of events share: what is known while one is written, and what is gathered. */
import { parseDay, parseInstant } from '../events/time-text.ts'
import type { Account } from './account.ts'
import type { Changes } from './changes.ts'
import type { Counting } from './counting.ts'
import type { Note } from './observer.ts'
import type { Day, EpochMs, Zone } from './time.ts'

export type Applying = {
  readonly account: Account
  /** Event time, clamped to five minutes after the arrival. */
  readonly atMs: EpochMs
  readonly arrivedMs: EpochMs
  readonly zone: Zone
  /** Of the account: amounts in another one count, but not in sums. */
  readonly currency: string | undefined
  /** What the policy wants counted of sales. */
  readonly counting: Counting
  readonly changes: Changes
  readonly notes: Note[]
  /** Local date whose sales the event changed. */
  touchedOn: Day | undefined
  /** A void or a reversal; or a refund behind one that was folded before. */
  isRevision: boolean
  /** An attempt later by time was known before. */
  isOvertaken: boolean
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
