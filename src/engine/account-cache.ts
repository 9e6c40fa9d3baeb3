/** Accounts of one partition in memory, bounded by count. Dropped whole with the life. */
import type { Account } from '../core/account.ts'
import { SECTIONS } from '../core/fold.ts'
import type { Fold } from '../core/fold.ts'
import type { EpochMs } from '../core/time.ts'
import { fieldOf } from './stored-names.ts'

export type CachedAccount = {
  readonly key: string
  readonly account: Account
  /** The stored index surely lists it at this bucket or earlier. Infinity: nowhere. */
  indexedBucket: number
  /** Earliest instant at which the wake heap holds it. Infinity: it does not. */
  scheduledMs: EpochMs
  /** Changed since the last commit was built. */
  isDirty: boolean
  isStandingChanged: boolean
  /** Version of the last commit that carries it. */
  version: number
  isRecent: boolean
}

export type AccountCache = Readonly<{
  get: (key: string) => CachedAccount | undefined
  /**
   * The accounts of the keys, in their order; those not in memory are read with one command. What is of
   * no account has no key.
   */
  warm: (keys: readonly (string | undefined)[]) => Promise<readonly (CachedAccount | undefined)[]>
  /** Lets go of accounts not used of late; never of one whose commit is not yet known to be done. */
  evict: (committedVersion: number) => void
  size: () => number
}>

export type CachePorts = Readonly<{
  fold: Fold
  read: (fields: readonly string[]) => Promise<(Uint8Array | undefined)[]>
  accountsMax: number
  bucketOf: (atMs: EpochMs) => number
  /** Earlier wakes than this bucket's end are in the heap already. Inclusive. */
  openBucket: () => number
}>

export function createAccountCache(ports: CachePorts): AccountCache {
  const { fold, accountsMax } = ports
  const accounts = new Map<string, CachedAccount>()

  function get(key: string): CachedAccount | undefined {
    const found = accounts.get(key)
    if (found !== undefined) found.isRecent = true
    return found
  }

  async function warm(keys: readonly (string | undefined)[]) {
    const missing = new Set<string>()
    const entries = keys.map((key) => {
      const entry = key === undefined ? undefined : get(key)
      if (key !== undefined && entry === undefined) missing.add(key)
      return entry
    })
    if (missing.size === 0) return entries
    await readAll([...missing])
    return entries.map((entry, i) => entry ?? accounts.get(keys[i] ?? ''))
  }

  async function readAll(keys: readonly string[]): Promise<void> {
    const fields = keys.flatMap((key) => SECTIONS.map((section) => fieldOf(key, section)))
    const values = await ports.read(fields)
    for (const [i, key] of keys.entries()) {
      const from = i * SECTIONS.length
      accounts.set(key, cached(key, values.slice(from, from + SECTIONS.length)))
    }
  }

  function cached(key: string, sections: readonly (Uint8Array | undefined)[]): CachedAccount {
    const [tenant = '', merchantId = ''] = key.split('\n')
    const isNew = sections.every((section) => section === undefined)
    const account = isNew
      ? fold.newAccount(tenant, merchantId)
      : fold.decodeAccount(tenant, merchantId, sections)
    const wakeMs = fold.wakeMs(account)
    // A stored account is listed no later than at the bucket of its own wake: so the place in the
    // index needs no bytes of its own.
    const indexedBucket = ports.bucketOf(wakeMs)
    const scheduledMs = indexedBucket <= ports.openBucket() ? wakeMs : Infinity
    return {
      key,
      account,
      indexedBucket,
      scheduledMs,
      isDirty: false,
      isStandingChanged: false,
      version: 0,
      isRecent: true,
    }
  }

  function evict(committedVersion: number): void {
    let excess = accounts.size - accountsMax
    if (excess <= 0) return
    // Once round: who was used since the last time gets another chance.
    let left = accounts.size
    for (const [key, entry] of accounts) {
      if (excess <= 0 || left-- === 0) return
      const isFree = !entry.isDirty && entry.version <= committedVersion
      accounts.delete(key)
      if (isFree && !entry.isRecent) excess--
      else accounts.set(key, Object.assign(entry, { isRecent: false }))
    }
  }

  return { get, warm, evict, size: () => accounts.size }
}
