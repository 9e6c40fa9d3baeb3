/** What is left of a partition of which keys are gone: it is told as incomplete, and nothing else is. */
import { expect, onTestFinished, test } from 'vitest'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import { createRedisStore, keysOf } from '../../src/adapters/redis-store.ts'
import { IncompleteState } from '../../src/core/ports.ts'
import type { Commit, Cursor, StateStore } from '../../src/core/ports.ts'
import { LOSSES, loseKeys } from '../faults/lose-keys.ts'
import type { Loss } from '../faults/lose-keys.ts'
import { prng } from '../support/prng.ts'
import { describeWithRedis, redisUrl, uniqueName } from '../support/services.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const cursor = (version: number): Cursor => ({ offset: 10 + version, version, writer: 'w1' })

const FULL: Commit = {
  expected: undefined,
  next: cursor(1),
  meta: bytes('meta'),
  fields: ['a', 'b', 'c', 'd'].map((field) => [field, bytes(field)] as const),
  dueAdded: [
    [5, 'M1'],
    [7, 'M2'],
  ],
  dueDropped: [],
  outboxAdded: [
    { sequence: 1, topic: 'warnings', id: 'w', key: bytes('k'), value: bytes('v'), headers: [] },
  ],
  outboxDropped: [],
}
const NEXT: Commit = {
  ...FULL,
  ...{ expected: cursor(1), next: cursor(2), fields: [['a', bytes('2')]] },
  ...{ dueAdded: [[5, 'M1']] as const, outboxAdded: [] },
}

/** What each loss is called where it is found first. */
const WORDS: Record<Loss, string> = {
  'the cursor': 'the cursor is missing',
  'the notes': 'the notes are missing',
  'all accounts': '0 of 4 fields of accounts are there',
  'some fields of accounts': '1 of 4 fields of accounts are there',
  'the outbox': '0 of 1 entries of the outbox are there',
  'the due index': '0 of 2 due buckets are there',
  'the list of a due bucket': 'the list of a due bucket is missing',
}

describeWithRedis('a partition of which keys are gone', () => {
  async function opened() {
    const client = createRedis({ url: redisUrl() })
    onTestFinished(() => client.disconnect())
    await whenReady(client)
    const namespace = uniqueName('lost')
    const store = createRedisStore(client, namespace)
    await store.commit(0, FULL)
    return { client, namespace, store }
  }

  /** Each question of the port that may find it out. */
  const questions: readonly [string, (store: StateStore) => Promise<unknown>][] = [
    ['read', (store) => store.read(0, ['a'])],
    ['fields', (store) => store.fields(0, undefined)],
    ['due', (store) => store.due(0, 9)],
    ['commit', (store) => store.commit(0, NEXT)],
  ]

  test.each(LOSSES)('%s: told by all that look', async (loss) => {
    const { client, namespace, store } = await opened()
    // Of two lists, the one that the commit adds to.
    if (loss === 'the list of a due bucket') await client.del(`${keysOf(namespace, 0)[4]}:5`)
    else expect(await loseKeys(client, namespace, 0, prng(1), loss)).toBe(loss)
    const stored = await Promise.all(keysOf(namespace, 0).map((key) => client.dumpBuffer(key)))

    const error = await store.load(0).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(IncompleteState)
    const isLeft = (key: Loss) => loss !== key
    expect(error).toMatchObject({
      message: WORDS[loss],
      cursor: isLeft('the cursor') ? cursor(1) : undefined,
      meta: isLeft('the notes') ? Buffer.from('meta') : undefined,
    })
    for (const [name, ask] of questions) {
      const told = ask(store)
      const isBlind = loss === 'the list of a due bucket' && (name === 'read' || name === 'fields')
      if (loss === 'the cursor' && name === 'commit')
        await expect(told).resolves.toEqual({ kind: 'refused', current: undefined })
      else if (isBlind) await expect(told, `${name}`).resolves.toMatchObject({ cursor: cursor(1) })
      else await expect(told, `${name}`).rejects.toThrow(IncompleteState)
    }
    // Nothing was written.
    const now = await Promise.all(keysOf(namespace, 0).map((key) => client.dumpBuffer(key)))
    expect(now).toEqual(stored)
  })

  test.each(LOSSES)(
    '%s: cleared, it is a first start, and none of its lists comes back',
    async (loss) => {
      const { client, namespace, store } = await opened()
      await loseKeys(client, namespace, 0, prng(1), loss)
      const left = loss === 'the cursor' ? undefined : cursor(1)
      expect(await store.clear(0, cursor(9))).toBe(false)
      expect(await store.clear(0, left)).toBe(true)
      expect(await store.load(0)).toBeUndefined()
      expect(await store.commit(0, { ...FULL, dueAdded: [[5, 'M3']] })).toEqual({ kind: 'done' })
      expect(await store.due(0, 9)).toEqual({
        cursor: cursor(1),
        value: [{ bucket: 5, accounts: ['M3'] }],
      })
    },
  )

  test('notes of an earlier version have no tally: believed, and counted from the next commit on', async () => {
    const { client, namespace, store } = await opened()
    const [, notes, accounts] = keysOf(namespace, 0)
    await client.hdel(notes, 'tally')
    await client.hdel(accounts, 'd')
    expect((await store.load(0))?.cursor).toEqual(cursor(1))
    expect(await store.commit(0, NEXT)).toEqual({ kind: 'done' })
    await client.hdel(accounts, 'c')
    await expect(store.load(0)).rejects.toThrow('2 of 3 fields of accounts are there')
  })

  test('a first commit where another state is half gone: incomplete, and nothing is written', async () => {
    const { client, namespace, store } = await opened()
    await client.del(keysOf(namespace, 0)[0])
    const first = { ...FULL, next: { ...FULL.next, writer: 'w2' } }
    await expect(store.commit(0, first)).rejects.toThrow('the cursor is missing')
    expect(await client.exists(keysOf(namespace, 0)[0])).toBe(0)
  })
})
