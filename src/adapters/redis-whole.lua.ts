/**
 * Whether all that was committed to a partition is still there. Redis cannot lose a part of a hash by
 * itself, but an eviction, a careless DEL or HDEL, or a script that died half-way can.
 *
 * Each commit leaves a tally in the notes: fields of accounts, entries of the outbox, due buckets. All
 * scripts below begin with `WHOLE`, use KEYS 1 to 5 as those of a commit are numbered, and answer
 * INCOMPLETE, with what is missing, before they do anything. Notes without a tally are of an earlier
 * version and are believed. The lists of due buckets are keys of their own, named here and not told as
 * KEYS: they share the hash tag.
 */
export const WHOLE = `
local function tally()
  local outbox = redis.call('HLEN', KEYS[4])
  return redis.call('HLEN', KEYS[3]) .. '|' .. outbox .. '|' .. redis.call('ZCARD', KEYS[5])
end
local function missing(cursor)
  if not cursor then
    local others = redis.call('EXISTS', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
    return others > 0 and 'the cursor is missing'
  end
  local notes = redis.call('HMGET', KEYS[2], 'intent', 'tally')
  if not notes[1] then return 'the notes are missing' end
  if notes[1] ~= cursor then return 'the last commit was torn' end
  local is = notes[2] and tally()
  return is ~= notes[2] and is .. ' of ' .. notes[2]
end
local function incomplete(why)
  return redis.error_reply('INCOMPLETE ' .. why)
end
local function listsOf(buckets, from, to)
  local keys = {}
  for at = from, to do keys[#keys + 1] = KEYS[5] .. ':' .. buckets[at] end
  return unpack(keys)
end
`

/** The head of what tells something: the cursor, and nothing where something is missing. */
const ASK_WHOLE = `${WHOLE}
local cursor = redis.call('GET', KEYS[1])
local why = missing(cursor)
if why then return incomplete(why) end
`

/**
 * KEYS  1 cursor   2 notes   3 accounts   4 outbox   5 due index
 * ARGV  fields of accounts
 * Returns  { cursor, [value ...] }, nil where there is none
 */
export const READ_SCRIPT = `${ASK_WHOLE}
local values = {}
for at = 1, #ARGV, 4000 do
  local slice = redis.call('HMGET', KEYS[3], unpack(ARGV, at, math.min(at + 3999, #ARGV)))
  for i = 1, #slice do values[at + i - 1] = slice[i] end
end
return { cursor, values }
`

/**
 * ARGV  1 where to go on   2 about how many
 * Returns  { cursor, where to go on, [field ...] }
 */
export const FIELDS_SCRIPT = `${ASK_WHOLE}
local reply = redis.call('HSCAN', KEYS[3], ARGV[1], 'COUNT', ARGV[2])
local fields = {}
for at = 1, #reply[2], 2 do fields[#fields + 1] = reply[2][at] end
return { cursor, reply[1], fields }
`

/**
 * ARGV  1 the last bucket, inclusive
 * Returns  { cursor, [bucket ...], [packed ids ...] }
 */
export const DUE_SCRIPT = `${ASK_WHOLE}
local buckets = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', ARGV[1])
local lists = {}
for from = 1, #buckets, 4000 do
  local to = math.min(from + 3999, #buckets)
  local slice = redis.call('MGET', listsOf(buckets, from, to))
  for i = 1, #slice do
    if not slice[i] then return incomplete('the list of a due bucket is missing') end
    lists[from + i - 1] = slice[i]
  end
end
return { cursor, buckets, lists }
`

/**
 * One consistent look at a partition, however much of it is left.
 *
 * Returns  { cursor, intent, meta, [sequence, entry ...], what is missing }, nil where there is none
 */
export const LOAD_SCRIPT = `${WHOLE}
local cursor = redis.call('GET', KEYS[1])
local why = missing(cursor)
local buckets = redis.call('ZRANGE', KEYS[5], 0, -1)
for from = 1, #buckets, 4000 do
  local to = math.min(from + 3999, #buckets)
  if not why and redis.call('EXISTS', listsOf(buckets, from, to)) < to - from + 1 then
    why = 'the list of a due bucket is missing'
  end
end
return {
  cursor,
  redis.call('HGET', KEYS[2], 'intent'),
  redis.call('HGET', KEYS[2], 'meta'),
  redis.call('HGETALL', KEYS[4]),
  why,
}
`

/**
 * ARGV  1 cursor expected, empty for none
 * Returns  1 emptied   0 another cursor is stored
 */
export const CLEAR_SCRIPT = `${WHOLE}
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
local buckets = redis.call('ZRANGE', KEYS[5], 0, -1)
for from = 1, #buckets, 4000 do
  redis.call('UNLINK', listsOf(buckets, from, math.min(from + 3999, #buckets)))
end
for i = 5, 1, -1 do redis.call('UNLINK', KEYS[i]) end
return 1
`
