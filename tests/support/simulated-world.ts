/** Time, processes that crash and pause, and ports that do what Kafka and Redis may do to us. */
import type { Clock } from '../../src/core/ports.ts'
import { Unavailable } from '../../src/core/ports.ts'
import type { Prng } from './prng.ts'

/** Probabilities per call of a port, or per second. */
export type Faults = Readonly<{
  neverSent: number
  replyLost: number
  doneLate: number
  crash: number
  pause: number
  rebalance: number
  rollback: number
}>

export type Process = {
  readonly id: number
  isCrashed: boolean
  /** What waits for its return; undefined: it runs. */
  asleep: (() => void)[] | undefined
}

export type World = ReturnType<typeof createWorld>

const LATENCY_MS = 60
const TIMEOUT_MS = 300
const LATE_MS = 4_000
/** Chains of promises inside the engine are shorter than this. */
const HOPS = 24

export function createWorld(dice: Prng, startMs: number, faults: Faults) {
  const jobs: { atMs: number; rank: number; run: () => void }[] = []
  const errors: unknown[] = []
  const exercised: Record<string, number> = {}
  let nowMs = startMs
  const lines = new Map<Process, number>()
  let isHealed = false

  function after(ms: number, run: () => void): void {
    jobs.push({ atMs: nowMs + ms, rank: dice.fraction(), run })
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
    let first = 0
    for (let i = 1; i < jobs.length; i++) if (isBefore(i, first)) first = i
    const [job] = jobs.splice(first, 1)
    if (job === undefined) return false
    nowMs = Math.max(nowMs, job.atMs)
    job.run()
    for (let i = 0; i < HOPS; i++) await Promise.resolve()
    return true
  }

  function isBefore(i: number, k: number): boolean {
    const a = jobs[i]
    const b = jobs[k]
    if (a === undefined || b === undefined) return false
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.rank < b.rank)
  }

  function isStruck(fault: keyof Faults): boolean {
    if (isHealed || !dice.chance(faults[fault])) return false
    exercised[fault] = (exercised[fault] ?? 0) + 1
    return true
  }

  /** Calls over one connection are done in the order in which they were sent. */
  function arrivalMs(process: Process, latencyMs: number): number {
    const atMs = Math.max(nowMs + latencyMs, (lines.get(process) ?? 0) + 0.001)
    lines.set(process, atMs)
    return atMs - nowMs
  }

  /** A call can fail before it is done, after it is done, or be done after its caller gave up. */
  function call<T>(process: Process, effect: () => Promise<T>, isWrite: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (why: string): void => reject(new Unavailable(why))
      const latencyMs = dice.below(LATENCY_MS)
      if (isStruck('neverSent')) return within(process, latencyMs, () => fail('never sent'))
      if (isWrite && isStruck('doneLate')) {
        after(TIMEOUT_MS + dice.below(LATE_MS), () => void effect().catch(() => {}))
        return within(process, TIMEOUT_MS, () => fail('timed out'))
      }
      const isLost = isWrite && isStruck('replyLost')
      after(arrivalMs(process, latencyMs), () => {
        const answer = (reply: () => void): void => within(process, dice.below(LATENCY_MS), reply)
        effect().then(
          (result) => answer(() => (isLost ? fail('reply lost') : resolve(result))),
          (error: unknown) => answer(() => reject(error as Error)),
        )
      })
    })
  }

  function clockOf(process: Process): Clock {
    return {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs - startMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          within(process, ms, resolve)
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
    errors,
    exercised,
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
