/** The real engine under faults drawn from a seed. `SEED=17 node tests/simulation/long.ts` plays one. */
import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { complaints, complaintsOf } from './complaints.ts'
import { PLANTED, seedsUntilFound } from './planted.ts'
import { runOf, tallyOver } from './seeds.ts'
import { NO_FAULTS as NONE } from './plan.ts'
import { simulate } from './simulate.ts'
import type { Run } from './simulate.ts'

const SEEDS = 10_000
/** Seeds that found a mistake of the engine: they fail if it comes back. */
const KEPT: readonly Readonly<{ found: string; runs: readonly Run[] }>[] = [
  {
    found: 'a mark moved past what an earlier life said by a clock ahead of ours',
    runs: [47, 197, 846].map(runOf),
  },
  {
    found: 'a log made anew that was not compared, for its first record came late',
    runs: [133, 456, 685].map((seed) => {
      return { seed, faults: { truncated: 0.02, recreated: 0.02, rollback: 0, emptied: 0 } }
    }),
  },
]

test(
  'ten thousand seeds: crashes, zombies, losses, late and lost replies change nothing',
  { timeout: 600_000 },
  async () => {
    const sum = await tallyOver(availableParallelism(), { from: 1, seeds: SEEDS })
    expect(sum.failures).toEqual([])
    expect(sum.seeds).toBe(SEEDS)
    // Of a log that lost something.
    const kinds = ['recreated', 'retention-gap', 'state-lost', 'truncated']
    expect(Object.keys(sum.incidents).toSorted()).toEqual(kinds)
    const spared = Object.keys(sum.points).filter((point) => sum.points[point] === 0)
    // Their own test strikes these: few runs come by.
    expect(
      spared.filter(
        (point) => !/log\.close|log\.publishPosition|store\.(fields|clear)/.test(point),
      ),
    ).toEqual([])
  },
)

describe.each(KEPT)('stays mended: $found', ({ runs }) => {
  test.each(runs)('seed $seed', async (run) => {
    expect(await complaintsOf(run)).toEqual([])
  })
})

test('one seed is one run, to the last call and its instant', async () => {
  for (const seed of [7, 8]) {
    expect((await simulate(runOf(seed))).hash).toBe((await simulate(runOf(seed))).hash)
  }
})

test('in a run without faults every warning is said, and nobody stops', async () => {
  const outcome = await simulate({ seed: 3, faults: NONE })
  expect(complaints(outcome)).toEqual([])
  expect(outcome.ids.length).toBeGreaterThan(20)
  expect(outcome.partitions.map(({ incident }) => incident)).toEqual([undefined, undefined])
})

describe('a host whose clock steps by an hour', () => {
  test.each([3, 5, 6, 7, 9])('seed %i: proves nothing in that tick', async (seed) => {
    const outcome = await simulate({ seed, faults: { ...NONE, clockAhead: 0.5 } })
    expect(outcome.exercised['clockAhead']).toBeGreaterThan(3)
    expect(complaints(outcome)).toEqual([])
  })
})

describe('a process may die at every call of a port, before it and after it', () => {
  /** Dead at each point of the run once; answers which those were. */
  async function struckIn(run: Run): Promise<readonly string[]> {
    const { pointsPassed, points } = await simulate(run)
    const struck = new Set<string>()
    for (let crashAt = 1; crashAt <= pointsPassed; crashAt++) {
      const outcome = await simulate({ ...run, crashAt })
      expect(complaints(outcome), `dead at point ${crashAt}`).toEqual([])
      for (const [point, crashes] of outcome.points) if (crashes > 0) struck.add(point)
    }
    expect([...points.keys()].filter((point) => !struck.has(point))).toEqual([])
    return [...struck]
  }

  test('of a run whose policy changes', { timeout: 600_000 }, async () => {
    const faults = { ...NONE, stop: 0.03, rebalance: 0.02 }
    expect(await struckIn({ seed: 29, isPolicyChanged: true, faults })).toHaveLength(26)
  })

  test('of a run whose store loses keys', { timeout: 600_000 }, async () => {
    const struck = await struckIn({ seed: 29, faults: { ...NONE, evicted: 0.08 } })
    expect(struck).toEqual(expect.arrayContaining(['before store.clear', 'after store.clear']))
  })
})

describe.each(PLANTED)('the simulation finds $mistake', (planted) => {
  test(`within ${planted.seedsMax} seeds`, { timeout: 120_000 }, async () => {
    expect(await seedsUntilFound(planted)).toBeLessThanOrEqual(planted.seedsMax)
  })
})
