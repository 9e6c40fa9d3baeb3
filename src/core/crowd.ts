/** The accounts a source spoke of last: enough of them that they are not all quiet by chance. */
import type { EpochMs } from './time.ts'

/** Fewer accounts than this may all be quiet by chance. */
const CROWD = 20
/** What was heard is looked through once in so many records. */
const HEARD_MAX = 8 * CROWD

/** Written down as it comes, and looked through when somebody asks: that is far less often. */
export type Crowd = {
  accounts: string[]
  atMs: EpochMs[]
  /** Twenty were heard at this instant or since: it only becomes later. −Infinity: not known. */
  wholeSinceMs: EpochMs
}

export type Heard = readonly [account: string, atMs: EpochMs]

/** To be called in order of arrival. */
export function noteAccount(crowd: Crowd, account: string, atMs: EpochMs): void {
  crowd.accounts.push(account)
  crowd.atMs.push(atMs)
  if (crowd.accounts.length >= HEARD_MAX) Object.assign(crowd, crowdOf(heardLast(crowd)))
}

/** The 20 accounts heard of last, and when; the newest at the end. */
export function heardLast({ accounts, atMs }: Crowd): Heard[] {
  const found = new Map<string, EpochMs>()
  for (let at = accounts.length - 1; at >= 0 && found.size < CROWD; at--) {
    if (!found.has(accounts[at]!)) found.set(accounts[at]!, atMs[at]!)
  }
  return [...found].reverse()
}

export function crowdOf(heard: readonly Heard[]): Crowd {
  return {
    accounts: heard.map(([account]) => account),
    atMs: heard.map(([, atMs]) => atMs),
    wholeSinceMs: heard.length < CROWD ? -Infinity : heard[0]![1],
  }
}

/** So many accounts were heard after an instant. */
export function isCrowd(crowd: Crowd, afterMs: EpochMs): boolean {
  if (crowd.wholeSinceMs <= afterMs) crowd.wholeSinceMs = crowdOf(heardLast(crowd)).wholeSinceMs
  return crowd.wholeSinceMs > afterMs
}
