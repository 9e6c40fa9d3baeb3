/** Why a partition stopped: what cannot be read again, to the offset. Nothing is skipped silently. */
import type { EpochMs } from '../core/time.ts'

export type IncidentKind =
  /** Records before the earliest one still there were never folded. */
  | 'retention-gap'
  /** The log ends below the position: it was cut, or made anew. */
  | 'truncated'
  /** Another record stands where the last folded one was. */
  | 'recreated'
  /** Keys lie in other partitions than the state. */
  | 'partition-count'
  /** No state, and the log that could rebuild it does not begin at 0 any more. */
  | 'state-lost'

/** About the offsets `[fromOffset, toOffset)`. */
export type Incident = Readonly<{
  kind: IncidentKind
  partition: number
  fromOffset: number
  toOffset: number
  message: string
  atMs: EpochMs
}>

/** An operator's decision to go on in spite of one. Kept with the state, the latest last. */
export type Acceptance = Omit<Incident, 'partition' | 'message'> &
  Readonly<{
    /** Offset from which reading went on. */
    continuedAt: number
    /** Who decided: a user of the machine that the command ran on. */
    by: string
  }>

/** A state is not to grow with the years. */
export const ACCEPTANCES_MAX = 16

/** What was accepted of records that were folded and cannot be read again. */
export function gapOf(accepted: readonly Acceptance[] = []): IncidentKind | undefined {
  return accepted.find(({ kind }) => kind !== 'state-lost')?.kind
}

const KINDS: Readonly<Record<IncidentKind, true>> = {
  'retention-gap': true,
  truncated: true,
  recreated: true,
  'partition-count': true,
  'state-lost': true,
}

export function isIncidentKind(word: string): word is IncidentKind {
  return Object.hasOwn(KINDS, word)
}
