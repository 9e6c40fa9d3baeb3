/** What one stage keeps in Redis. Only its own keys are looked at, and only they are deleted. */
import type { Redis } from 'ioredis'

export type RedisSize = Readonly<{ keys: number; bytes: number }>

/** By MEMORY USAGE of every key, all elements counted. */
export async function sizeInRedis(redis: Redis, name: string): Promise<RedisSize> {
  let bytes = 0
  const keys = await keysOf(redis, name)
  for (const some of chunks(keys)) {
    const pipeline = redis.pipeline()
    for (const key of some) pipeline.memory('USAGE', key, 'SAMPLES', 0)
    for (const [, size] of (await pipeline.exec()) ?? []) bytes += Number(size ?? 0)
  }
  return { keys: keys.length, bytes }
}

export async function deleteFromRedis(redis: Redis, name: string): Promise<void> {
  for (const some of chunks(await keysOf(redis, name))) await redis.unlink(...some)
}

async function keysOf(redis: Redis, name: string): Promise<string[]> {
  const found: string[] = []
  for await (const keys of redis.scanStream({ match: `*${name}[:}]*`, count: 1_000 })) {
    found.push(...(keys as string[]))
  }
  return found
}

function chunks(keys: readonly string[]): string[][] {
  const count = Math.ceil(keys.length / 500)
  return Array.from({ length: count }, (_, at) => keys.slice(at * 500, (at + 1) * 500))
}
