/** One continuous memory of a partition. Ends with the assignment, or when a compare fails. */
import type { PartitionMemory } from '../core/fold.ts'
import type { Cursor, RawRecord } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { EngineDeps } from './dependencies.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { Acceptance } from './incident.ts'
import { markAtStart } from './policy-mark.ts'
import type { PolicyMark } from './policy-mark.ts'
import type { Taken } from './take-partition.ts'

/** Changed in place by the life's own tasks, one at a time. */
export type LifeState = {
  readonly partition: number
  /** New with every life, so that no delayed commit of an earlier one matches. */
  readonly writer: string
  readonly partitionCount: number
  readonly origin: number
  readonly accepted: readonly Acceptance[]
  /** Of the commit built last; undefined: none was ever stored. */
  cursor: Cursor | undefined
  /** Next offset to fold. */
  position: number
  readonly memory: PartitionMemory
  policy: PolicyMark
  sequence: number
  /** Of the record folded last before the commit built last. */
  fingerprint: Fingerprint | undefined
  /** Folded since; its bytes are kept until the next commit is built. */
  lastRecord: RawRecord | undefined
  newestEventMs: EpochMs
  /** Arrival of a record later than the run's end: nothing more is folded. */
  laterMs: EpochMs | undefined
  isEnded: boolean
  /** The end of the log was reached since the life began. */
  isProven: boolean
  readonly clockBreaches: { ahead: number; behind: number }
}

export function startState(deps: EngineDeps, partition: number, taken: Taken): LifeState {
  const { fold, random } = deps
  const { memory: stored, partitionCount, origin, sequence, fingerprint } = taken.meta
  const { accepted = [] } = taken.meta
  const memory = stored === undefined ? fold.newPartition() : fold.decodePartition(stored)
  const policy = markAtStart(deps, taken, memory)
  return {
    partition,
    writer: random.writerId(),
    partitionCount,
    origin,
    accepted,
    cursor: taken.cursor,
    position: taken.position,
    memory,
    policy,
    sequence,
    fingerprint,
    lastRecord: undefined,
    newestEventMs: -Infinity,
    laterMs: undefined,
    isEnded: false,
    isProven: false,
    clockBreaches: { ahead: 0, behind: 0 },
  }
}
