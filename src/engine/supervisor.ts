/** One assigned partition: one life after another, each until a compare fails or the policy changes. */
import type { Cursor, LogReader } from '../core/ports.ts'
import type { EngineDeps } from './dependencies.ts'
import { createBarrenLives } from './barren-lives.ts'
import { createHolds } from './holds.ts'
import type { Incident } from './incident.ts'
import { untilDecided } from './incident-wait.ts'
import { createLifeLoop, type LifeLoop } from './life-loop.ts'
import { createLifeTasks } from './life-tasks.ts'
import { createLife, type Life } from './life.ts'
import { backOffMs, createRest, createTurns, persist } from './pace.ts'
import { partitionStatus } from './partition-status.ts'
import type { Supervisor, SupervisorPorts } from './supervision.ts'
import { stateLost, type NotTaken, type Taken } from './take-partition.ts'
import { takeWhole } from './take-whole.ts'

type End = 'lost' | 'reloaded' | 'stopped' | 'finished' | 'closed'
type Living = Readonly<{ life: Life; loop: LifeLoop; end: (end: End) => void }>

export function createSupervisor(
  given: EngineDeps,
  partition: number,
  ports: SupervisorPorts,
): Supervisor {
  let deps = given
  const { clock, random, observer } = deps
  const closing = new AbortController()
  const rest = createRest(clock, closing.signal)
  const turns = createTurns()
  const holds = createHolds(pause, resume)
  const tasks = createLifeTasks({
    ...{ turns, holds, rest, random, observer, onFatal: ports.onFatal },
    isPresent: (it) => it === living?.life,
  })
  let reader: LogReader | undefined
  let living: Living | undefined
  let lastLife: Life | undefined
  let incident: Incident | undefined
  /** The cursor that the incident was met with. */
  let met: Cursor | undefined
  let end: End | undefined
  let hasLogEnded = false
  let isDraining = false
  let progressMs = clock.monotonicMs()
  const barren = createBarrenLives(clock)

  const running = run().catch(ports.onFatal)

  async function run(): Promise<void> {
    await ports.after
    const it = (reader = await ports.reader)
    for (let tries = 0; end === undefined; tries++) {
      const fate = closing.signal.aborted ? 'closed' : await live(it)
      if (fate === 'lost') await rest(backOffMs(tries, random))
      else if (fate === 'stopped') {
        ports.onDone()
        end = (await untilDecided(cursor, met, rest)) ? undefined : 'closed'
      } else if (fate !== 'reloaded') end = fate
    }
    if (end !== 'closed') ports.onDone()
  }

  async function live(from: LogReader): Promise<End> {
    met = await cursor()
    const taken = await ask(() => takeWhole(deps, partition, from, rest))
    if (taken === undefined || closing.signal.aborted) return 'closed'
    if (taken.kind === 'incident') return stopped(taken)
    if (incident !== undefined) resumed(taken)
    const ended = Promise.withResolvers<End>()
    const signal = new AbortController()
    const it = begin(from, taken, signal.signal, ended.resolve)
    lastLife = it.life
    const fate = (await hindrance(it.life, taken)) ?? (await follow(from, it, ended.promise))
    it.life.end()
    signal.abort()
    // Its last task must be over before another life begins.
    await turns.take(async () => {})
    holds.clear()
    if (fate === 'lost') barren.lost(it.life.committed().version > (taken.cursor?.version ?? 0))
    if (fate === 'stopped') met = await cursor()
    return fate
  }

  function resumed({ position, meta: { accepted = [] } }: Taken): void {
    incident = undefined
    observer.resumed({ partition, offset: position, by: accepted.at(-1)?.by })
  }

  /** Why a life may not read on; undefined: it may, and all accounts were judged by its policy. */
  async function hindrance(life: Life, taken: Taken): Promise<End | undefined> {
    const { fold } = deps
    if (taken.isFirstOnlyIfSilent && (await ask(life.hasSpoken)) !== false) {
      return closing.signal.aborted ? 'closed' : stopped(stateLost(deps, partition, taken))
    }
    const isToEnd = (): boolean => closing.signal.aborted || deps.fold !== fold
    if (await life.judgeAnew(rest, isToEnd)) return undefined
    if (closing.signal.aborted) return 'closed'
    return life.state.isEnded ? 'lost' : 'reloaded'
  }

  async function follow(from: LogReader, it: Living, ended: Promise<End>): Promise<End> {
    living = it
    progressMs = clock.monotonicMs()
    from.start(partition, it.life.resumeOffset())
    it.loop.run().catch(ports.onFatal)
    if (hasLogEnded) logEnded()
    const fate = await ended
    living = undefined
    if (!closing.signal.aborted) from.pause(partition)
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
      if (state === 'unclear') {
        barren.away()
        return holds.hold('commits')
      }
      observer.reload(cause)
      life.state.isEnded = true
      endWith('lost')
    }
    const loop = createLifeLoop(deps, life, {
      partition,
      reader: from,
      rest: lifeRest,
      holds,
      inTurn: (task) => tasks.inTurn(life, task),
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

  function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    return persist(question, rest, random, (why) => {
      barren.away()
      observer.storeError('load', why)
    })
  }

  const cursor = (): Promise<Cursor | undefined> => ask(() => deps.store.cursor(partition))

  function logEnded(): void {
    hasLogEnded = true
    living?.life.logEnded()
    living?.loop.nudge()
  }

  async function drain(): Promise<void> {
    isDraining = true
    const it = living
    if (it === undefined || !(await tasks.until(it.life, it.life.isDrained))) return
    await reader?.publishPosition(partition, it.life.committed().offset)
  }

  function judgeBy(next: EngineDeps): void {
    deps = next
    const it = living
    if (it === undefined || isDraining) return
    const isOver = async (): Promise<boolean> => {
      if (!(await it.life.sweepToClock())) return false
      // What is folded from here on is the next life's.
      it.life.state.isEnded = true
      it.end('reloaded')
      return true
    }
    tasks.until(it.life, isOver).catch(ports.onFatal)
  }

  async function abandon(): Promise<void> {
    closing.abort()
    living?.end('closed')
    await running
    observer.released(partition)
  }

  function stalledMs(): number {
    if (barren.spanMs() > 0) return barren.spanMs()
    if (living === undefined || holds.isHeld() || isDraining) return 0
    const { state, arrivalClock } = living.life
    const isIdle = state.position >= (arrivalClock.endKnown() ?? 0) || state.laterMs !== undefined
    return isIdle ? 0 : clock.monotonicMs() - progressMs
  }

  function isDone(): boolean {
    return incident !== undefined || end === 'finished'
  }

  return {
    batch: async (records, nextOffset) => {
      if (!isDraining) await living?.loop.batch(records, nextOffset)
    },
    unreadable: async (fromOffset, nextOffset, why) => {
      if (!isDraining) await living?.loop.unreadable(fromOffset, nextOffset, why)
    },
    logEnded,
    judgeBy,
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
