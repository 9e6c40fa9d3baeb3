/**
 * The state in Redis 6.2 or newer, or Valkey. All keys of partition N begin with `{p<N>.<namespace>}`:
 *
 *     :c  cursor              :m  meta and intent     :a  account fields
 *     :o  outbox              :d  due buckets         :d:<bucket>  the accounts of one
 */
import { IncompleteState } from '../core/ports.ts'
import type {
  Commit,
  CommitResult,
  Cursor,
  FieldSlice,
  Loaded,
  OutboxEntry,
  Seen,
  StateStore,
} from '../core/ports.ts'
import { COMMIT_SCRIPT } from './redis-commit.lua.ts'
import type { RedisClient } from './redis-options.ts'
import { incompleteText, redisError } from './redis-errors.ts'
import type { FrameArgument } from './redis-frame.ts'
import { packEntry, packIds, unpackEntry, unpackIds } from './redis-packing.ts'
import { createScripts } from './redis-scripts.ts'
import type { RunScript } from './redis-scripts.ts'
import {
  CLEAR_SCRIPT,
  DUE_SCRIPT,
  FIELDS_SCRIPT,
  LOAD_SCRIPT,
  READ_SCRIPT,
} from './redis-whole.lua.ts'

const SCAN_COUNT = 300

/** The client must have been made with the options of `redis-options.ts`. It is closed with the store. */
export function createRedisStore(client: RedisClient, namespace = 'fw'): StateStore {
  if (!/^[A-Za-z0-9_-]+$/.test(namespace)) {
    throw new RangeError('a Redis namespace is letters, digits, _ and -')
  }
  const run = createScripts(client)
  const scan = createScan(client, run)
  const keys = (partition: number) => keysOf(namespace, partition)
  return {
    load: async (partition) => loaded(partition, await answered(run(LOAD_SCRIPT, keys(partition)))),
    cursor: async (partition) => {
      const stored = await answered(client.getBuffer(keys(partition)[0]))
      return stored === null ? undefined : cursorFrom(stored)
    },
    read: async (partition, fields) => {
      const reply = await answered(run(READ_SCRIPT, keys(partition), fields))
      const [cursor, values] = reply as [Buffer | null, (Buffer | null)[]]
      return seen(
        cursor,
        values.map((value) => value ?? undefined),
      )
    },
    fields: async (partition, from) => scan(keys(partition), from),
    due: async (partition, bucket) => {
      const reply = await answered(run(DUE_SCRIPT, keys(partition), [String(bucket)]))
      const [cursor, buckets, lists] = reply as [Buffer | null, Buffer[], Buffer[]]
      return seen(
        cursor,
        lists.map((ids, at) => ({ bucket: Number(String(buckets[at])), accounts: unpackIds(ids) })),
      )
    },
    commit: async (partition, commit) => {
      const command = commandOf(keys(partition), commit)
      return committed(await answered(run(COMMIT_SCRIPT, command.keys, command.args)))
    },
    clear: async (partition, expected) => {
      const cursor = expected === undefined ? '' : cursorText(expected)
      return (await answered(run(CLEAR_SCRIPT, keys(partition), [cursor]))) === 1
    },
    close: async () => client.disconnect(),
  }
}

function seen<T>(cursor: Buffer | null, value: T): Seen<T> {
  return { cursor: cursor === null ? undefined : cursorFrom(cursor), value }
}

/** Of one partition, in the order of the scripts' KEYS: cursor, notes, accounts, outbox, due buckets. */
export function keysOf(
  namespace: string,
  partition: number,
): [string, string, string, string, string] {
  const tag = `{p${partition}.${namespace}}`
  return [`${tag}:c`, `${tag}:m`, `${tag}:a`, `${tag}:o`, `${tag}:d`]
}

