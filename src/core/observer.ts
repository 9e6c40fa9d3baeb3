/** Everything that is counted or timed. The core never sees it: the engine tells, a registry listens. */
import type { OutputTopic } from './ports.ts'
import type { SilentCohort } from './silence.ts'
import type { EpochMs } from './time.ts'
import type { WarningRecord } from './warning.ts'

/** What the fold noticed beside its warnings, one count each. */
export type Note = Readonly<
  | { kind: 'late'; action: 'entered' | 'facts-only' | 'unchecked' }
  | { kind: 'clamped' }
  | { kind: 'currency-mismatch' }
  | { kind: 'no-original' }
  | { kind: 'suppressed'; detector: string; cause: string }
>

export type RecordOutcome = 'applied' | 'duplicate' | 'replayed' | 'dead' | 'unknown-type'
export type CommitOutcome = 'committed' | 'own' | 'refused' | 'unknown'
export type PartitionPhase = 'ok' | 'catching-up' | 'blind' | 'stopped'

export type Observer = Readonly<{
  consumed: (records: number, bytes: number) => void
  outcome: (outcome: RecordOutcome, count: number) => void
  deadLetter: (code: string) => void
  /** Arrival minus event time. */
  eventDelay: (ms: number) => void
  note: (note: Note) => void
  /** After each batch or sweep of a partition. */
  progress: (
    partition: number,
    at: Readonly<{
      position: number
      end: number | undefined
      clockMs: EpochMs
      newestEventMs: EpochMs
      phase: PartitionPhase
      /** Instant at which the oldest timer not yet fired became provable; undefined: none waits. */
      timerDueMs: EpochMs | undefined
      /** Merchants that fell silent together: their stages of absence are held back. */
      silences: readonly SilentCohort[]
    }>,
  ) => void
  released: (partition: number) => void
  commit: (outcome: CommitOutcome, ms: number) => void
  reload: (cause: string) => void
  batch: (records: number, accounts: number) => void
  /** One record decided (not yet published); `leadMs`: until its consequence, where that has a date. */
  warning: (record: WarningRecord, leadMs: number | undefined) => void
  outbox: (partition: number, entries: number) => void
  published: (topic: OutputTopic, count: number) => void
  alreadyPresent: (topic: OutputTopic, count: number) => void
  storeError: (operation: string, code: string) => void
  /** The outputs could not be opened, or did not take what was sent: it is tried again. */
  publishError: (code: string) => void
  /** A partition stopped: offsets `[fromOffset, toOffset)` cannot be accounted for. */
  incident: (
    what: Readonly<{
      partition: number
      kind: string
      fromOffset: number
      toOffset: number
      message: string
    }>,
  ) => void
  /** Keys of a partition's state were gone: the rest was removed too, and its log is folded anew. */
  emptied: (what: Readonly<{ partition: number; why: string }>) => void
  /** A stopped partition goes on: somebody (`by`, where that is known) has decided. */
  resumed: (what: Readonly<{ partition: number; offset: number; by: string | undefined }>) => void
}>

const nothing = (): void => {}

/** For tools that measure nothing. */
export const SILENT: Observer = {
  consumed: nothing,
  outcome: nothing,
  deadLetter: nothing,
  eventDelay: nothing,
  note: nothing,
  progress: nothing,
  released: nothing,
  commit: nothing,
  reload: nothing,
  batch: nothing,
  warning: nothing,
  outbox: nothing,
  published: nothing,
  alreadyPresent: nothing,
  storeError: nothing,
  publishError: nothing,
  incident: nothing,
  emptied: nothing,
  resumed: nothing,
}
