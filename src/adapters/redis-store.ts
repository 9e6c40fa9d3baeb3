/**
 * The state in Redis 6.2 or newer, or Valkey. All keys of partition N begin with `{p<N>.<namespace>}`:
 *
 *     :c  cursor              :m  meta and intent     :a  account fields
 *     :o  outbox              :d  due buckets         :d:<bucket>  the accounts of one
 */
import { createHash } from 'node:crypto'
import type {
  Commit,
  CommitResult,
  Cursor,
  DueBucket,
  Loaded,
  OutboxEntry,
  StateStore,
} from '../core/ports.ts'
import { COMMIT_SCRIPT, LOAD_SCRIPT } from './redis-commit.lua.ts'
import type { RedisClient } from './redis-options.ts'
import { isScriptMissing, redisError } from './redis-errors.ts'
import { packEntry, packIds, unpackEntry, unpackIds } from './redis-packing.ts'

const READ_MAX = 4_000

/** The client must have been made with the options of `redis-options.ts`. It is closed with the store. */
export function createRedisStore(client: RedisClient, namespace = 'fw'): StateStore {
  if (!/^[A-Za-z0-9_-]+$/.test(namespace)) {
    throw new RangeError('a Redis namespace is letters, digits, _ and -')
  }
  const run = createScripts(client)
  return {
    load: async (partition) =>
      loaded(partition, await run(LOAD_SCRIPT, keysOf(namespace, partition))),
    cursor: async (partition) => {
      const stored = await answered(client.getBuffer(keysOf(namespace, partition)[0]))
      return stored === null ? undefined : cursorFrom(stored)
    },
    read: async (partition, fields) => {
      const key = keysOf(namespace, partition)[2]
      const slices: Promise<(Buffer | null)[]>[] = []
      for (let at = 0; at < fields.length; at += READ_MAX) {
        slices.push(client.hmgetBuffer(key, ...fields.slice(at, at + READ_MAX)))
      }
      const values = await answered(Promise.all(slices))
      return values.flat().map((value) => value ?? undefined)
    },
    due: async (partition, bucket) => {
      const index = keysOf(namespace, partition)[4]
      const buckets = await answered(client.zrangebyscore(index, '-inf', bucket))
      const found: DueBucket[] = []
      for (let at = 0; at < buckets.length; at += READ_MAX) {
        const names = buckets.slice(at, at + READ_MAX)
        const lists = await answered(client.mgetBuffer(names.map((name) => `${index}:${name}`)))
        for (const [i, name] of names.entries()) {
          found.push({ bucket: Number(name), accounts: unpackIds(lists[i] ?? Buffer.alloc(0)) })
        }
      }
      return found
    },
    commit: async (partition, commit) => {
      const { keys, args } = commandOf(keysOf(namespace, partition), commit)
      return committed(await run(COMMIT_SCRIPT, keys, args))
    },
    close: async () => client.disconnect(),
  }
}

/** In the order of the scripts' KEYS. */
function keysOf(namespace: string, partition: number): [string, string, string, string, string] {
  const tag = `{p${partition}.${namespace}}`
  return [`${tag}:c`, `${tag}:m`, `${tag}:a`, `${tag}:o`, `${tag}:d`]
}

function commandOf(
  partitionKeys: readonly [string, string, string, string, string],
  commit: Commit,
): Readonly<{ keys: string[]; args: (string | Buffer)[] }> {
  const set: (string | Buffer)[] = []
  const deleted: string[] = []
  for (const [field, value] of commit.fields) {
    if (value === undefined) deleted.push(field)
    else set.push(field, bufferOf(value))
  }
  const added = Map.groupBy(commit.dueAdded, ([bucket]) => bucket)
  const index = partitionKeys[4]
  const keys = [...partitionKeys]
  for (const bucket of [...commit.dueDropped, ...added.keys()]) keys.push(`${index}:${bucket}`)

  const expected = commit.expected === undefined ? '' : cursorText(commit.expected)
  const args = [expected, cursorText(commit.next), bufferOf(commit.meta)]
  const { outboxAdded, outboxDropped, dueDropped } = commit
  const counts = [set.length / 2, deleted.length, outboxAdded.length, outboxDropped.length]
  for (const n of [...counts, dueDropped.length, added.size]) args.push(String(n))
  // Pushed one by one: a spread of many thousand arguments overflows the stack.
  for (const arg of set) args.push(arg)
  for (const field of deleted) args.push(field)
  for (const entry of outboxAdded) args.push(String(entry.sequence), packEntry(entry))
  for (const sequence of outboxDropped) args.push(String(sequence))
  for (const bucket of dueDropped) args.push(String(bucket))
  for (const [bucket, pairs] of added) {
    args.push(String(bucket), packIds(pairs.map(([, account]) => account)))
  }
  return { keys, args }
}

function committed(reply: unknown): CommitResult {
  const [isDone, stored] = reply as [number, Buffer?]
  if (isDone === 1) return { kind: 'done' }
  return { kind: 'refused', current: stored === undefined ? undefined : cursorFrom(stored) }
}

function loaded(partition: number, reply: unknown): Loaded | undefined {
  const [cursor, intent, meta, outbox] = reply as [Buffer?, Buffer?, Buffer?, Buffer[]?]
  const isTorn = String(cursor ?? '') !== String(intent ?? '')
  if (isTorn) throw new Error(`the last commit of partition ${partition} was torn: rebuild it`)
  if (!cursor || !meta) return undefined
  const entries: OutboxEntry[] = []
  for (let i = 0; outbox !== undefined && i + 1 < outbox.length; i += 2) {
    const [sequence, bytes] = outbox.slice(i, i + 2)
    if (bytes !== undefined) entries.push(unpackEntry(Number(String(sequence)), bytes))
  }
  return {
    cursor: cursorFrom(cursor),
    meta,
    outbox: entries.toSorted((a, b) => a.sequence - b.sequence),
  }
}

function cursorText(cursor: Cursor): string {
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

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Runs a script by its hash. It is loaded when the server does not know it: then nothing was done. */
function createScripts(client: RedisClient) {
  const loading = new Map<string, Promise<unknown>>()
  const load = (script: string): Promise<unknown> => {
    const running = loading.get(script) ?? loadScript(client, script)
    loading.set(script, running)
    return running.finally(() => loading.delete(script))
  }
  return async (
    script: string,
    keys: readonly string[],
    args: readonly (string | Buffer)[] = [],
  ) => {
    const hash = createHash('sha1').update(script).digest('hex')
    const send = () => client.callBuffer('EVALSHA', [hash, keys.length, ...keys, ...args])
    const resend = async (error: unknown) => {
      if (!isScriptMissing(error)) throw error
      await load(script)
      return send()
    }
    return answered(send().catch(resend))
  }
}

/** In a cluster by every master: which one a command goes to is decided by its keys. */
async function loadScript(client: RedisClient, script: string): Promise<void> {
  const nodes = 'nodes' in client ? client.nodes('master') : [client]
  await Promise.all(nodes.map((node) => node.script('LOAD', script)))
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw redisError(error)
  }
}
