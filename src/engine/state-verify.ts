/**
 * Whether what is stored of a partition is the fold of its log. May run beside a live service: an account
 * that was changed while it was read is read again, together with the cursor it belongs to.
 */
import type { Account } from '../core/account.ts'
import { SECTIONS } from '../core/fold.ts'
import type { Fold, PartitionMemory } from '../core/fold.ts'
import { recordId } from '../core/ids.ts'
import type { Cursor, Loaded, StateStore } from '../core/ports.ts'
import { decodeMeta } from './meta.ts'
import { isSameCursor } from './own-reads.ts'
import { fireDue } from './state-oracle.ts'
import type { Oracle, Sections } from './state-oracle.ts'
import { firstDifference } from './state-view.ts'
import type { Difference } from './state-view.ts'
import { fieldOf, keyOfField, keyOfStored } from './stored-names.ts'

export type AccountDifference = Readonly<{
  /** `tenant\nmerchantId`. */
  key: string
  /** Stored sections whose bytes are others; their layout alone may be. */
  sections: readonly string[]
}> &
  (
    | Readonly<{ kind: 'differs'; difference: Difference }>
    /** Nothing is stored, or nothing ought to be. */
    | Readonly<{ kind: 'missing' | 'extra' }>
    /** It would be woken too late: no bucket lists it in time. */
    | Readonly<{ kind: 'unlisted'; wakeMs: number }>
  )

export type Verified = Readonly<{
  cursor: Cursor
  accounts: number
  differences: readonly AccountDifference[]
  /** Of warnings in the outbox that the log never told. */
  unknownIds: readonly string[]
  /** Accounts that were changed each time they were read. */
  undecided: number
}>

export type VerifyPorts = Readonly<{
  store: StateStore
  fold: Fold
  oracle: Oracle
  bucketOf: (atMs: number) => number
  /** Gives the oracle the records from its position up to this offset. */
  foldTo: (offset: number) => Promise<void>
  /** Accounts compared, of so many. */
  onProgress?: (compared: number, of: number) => void
}>

const CHUNK = 200
const TRIES_MAX = 50
const LAST_BUCKET = Number.MAX_SAFE_INTEGER

/** An `AccountDifference` before it is known to be none of the moment. */
type Found = AccountDifference | undefined
type Read = Readonly<{ loaded: Loaded; isStill: boolean; stored: readonly Sections[] }>

