/** Keeps one promise: the accounts in memory are `fold(log[origin .. position))`, whatever the batches. */
import type { RawRecord } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { DeadReason, Decoded, TerminalEvent } from '../events/event.ts'
import type { AccountCache, CachedAccount } from './account-cache.ts'
import { AHEAD_MAX_MS, CONTROL, accountKey, arrivalOf } from './arrival.ts'
import type { EngineDeps, Proof } from './dependencies.ts'
import type { LifeState } from './life-state.ts'
import type { OpenBatch } from './open-batch.ts'

export type PartitionWorker = Readonly<{
  /**
   * Folds what lies at the position or after it, up to `nextOffset`. Raises `Unavailable` between
   * records, never within one: what was folded before stands.
   */
  foldBatch: (records: readonly RawRecord[], nextOffset: number) => Promise<void>
}>

export type WorkerParts = Readonly<{
  life: LifeState
  accounts: AccountCache
  batch: OpenBatch
  /** Commits if there is reason to. */
  commitIfFull: () => Promise<void>
}>

const ID_REUSED: DeadReason = {
  code: 'id-reused',
  stage: 'apply',
  path: 'id',
  message: 'Another event of this source has the same id: give each event an id of its own.',
  hasCardData: false,
}
/** Decoded at a time: what lives no longer than a moment is never copied by the collector. */
const DECODED_MAX = 512
/** One delay in so many is told: the histogram needs no more. */
const DELAY_EVERY = 16

type Slice = Readonly<{
  records: readonly RawRecord[]
  decoded: readonly Decoded[]
  /** Undefined for what is no account's own. */
  keys: readonly (string | undefined)[]
}>

export function createPartitionWorker(deps: EngineDeps, parts: WorkerParts): PartitionWorker {
  const { fold, decode, clock, observer, options } = deps
  const { life, accounts, batch } = parts
  const isLive = options.clockFollows === 'wall'
  const untilMs = options.untilMs ?? Infinity
  const sliceMax = Math.min(DECODED_MAX, options.commitEventsMax)
  const counts = { applied: 0, duplicate: 0, dead: 0, 'unknown-type': 0 }

  async function foldBatch(records: readonly RawRecord[], nextOffset: number): Promise<void> {
    const from = firstAt(records, life.position)
    if (from > 0) observer.outcome('replayed', from)
    for (let at = from; at < records.length; at += sliceMax) {
      const end = Math.min(at + sliceMax, records.length)
      const slice = read(records, at, end)
      const entries = await accounts.warm(slice.keys)
      if (life.isEnded) return
      foldSlice(slice, entries)
      if (life.laterMs !== undefined) return
      // What was said waits for the batch: a commit for each slice would encode an account as often.
      const isDue = end === records.length || batch.eventCount() >= options.commitEventsMax
      if (isDue) await parts.commitIfFull()
      if (life.isEnded) return
    }
    life.position = Math.max(life.position, nextOffset)
  }

  function read(all: readonly RawRecord[], from: number, end: number): Slice {
    const records = all.slice(from, end)
    const decoded: Decoded[] = []
    const keys: (string | undefined)[] = []
    let bytes = 0
    for (const record of records) {
      bytes += record.value?.length ?? 0
      const it = decode(record)
      decoded.push(it)
      const isOfAccount = it.kind === 'event' && it.event.merchantId !== CONTROL
      keys.push(isOfAccount ? accountKey(it.event.tenant, it.event.merchantId) : undefined)
    }
    observer.consumed(records.length, bytes)
    return { records, decoded, keys }
  }

  function foldSlice(
    { records, decoded, keys }: Slice,
    entries: readonly (CachedAccount | undefined)[],
  ): void {
    const nowMs = clock.nowMs()
    const before = life.position
    for (let i = 0; i < records.length && life.laterMs === undefined; i++) {
      const record = records[i] as RawRecord
      foldRecord(record, decoded[i] as Decoded, entries[i], nowMs)
    }
    observer.batch(life.position - before, new Set(keys).size)
    tellOutcomes()
  }

  function foldRecord(
    record: RawRecord,
    decoded: Decoded,
    entry: CachedAccount | undefined,
    nowMs: EpochMs,
  ): void {
    const event = decoded.kind === 'event' ? decoded.event : undefined
    const arrivedMs = event ? arrivalOf(record, event, options.arrivalFrom) : record.timestampMs
    if (arrivedMs !== undefined && arrivedMs > untilMs) {
      life.laterMs = arrivedMs
      return
    }
    if (decoded.kind === 'dead') bury(decoded.reason, record)
    else if (decoded.kind === 'unknown') counts['unknown-type']++
    else foldEvent(record, decoded.event, arrivedMs ?? decoded.event.timeMs, entry, nowMs)
    life.position = record.offset + 1
    life.lastRecord = record
    batch.count()
  }

  function foldEvent(
    record: RawRecord,
    event: TerminalEvent,
    arrivedMs: EpochMs,
    entry: CachedAccount | undefined,
    nowMs: EpochMs,
  ): void {
    const { memory } = life
    const atMs = clamped(arrivedMs, nowMs)
    if (event.timeMs > life.newestEventMs) life.newestEventMs = event.timeMs
    if (record.offset % DELAY_EVERY === 0) observer.eventDelay(atMs - event.timeMs)
    if (entry === undefined) {
      fold.control(memory, event, atMs)
      counts.applied++
      return
    }
    const folded = fold.event(memory, entry.account, event, atMs)
    batch.add(entry, folded)
    if (folded.warnings.length > 0) batch.say(folded.warnings, nowMs, proofOf(record, atMs))
    if (folded.fate === 'id-reused') bury(ID_REUSED, record)
    else counts[folded.fate]++
  }

  function bury(reason: DeadReason, record: RawRecord): void {
    batch.bury(reason, record)
    counts.dead++
  }

  function clamped(arrivedMs: EpochMs, nowMs: EpochMs): EpochMs {
    if (!isLive) return arrivedMs
    if (arrivedMs > nowMs + AHEAD_MAX_MS) {
      life.clockBreaches.ahead++
      return nowMs + AHEAD_MAX_MS
    }
    if (arrivedMs < life.memory.clockMs - fold.graceMs) life.clockBreaches.behind++
    return arrivedMs
  }

  /** The arrival of an account's own later record is the proof for its timers. */
  function proofOf({ offset }: RawRecord, arrivedMs: EpochMs): Proof {
    const { partition, memory } = life
    return {
      partition,
      position: offset,
      end: offset + 1,
      wallMs: arrivedMs,
      arrivalClockMs: memory.clockMs,
    }
  }

  function tellOutcomes(): void {
    for (const outcome of ['applied', 'duplicate', 'dead', 'unknown-type'] as const) {
      if (counts[outcome] > 0) observer.outcome(outcome, counts[outcome])
      counts[outcome] = 0
    }
  }

  return { foldBatch }
}

/** Index of the first record at the offset or after it. */
function firstAt(records: readonly RawRecord[], offset: number): number {
  let i = 0
  while (i < records.length && (records[i] as RawRecord).offset < offset) i++
  return i
}
