/**
 * What a partition's state ought to be: its log folded plainly, each account's timers fired before its own
 * next record. Few accounts are held decoded, the others as bytes.
 */
import type { Account } from '../core/account.ts'
import { SECTIONS } from '../core/fold.ts'
import type { Fold, Folded, PartitionMemory, Section } from '../core/fold.ts'
import { recordId } from '../core/ids.ts'
import type { RawRecord } from '../core/ports.ts'
import { CONTROL, accountKey, arrivalOf } from './arrival.ts'
import type { Decode } from './dependencies.ts'
import type { PolicyMark } from './policy-mark.ts'

export type Sections = readonly (Uint8Array | undefined)[]

export type Oracle = Readonly<{
  /** In order of offsets; those below an offset given before are left out. */
  take: (record: RawRecord) => void
  /** Next offset to fold. */
  position: () => number
  /** All below this offset were given. */
  passedTo: (offset: number) => void
  /** In the order of SECTIONS; all undefined: the account was never seen. */
  sectionsOf: (key: string) => Sections
  keys: () => IterableIterator<string>
  /** Ids of the warning records told so far. */
  said: Set<string>
}>

export type OracleOptions = Readonly<{
  fold: Fold
  /** Judged the records before the mark; undefined: nothing changed, `fold` judged them all. */
  before: Readonly<{ fold: Fold; mark: PolicyMark }> | undefined
  decode: Decode
  origin: number
  /** Held decoded at a time. */
  accountsMax?: number
}>

const ACCOUNTS_MAX = 20_000

export function createOracle(options: OracleOptions): Oracle {
  const { decode, accountsMax = ACCOUNTS_MAX } = options
  const encoded = new Map<string, Map<Section, Uint8Array>>()
  const live = new Map<string, Account>()
  const said = new Set<string>()
  let pending = options.before
  let fold = pending?.fold ?? options.fold
  const memory = fold.newPartition()
  let position = options.origin

  function take(record: RawRecord): void {
    if (record.offset < position) return
    passedTo(record.offset)
    position = record.offset + 1
    const decoded = decode(record)
    if (decoded.kind !== 'event') return
    const { event } = decoded
    const arrivedMs = arrivalOf(record, event, 'log')
    if (event.merchantId === CONTROL) return fold.control(memory, event, arrivedMs)
    const key = accountKey(event.tenant, event.merchantId)
    say(fold.event(memory, accountOf(key), event, arrivedMs))
  }

  function passedTo(offset: number): void {
    if (pending !== undefined && offset >= pending.mark.offset) change(pending.mark)
    position = Math.max(position, offset)
  }

  /** As the engine does it: what became due before is told by the old one, then the new one judges all. */
  function change(mark: PolicyMark): void {
    pending = undefined
    memory.clockMs = Math.max(memory.clockMs, mark.atMs)
    for (const key of encoded.keys()) {
      const account = accountOf(key)
      say(fireDue(fold, memory, account))
      say(options.fold.policy(memory, account, mark.atMs))
    }
    for (const key of live.keys()) putAway(key)
    fold = options.fold
  }

  function say({ warnings }: Pick<Folded, 'warnings'>): void {
    for (const it of warnings) said.add(recordId(it, it.reason, it.stage))
  }

  function accountOf(key: string): Account {
    const account = live.get(key) ?? read(key)
    // The newest stands last.
    live.delete(key)
    live.set(key, account)
    const [oldest] = live.size > accountsMax ? live.keys() : []
    if (oldest !== undefined) putAway(oldest)
    return account
  }

  function read(key: string): Account {
    const [tenant = '', merchantId = ''] = key.split('\n')
    const sections = encoded.get(key)
    if (sections === undefined) encoded.set(key, new Map())
    if (sections === undefined || sections.size === 0) return fold.newAccount(tenant, merchantId)
    return fold.decodeAccount(
      tenant,
      merchantId,
      SECTIONS.map((it) => sections.get(it)),
    )
  }

  function putAway(key: string): void {
    write(key)
    live.delete(key)
  }

  function write(key: string): Map<Section, Uint8Array> | undefined {
    const [account, sections] = [live.get(key), encoded.get(key)]
    if (account === undefined || sections === undefined) return sections
    for (const [section, bytes] of fold.encodeChanged(account)) {
      if (bytes === undefined) sections.delete(section)
      else sections.set(section, bytes.slice())
    }
    return sections
  }

  return {
    ...{ take, passedTo, said },
    position: () => position,
    keys: () => encoded.keys(),
    sectionsOf: (key) => {
      const sections = write(key)
      return SECTIONS.map((it) => sections?.get(it))
    },
  }
}

/** What is due by the partition's clock less the grace: the sweep may have fired it, or not yet. */
export function fireDue(
  fold: Fold,
  memory: PartitionMemory,
  account: Account,
): Pick<Folded, 'warnings'> {
  if (fold.readyMs(memory, account) > memory.clockMs - fold.graceMs) return { warnings: [] }
  return fold.timers(memory, account)
}
