/** Many seeds, one after another or over threads, and what they came to. */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { complaints } from './complaints.ts'
import { simulate } from './simulate.ts'
import type { Run } from './simulate.ts'

export type Failure = Readonly<{ seed: number; complaints: readonly string[] }>
export type Tally = {
  seeds: number
  records: number
  exercised: Record<string, number>
  /** Crashes by the point at which they struck; 0: none did. */
  points: Record<string, number>
  incidents: Record<string, number>
  failures: Failure[]
}
export type Range = Readonly<{ from: number; seeds: number }>

/** One in so many changes the policy on the way. */
const POLICY_EVERY = 4
const CHUNK = 50

/** A seed alone decides all of its run. */
export function runOf(seed: number): Run {
  return { seed, isPolicyChanged: seed % POLICY_EVERY === 0 }
}

export function newTally(): Tally {
  return { seeds: 0, records: 0, exercised: {}, points: {}, incidents: {}, failures: [] }
}

export async function tallyOf({ from, seeds }: Range): Promise<Tally> {
  const tally = newTally()
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = await simulate(runOf(seed))
    const found = complaints(outcome)
    const incidents: Record<string, number> = {}
    for (const { incident } of outcome.partitions)
      if (incident !== undefined) incidents[incident.kind] = (incidents[incident.kind] ?? 0) + 1
    add(tally, {
      seeds: 1,
      records: outcome.log.reduce((sum, records) => sum + records.length, 0),
      exercised: outcome.exercised,
      points: Object.fromEntries(outcome.points),
      incidents,
      failures: found.length > 0 ? [{ seed, complaints: found }] : [],
    })
  }
  return tally
}

export function add(sum: Tally, more: Tally): void {
  sum.seeds += more.seeds
  sum.records += more.records
  for (const part of ['exercised', 'points', 'incidents'] as const) {
    for (const [name, count] of Object.entries(more[part]))
      sum[part][name] = (sum[part][name] ?? 0) + count
  }
  sum.failures.push(...more.failures)
}

/** Shares the seeds out over so many threads; `heard` after each chunk. */
export async function tallyOver(
  threads: number,
  { from, seeds }: Range,
  heard: (sum: Tally) => void = () => {},
): Promise<Tally> {
  const sum = newTally()
  let next = from
  const end = from + seeds
  async function work(): Promise<void> {
    const worker = new Worker(new URL('./seeds.ts', import.meta.url), { workerData: THREAD })
    try {
      while (next < end) {
        const range = { from: next, seeds: Math.min(CHUNK, end - next) }
        next += range.seeds
        add(sum, await answerOf(worker, range))
        heard(sum)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: threads }, work))
  sum.failures.sort((a, b) => a.seed - b.seed)
  return sum
}

const THREAD = 'simulated seeds'

function answerOf(worker: Worker, range: Range): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (tally: Tally) => {
      worker.off('error', reject)
      resolve(tally)
    })
    worker.postMessage(range)
  })
}

if (!isMainThread && workerData === THREAD) {
  parentPort?.on('message', (range: Range) => {
    tallyOf(range).then(
      (tally) => parentPort?.postMessage(tally),
      // Out of the promise: then it ends the thread.
      (error: unknown) => {
        setImmediate(() => {
          throw error
        })
      },
    )
  })
}
