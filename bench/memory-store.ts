/** Puts accounts into a real Redis, as the service's commits do, and weighs them. */
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { createRedis } from '../src/adapters/redis-options.ts'
import { createRedisStore } from '../src/adapters/redis-store.ts'
import type { Fold } from '../src/core/fold.ts'
import type { Commit, Cursor, StateStore } from '../src/core/ports.ts'
import { accountKey } from '../src/engine/arrival.ts'
import { createDueIndex } from '../src/engine/due-index.ts'
import { ENGINE_DEFAULTS } from '../src/engine/dependencies.ts'
import { fieldOf, storedKey } from '../src/engine/stored-names.ts'
import { TENANT } from './memory-fold.ts'
import type { Stored } from './memory-fold.ts'

export type Weighed = Readonly<{ accounts: number; bytes: number; keyBytes: number }>

const COMMIT_FIELDS = 500
const SETTLE_MS = 1_000
const SETTLE_TRIES = 10

/**
 * Bytes of `used_memory` that so many accounts take, due index included; the same few under many ids where
 * there are fewer than that. The server is emptied.
 */
export async function weigh(
  url: string,
  fold: Fold,
  samples: Iterable<Stored>,
  idsOf: (sample: Stored, at: number) => readonly string[],
): Promise<Weighed> {
  const redis = new Redis(url, { protocol: 2 })
  let accounts = 0
  let keyBytes = 0
  try {
    await redis.flushall()
    // The first loads the script and makes the keys that every partition has.
    let expected = await write(url, fold, undefined, async () => {})
    const before = await usedBytes(redis)
    expected = await write(url, fold, expected, async (add) => {
      let at = 0
      for (const sample of samples) {
        for (const merchantId of idsOf(sample, at++)) {
          await add(sample, merchantId)
          keyBytes += storedKey(accountKey(TENANT, merchantId)).length
          accounts++
        }
      }
    })
    const bytes = (await usedBytes(redis)) - before
    return { accounts, bytes, keyBytes: keyBytes / accounts }
  } finally {
    redis.disconnect()
  }
}

type Add = (sample: Stored, merchantId: string) => Promise<void>

/** By a connection of its own: what the server holds for that is none of the accounts'. */
async function write(
  url: string,
  fold: Fold,
  expected: Cursor | undefined,
  work: (add: Add) => Promise<void>,
): Promise<Cursor | undefined> {
  const client = createRedis({ url })
  await once(client, 'ready')
  const store = createRedisStore(client, 'bench')
  try {
    const writing = createWriting(store, fold, expected)
    await work((sample, merchantId) => writing.add(sample, merchantId))
    return await writing.commit()
  } finally {
    await store.close()
  }
}

function createWriting(store: StateStore, fold: Fold, stored: Cursor | undefined) {
  const index = createDueIndex(fold, ENGINE_DEFAULTS.dueBucketMs)
  let fields: [string, Uint8Array][] = []
  let expected = stored

  async function commit(): Promise<Cursor> {
    const { added } = index.takeChanges(-Infinity)
    const dueAdded = added.map(([bucket, key]) => [bucket, storedKey(key)] as const)
    const next = { offset: 0, version: (expected?.version ?? 0) + 1, writer: 'bench' }
    const whole: Commit = {
      ...{ expected, next, meta: new Uint8Array(256), fields, dueAdded, dueDropped: [] },
      ...{ outboxAdded: [], outboxDropped: [] },
    }
    const result = await store.commit(0, whole)
    if (result.kind !== 'done') throw new Error('the commit was refused')
    expected = next
    fields = []
    return next
  }

  return {
    commit,
    async add({ account, sections }: Stored, merchantId: string): Promise<void> {
      const key = accountKey(TENANT, merchantId)
      for (const [section, bytes] of sections) fields.push([fieldOf(key, section), bytes])
      index.update({
        ...{ key, account, indexedBucket: Infinity, scheduledMs: Infinity, isDirty: false },
        ...{ isStandingChanged: false, version: 0, isRecent: true },
      })
      if (fields.length >= COMMIT_FIELDS) await commit()
    },
  }
}

/** Once the server has let go of the buffers of those who left. */
async function usedBytes(redis: Redis): Promise<number> {
  let before = NaN
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
    if (used === before) return used
    before = used
  }
  return before
}
