/** What is to run, by instant; of those at one instant the dice decide which is first. */
import type { Prng } from './prng.ts'

type Job = Readonly<{ atMs: number; rank: number; run: () => void }>

export function createSchedule(dice: Prng) {
  const jobs: Job[] = []

  function isBefore(a: Job, b: Job): boolean {
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.rank < b.rank)
  }

  function push(atMs: number, run: () => void): void {
    const job = { atMs, rank: dice.fraction(), run }
    let at = jobs.push(job) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = jobs[parent] as Job
      if (!isBefore(job, above)) break
      jobs[at] = above
      at = parent
    }
    jobs[at] = job
  }

  function pop(): (() => void) | undefined {
    const [first] = jobs
    const last = jobs.pop()
    if (first === undefined || last === undefined || jobs.length === 0) return first?.run
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= jobs.length) break
      const right = jobs[child + 1]
      if (right !== undefined && isBefore(right, jobs[child] as Job)) child++
      const below = jobs[child] as Job
      if (!isBefore(below, last)) break
      jobs[at] = below
      at = child
    }
    jobs[at] = last
    return first.run
  }

  return { push, pop, firstMs: (): number => jobs[0]?.atMs ?? Infinity }
}
