/** One partition of accounts in memory, fed as the worker feeds it, stored and read back at times. */
import type { Account } from '../../src/core/account.ts'
import type { Fold, Folded } from '../../src/core/fold.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { accountKey, arrivalOf, CONTROL } from '../../src/engine/arrival.ts'
import type { TerminalEvent } from '../../src/events/event.ts'
import type { LogRecord } from '../../src/events/record.ts'

type Entry = { account: Account; readonly sections: Map<string, Uint8Array | undefined> }

/** Where arrivals come from, and the latest one that is believed. */
export type Source = Readonly<{ from: 'log' | 'envelope'; latestMs: number }>

/** Accounts are looked at for timers, encoded and decoded after so many events. */
const STORE_EVERY = 20

export type Rig = ReturnType<typeof foldRig>

export function foldRig(fold: Fold, onWarning: (record: WarningRecord) => void) {
  const memory = fold.newPartition()
  const entries = new Map<string, Entry>()
  let events = 0

  function take(record: LogRecord, event: TerminalEvent, source: Source): Folded['fate'] {
    const arrivedMs = Math.min(arrivalOf(record, event, source.from), source.latestMs)
    if (event.merchantId === CONTROL) {
      memory.clockMs = Math.max(memory.clockMs, arrivedMs)
      fold.look(memory, memory.clockMs)
      return 'applied'
    }
    const entry = entryOf(event)
    const folded = fold.event(memory, entry.account, event, arrivedMs)
    folded.warnings.forEach(onWarning)
    if (++events % STORE_EVERY === 0) for (const it of entries.values()) store(it)
    return folded.fate
  }

  function entryOf({ tenant, merchantId }: TerminalEvent): Entry {
    const key = accountKey(tenant, merchantId)
    const known = entries.get(key)
    if (known !== undefined) return known
    const entry = { account: fold.newAccount(tenant, merchantId), sections: new Map() }
    entries.set(key, entry)
    return entry
  }

  function store(entry: Entry): void {
    fold.timers(memory, entry.account).warnings.forEach(onWarning)
    fold.standing(entry.account)
    for (const [section, bytes] of fold.encodeChanged(entry.account)) {
      entry.sections.set(section, bytes)
    }
    const { tenant, merchantId } = entry.account
    const sections = ['n', 'p', 'f'].map((section) => entry.sections.get(section))
    entry.account = fold.decodeAccount(tenant, merchantId, sections)
    fold.decodePartition(fold.encodePartition(memory))
  }

  return { take }
}
