/** What the engine needs of the world outside. Types, and the one error that an adapter may raise. */
import type { EpochMs } from './time.ts'

/** Bytes at a position in a log. Decoded by `events/decode.ts`, never by an adapter. */
export type RawRecord = Readonly<{
  offset: number
  /** UTF-8 of the record's key; absent where there was none (a line of a file). */
  key: Uint8Array | undefined
  value: Uint8Array | undefined
  headers: readonly (readonly [name: string, value: Uint8Array])[]
  /** When the log took it. Absent in a file whose lines do not say: the event's own time stands in. */
  timestampMs: EpochMs | undefined
}>

/** A dependency that is away or did not answer: *unknown*, never *undone*. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/**
 * The store does not hold all that was committed to a partition: keys are gone, or a write was torn.
 * The log alone can tell what was in them. Every other error of an adapter is a bug.
 */
export class IncompleteState extends Error {
  override name = 'IncompleteState'
  /** What is still there, as `StateStore.load` found it; from other methods always undefined. */
  readonly cursor: Cursor | undefined
  readonly meta: Uint8Array | undefined

  constructor(
    message: string,
    left?: Readonly<{ cursor: Cursor | undefined; meta: Uint8Array | undefined }>,
  ) {
    super(message)
    this.cursor = left?.cursor
    this.meta = left?.meta
  }
}

// --- the input -------------------------------------------------------------------------------

/** Called by an `EventLog`. Must not throw: a throw is a bug and reaches `onFatal`. */
export type LogListener = Readonly<{
  /**
   * The whole assignment, at each (re)join. Synchronous: every partition named stays paused until
   * `LogReader.start`. Partitions held before and not named are lost; those named again start anew.
   */
  assigned: (partitions: readonly number[]) => void
  /**
   * Records of one partition in offset order, perhaps none; `nextOffset` is the position after the
   * batch, control records included. A promise holds back the next batch (back-pressure only).
   */
  batch: (partition: number, records: readonly RawRecord[], nextOffset: number) => Promise<void>
  /**
   * A stretch of the log that cannot be decompressed or decoded, [fromOffset, nextOffset): one
   * dead letter with the code `batch-unreadable`.
   */
  unreadable: (
    partition: number,
    fromOffset: number,
    nextOffset: number,
    why: string,
  ) => Promise<void>
  /** The log ended by itself (a file did). Never called by Kafka. */
  ended: () => void
  /** Consumption stopped for good: the process must end. */
  onFatal: (error: Error) => void
}>

/** An append-only log of partitions: a Kafka topic, a file, an array in this process. */
export type EventLog = Readonly<{
  topic: string
  partitionCount: () => Promise<number>
  /** Joins and delivers until `close`. At most once. */
  consume: (listener: LogListener) => Promise<LogReader>
}>

export type LogReader = Readonly<{
  /** Seeks and resumes a partition assigned and not yet started, or paused. */
  start: (partition: number, offset: number) => void
  pause: (partition: number) => void
  resume: (partition: number) => void
  /** First offset still there, and the high watermark: the offset after the last appended record. */
  bounds: (partition: number) => Promise<Readonly<{ earliest: number; end: number }>>
  /** Shown to lag tools only; the position is the store's cursor. Never throws. */
  publishPosition: (partition: number, offset: number) => Promise<void>
  /** Finishes what is being handed over, leaves, resolves when no listener call will follow. */
  close: () => Promise<void>
}>

// --- the state -------------------------------------------------------------------------------

/** Names one version of a partition's state. `writer` is new with every life of a partition. */
export type Cursor = Readonly<{ offset: number; version: number; writer: string }>

/** What was asked for, and the cursor that stood in the store at the same instant. */
export type Seen<T> = Readonly<{ cursor: Cursor | undefined; value: T }>

/**
 * One partition's place in the store. Every method may raise `Unavailable`; each but `cursor` and `clear`
 * raises `IncompleteState` before it tells or writes anything, where something is missing.
 */
