/** A deployment goes over to this version with the state that the one before has left. */
import { deserialize, serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import type { MemoryStore } from '../../src/adapters/memory-store.ts'
import { OLDEST_STATE_VERSION, STATE_VERSION } from '../../src/core/codec.ts'
import { foldIntoStore, verifyStore } from '../support/folded-store.ts'
import { fleetLines } from '../support/fleet-lines.ts'

type Kept = { meta: Uint8Array; fields: Map<string, Uint8Array> }

/** As the version before stored it: 3 has the form of 2. */
function asVersion(store: MemoryStore, version: number): MemoryStore {
  const partitions = deserialize(store.snapshot()) as Map<number, Kept>
  const noted = `"stateVersion":${STATE_VERSION}`
  for (const kept of partitions.values()) {
    for (const value of kept.fields.values()) value[0] = version
    const at = Buffer.from(kept.meta).indexOf(noted)
    expect(at).toBeGreaterThan(0)
    kept.meta.set(Buffer.from(`"stateVersion":${version}`), at)
  }
  return createMemoryStore(serialize(partitions))
}

const { lines } = fleetLines({ merchants: 12, days: 50, seed: 4 })
const half = lines.slice(0, lines.length >> 1)

test('an older state is read, folded on, and written as of this version', async () => {
  const older = asVersion(await foldIntoStore(half), OLDEST_STATE_VERSION)
  expect(await verifyStore(half, older)).toMatchObject({ differences: [] })
  const store = await foldIntoStore(lines, {}, older)
  expect(await verifyStore(lines, store)).toMatchObject({ differences: [], undecided: 0 })
  expect((await store.cursor(0))?.offset).toBe(lines.length)
  const whole = await foldIntoStore(lines)
  const names = [...(await whole.fields(0, undefined)).value.fields]
  const [stored, expected] = [
    (await store.read(0, names)).value,
    (await whole.read(0, names)).value,
  ]
  const untouched = stored.filter((it) => it?.[0] === OLDEST_STATE_VERSION).length
  expect(untouched).toBeLessThan(names.length / 2)
  for (const [at, value] of expected.entries()) {
    expect([...(stored[at] ?? [])].slice(1), `${names[at]}`).toEqual([...(value ?? [])].slice(1))
  }
})

test('a newer state is refused before anything is written', async () => {
  const newer = asVersion(await foldIntoStore(half), STATE_VERSION + 1)
  const before = newer.snapshot()
  await expect(foldIntoStore(lines, {}, newer)).rejects.toThrow('run a newer one')
  expect(newer.snapshot()).toEqual(before)
})
