/** What the engine relies on in any `StateStore`. */
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Commit, Cursor, OutboxEntry, StateStore } from '../../src/core/ports.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value)
const at = (offset: number, version: number, writer = 'w1'): Cursor => ({ offset, version, writer })

export const FIRST: Commit = {
  expected: undefined,
  next: at(10, 1),
  meta: bytes('notes'),
  fields: [],
  dueAdded: [],
  dueDropped: [],
  outboxAdded: [],
  outboxDropped: [],
}

const entry = (sequence: number, value: Uint8Array | undefined = bytes(`{"n":${sequence}}`)) =>
  ({
    sequence,
    topic: 'warnings',
    id: `id-${sequence}`,
    key: bytes('M1'),
    value,
    headers: [
      ['ce_id', bytes(`id-${sequence}`)],
      ['empty', bytes('')],
    ],
  }) satisfies OutboxEntry

/** `create` gives a store with nothing in it, and is free to share the server behind it. */
export function stateStoreContract(name: string, create: () => Promise<StateStore>): void {
  const open = async (): Promise<StateStore> => {
    const store = await create()
    onTestFinished(() => store.close())
    return store
  }

  describe(`StateStore: ${name}`, () => {
    test('nothing is there before the first commit', async () => {
      const store = await open()
      expect(await store.load(0)).toBeUndefined()
      expect((await store.read(0, ['a', 'b'])).value).toEqual([undefined, undefined])
      expect((await store.read(0, [])).value).toEqual([])
      expect((await store.due(0, 1e9)).value).toEqual([])
    })

    test('the first commit expects no cursor, and a second such is refused', async () => {
      const store = await open()
      expect(await store.commit(0, FIRST)).toEqual({ kind: 'done' })
      const again = await store.commit(0, { ...FIRST, next: at(10, 1, 'w2') })
      expect(again).toEqual({ kind: 'refused', current: at(10, 1) })
      const loaded = await store.load(0)
      expect(loaded?.cursor).toEqual(at(10, 1))
      expect(text(loaded?.meta)).toBe('notes')
      expect(loaded?.outbox).toEqual([])
    })

    test('all fields are named, bit by bit, and those that are gone are not', async () => {
      const store = await open()
      expect((await store.fields(0, undefined)).value).toEqual({ fields: [], next: undefined })
      const names = Array.from({ length: 1_500 }, (_, n) => `t\nm${n}\n${n % 2 === 0 ? 'n' : 'f'}`)
      const fields = names.map((name) => [name, bytes('x'.repeat(300))] as const)
      await store.commit(0, { ...FIRST, fields })
      const gone = names.slice(0, 20).map((name) => [name, undefined] as const)
      const next = at(11, 2)
      await store.commit(0, { ...FIRST, expected: FIRST.next, next, fields: gone })
      const found = new Set<string>()
      let from: string | undefined
      do {
        const slice = (await store.fields(0, from)).value
        for (const name of slice.fields) found.add(name)
        from = slice.next
      } while (from !== undefined)
      expect([...found].toSorted()).toEqual(names.slice(20).toSorted())
      expect((await store.fields(1, undefined)).value.fields).toEqual([])
    })

    test('a commit onto a cursor is refused where there is none', async () => {
      const store = await open()
      const refused = await store.commit(0, { ...FIRST, expected: at(9, 1) })
      expect(refused).toEqual({ kind: 'refused', current: undefined })
      expect(await store.load(0)).toBeUndefined()
    })

    test.for([
      ['offset', at(11, 1)],
      ['version', at(10, 2)],
      ['writer', at(10, 1, 'w2')],
    ] as const)('a cursor that differs in its %s alone is refused', async ([, expected]) => {
      const store = await open()
      await store.commit(0, FIRST)
      const refused = await store.commit(0, { ...FIRST, expected, next: at(20, 3) })
      expect(refused).toEqual({ kind: 'refused', current: at(10, 1) })
    })

    test('a refused commit leaves nothing behind', async () => {
      const store = await open()
      const kept: Commit = {
        ...FIRST,
        fields: [['a', bytes('1')]],
        dueAdded: [[5, 'M1']],
        outboxAdded: [entry(1)],
      }
      await store.commit(0, kept)
      await store.commit(0, {
        ...FIRST,
        expected: at(10, 9),
        next: at(11, 10),
        meta: bytes('other'),
        fields: [
          ['a', undefined],
          ['b', bytes('2')],
        ],
        dueAdded: [[6, 'M2']],
        dueDropped: [5],
        outboxAdded: [entry(2)],
        outboxDropped: [1],
      })
      const loaded = await store.load(0)
      expect(text(loaded?.meta)).toBe('notes')
      expect(loaded?.outbox.map((e) => e.sequence)).toEqual([1])
      expect((await store.read(0, ['a', 'b'])).value.map(text)).toEqual(['1', undefined])
      expect((await store.due(0, 9)).value).toEqual([{ bucket: 5, accounts: ['M1'] }])
    })

    test('a commit sent twice is refused with its own cursor the second time', async () => {
      const store = await open()
      await store.commit(0, FIRST)
      const next: Commit = { ...FIRST, expected: at(10, 1), next: at(12, 2) }
      expect(await store.commit(0, next)).toEqual({ kind: 'done' })
      expect(await store.commit(0, next)).toEqual({ kind: 'refused', current: at(12, 2) })
    })

    test('of two commits in flight on one cursor one succeeds', async () => {
      const store = await open()
      const results = await Promise.all([
        store.commit(0, { ...FIRST, next: at(1, 1, 'w1') }),
        store.commit(0, { ...FIRST, next: at(1, 1, 'w2') }),
      ])
      expect(results.map((r) => r.kind)).toEqual(['done', 'refused'])
    })

    test('two commits in flight, the second on the cursor of the first', async () => {
      const store = await open()
      const results = await Promise.all([
        store.commit(0, FIRST),
        store.commit(0, { ...FIRST, expected: at(10, 1), next: at(20, 2) }),
      ])
      expect(results).toEqual([{ kind: 'done' }, { kind: 'done' }])
    })

    test('fields are answered in the order asked, deleted ones as undefined', async () => {
      const store = await open()
      const fields = [
        ['a', bytes('1')],
        ['b', bytes('')],
        ['c', Uint8Array.of(0, 255, 128)],
      ] as const
      await store.commit(0, { ...FIRST, fields })
      await store.commit(0, {
        ...FIRST,
        expected: at(10, 1),
        next: at(11, 2),
        fields: [['a', undefined]],
      })
      const read = (await store.read(0, ['c', 'a', 'b', 'c'])).value
      expect(read.map((value) => value && [...value])).toEqual([
        [0, 255, 128],
        undefined,
        [],
        [0, 255, 128],
      ])
    })

    test('bytes are kept by value: what is changed later is not what is stored', async () => {
      const store = await open()
      const value = Buffer.from('1')
      const meta = Buffer.from('m')
      await store.commit(0, { ...FIRST, meta, fields: [['a', value]] })
      value[0] = 0
      meta[0] = 0
      const [read] = (await store.read(0, ['a'])).value
      expect(text(read)).toBe('1')
      if (read !== undefined) read[0] = 0
      expect((await store.read(0, ['a'])).value.map(text)).toEqual(['1'])
      expect(text((await store.load(0))?.meta)).toBe('m')
    })

    test('the outbox comes back whole, in the order of its sequence', async () => {
      const store = await open()
      const entries = [entry(10), entry(2), { ...entry(9), topic: 'standing', value: undefined }]
      await store.commit(0, { ...FIRST, outboxAdded: entries as OutboxEntry[] })
      await store.commit(0, {
        ...FIRST,
        expected: at(10, 1),
        next: at(11, 2),
        outboxAdded: [entry(11, bytes(''))],
        outboxDropped: [2],
      })
      const outbox = (await store.load(0))?.outbox ?? []
      expect(outbox.map((e) => [e.sequence, e.topic, e.id, text(e.key), text(e.value)])).toEqual([
        [9, 'standing', 'id-9', 'M1', undefined],
        [10, 'warnings', 'id-10', 'M1', '{"n":10}'],
        [11, 'warnings', 'id-11', 'M1', ''],
      ])
      expect(outbox[1]?.headers.map(([key, value]) => [key, text(value)])).toEqual([
        ['ce_id', 'id-10'],
        ['empty', ''],
      ])
    })

    test('tells the cursor stored now, and none before the first commit', async () => {
      const store = await open()
      expect(await store.cursor(0)).toBeUndefined()
      await store.commit(0, FIRST)
      expect(await store.cursor(0)).toEqual(FIRST.next)
      expect(await store.cursor(1)).toBeUndefined()
    })

    test('buckets are due up to and with the one asked for, in ascending order', async () => {
      const store = await open()
      const dueAdded = [
        [480_002, 'M3'],
        [480_000, 'M1'],
        [480_001, 'M2'],
        [480_000, 'x'.repeat(200)],
      ] as const
      await store.commit(0, { ...FIRST, dueAdded })
      expect((await store.due(0, 479_999)).value).toEqual([])
      expect((await store.due(0, 480_001)).value).toEqual([
        { bucket: 480_000, accounts: ['M1', 'x'.repeat(200)] },
        { bucket: 480_001, accounts: ['M2'] },
      ])
    })

    test('a bucket dropped and added to in one commit keeps what was added', async () => {
      const store = await open()
      await store.commit(0, { ...FIRST, dueAdded: [[5, 'M1']] })
      await store.commit(0, {
        ...FIRST,
        expected: at(10, 1),
        next: at(10, 2),
        dueDropped: [5, 6],
        dueAdded: [[5, 'M2']],
      })
      expect((await store.due(0, 9)).value).toEqual([{ bucket: 5, accounts: ['M2'] }])
    })

    test('partitions know nothing of each other', async () => {
      const store = await open()
      await store.commit(0, { ...FIRST, fields: [['a', bytes('1')]], dueAdded: [[1, 'M1']] })
      expect(await store.load(1)).toBeUndefined()
      expect((await store.read(1, ['a'])).value).toEqual([undefined])
      expect((await store.due(1, 9)).value).toEqual([])
      expect(await store.commit(1, FIRST)).toEqual({ kind: 'done' })
    })

    test('a commit of many thousand values', async () => {
      const store = await open()
      const numbers = Array.from({ length: 9_001 }, (_, n) => n)
      await store.commit(0, {
        ...FIRST,
        fields: numbers.map((n) => [`f${n}`, bytes(String(n))] as const),
        dueAdded: numbers.map((n) => [n % 700, `M${n}`] as const),
        outboxAdded: numbers.map((n) => entry(n)),
      })
      const { value: values } = await store.read(
        0,
        numbers.map((n) => `f${n}`),
      )
      expect(values.map(text)).toEqual(numbers.map(String))
      expect((await store.load(0))?.outbox.map((e) => e.sequence)).toEqual(numbers)
      const due = (await store.due(0, 1_000)).value
      expect(due).toHaveLength(700)
      expect(due.flatMap((d) => d.accounts)).toHaveLength(9_001)
      await store.commit(0, {
        ...FIRST,
        expected: at(10, 1),
        next: at(11, 2),
        fields: numbers.map((n) => [`f${n}`, undefined] as const),
        outboxDropped: numbers,
        dueDropped: numbers.filter((n) => n < 700),
      })
      expect((await store.read(0, ['f0', 'f9000'])).value).toEqual([undefined, undefined])
      expect((await store.load(0))?.outbox).toEqual([])
      expect((await store.due(0, 1_000)).value).toEqual([])
    })

    test('any bytes and any account id come back as they went in', async () => {
      const store = await open()
      let cursor: Cursor | undefined
      const value = fc.uint8Array({ maxLength: 300 })
      const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
      await fc.assert(
        fc.asyncProperty(id, value, fc.integer({ min: 0, max: 1e6 }), async (name, raw, bucket) => {
          const next = at(10, (cursor?.version ?? 0) + 1)
          const result = await store.commit(0, {
            ...FIRST,
            expected: cursor,
            next,
            meta: raw,
            fields: [[name, raw]],
            dueAdded: [[bucket, name]],
          })
          cursor = next
          expect(result.kind).toBe('done')
          expect((await store.read(0, [name])).value.map((v) => v && [...v])).toEqual([[...raw]])
          const due = (await store.due(0, bucket)).value
          expect(due.find((d) => d.bucket === bucket)?.accounts).toContain(name)
        }),
        { numRuns: 50 },
      )
    })
  })
}
