/** Time, processes that crash and pause, and calls that may fail in every way a network knows. */
import type { Clock } from '../../src/core/ports.ts'
import { Unavailable } from '../../src/core/ports.ts'
import type { Prng } from './prng.ts'
import { createSchedule } from './schedule.ts'

/** Of a call of a port, of a process, of the store, and of the log itself. */
export type FaultKind =
  | 'neverSent'
  | 'replyLost'
  | 'doneLate'
  | 'crashAtCall'
  | 'crash'
  | 'stop'
  | 'pause'
  | 'rebalance'
  | 'clockAhead'
  | 'clockBehind'
  | 'rollback'
  | 'emptied'
  | 'evicted'
  | 'retention'
  | 'truncated'
  | 'recreated'
  | 'duplicated'
  | 'delayed'

/** Probabilities per call of a port, per strike at a process, or per record written. */
export type Faults = Readonly<Partial<Record<FaultKind, number>>>

export type Process = {
  readonly id: number
  isCrashed: boolean
  /** What waits for its return; undefined: it runs. */
  asleep: (() => void)[] | undefined
  /** The wall clock of its host, less the true time. */
  wallErrorMs?: number
  /** Its clock does not step again before. */
  stepsFromMs?: number
  onCrash?: () => void
}

export type World = ReturnType<typeof createWorld>

const LATENCY_MS = 60
const TIMEOUT_MS = 300
export const LATE_MS = 4_000
/** Links of the engine's chains of promises between two jobs; what a longer one has left goes on after the next. */
const HOPS = 12

/** `crashAt`: the process dies at this point of all that the run passes, counted from 1. */
export function createWorld(
  dice: Prng,
  startMs: number,
  faults: Faults,
  watch: Readonly<{ crashAt?: number; tell?: (atMs: number, what: string) => void }> = {},
) {
  const schedule = createSchedule(dice)
  const errors: unknown[] = []
  const exercised: Record<string, number> = {}
  /** Where a process may crash: before a call of a port and after it. How often one did. */
  const points = new Map<string, number>()
  const { tell } = watch
  let nowMs = startMs
  const lines = new Map<string, number>()
  let isHealed = false
  let pointsPassed = 0
  let hash = 0

  function after(ms: number, run: () => void): void {
    schedule.push(nowMs + ms, run)
  }

  /** Runs in a process: never once it has crashed, later while it sleeps. */
  function within(process: Process, ms: number, run: () => void): void {
    after(ms, () => resume(process, run))
  }

  function resume(process: Process, run: () => void): void {
    if (process.isCrashed) return
    if (process.asleep === undefined) run()
    else process.asleep.push(run)
  }

  async function step(): Promise<boolean> {
    const atMs = schedule.firstMs()
    const run = schedule.pop()
    if (run === undefined) return false
    nowMs = Math.max(nowMs, atMs)
    note(nowMs)
    run()
    for (let i = 0; i < HOPS; i++) await Promise.resolve()
    return true
  }

  function note(value: number): void {
    hash = (Math.imul(hash ^ (value * 1_000) ^ (value / 65_536), 0x01000193) + 1) | 0
  }

  function isStruck(fault: FaultKind): boolean {
    const probability = faults[fault] ?? 0
    if (isHealed || probability === 0 || !dice.chance(probability)) return false
    count(fault)
    return true
  }

  function count(what: string): void {
    exercised[what] = (exercised[what] ?? 0) + 1
    tell?.(nowMs - startMs, what)
  }

  function crash(process: Process): void {
    process.isCrashed = true
    tell?.(nowMs - startMs, `process ${process.id} is dead`)
    process.onCrash?.()
  }

  /** True: the process died here. */
  function isLastOf(process: Process, point: string): boolean {
    if (!points.has(point)) points.set(point, 0)
    // Nobody is left to begin it anew.
    if (process.onCrash === undefined || process.isCrashed) return process.isCrashed
    if (++pointsPassed !== watch.crashAt && !isStruck('crashAtCall')) return false
    points.set(point, (points.get(point) ?? 0) + 1)
    tell?.(nowMs - startMs, `process ${process.id} dies ${point}`)
    crash(process)
    return true
  }

  /** Calls over one connection are done in the order in which they were sent. */
  function arrivalMs(process: Process, port: string, latencyMs: number): number {
    const line = `${process.id} ${port}`
    const atMs = Math.max(nowMs + latencyMs, (lines.get(line) ?? 0) + 0.001)
    lines.set(line, atMs)
    return atMs - nowMs
  }

  /**
   * `name` is `port.method`. A call can fail before it is done, after it is done, or be done after its
   * caller gave up; and whoever asked can die before it is sent, and before the reply is there.
   */
  function call<T>(
    process: Process,
    name: string,
    effect: () => Promise<T>,
    isWrite: boolean,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (why: string): void => reject(new Unavailable(why))
      tell?.(nowMs - startMs, `process ${process.id} asks ${name}`)
      note(process.id + name.length)
      if (isLastOf(process, `before ${name}`)) return
      const latencyMs = dice.below(LATENCY_MS)
      if (isStruck('neverSent')) return within(process, latencyMs, () => fail('never sent'))
      if (isWrite && isStruck('doneLate')) {
        after(TIMEOUT_MS + dice.below(LATE_MS), () => void effect().catch(() => {}))
        return within(process, TIMEOUT_MS, () => fail('timed out'))
      }
      const isLost = isWrite && isStruck('replyLost')
      const [port = ''] = name.split('.')
      after(arrivalMs(process, port, latencyMs), () => {
        const answer = (reply: () => void): void =>
          within(process, dice.below(LATENCY_MS), () => {
            if (!isLastOf(process, `after ${name}`)) reply()
          })
        effect().then(
          (result) => answer(() => (isLost ? fail('reply lost') : resolve(result))),
          (error: unknown) => answer(() => reject(error as Error)),
        )
      })
    })
  }

  function clockOf(process: Process): Clock {
    return {
      nowMs: () => nowMs + (process.wallErrorMs ?? 0),
      monotonicMs: () => nowMs - startMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (isLastOf(process, 'before clock.sleep')) return
          within(process, ms, () => {
            if (signal?.aborted === true || !isLastOf(process, 'after clock.sleep')) resolve()
          })
          signal?.addEventListener('abort', () => resolve())
        }),
    }
  }

  return {
    nowMs: () => nowMs,
    after,
    within,
    step,
    call,
    clockOf,
    isStruck,
    count,
    crash,
    errors,
    exercised,
    points,
    pointsPassed: () => pointsPassed,
    /** Of all that happened so far, and when. */
    hash: () => hash,
    heal: () => {
      isHealed = true
    },
    wake: (process: Process) => {
      const asleep = process.asleep ?? []
      process.asleep = undefined
      for (const run of asleep) within(process, 1, run)
    },
  }
}
