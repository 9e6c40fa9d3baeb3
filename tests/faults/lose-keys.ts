/** A part of a partition's state deleted behind the service: by an eviction, or a careless hand. */
import { keysOf } from '../../src/adapters/redis-store.ts'
import type { RedisClient } from '../../src/adapters/redis-options.ts'
import type { Prng } from '../support/prng.ts'

export const LOSSES = [
  'the cursor',
  'the notes',
  'all accounts',
  'some fields of accounts',
  'the outbox',
  'the due index',
  'the list of a due bucket',
] as const
export type Loss = (typeof LOSSES)[number]

/** Answers what was lost: perhaps nothing, where there was nothing to lose. */
export async function loseKeys(
  redis: RedisClient,
  namespace: string,
  partition: number,
  dice: Prng,
  loss: Loss = LOSSES[dice.below(LOSSES.length)] as Loss,
): Promise<Loss | undefined> {
  const [cursor, notes, accounts, outbox, index] = keysOf(namespace, partition)
  const oneOf = (names: readonly string[]): string[] => {
    return names.length === 0 ? [] : [names[dice.below(names.length)] as string]
  }
  const del = async (...keys: string[]): Promise<boolean> => {
    return keys.length > 0 && (await redis.del(keys)) > 0
  }
  const lost: Record<Loss, () => Promise<boolean>> = {
    'the cursor': () => del(cursor),
    'the notes': () => del(notes),
    'all accounts': () => del(accounts),
    'some fields of accounts': async () => {
      const fields = (await redis.hrandfield(accounts, 3)) as string[]
      return fields.length > 0 && (await redis.hdel(accounts, ...fields)) > 0
    },
    'the outbox': () => del(outbox),
    'the due index': () => del(index),
    'the list of a due bucket': async () => {
      const buckets = await redis.zrange(index, '0', '-1')
      return del(...oneOf(buckets).map((bucket) => `${index}:${bucket}`))
    },
  }
  return (await lost[loss]()) ? loss : undefined
}
