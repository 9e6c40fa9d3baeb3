/** What a process spends on a stage, from its first record to its last. */

export type Spent = Readonly<{
  records: number
  seconds: number
  /** Of this process, all its threads. */
  cpuSeconds: number
  /** The same since the process began. */
  lifeCpuSeconds: number
  /** Largest resident size so far. */
  rssMb: number
}>

export type Meter = Readonly<{
  /** May be called again: the last call counts. */
  begin: () => void
  /** So many records are done. The first call after `WARM_UP` of all has the second stretch begin. */
  at: (records: number) => void
  /** The work is done: no more wall time. */
  done: () => void
  /** Up to now, of all records and of those after the warm-up. */
  spent: () => Readonly<{ spent: Spent; warm: Spent }>
}>

/** What comes first is done by code that is not compiled yet, while the compiler takes its own CPU. */
const WARM_UP = 0.3
const KB_PER_MB = 1_024

type Start = Readonly<{ records: number; ms: number; cpu: NodeJS.CpuUsage }>

export function createMeter(records: number): Meter {
  const from = (done: number): Start => ({
    ...{ records: done, ms: performance.now(), cpu: process.cpuUsage() },
  })
  let start = from(0)
  let warmed: Start | undefined
  let toMs: number | undefined
  const since = (its: Start): Spent => ({
    records: records - its.records,
    seconds: ((toMs ?? performance.now()) - its.ms) / 1_000,
    cpuSeconds: secondsOf(process.cpuUsage(its.cpu)),
    lifeCpuSeconds: secondsOf(process.cpuUsage()),
    rssMb: process.resourceUsage().maxRSS / KB_PER_MB,
  })
  return {
    begin: () => {
      start = from(0)
    },
    at: (done) => {
      if (done >= records * WARM_UP) warmed ??= from(done)
    },
    done: () => {
      toMs ??= performance.now()
    },
    spent: () => ({ spent: since(start), warm: since(warmed ?? start) }),
  }
}

export function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6
}
