/** The real engine under faults drawn from a seed. `SEED=17 npx vitest run tests/simulation` plays one. */
import { expect, test } from 'vitest'
import { OTHER_POLICY } from '../support/toy-fold.ts'
import { foldPlainly } from './fold-plainly.ts'
import { simulate } from './simulate.ts'
import type { Defects, Outcome } from './simulate.ts'

const SEEDS = process.env['SEED'] === undefined ? range(1, 200) : [Number(process.env['SEED'])]

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i)
}

/** What a reader of the topics and of the store would hold against us. */
function complaints(outcome: Outcome): string[] {
  const expected = foldPlainly(outcome)
  const found: string[] = outcome.errors.map(String)
  if (!outcome.isFinished) found.push('not finished')
  const once = new Set(outcome.ids)
  if (once.size < outcome.ids.length) found.push(`${outcome.ids.length - once.size} said twice`)
  for (const id of expected.ids) if (!once.delete(id)) found.push(`missing ${id}`)
  for (const id of once) found.push(`extra ${id}`)
  for (const [p, offset] of expected.offsets.entries()) {
    if (outcome.offsets[p] !== offset) found.push(`cursor ${outcome.offsets[p]} not ${offset}`)
  }
  for (const [key, state] of expected.accounts) {
    if (outcome.accounts.get(key) !== state) found.push(`account ${key} differs`)
  }
  return [...found, ...disordered(outcome), ...unproven(outcome)]
}

/** Per account, the order of the counters. */
function disordered({ ids }: Outcome): string[] {
  const last = new Map<string, number>()
  return ids.filter((id) => {
    const [merchant = '', sequence = ''] = id.split('|')
    if (merchant === 'dead') return false
    const isLate = Number(sequence) <= (last.get(merchant) ?? 0)
    last.set(merchant, Number(sequence))
    return isLate
  })
}

/** All that had arrived before the proof's wall time lies below its position. */
function unproven({ entries, log }: Outcome): string[] {
  return entries
    .filter((text) => {
      const { isAbsence, merchantId, atMs, emission } = JSON.parse(text)
      if (isAbsence !== true) return false
      const { partition, position, end, wallMs, arrivalClockMs } = emission.proof
      const isOwn = merchantId.startsWith(`m${partition}.`)
      const isInTime = arrivalClockMs >= atMs && position >= end - 1
      const records = log[partition] ?? []
      const isRead = records.every((it) => (it.timestampMs ?? 0) >= wallMs || it.offset < position)
      return !(isOwn && isInTime && isRead)
    })
    .map((text) => `unproven ${text}`)
}

test.each(SEEDS)(
  'seed %i: crashes, zombies, late and lost replies change nothing',
  async (seed) => {
    expect(complaints(await simulate(seed))).toEqual([])
  },
)

/** A store that went back behind the change is told of it anew, at another instant. */
const FORWARD_ONLY = { rollback: 0 }

test.each(SEEDS.slice(-100))(
  'seed %i: a change of policy in between is judged once by every account',
  async (seed) => {
    const outcome = await simulate(seed, {}, FORWARD_ONLY, true)
    expect(complaints(outcome)).toEqual([])
    expect(outcome.marks.map((it) => it?.hash)).toContain(OTHER_POLICY.hash)
  },
)

test('one seed is one run, to the last id', async () => {
  expect((await simulate(7)).trace).toBe((await simulate(7)).trace)
})

const CRASHES = { crash: 0.5, pause: 0 }

test.each<[mistake: string, defects: Defects, seedsMin: number]>([
  ['a store that does not compare', { isStoreBlind: true }, 10],
  ['a replay check that is off by one', { isOffByOne: true }, 15],
  ['outputs that are not read back', { isReadBackSkipped: true }, 10],
  ['a wall clock that decides absence', { isEndIgnored: true }, 5],
])('the simulation finds %s', { timeout: 60_000 }, async (_mistake, defects, seedsMin) => {
  expect(await caught(defects, {})).toBeGreaterThanOrEqual(seedsMin)
})

test('the simulation finds a commit of live objects', { timeout: 60_000 }, async () => {
  // It shows only when a process dies between two commits that overlap.
  expect(await caught({ isLeakingLiveBytes: true }, CRASHES)).toBeGreaterThanOrEqual(2)
})

/** How many of 40 seeds complain. */
async function caught(defects: Defects, faults: Parameters<typeof simulate>[2]): Promise<number> {
  let seeds = 0
  for (const seed of range(1, 40)) {
    if (complaints(await simulate(seed, defects, faults)).length > 0) seeds++
  }
  return seeds
}
