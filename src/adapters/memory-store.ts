/** The state of all partitions in this process, always whole. By value: bytes go in and come out as copies. */
import { deserialize, serialize } from 'node:v8'
import type { Commit, CommitResult, Cursor, OutboxEntry, StateStore } from '../core/ports.ts'

type Kept = {
  cursor: Cursor
  meta: Uint8Array
  fields: Map<string, Uint8Array>
  due: Map<number, string[]>
  outbox: Map<number, OutboxEntry>
}

/** `snapshot` gives the whole state as bytes, for `createMemoryStore` of a later run. */
export type MemoryStore = StateStore & Readonly<{ snapshot: () => Uint8Array }>

/** The bytes are trusted: they come from a snapshot of our own. */
export function createMemoryStore(snapshot?: Uint8Array): MemoryStore {
  const partitions: Map<number, Kept> =
    snapshot === undefined ? new Map() : (deserialize(snapshot) as Map<number, Kept>)

  return {
    snapshot: () => serialize(partitions),
    load: async (partition) => {
      const kept = partitions.get(partition)
      if (kept === undefined) return undefined
      const outbox = [...kept.outbox.values()].toSorted((a, b) => a.sequence - b.sequence)
      return { cursor: kept.cursor, meta: new Uint8Array(kept.meta), outbox }
    },
    cursor: async (partition) => partitions.get(partition)?.cursor,
    read: async (partition, fields) => {
      const kept = partitions.get(partition)
      const value = fields.map((field) => copyOf(kept?.fields.get(field)))
      return { cursor: kept?.cursor, value }
    },
    fields: async (partition) => {
      const kept = partitions.get(partition)
      const value = { fields: [...(kept?.fields.keys() ?? [])], next: undefined }
      return { cursor: kept?.cursor, value }
    },
    due: async (partition, bucket) => {
      const kept = partitions.get(partition)
      const listed = [...(kept?.due ?? [])].filter(([at]) => at <= bucket)
      const value = listed
        .map(([at, accounts]) => ({ bucket: at, accounts: [...accounts] }))
        .toSorted((a, b) => a.bucket - b.bucket)
      return { cursor: kept?.cursor, value }
    },
    commit: async (partition, commit) => {
      const kept = partitions.get(partition)
      if (!isSame(kept?.cursor, commit.expected)) return refused(kept?.cursor)
      partitions.set(partition, apply(kept ?? empty(commit.next), commit))
      return { kind: 'done' }
    },
    clear: async (partition, expected) => {
      const isExpected = isSame(partitions.get(partition)?.cursor, expected)
      if (isExpected) partitions.delete(partition)
      return isExpected
    },
    close: async () => {},
  }
}

function apply(kept: Kept, commit: Commit): Kept {
  for (const [field, value] of commit.fields) {
    if (value === undefined) kept.fields.delete(field)
    else kept.fields.set(field, new Uint8Array(value))
  }
  // Dropped first: a bucket dropped and added to in one commit keeps what was added.
  for (const bucket of commit.dueDropped) kept.due.delete(bucket)
  for (const [bucket, account] of commit.dueAdded) {
    const accounts = kept.due.get(bucket)
    if (accounts === undefined) kept.due.set(bucket, [account])
    else accounts.push(account)
  }
  for (const sequence of commit.outboxDropped) kept.outbox.delete(sequence)
  for (const entry of commit.outboxAdded) kept.outbox.set(entry.sequence, entryCopyOf(entry))
  return Object.assign(kept, { meta: new Uint8Array(commit.meta), cursor: commit.next })
}

function empty(cursor: Cursor): Kept {
  return { cursor, meta: new Uint8Array(), fields: new Map(), due: new Map(), outbox: new Map() }
}

function entryCopyOf(entry: OutboxEntry): OutboxEntry {
  return {
    ...entry,
    key: new Uint8Array(entry.key),
    value: copyOf(entry.value),
    headers: entry.headers.map(([name, value]) => [name, new Uint8Array(value)] as const),
  }
}

/** Not `slice`: that of a Buffer is a view. */
function copyOf(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined ? undefined : new Uint8Array(bytes)
}

function refused(current: Cursor | undefined): CommitResult {
  return { kind: 'refused', current }
}

function isSame(a: Cursor | undefined, b: Cursor | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.offset === b.offset && a.version === b.version && a.writer === b.writer
}
