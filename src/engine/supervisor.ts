/** One assigned partition: one life after another, each until a compare fails. */
import { Unavailable } from '../core/ports.ts'
import type { LogReader, RawRecord } from '../core/ports.ts'
import type { EngineDeps } from './dependencies.ts'
import { createHolds } from './holds.ts'
import type { Incident } from './incident.ts'
import { createLifeLoop } from './life-loop.ts'
import type { LifeLoop } from './life-loop.ts'
import { createLife } from './life.ts'
import type { Life } from './life.ts'
import { backOffMs, createRest, createTurns, persist } from './pace.ts'
import { partitionStatus } from './partition-status.ts'
import type { PartitionStatus } from './partition-status.ts'
import { stateLost, takePartition } from './take-partition.ts'
import type { NotTaken, Taken } from './take-partition.ts'

export type Supervisor = Readonly<{
  batch: (records: readonly RawRecord[], nextOffset: number) => Promise<void>
  unreadable: (fromOffset: number, nextOffset: number, why: string) => Promise<void>
  /** The log ended by itself. */
  logEnded: () => void
  /** Takes no more records; resolves when all that was folded is committed and relayed. */
  drain: () => Promise<void>
  /** The partition is another's now. Resolves when nothing of ours runs any more. */
  abandon: () => Promise<void>
  /** Stopped by an incident, or done with all that the run is to fold. */
  isDone: () => boolean
  /** Records wait, dependencies answer, and nothing was folded for this long; else 0. */
  stalledMs: () => number
  status: () => PartitionStatus
}>

export type SupervisorPorts = Readonly<{
  reader: Promise<LogReader>
  /** The partition's earlier supervisor in this process has let go. */
  after: Promise<void>
  onFatal: (error: unknown) => void
  /** `isDone` became true. */
  onDone: () => void
}>

type End = 'lost' | 'stopped' | 'finished' | 'closed'
type Living = Readonly<{ life: Life; loop: LifeLoop; end: (end: End) => void }>

const DRAIN_POLL_MS = 10

