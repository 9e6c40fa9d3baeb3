/** The service's heart: every assigned partition folded, fired, committed and relayed. */
import type { Fold } from '../core/fold.ts'
import type { LogListener, LogReader } from '../core/ports.ts'
import type { EngineDeps, EngineOptions } from './dependencies.ts'
import type { PartitionStatus } from './partition-status.ts'
import type { Supervisor } from './supervision.ts'
import { createSupervisor } from './supervisor.ts'

export type EngineStatus = Readonly<{
  partitions: readonly PartitionStatus[]
  /** The partitions of this process were named at least once. */
  hasJoined: boolean
  isDraining: boolean
  /** Progress, or proven idleness, or a dependency that is away. */
  isLive: boolean
  /** Partitions with records waiting that nothing was folded of for too long. */
  stalled: readonly number[]
}>

export type Engine = Readonly<{
  /** Joins; resolves once records may come. */
  start: () => Promise<void>
  /**
   * Another policy: at its next batch boundary each partition sweeps up to its clock, judges every
   * account once by it, then reads on. Nothing waits for that: `status` tells how far it is.
   */
  judgeBy: (fold: Fold) => void
  /** Finishes the batch, commits, relays what is committed, leaves: within `options.stopMs`. */
  stop: () => Promise<void>
  status: () => EngineStatus
  /**
   * Resolves when the run has come to its end (`untilMs`, or the end of a file), and after `stop`;
   * rejects when it cannot go on: a bug, or a partition that makes no progress.
   */
  done: Promise<void>
}>

/** For what hangs in a dependency that does not answer. */
const LEAVE_MS = 1_000

export function createEngine(deps: EngineDeps): Engine {
  const { clock, eventLog, options } = deps
  const supervisors = new Map<number, Supervisor>()
  let current = deps
  const reader = Promise.withResolvers<LogReader>()
  const done = Promise.withResolvers<void>()
  const watching = new AbortController()
  let hasJoined = false
  let isDraining = false

  // Whoever started the engine may look at `done` later, or never.
  done.promise.catch(() => {})
  reader.promise.catch(() => {})

  function onFatal(error: unknown): void {
    done.reject(error)
    watching.abort()
  }

  function assigned(partitions: readonly number[]): void {
    hasJoined = true
    const gone = new Map([...supervisors].map(([partition, it]) => [partition, it.abandon()]))
    supervisors.clear()
    if (isDraining) return
    current = { ...current, options: shareOf(options, partitions.length) }
    for (const partition of partitions) {
      const after = gone.get(partition) ?? Promise.resolve()
      const ports = { reader: reader.promise, after, onFatal, onDone: doneIfAll }
      supervisors.set(partition, createSupervisor(current, partition, ports))
    }
    for (const it of gone.values()) it.catch(onFatal)
    doneIfAll()
  }

  /**
   * A stopped partition waits for an operator: it does not end a run that has no end of its own. Nor
   * is an instance done that has no partition: those who have them may fall before they are through.
   */
  function doneIfAll(): void {
    const hasEnd = options.untilMs !== undefined || options.clockFollows === 'records'
    const all = [...supervisors.values()]
    if (hasEnd && all.length > 0 && all.every((it) => it.isDone())) done.resolve()
  }

  const listener: LogListener = {
    assigned,
    batch: async (partition, records, nextOffset) => {
      try {
        await supervisors.get(partition)?.batch(records, nextOffset)
      } catch (error) {
        onFatal(error)
      }
    },
    unreadable: async (partition, fromOffset, nextOffset, why) => {
      try {
        await supervisors.get(partition)?.unreadable(fromOffset, nextOffset, why)
      } catch (error) {
        onFatal(error)
      }
    },
    ended: () => {
      for (const it of supervisors.values()) it.logEnded()
    },
    onFatal,
  }

  async function start(): Promise<void> {
    try {
      reader.resolve(await eventLog.consume(listener))
    } catch (error) {
      reader.reject(error)
      throw error
    }
    watch().catch(onFatal)
  }

  /** Exits are the process manager's to repair: a partition that stays stuck ends the process. */
  async function watch(): Promise<void> {
    while (!watching.signal.aborted) {
      await clock.sleep(options.proofIdleMs, watching.signal)
      const stuck = [...supervisors].find(([, it]) => it.stalledMs() > 2 * options.stalledMs)
      if (stuck !== undefined) onFatal(new Error(`partition ${stuck[0]} makes no progress`))
    }
  }

  function judgeBy(fold: Fold): void {
    current = { ...current, fold }
    for (const it of supervisors.values()) it.judgeBy(current)
  }

  async function stop(): Promise<void> {
    isDraining = true
    watching.abort()
    const drained = Promise.all([...supervisors.values()].map((it) => it.drain()))
    await within(options.stopMs - 2 * LEAVE_MS, drained)
    await within(LEAVE_MS, Promise.all([...supervisors.values()].map((it) => it.abandon())))
    await within(
      LEAVE_MS,
      reader.promise.then((it) => it.close()),
    )
    done.resolve()
  }

  /** A timer left behind would keep the process from ending. */
  async function within(ms: number, work: Promise<unknown>): Promise<void> {
    const over = new AbortController()
    await Promise.race([work, clock.sleep(ms, over.signal)]).finally(() => over.abort())
  }

  function status(): EngineStatus {
    const all = [...supervisors]
    const stalled = all.filter(([, it]) => it.stalledMs() > options.stalledMs).map(([p]) => p)
    return {
      partitions: all.map(([, it]) => it.status()).toSorted((a, b) => a.partition - b.partition),
      hasJoined,
      isDraining,
      isLive: stalled.length === 0,
      stalled,
    }
  }

  return { start, judgeBy, stop, status, done: done.promise }
}

/** What one partition of so many may hold in memory. */
function shareOf(options: EngineOptions, partitions: number): EngineOptions {
  const cachedAccountsMax = Math.ceil(options.cachedAccountsMax / Math.max(1, partitions))
  return { ...options, cachedAccountsMax }
}
