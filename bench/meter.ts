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
  /** The work is done: no more wall time. */
  done: () => void
  /** CPU up to now. */
  spent: (records: number) => Spent
}>

const KB_PER_MB = 1_024

export function createMeter(): Meter {
  let fromMs = 0
  let toMs: number | undefined
  let cpu = process.cpuUsage()
  return {
    begin: () => {
      fromMs = performance.now()
      cpu = process.cpuUsage()
    },
    done: () => {
      toMs ??= performance.now()
    },
    spent: (records) => {
      return {
        records,
        seconds: ((toMs ?? performance.now()) - fromMs) / 1_000,
        cpuSeconds: secondsOf(process.cpuUsage(cpu)),
        lifeCpuSeconds: secondsOf(process.cpuUsage()),
        rssMb: process.resourceUsage().maxRSS / KB_PER_MB,
      }
    },
  }
}

export function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6
}
