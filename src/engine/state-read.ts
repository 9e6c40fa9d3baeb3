/** All of a partition's state as of one cursor, through the store's port: nothing of it is locked. */
import type { Loaded, Seen, StateStore } from '../core/ports.ts'
import { isSameCursor } from './own-reads.ts'
import type { SnapshotPart } from './state-snapshot.ts'

export type ReadState =
  | Readonly<{ kind: 'whole'; loaded: Loaded }>
  /** Somebody committed meanwhile: what was taken is of no single cursor. */
  | Readonly<{ kind: 'moved'; loaded: Loaded }>
  | Readonly<{ kind: 'none' }>

/** Beyond every bucket that is ever used. */
const LAST_BUCKET = Number.MAX_SAFE_INTEGER

/**
 * Gives each part once, in any order. `begun` is called before the first. Raises `Unavailable` and
 * `IncompleteState`.
 */
export async function readState(
  store: StateStore,
  partition: number,
  begun: (loaded: Loaded) => Promise<void>,
  take: (part: SnapshotPart) => Promise<void>,
): Promise<ReadState> {
  const loaded = await store.load(partition)
  if (loaded === undefined) return { kind: 'none' }
  const isStill = ({ cursor }: Seen<unknown>): boolean => isSameCursor(cursor, loaded.cursor)
  await begun(loaded)
  // The server may name a field twice.
  const named = new Set<string>()
  let from: string | undefined
  do {
    const { value: slice } = await store.fields(partition, from)
    const fields = slice.fields.filter((field) => !named.has(field))
    const read = await store.read(partition, fields)
    if (!isStill(read)) return { kind: 'moved', loaded }
    for (const [at, field] of fields.entries()) {
      const value = read.value[at]
      if (value === undefined || named.has(field)) continue
      named.add(field)
      await take({ kind: 'field', field, value })
    }
    from = slice.next
  } while (from !== undefined)
  const due = await store.due(partition, LAST_BUCKET)
  if (!isStill(due)) return { kind: 'moved', loaded }
  for (const { bucket, accounts } of due.value) await take({ kind: 'due', bucket, accounts })
  for (const entry of loaded.outbox) await take({ kind: 'outbox', entry })
  return { kind: 'whole', loaded }
}