/** Undefined: there is no state. Raises `Unavailable` and `IncompleteState`. */
export async function verifyPartition(
  ports: VerifyPorts,
  partition: number,
): Promise<Verified | undefined> {
  const { store, fold, oracle, onProgress = () => {} } = ports
  const first = await store.load(partition)
  if (first === undefined) return undefined
  await ports.foldTo(first.cursor.offset)
  const keys = [...new Set([...(await storedKeys(store, partition)), ...oracle.keys()])]
  const differences: AccountDifference[] = []
  let undecided = 0
  for (let at = 0; at < keys.length; at += CHUNK) {
    const chunk = keys.slice(at, at + CHUNK)
    const { found, isStill } = await compareAt(chunk, first)
    const suspects = found.map(({ key }) => key)
    if (isStill) differences.push(...found)
    else if (suspects.length > 0) await settle(suspects)
    onProgress(Math.min(at + CHUNK, keys.length), keys.length)
  }
  differences.push(...(await unlisted()))
  const known = oracle.said
  const ids = first.outbox.filter(({ topic }) => topic === 'warnings').map(({ id }) => id)
  return {
    ...{ cursor: first.cursor, accounts: keys.length, differences, undecided },
    unknownIds: ids.filter((id) => !known.has(id)),
  }

  /** Reads them with the cursor they are of, folds up to that, and compares once more. */
  async function settle(suspects: readonly string[]): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const loaded = await store.load(partition)
      if (loaded === undefined) break
      const read = await readChunk(suspects, loaded)
      // A store rolled back is behind what was folded here: the service will catch up with it.
      if (!read.isStill || loaded.cursor.offset < oracle.position()) continue
      await ports.foldTo(loaded.cursor.offset)
      differences.push(...compare(suspects, read))
      return
    }
    undecided += suspects.length
  }

  async function compareAt(chunk: readonly string[], loaded: Loaded) {
    const read = await readChunk(chunk, loaded)
    return { found: compare(chunk, read), isStill: read.isStill }
  }

  async function readChunk(chunk: readonly string[], loaded: Loaded): Promise<Read> {
    const fields = chunk.flatMap((key) => SECTIONS.map((it) => fieldOf(key, it)))
    const { value: values, cursor } = await store.read(partition, fields)
    const width = SECTIONS.length
    const stored = chunk.map((_, at) => values.slice(at * width, (at + 1) * width))
    return { loaded, isStill: isSameCursor(cursor, loaded.cursor), stored }
  }

  function compare(chunk: readonly string[], { loaded, stored }: Read): AccountDifference[] {
    const memory = fold.decodePartition(decodeMeta(loaded.meta).memory)
    return chunk
      .map((key, at) => differenceOf(ports, memory, key, stored[at] ?? []))
      .filter((it) => it !== undefined)
  }

  /** Of accounts whose wake no bucket lists; looked at twice, for a commit may come in between. */
  async function unlisted(): Promise<AccountDifference[]> {
    let suspects = keys
    let found: AccountDifference[] = []
    for (let tries = 0; tries < TRIES_MAX && suspects.length > 0; tries++) {
      const loaded = await store.load(partition)
      if (loaded === undefined) break
      const listed = await listedBuckets(store, partition)
      found = []
      let isStill = true
      for (let at = 0; at < suspects.length; at += CHUNK) {
        const chunk = suspects.slice(at, at + CHUNK)
        const read = await readChunk(chunk, loaded)
        isStill &&= read.isStill
        for (const [i, key] of chunk.entries()) {
          const it = unlistedIn(ports, key, read.stored[i] ?? [], listed.get(key))
          if (it !== undefined) found.push(it)
        }
      }
      if (isStill) return found
      suspects = found.map(({ key }) => key)
    }
    undecided += suspects.length
    return []
  }
}

async function storedKeys(store: StateStore, partition: number): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  let from: string | undefined
  do {
    const { value: slice } = await store.fields(partition, from)
    for (const field of slice.fields) keys.add(keyOfField(field))
    from = slice.next
  } while (from !== undefined)
  return keys
}

/** The earliest at which each is listed. */
async function listedBuckets(store: StateStore, partition: number) {
  const listed = new Map<string, number>()
  const { value: buckets } = await store.due(partition, LAST_BUCKET)
  for (const { bucket, accounts } of buckets) {
    for (const stored of accounts) {
      const key = keyOfStored(stored)
      listed.set(key, Math.min(bucket, listed.get(key) ?? Infinity))
    }
  }
  return listed
}

function differenceOf(
  { fold, oracle }: VerifyPorts,
  memory: PartitionMemory,
  key: string,
  stored: Sections,
): Found {
  const own = oracle.sectionsOf(key)
  const sections = SECTIONS.filter((_, at) => !isSame(stored[at], own[at]))
  if (sections.length === 0) return undefined
  if (isNone(stored)) return { kind: 'missing', key, sections }
  if (isNone(own)) return { kind: 'extra', key, sections }
  const [mine, its] = [decoded(fold, key, stored), decoded(fold, key, own)]
  fireDue(fold, memory, mine)
  for (const it of fireDue(fold, memory, its).warnings) {
    oracle.said.add(recordId(it, it.reason, it.stage))
  }
  const difference = firstDifference(mine, its)
  return difference === undefined ? undefined : { kind: 'differs', key, sections, difference }
}

function unlistedIn(
  { fold, bucketOf }: VerifyPorts,
  key: string,
  stored: Sections,
  bucket = Infinity,
): Found {
  if (isNone(stored)) return undefined
  const wakeMs = fold.wakeMs(decoded(fold, key, stored))
  if (wakeMs === Infinity || bucket <= bucketOf(wakeMs)) return undefined
  return { kind: 'unlisted', key, sections: [], wakeMs }
}

function decoded(fold: Fold, key: string, sections: Sections): Account {
  const [tenant = '', merchantId = ''] = key.split('\n')
  return fold.decodeAccount(tenant, merchantId, sections)
}

const isNone = (sections: Sections): boolean => sections.every((it) => it === undefined)

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
