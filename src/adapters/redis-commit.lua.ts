import { WHOLE } from './redis-whole.lua.ts'

/**
 * The one write of the store. All keys are of one partition and share its hash tag.
 *
 * KEYS  1 cursor (string `offset|version|writer`)   2 notes (hash: meta, intent, tally)
 *       3 accounts (hash)   4 outbox (hash: sequence -> entry)   5 due index (sorted set of buckets)
 *       6 ... the packed ids of the buckets dropped, then of the buckets added to (strings)
 * ARGV  1 cursor expected, empty for none   2 cursor next   3 meta
 *       4 number of fields set   5 of fields deleted   6 of entries added   7 of entries dropped
 *       8 of buckets dropped   9 of buckets added to
 *       10 ... field, value ... | field ... | sequence, entry ... | sequence ... | bucket ... |
 *       bucket, packed ids ...
 * Returns  { 1 } done   { 0 } refused, no cursor is stored   { 0, cursor } refused, this one is
 * Errors   MISFIT arguments or types that cannot be ours   INCOMPLETE keys are gone: nothing was written
 *
 * A script is atomic but is not undone when it fails half-way. Therefore: all checks first, the
 * intent before anything else, the cursor last. What is left of a torn commit shows an intent that
 * is not the cursor, and the same commit sent again completes it. `unpack` gives up at some 8,000
 * values, hence the slices.
 */
export const COMMIT_SCRIPT = `${WHOLE}
local stored = redis.call('GET', KEYS[1])
if (stored or '') ~= ARGV[1] then
  if stored then return { 0, stored } end
  return { 0 }
end
local n = {}
for i = 4, 9 do
  n[i] = tonumber(ARGV[i])
  if not n[i] then return redis.error_reply('MISFIT a count is not a number') end
end
local values = 2 * n[4] + n[5] + 2 * n[6] + n[7] + n[8] + 2 * n[9]
if #ARGV ~= 9 + values or #KEYS ~= 5 + n[8] + n[9] then
  return redis.error_reply('MISFIT the counts do not fit the arguments')
end
local kinds = { 'string', 'hash', 'hash', 'hash', 'zset' }
for i = 1, #KEYS do
  local kind = redis.call('TYPE', KEYS[i]).ok
  if kind ~= 'none' and kind ~= (kinds[i] or 'string') then
    return redis.error_reply('MISFIT a key holds a ' .. kind)
  end
end

if redis.call('HGET', KEYS[2], 'intent') ~= ARGV[2] then
  local why = missing(stored)
  if why then return incomplete(why) end
  for i = 1, n[9] do
    local bucket = ARGV[#ARGV + 1 - 2 * i]
    local isIndexed = redis.call('ZSCORE', KEYS[5], bucket)
    if isIndexed and redis.call('EXISTS', KEYS[#KEYS + 1 - i]) == 0 then
      return incomplete('the list of a due bucket is missing')
    end
  end
end

redis.call('HSET', KEYS[2], 'intent', ARGV[2])
local at = 10
local function each(count, width, command, key)
  local last = at + count * width - 1
  while at <= last do
    local to = math.min(at + 3999, last)
    redis.call(command, key, unpack(ARGV, at, to))
    at = to + 1
  end
end
each(n[4], 2, 'HSET', KEYS[3])
each(n[5], 1, 'HDEL', KEYS[3])
each(n[6], 2, 'HSET', KEYS[4])
each(n[7], 1, 'HDEL', KEYS[4])
for i = 1, n[8] do
  redis.call('ZREM', KEYS[5], ARGV[at])
  redis.call('DEL', KEYS[5 + i])
  at = at + 1
end
for i = 1, n[9] do
  -- What a list still holds that no index names is of a state before this one.
  local isNew = redis.call('ZADD', KEYS[5], ARGV[at], ARGV[at]) == 1
  redis.call(isNew and 'SET' or 'APPEND', KEYS[5 + n[8] + i], ARGV[at + 1])
  at = at + 2
end
redis.call('HSET', KEYS[2], 'meta', ARGV[3], 'tally', tally())
redis.call('SET', KEYS[1], ARGV[2])
return { 1 }
`