export type StateStore = Readonly<{
  /** Undefined on the first start of this partition, or when the state was lost. */
  load: (partition: number) => Promise<Loaded | undefined>
  /** The cursor stored now, and nothing else looked at. */
  cursor: (partition: number) => Promise<Cursor | undefined>
  /** Values of account fields, in the order asked; undefined where there is none. */
  read: (partition: number, fields: readonly string[]) => Promise<Seen<(Uint8Array | undefined)[]>>
  /**
   * Names of account fields, and where to go on; undefined: that was all. From beginning to end each
   * field that is there all the while is named at least once. Going on is possible in this process only.
   */
  fields: (partition: number, from: string | undefined) => Promise<Seen<FieldSlice>>
  /** Accounts indexed at `bucket` or earlier. Lazily kept: an id may be listed twice, or too early. */
  due: (partition: number, bucket: number) => Promise<Seen<readonly DueBucket[]>>
  /** All or nothing, and only if the cursor stored is `expected` (undefined: none is stored). */
  commit: (partition: number, commit: Commit) => Promise<CommitResult>
  /** Removes all of a partition, if the cursor stored is still `expected`. False: it is another. */
  clear: (partition: number, expected: Cursor | undefined) => Promise<boolean>
  close: () => Promise<void>
}>

export type Loaded = Readonly<{
  cursor: Cursor
  /** The engine's own notes about the partition, opaque to the store. */
  meta: Uint8Array
  /** What was committed and not yet acknowledged, in the order of `sequence`. */
  outbox: readonly OutboxEntry[]
}>

export type FieldSlice = Readonly<{ fields: readonly string[]; next: string | undefined }>

export type DueBucket = Readonly<{ bucket: number; accounts: readonly string[] }>

export type Commit = Readonly<{
  expected: Cursor | undefined
  next: Cursor
  meta: Uint8Array
  /** Absolute values; undefined deletes the field. */
  fields: readonly (readonly [field: string, value: Uint8Array | undefined])[]
  /** Accounts to index at a bucket (an hour since 1970, or any coarse instant). */
  dueAdded: readonly (readonly [bucket: number, account: string])[]
  /** Buckets looked through and no longer needed. */
  dueDropped: readonly number[]
  outboxAdded: readonly OutboxEntry[]
  /** Sequences of entries the output topics have acknowledged. */
  outboxDropped: readonly number[]
}>

export type CommitResult =
  | Readonly<{ kind: 'done' }>
  /** The compare failed: this is what is stored (undefined: nothing). */
  | Readonly<{ kind: 'refused'; current: Cursor | undefined }>

// --- the output ------------------------------------------------------------------------------

export type OutputTopic = 'warnings' | 'standing' | 'deadLetters'

export type OutboxEntry = Readonly<{
  /** Ascending within the partition, given by the fold: the order of sending. */
  sequence: number
  topic: OutputTopic
  /** Deterministic. Found again by reading back; unique per topic (`standing`: per account and version). */
  id: string
  key: Uint8Array
  /** Undefined: a tombstone. */
  value: Uint8Array | undefined
  headers: readonly (readonly [name: string, value: Uint8Array])[]
}>

/** Where the outputs stood: an opaque word that the engine stores and hands back. */
export type ReadBackMark = string

/** The output topics, as one input partition writes them. Every method may raise `Unavailable`. */
export type WarningLog = Readonly<{
  /**
   * Fences every earlier writer of this partition, then tells which of `ids` (or, where `mark` is
   * undefined, any id at all) the outputs already hold from `mark` on. To be called before the first
   * `append` of a life and again after every unclear error.
   */
  open: (partition: number, mark: ReadBackMark | undefined) => Promise<OpenedOutput>
  close: () => Promise<void>
}>

export type OpenedOutput = Readonly<{
  /** Ids of `warnings` and `deadLetters` found from the mark on. `standing` is not read back. */
  present: ReadonlySet<string>
  /** The end of the outputs at the fence: a mark for what is appended from here on. */
  mark: ReadBackMark
  /** In order; resolves when all are durable. After an error the output must be opened anew. */
  append: (entries: readonly OutboxEntry[]) => Promise<void>
  /** The mark as of the entries appended so far. */
  markNow: () => ReadBackMark
}>

export type Clock = Readonly<{
  /** The wall clock. */
  nowMs: () => EpochMs
  /** Never steps back; for spans only. */
  monotonicMs: () => number
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}>

/** Writer ids and jitter. Never in the core. */
export type Random = Readonly<{
  writerId: () => string
  /** In [0, 1). */
  fraction: () => number
}>