function commandOf(
  partitionKeys: readonly [string, string, string, string, string],
  commit: Commit,
): Readonly<{ keys: readonly string[]; args: readonly FrameArgument[] }> {
  const { expected, outboxAdded, outboxDropped, dueAdded, dueDropped } = commit
  const deleted: string[] = []
  for (const [field, value] of commit.fields) if (value === undefined) deleted.push(field)
  const added = byBucket(dueAdded)
  const index = partitionKeys[4]
  const keys = [...partitionKeys]
  for (const bucket of [...dueDropped, ...added.keys()]) keys.push(`${index}:${bucket}`)

  const cursor = expected === undefined ? '' : cursorText(expected)
  const args: FrameArgument[] = [cursor, cursorText(commit.next), commit.meta]
  const counts = [commit.fields.length - deleted.length, deleted.length, outboxAdded.length]
  for (const n of [...counts, outboxDropped.length, dueDropped.length, added.size]) {
    args.push(String(n))
  }
  for (const [field, value] of commit.fields) if (value !== undefined) args.push(field, value)
  for (const field of deleted) args.push(field)
  for (const entry of outboxAdded) args.push(String(entry.sequence), packEntry(entry))
  for (const sequence of outboxDropped) args.push(String(sequence))
  for (const bucket of dueDropped) args.push(String(bucket))
  for (const [bucket, accounts] of added) args.push(String(bucket), packIds(accounts))
  return { keys, args }
}

function byBucket(pairs: Commit['dueAdded']): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>()
  for (const [bucket, account] of pairs) {
    const accounts = found.get(bucket)
    if (accounts === undefined) found.set(bucket, [account])
    else accounts.push(account)
  }
  return found
}

function committed(reply: unknown): CommitResult {
  const [isDone, stored] = reply as [number, Buffer?]
  if (isDone === 1) return { kind: 'done' }
  return { kind: 'refused', current: stored === undefined ? undefined : cursorFrom(stored) }
}

type LoadReply = readonly [
  cursor: Buffer | null,
  intent: Buffer | null,
  meta: Buffer | null,
  outbox: readonly Buffer[],
  missing: Buffer | null | undefined,
]

function loaded(partition: number, reply: unknown): Loaded | undefined {
  const [cursor, intent, meta, outbox, why] = reply as LoadReply
  if (String(intent).startsWith('import.')) {
    throw new Error(`an import into partition ${partition} was not finished: run it again`)
  }
  if (why) {
    const left = { cursor: cursor ? cursorFrom(cursor) : undefined, meta: meta ?? undefined }
    throw new IncompleteState(incompleteText(String(why)), left)
  }
  if (!cursor || !meta) return undefined
  const entries: OutboxEntry[] = []
  for (let i = 0; i + 1 < outbox.length; i += 2) {
    const [sequence, bytes] = outbox.slice(i, i + 2)
    if (bytes !== undefined) entries.push(unpackEntry(Number(String(sequence)), bytes))
  }
  return {
    cursor: cursorFrom(cursor),
    meta,
    outbox: entries.toSorted((a, b) => a.sequence - b.sequence),
  }
}

export function cursorText(cursor: Cursor): string {
  return `${cursor.offset}|${cursor.version}|${cursor.writer}`
}

function cursorFrom(bytes: Buffer): Cursor {
  const [offset, version, ...writer] = String(bytes).split('|')
  const cursor = { offset: Number(offset), version: Number(version), writer: writer.join('|') }
  if (!Number.isSafeInteger(cursor.offset) || !Number.isSafeInteger(cursor.version)) {
    throw new Error('a stored cursor cannot be read')
  }
  return cursor
}

/**
 * Reads a hash bit by bit. Where to go on means something to the server that said it only: after
 * another connection it is begun anew.
 */
function createScan(client: RedisClient, run: RunScript) {
  let connections = 0
  const events = ['close', '+node', '-node', 'node error']
  for (const event of events) client.on(event, () => connections++)
  return async (keys: readonly string[], from: string | undefined): Promise<Seen<FieldSlice>> => {
    const [connection, place = '0'] = from?.split(' ') ?? []
    const isSame = connection === String(connections)
    const asked = connections
    const args = [isSame ? place : '0', String(SCAN_COUNT)]
    const reply = await answered(run(FIELDS_SCRIPT, keys, args))
    const [cursor, next, fields] = reply as [Buffer | null, Buffer, Buffer[]]
    const isAll = String(next) === '0'
    return seen(cursor, {
      fields: fields.map(String),
      next: isAll ? undefined : `${asked} ${String(next)}`,
    })
  }
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw redisError(error)
  }
}
