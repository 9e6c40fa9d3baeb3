/** What the engine is given: the fold, the ports, and how a record is read and worded. */
import type { Fold } from '../core/fold.ts'
import type { Observer } from '../core/observer.ts'
import type {
  Clock,
  EventLog,
  OutboxEntry,
  Random,
  RawRecord,
  StateStore,
  WarningLog,
} from '../core/ports.ts'
import { HOUR_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import type { DeadReason, Decoded } from '../events/event.ts'

export type Decode = (record: RawRecord) => Decoded

/** What goes out. Ids are deterministic: the same cause gives the same id in every life. */
export type Rendered = Omit<OutboxEntry, 'sequence' | 'topic'>

/** That all records appended up to `wallMs`, those below `end`, were folded when a timer fired. */
export type Proof = Readonly<{
  partition: number
  position: number
  end: number
  wallMs: EpochMs
  arrivalClockMs: EpochMs
}>

/** What may differ from run to run; never part of an id. */
export type Emission = Readonly<{
  /** 0 up to due + 2 × grace, else whole seconds since the decision was due. */
  lateSeconds: number
  recordedMs: EpochMs
  /** And what the partition was when it was told. */
  proof?: Proof & Readonly<{ state: 'ok' | 'catching-up' | 'blind' }>
}>

/** A reader of `standing` ignores a value whose (offset, version) is lower than what it has. */
export type StandingAt = Readonly<{
  tenant: string
  merchantId: string
  offset: number
  version: number
}>

export type Wording = Readonly<{
  render: (record: WarningRecord, emission: Emission) => Rendered
  /** `standing` as the fold tells it; undefined: a tombstone. */
  renderStanding: (standing: unknown, at: StandingAt) => Omit<Rendered, 'id'>
  deadLetter: (reason: DeadReason, record: RawRecord, partition: number) => Rendered
}>

export type EngineDeps = Wording &
  Readonly<{
    fold: Fold
    decode: Decode
    eventLog: EventLog
    store: StateStore
    output: WarningLog
    clock: Clock
    random: Random
    observer: Observer
    options: EngineOptions
  }>

export type EngineOptions = Readonly<{
  /** Records that arrived later are not folded, and the arrival clock ends here. */
  untilMs: EpochMs | undefined
  /** `records`: the input is a file; its clock ends at its last arrival and never follows the wall. */
  clockFollows: 'wall' | 'records'
  /** What an arrival is where both are given: the log's own timestamp, or the envelope's `receivedat`. */
  arrivalFrom: 'log' | 'envelope'
  commitEventsMax: number
  commitAgeMs: number
  /** The same while more than `commitEventsMax` records wait: what a crash makes us fold again. */
  commitBehindEventsMax: number
  /** Changed ones: what the store has to take at once. */
  commitBehindAccountsMax: number
  commitBehindOutboxMax: number
  commitBehindAgeMs: number
  commitsInFlightMax: number
  /** How long an unclear commit is sent again before the life of the partition ends. */
  commitGiveUpMs: number
  /** How coarsely the store's index tells wakes apart. Not to be changed under existing state. */
  dueBucketMs: number
  /** Of the whole process: its partitions share them evenly. */
  cachedAccountsMax: number
  /** Unacknowledged entries of a partition above which it takes no more records. */
  outboxMax: number
  /** How long a log that seems to end below the cursor may stay so. */
  truncatedForMs: number
  proofBusyMs: number
  proofIdleMs: number
  stopMs: number
  /** Records are there, dependencies answer, and nothing was folded for this long: not alive. */
  stalledMs: number
}>

export const ENGINE_DEFAULTS: EngineOptions = {
  untilMs: undefined,
  clockFollows: 'wall',
  arrivalFrom: 'log',
  commitEventsMax: 4_000,
  commitAgeMs: 50,
  commitBehindEventsMax: 16_000,
  commitBehindAccountsMax: 6_000,
  commitBehindOutboxMax: 2_000,
  commitBehindAgeMs: 2_000,
  commitsInFlightMax: 2,
  commitGiveUpMs: 30_000,
  dueBucketMs: HOUR_MS,
  cachedAccountsMax: 100_000,
  outboxMax: 10_000,
  truncatedForMs: 30_000,
  proofBusyMs: 500,
  proofIdleMs: 5_000,
  stopMs: 8_000,
  stalledMs: 25_000,
}
