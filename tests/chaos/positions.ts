/** How far the partitions are, as told by the store and the topic, past every proxy. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { createRedis } from '../../src/adapters/redis-options.ts'
import type { RedisClient } from '../../src/adapters/redis-options.ts'
import type { Names } from './names.ts'

/** By partition: the offset of the cursor stored; undefined: none, or the store is away. */
export type Cursors = readonly (number | undefined)[]

export type Positions = Readonly<{
  redis: RedisClient
  cursors: () => Promise<Cursors>
  /** Raises kafkajs's errors. */
  ends: () => Promise<readonly number[]>
  /**
   * Milliseconds until each partition has got further than it ever was before; undefined: not within
   * `maxMs`. A partition that has nothing to read need not.
   */
  moved: (maxMs: number) => Promise<number | undefined>
  close: () => void
}>

const POLL_MS = 50

export function watchPositions(
  url: string,
  admin: Admin,
  { namespace, topics }: Names,
  partitions: number,
): Positions {
  const redis = createRedis({ url })
  const keys = Array.from({ length: partitions }, (_, p) => `{p${p}.${namespace}}:c`)
  /** The furthest place that each partition was seen at. */
  const furthest = keys.map(() => 0)

  async function cursors(): Promise<Cursors> {
    const texts = await redis.mget(...keys).catch(() => keys.map(() => null))
    return texts.map((text, partition) => {
      if (text === null) return undefined
      const offset = Number(text.split('|')[0])
      furthest[partition] = Math.max(furthest[partition] ?? 0, offset)
      return offset
    })
  }

  async function ends(): Promise<readonly number[]> {
    const offsets = await admin.fetchTopicOffsets(topics.events)
    return offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high))
  }

  async function moved(maxMs: number): Promise<number | undefined> {
    const sinceMs = performance.now()
    const left = new Map(furthest.map((offset, partition) => [partition, offset]))
    for (let turn = 0; performance.now() - sinceMs < maxMs; turn++) {
      for (const [partition, offset] of (await cursors()).entries()) {
        if (offset !== undefined && offset > (left.get(partition) ?? Infinity))
          left.delete(partition)
      }
      // The brokers are asked less often: they have enough to do.
      if (left.size > 0 && turn % 20 === 19) {
        const all: readonly number[] = await ends().catch(() => [])
        for (const [partition, end] of all.entries()) {
          if (end <= (left.get(partition) ?? 0)) left.delete(partition)
        }
      }
      if (left.size === 0) return performance.now() - sinceMs
      await sleep(POLL_MS)
    }
    return undefined
  }

  return { redis, cursors, ends, moved, close: () => redis.disconnect() }
}
