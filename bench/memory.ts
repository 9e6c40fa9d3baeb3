/** `npm run bench:memory`: what accounts take in a real Redis, whole and by part. */
import { startRedis } from '../tests/support/redis-process.ts'
import { shippedPolicy } from '../tests/support/watch.ts'
import { createFold } from '../src/core/fold.ts'
import { createFolder } from './memory-fold.ts'
import type { Stored } from './memory-fold.ts'
import { busiest, idle, typical } from './memory-histories.ts'
import type { History } from './memory-histories.ts'
import { conditionsOf, reportOf } from './memory-report.ts'
import { weigh } from './memory-store.ts'

type Case = Readonly<{
  name: string
  history: (serial: number) => History
  /** Folded, and under how many ids each of them is stored. */
  folded: number
  each: number
  target: number
}>

const KB = 1_024

const CASES: readonly Case[] = [
  { name: 'idle', history: idle, folded: 20_000, each: 1, target: 250 },
  { name: 'typical', history: typical, folded: 20, each: 100, target: 4 * KB },
  { name: 'busiest', history: busiest, folded: 2, each: 100, target: 32 * KB },
]

async function main(): Promise<void> {
  await using redis = await startRedis()
  const policy = shippedPolicy()
  process.stdout.write(`${await conditionsOf(redis.url)}\n\n`)
  for (const { name, history, folded, each, target } of CASES) {
    const fold = createFolder(policy)
    const samples: Stored[] = []
    for (let serial = 0; serial < folded; serial++) samples.push(fold(history(serial)))
    const idsOf = (_: Stored, at: number) =>
      Array.from({ length: each }, (_unused, copy) => `M${1_000_001 + at * each + copy}`)
    const weighed = await weigh(redis.url, createFold(policy), samples, idsOf)
    process.stdout.write(`${reportOf(name, samples, weighed, target)}\n\n`)
  }
}

await main()
