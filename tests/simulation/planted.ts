/** Mistakes planted on purpose, and how many seeds it takes to find each. */
import { complaintsOf } from './complaints.ts'
import { runOf } from './seeds.ts'
import type { Defects, Run } from './simulate.ts'

export type Planted = Readonly<{
  mistake: string
  defects: Defects
  /** What it shows under only. */
  faults?: Run['faults']
  /** Found within so many seeds. */
  seedsMax: number
}>

export const PLANTED: readonly Planted[] = [
  { mistake: 'a store that does not compare', defects: { isStoreBlind: true }, seedsMax: 40 },
  { mistake: 'a replay check that is off by one', defects: { isOffByOne: true }, seedsMax: 20 },
  {
    mistake: 'a cursor stored before what was folded',
    defects: { isCursorFirst: true },
    seedsMax: 20,
  },
  {
    mistake: 'a store that does not count',
    defects: { isUncounted: true },
    faults: { evicted: 0.02 },
    seedsMax: 20,
  },
  { mistake: 'outputs that are not read back', defects: { isReadBackSkipped: true }, seedsMax: 40 },
  { mistake: 'a new writer that shuts out nobody', defects: { isUnfenced: true }, seedsMax: 200 },
  { mistake: 'a wall clock that decides absence', defects: { isEndIgnored: true }, seedsMax: 40 },
  { mistake: 'a fold that asks what time it is', defects: { isWallInCore: true }, seedsMax: 5 },
  { mistake: '> for >= in a timer', defects: { isLaterThanDue: true }, seedsMax: 5 },
  {
    mistake: 'a commit of live objects',
    defects: { isLeakingLiveBytes: true },
    // It shows only when a process dies between two commits that overlap.
    faults: { crash: 0.5, pause: 0 },
    seedsMax: 100,
  },
]

/** The first seed that complains; undefined: none of so many. */
export async function seedsUntilFound(planted: Planted): Promise<number | undefined> {
  const { defects, faults = {}, seedsMax } = planted
  for (let seed = 1; seed <= seedsMax; seed++) {
    const run = { ...runOf(seed), defects, faults }
    if ((await complaintsOf(run)).length > 0) return seed
  }
  return undefined
}
