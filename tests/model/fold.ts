/**
 * The fold of the model. What an account holds is the list of inputs it has seen: record n is the nth
 * small letter, the firing of the timer it set the same letter as a capital. So nothing can be applied
 * twice, left out or exchanged without showing. The letters are the ids of the warnings, too.
 */
import type { Settings } from './settings.ts'

const SMALL = 97
const CAPITAL = 65

export const letterOf = (record: number): string => String.fromCharCode(SMALL + record)

/** Instant at which the account's timer is due; undefined: none is set. */
export function dueOf({ log }: Settings, account: string): number | undefined {
  return account === '' ? undefined : log[account.charCodeAt(account.length - 1) - SMALL]?.due
}

/** With its timer fired. */
export function fired(account: string): string {
  const record = account.charCodeAt(account.length - 1) - SMALL
  return account + String.fromCharCode(CAPITAL + record)
}

/** `partition-worker.ts`: the account's own due timer first, then the record. */
export function applied(
  it: Settings,
  account: string,
  record: number,
  clock: number,
): Readonly<{ account: string; said: string }> {
  const due = dueOf(it, account)
  const isDue = due !== undefined && due <= clock
  const before = isDue ? fired(account) : account
  const letter = letterOf(record)
  const said = (isDue ? before.slice(-1) : '') + (it.log[record]?.warns === true ? letter : '')
  return { account: before + letter, said }
}

/** Ids of all warnings that are part of an account's history. */
export function saidIn({ log }: Settings, account: string): string {
  let ids = ''
  for (const letter of account) {
    const isTimer = letter < 'a'
    if (isTimer || log[letter.charCodeAt(0) - SMALL]?.warns === true) ids += letter
  }
  return ids
}

/** The accounts after `log[0 .. offset)`, with timers fired only where a later record made it sure. */
export function foldedTo(it: Settings, arrivals: readonly number[], offset: number): string[] {
  const accounts = ['', '']
  let clock = 0
  for (let record = 0; record < offset; record++) {
    const at = it.log[record]?.account ?? 0
    clock = Math.max(clock, arrivals[record] ?? 0)
    accounts[at] = applied(it, accounts[at] ?? '', record, clock).account
  }
  return accounts
}

/** The same, with every timer fired that is due by `clock`. */
export function firedTo(it: Settings, accounts: readonly string[], clock: number): string[] {
  return accounts.map((account) => {
    const due = dueOf(it, account)
    return due !== undefined && due <= clock ? fired(account) : account
  })
}
