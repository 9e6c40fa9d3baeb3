import { beforeAll, expect, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import type { MemoryStore } from '../../src/adapters/memory-store.ts'
import { SECTIONS, createFold } from '../../src/core/fold.ts'
import type { Commit, Loaded, StateStore } from '../../src/core/ports.ts'
import { fieldOf, keyOfField } from '../../src/engine/stored-names.ts'
import { fleetLines } from '../support/fleet-lines.ts'
import { POLICY } from '../support/heard.ts'
import { foldIntoStore, verifyStore } from '../support/folded-store.ts'

const NO_CHANGE = { fields: [], dueAdded: [], dueDropped: [], outboxAdded: [], outboxDropped: [] }
const LAST = Number.MAX_SAFE_INTEGER

let lines: readonly string[]
let folded: Uint8Array

beforeAll(async () => {
  const fleet = fleetLines({ merchants: 20, days: 60, seed: 3 })
  lines = fleet.lines
  folded = (await foldIntoStore(lines, { untilMs: fleet.untilMs })).snapshot()
})

const fresh = (): MemoryStore => createMemoryStore(folded)

/** A commit of somebody else's, at the same place of the log. */
async function tamper(store: StateStore, change: Partial<Commit>): Promise<void> {
  const { cursor, meta } = (await store.load(0)) as Loaded
  const next = { ...cursor, version: cursor.version + 1, writer: 'other' }
  const done = await store.commit(0, { ...NO_CHANGE, expected: cursor, next, meta, ...change })
  expect(done).toEqual({ kind: 'done' })
}

async function fieldOfSome(store: StateStore): Promise<readonly [string, Uint8Array]> {
  const { fields } = (await store.fields(0, undefined)).value
  const field = fields.find((it) => it.endsWith('\nn')) as string
  const [value] = (await store.read(0, [field])).value
  return [field, value as Uint8Array]
}

test.each([
  [200, 10_000, 3],
  [4_000, 3, 5],
  [300, 10_000, 1_000],
])('what the engine stores is what the log says (%i, %i, %i)', async (events, cached, held) => {
  const store = await foldIntoStore(lines, { commitEventsMax: events, cachedAccountsMax: cached })
  const verified = await verifyStore(lines, store, held)
  expect(verified).toMatchObject({ differences: [], unknownIds: [], undecided: 0 })
  expect(verified?.accounts).toBeGreaterThan(8)
  expect(verified?.cursor.offset).toBe(lines.length)
})

test('timers that were fired, and those that still wait, are both what the log says', async () => {
  expect(await verifyStore(lines, fresh())).toMatchObject({ differences: [], undecided: 0 })
})

test('after any commit: timers that the sweep has not come to are no difference', async () => {
  const plain = createMemoryStore()
  const snapshots: Uint8Array[] = []
  const commit: StateStore['commit'] = async (partition, it) => {
    const result = await plain.commit(partition, it)
    snapshots.push(plain.snapshot())
    return result
  }
  await foldIntoStore(lines, { commitEventsMax: 400 }, { ...plain, commit })
  const some = snapshots.filter((_, at) => at % Math.ceil(snapshots.length / 8) === 0)
  expect(some.length).toBeGreaterThan(5)
  for (const it of some) {
    const store = createMemoryStore(it)
    await layOutAnew(store)
    const verified = await verifyStore(lines, store)
    expect(verified).toMatchObject({ differences: [], unknownIds: [], undecided: 0 })
  }
})

/** The same values in other bytes: what is closed moves from one section to another. */
async function layOutAnew(store: StateStore): Promise<void> {
  const fold = createFold(POLICY)
  const keys = new Set((await store.fields(0, undefined)).value.fields.map(keyOfField))
  const fields: [string, Uint8Array | undefined][] = []
  for (const key of keys) {
    const [tenant = '', merchantId = ''] = key.split('\n')
    const names = SECTIONS.map((it) => fieldOf(key, it))
    const account = fold.decodeAccount(tenant, merchantId, (await store.read(0, names)).value)
    account.dirty.now = account.dirty.past = account.dirty.facts = true
    for (const [section, bytes] of fold.encodeChanged(account)) {
      fields.push([fieldOf(key, section), bytes])
    }
  }
  await tamper(store, { fields })
}

test('an account that lacks an event is named, with the member that differs first', async () => {
  const place = lines.findLastIndex((it) => it.includes('"card.authorisation"'))
  const store = await foldIntoStore(lines.with(place, '{}'))
  const verified = await verifyStore(lines, store)
  expect(verified?.differences).toHaveLength(1)
  expect(verified?.differences[0]).toMatchObject({
    kind: 'differs',
    difference: { member: expect.stringMatching(/\w/) as string },
  })
  const { subject, tenantid = '' } = JSON.parse(lines[place] ?? '')
  expect(verified?.differences[0]?.key).toContain(`${tenantid}\n${subject}`)
})

test('an account too many, and one that is not there', async () => {
  const store = fresh()
  const [field, value] = await fieldOfSome(store)
  const all = (await store.fields(0, undefined)).value.fields
  const gone = all.filter((it) => keyOfField(it) === keyOfField(field))
  const fields = [
    ['acq\nnobody\nn', value],
    ...gone.map((it) => [it, undefined]),
  ] as Commit['fields']
  await tamper(store, { fields })
  const found = (await verifyStore(lines, store))?.differences
  expect(found?.map(({ kind, key }) => [kind, key]).toSorted()).toEqual([
    ['extra', 'acq\nnobody'],
    ['missing', keyOfField(field)],
    // Its wake is not listed either.
    ['unlisted', 'acq\nnobody'],
  ])
})

test('an account whose wake no bucket lists is named', async () => {
  const store = fresh()
  const dropped = (await store.due(0, LAST)).value
  await tamper(store, { dueDropped: dropped.slice(1).map(({ bucket }) => bucket) })
  const kinds = (await verifyStore(lines, store))?.differences.map(({ kind }) => kind)
  expect(kinds?.length).toBeGreaterThan(0)
  expect(new Set(kinds)).toEqual(new Set(['unlisted']))
})

test('a warning in the outbox that the log does not tell is named', async () => {
  const store = fresh()
  const entry = { sequence: 9e9, topic: 'warnings', id: 'made-up', key: new Uint8Array() } as const
  await tamper(store, { outboxAdded: [{ ...entry, value: undefined, headers: [] }] })
  expect((await verifyStore(lines, store))?.unknownIds).toEqual(['made-up'])
})

/** After each so many reads the store goes on a piece, as a live service does. */
function movingStore(snapshots: readonly Uint8Array[], everyReads: number): StateStore {
  const stores = snapshots.map((it) => createMemoryStore(it))
  let reads = 0
  const now = (): StateStore => {
    return stores[Math.min(Math.floor(reads / everyReads), stores.length - 1)] as StateStore
  }
  return {
    ...(stores[0] as StateStore),
    load: (partition) => now().load(partition),
    cursor: (partition) => now().cursor(partition),
    read: (partition, fields) => {
      const read = now().read(partition, fields)
      reads++
      return read
    },
    fields: (partition, from) => now().fields(partition, from),
    due: (partition, bucket) => now().due(partition, bucket),
  }
}

test('beside a live service: what moved while it was read is no difference', async () => {
  const ends = [0.5, 0.6, 0.7, 0.8, 1].map((share) => Math.floor(share * lines.length))
  const stores = ends.map((end) => foldIntoStore(lines.slice(0, end)))
  const snapshots = (await Promise.all(stores)).map((it) => it.snapshot())
  const verified = await verifyStore(lines, movingStore(snapshots, 1))
  expect(verified).toMatchObject({ differences: [], unknownIds: [], undecided: 0 })
  // Negative control: read at once, half of the stream is not the whole.
  const half = createMemoryStore(snapshots[0])
  const late = { ...half, load: async () => await createMemoryStore(snapshots[4]).load(0) }
  expect((await verifyStore(lines, late))?.undecided).toBeGreaterThan(0)
})