export function createSupervisor(
  deps: EngineDeps,
  partition: number,
  ports: SupervisorPorts,
): Supervisor {
  const { clock, random, observer } = deps
  const closing = new AbortController()
  const rest = createRest(clock, closing.signal)
  const turns = createTurns()
  const holds = createHolds(pause, resume)
  let reader: LogReader | undefined
  let living: Living | undefined
  let lastLife: Life | undefined
  let incident: Incident | undefined
  let end: End | undefined
  let hasLogEnded = false
  let isDraining = false
  let awayTries = 0
  let progressMs = clock.monotonicMs()

  const running = run().catch(ports.onFatal)

  async function run(): Promise<void> {
    await ports.after
    const it = (reader = await ports.reader)
    for (let tries = 0; end === undefined; tries++) {
      const fate = closing.signal.aborted ? 'closed' : await live(it)
      if (fate !== 'lost') end = fate
      else await rest(backOffMs(tries, random))
    }
    if (end !== 'closed') ports.onDone()
  }

  async function live(from: LogReader): Promise<End> {
    const taken = await ask(() => takePartition(deps, partition, from, rest))
    if (taken === undefined || closing.signal.aborted) return 'closed'
    if (taken.kind === 'incident') return stopped(taken)
    const ended = Promise.withResolvers<End>()
    const signal = new AbortController()
    const it = begin(from, taken, signal.signal, ended.resolve)
    if (taken.isFirstOnlyIfSilent && (await ask(it.life.hasSpoken)) !== false) {
      it.life.end()
      return closing.signal.aborted ? 'closed' : stopped(stateLost(deps, partition, taken))
    }
    if (closing.signal.aborted) return 'closed'
    living = it
    lastLife = it.life
    progressMs = clock.monotonicMs()
    from.start(partition, it.life.resumeOffset())
    it.loop.run().catch(ports.onFatal)
    if (hasLogEnded) logEnded()
    const fate = await ended.promise
    living = undefined
    it.life.end()
    signal.abort()
    if (!closing.signal.aborted) from.pause(partition)
    // Its last task must be over before another life begins.
    await turns.take(async () => {})
    holds.clear()
    return fate
  }

  function begin(
    from: LogReader,
    taken: Taken,
    signal: AbortSignal,
    endWith: (end: End) => void,
  ): Living {
    const lifeRest = createRest(clock, signal)
    const life: Life = createLife(
      deps,
      partition,
      taken,
      { reader: from, rest: lifeRest, isAwaited: () => turns.waiting() > 0 },
      { commits, relayed: () => relayed(life), bug: ports.onFatal },
    )
    function commits(state: 'ok' | 'unclear' | 'lost', cause: string): void {
      if (state === 'ok') return holds.release('commits')
      if (state === 'unclear') return holds.hold('commits')
      observer.reload(cause)
      life.state.isEnded = true
      endWith('lost')
    }
    const loop = createLifeLoop(deps, life, {
      partition,
      reader: from,
      rest: lifeRest,
      holds,
      inTurn: (task) => inTurn(life, task),
      incident: (why) => endWith(stopped(why)),
      finished: () => endWith('finished'),
      progressed: () => (progressMs = clock.monotonicMs()),
      bug: ports.onFatal,
    })
    return { life, loop, end: endWith }
  }

  function relayed(life: Life): void {
    if (life !== living?.life) return
    if (life.pendingCount() < deps.options.outboxMax / 2) holds.release('outbox')
    living.loop.nudge()
  }

  function stopped({ incident: why }: NotTaken): End {
    incident = why
    deps.observer.incident(why)
    return 'stopped'
  }

  function pause(): void {
    if (living !== undefined) reader?.pause(partition)
  }

  /** What came while it was held was dropped: it is read again from the position. */
  function resume(): void {
    if (living === undefined || living.life.state.isEnded || isDraining) return
    progressMs = clock.monotonicMs()
    reader?.start(partition, living.life.resumeOffset())
  }

  /** A dependency that is away holds the partition for a while; a bug is told. */
  function inTurn(it: Life, task: () => Promise<void>): Promise<void> {
    return turns.take(async () => {
      if (it !== living?.life || it.state.isEnded) return
      try {
        await task()
        awayTries = 0
      } catch (error) {
        if (!(error instanceof Unavailable)) return ports.onFatal(error)
        observer.storeError('read', error.message)
        holds.hold('store')
        releaseLater(it).catch(ports.onFatal)
      }
    })
  }

  async function releaseLater(it: Life): Promise<void> {
    await rest(backOffMs(awayTries++, random))
    if (it === living?.life) holds.release('store')
  }

  function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    return persist(question, rest, random, (why) => observer.storeError('load', why))
  }

  function logEnded(): void {
    hasLogEnded = true
    living?.life.logEnded()
    living?.loop.nudge()
  }

  async function drain(): Promise<void> {
    isDraining = true
    const it = living
    if (it === undefined) return
    let isDrained = false
    while (!isDrained && it === living && !closing.signal.aborted) {
      await inTurn(it.life, async () => {
        isDrained = await it.life.isDrained()
      })
      if (!isDrained) await rest(DRAIN_POLL_MS)
    }
    const { offset } = it.life.committed()
    if (isDrained) await reader?.publishPosition(partition, offset)
  }

  async function abandon(): Promise<void> {
    closing.abort()
    living?.end('closed')
    await running
    observer.released(partition)
  }

  function stalledMs(): number {
    if (living === undefined || holds.isHeld() || isDraining) return 0
    const { state, arrivalClock } = living.life
    const isIdle = state.position >= (arrivalClock.endKnown() ?? 0) || state.laterMs !== undefined
    return isIdle ? 0 : clock.monotonicMs() - progressMs
  }

  function isDone(): boolean {
    return end === 'stopped' || end === 'finished'
  }

  return {
    batch: async (records, nextOffset) => {
      if (!isDraining) await living?.loop.batch(records, nextOffset)
    },
    unreadable: async (fromOffset, nextOffset, why) => {
      if (!isDraining) await living?.loop.unreadable(fromOffset, nextOffset, why)
    },
    logEnded,
    drain,
    abandon,
    isDone,
    stalledMs,
    status: () =>
      partitionStatus(deps, partition, lastLife, {
        waitsFor: holds.causes(),
        incident,
        isDone: isDone(),
      }),
  }
}
