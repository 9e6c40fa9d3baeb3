/** Brings what was committed to the output topics, in order and each id once. One per life. */
import type { Observer } from '../core/observer.ts'
import { Unavailable } from '../core/ports.ts'
import type { Clock, OpenedOutput, OutboxEntry, OutputTopic, Random } from '../core/ports.ts'
import type { ReadBackMark, WarningLog } from '../core/ports.ts'
import { HOUR_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import { AHEAD_MAX_MS } from './arrival.ts'
import { backOffMs } from './pace.ts'
import type { Rest } from './pace.ts'

/** Sequences for the next commit to drop, and the mark that is true with them dropped. */
export type Acknowledged = Readonly<{
  sequences: readonly number[]
  mark: ReadBackMark | undefined
}>

export type Relay = Readonly<{
  /** Fences earlier writers; answers how many ids the output holds from the mark on. */
  open: () => Promise<number>
  /** Entries of committed versions only, ascending. */
  add: (entries: readonly OutboxEntry[]) => void
  takeAcknowledged: () => Acknowledged
  hasAcknowledged: () => boolean
  /** Neither sent nor found in the output yet. */
  pendingCount: () => number
  /**
   * All that another life proved by this wall is among the entries below this sequence. Infinity: there
   * is nothing later to prove.
   */
  caughtUp: (sequence: number, provenWallMs: EpochMs) => void
  end: () => void
}>

export type RelayPorts = Readonly<{
  output: WarningLog
  partition: number
  clock: Clock
  random: Random
  rest: Rest
  observer: Observer
}>
export type RelayListener = Readonly<{ acknowledged: () => void; bug: (error: unknown) => void }>

const OUTPUTS: readonly OutputTopic[] = ['warnings', 'standing', 'deadLetters']
const APPEND_MAX = 1_000
/** Brokers forget a producer that was silent for a day. */
const FENCE_AGAIN_MS = 12 * HOUR_MS

export function createRelay(
  ports: RelayPorts,
  from: Readonly<{ mark: ReadBackMark | undefined; entries: readonly OutboxEntry[] }>,
  listener: RelayListener,
): Relay {
  const { output, partition, clock, random, observer } = ports
  const pending: OutboxEntry[] = [...from.entries]
  let opened: OpenedOutput | undefined
  let openedMs = 0
  let present = new Set<string>()
  let acknowledged: number[] = []
  let { mark } = from
  /** By the wall; Infinity: not yet. */
  let openedWallMs = Infinity
  let toldAgain = { belowSequence: Infinity, provenWallMs: -Infinity }
  let isRunning = false
  let isEnded = false

  async function open(): Promise<OpenedOutput> {
    if (opened !== undefined && clock.monotonicMs() - openedMs < FENCE_AGAIN_MS) return opened
    opened = await output.open(partition, mark)
    openedMs = clock.monotonicMs()
    openedWallMs = clock.nowMs()
    present = new Set(opened.present)
    return opened
  }

  async function run(): Promise<void> {
    isRunning = true
    for (let tries = 0; pending.length > 0 && !isEnded;) {
      try {
        await relayNext()
        tries = 0
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error
        // What became of it is unknown: fence and look before anything is sent again.
        opened = undefined
        observer.publishError(error.message)
        await ports.rest(backOffMs(tries++, random))
      }
    }
    isRunning = false
  }

  async function relayNext(): Promise<void> {
    const out = await open()
    if (isEnded) return
    const entries = pending.slice(0, APPEND_MAX)
    const missing = entries.filter((entry) => !isPresent(entry))
    if (missing.length > 0) await out.append(missing)
    if (!isEnded) acknowledge(entries, missing, out)
  }

  function isPresent({ topic, id }: OutboxEntry): boolean {
    return topic !== 'standing' && present.has(id)
  }

  function acknowledge(
    entries: readonly OutboxEntry[],
    sent: readonly OutboxEntry[],
    out: OpenedOutput,
  ): void {
    for (const entry of entries) {
      const isFound = isPresent(entry)
      present.delete(entry.id)
      acknowledged.push(entry.sequence)
      if (isFound) observer.alreadyPresent(entry.topic, 1)
    }
    for (const topic of OUTPUTS) {
      const count = sent.filter((entry) => entry.topic === topic).length
      if (count > 0) observer.published(topic, count)
    }
    pending.splice(0, entries.length)
    // An id found and not yet told again by this life must be found again by the next one.
    const nextSequence = (entries.at(-1)?.sequence ?? -1) + 1
    const isToldAgain =
      isPastOthers(toldAgain.provenWallMs) && nextSequence >= toldAgain.belowSequence
    if (present.size === 0 || isToldAgain) mark = out.markNow()
    observer.outbox(partition, pending.length)
    listener.acknowledged()
  }

  /** What was found was said before the outputs were opened, by a host whose clock was ahead of ours. */
  function isPastOthers(provenWallMs: EpochMs): boolean {
    return provenWallMs >= openedWallMs + AHEAD_MAX_MS
  }

  function start(): void {
    if (!isRunning && !isEnded && pending.length > 0) run().catch(listener.bug)
  }

  start()
  return {
    open: async () => (await open()).present.size,
    add: (entries) => {
      pending.push(...entries)
      observer.outbox(partition, pending.length)
      start()
    },
    takeAcknowledged: () => {
      const sequences = acknowledged
      acknowledged = []
      return { sequences, mark }
    },
    hasAcknowledged: () => acknowledged.length > 0,
    pendingCount: () => pending.length,
    caughtUp: (belowSequence, provenWallMs) => {
      // The first that holds: later ones would put it off for ever.
      if (!isPastOthers(toldAgain.provenWallMs)) toldAgain = { belowSequence, provenWallMs }
    },
    end: () => {
      isEnded = true
    },
  }
}
