import { WHOLE } from './redis-whole.lua.ts'

/**
 * What only an operator does to a partition: bring an exported state in.
 *
 * All scripts: KEYS 1 cursor   2 meta   3 accounts   4 outbox   5 due index, then packed ids of buckets.
 *
 * While a state is brought in, the cursor is one that no life has and that is not the intent: whoever
 * loads the partition finds it torn, and whoever still expects an empty one is refused. The true cursor
 * is written last.
 */

/**
 * ARGV  1 cursor of the import   2 its intent
 * Returns  1 begun, or begun before by an import of the same name   0 something is stored
 */
export const BEGIN_SCRIPT = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
for i = 1, 5 do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
redis.call('HSET', KEYS[2], 'intent', ARGV[2])
redis.call('SET', KEYS[1], ARGV[1])
return 1
`

/**
 * ARGV  1 cursor of the import   2 number of fields   3 of outbox entries   4 of buckets
 *       5 ... field, value ... | sequence, entry ... | bucket, packed ids ...
 * Returns  1 put; what was there is replaced   0 another cursor is stored
 */
export const PUT_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local at = 5
for _ = 1, tonumber(ARGV[2]) do
  redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for _ = 1, tonumber(ARGV[3]) do
  redis.call('HSET', KEYS[4], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for i = 1, tonumber(ARGV[4]) do
  redis.call('ZADD', KEYS[5], ARGV[at], ARGV[at])
  redis.call('SET', KEYS[5 + i], ARGV[at + 1])
  at = at + 2
end
return 1
`

/**
 * ARGV  1 cursor of the import   2 cursor of the state   3 meta
 * Returns  1 finished   0 another cursor is stored
 */
export const FINISH_SCRIPT = `${WHOLE}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'meta', ARGV[3], 'intent', ARGV[2], 'tally', tally())
redis.call('SET', KEYS[1], ARGV[2])
return 1
`
