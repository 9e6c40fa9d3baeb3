/** What is forgotten of an account that has sold nothing for long: single events and days. */
import { moveClock } from './wake.ts'
import type { Account } from './account.ts'
import { emptyAttempts, newestMs } from './attempts.ts'
import type { Counting } from './counting.ts'
import { emptyDays } from './days.ts'
import { emptyPanes } from './panes.ts'
import { freezeUsual } from './reactivation.ts'
import { emptySeenIds } from './seen-ids.ts'
import { forgetShown } from './terminals.ts'
import type { Day, EpochMs, Zone } from './time.ts'

/** Longer than any window of days reaches back; what is usual is kept as figures. */
const IDLE_DAYS = 120

/**
 * A sale or an attempt of this date is the newest: from then on the quiet is counted. To be called before it is
 * tallied: its date may push out those from before a long silence.
 */
export function noteBusy(account: Account, on: Day, zone: Zone, counting: Counting): void {
  const idleMs = zone.startMs(on + IDLE_DAYS)
  if (account.idleMs !== Infinity && idleMs <= account.idleMs) return
  moveClock(account, account.idleMs, idleMs)
  account.idleMs = idleMs
  freezeUsual(account, on, counting)
}

/** To be called when `idleMs` has come. */
export function forgetBusy(account: Account, atMs: EpochMs, counting: Counting): void {
  if (atMs < account.idleMs) return
  freezeUsual(account, Infinity, counting)
  account.facts.newestAttemptMs = newestMs(account.attempts) ?? account.facts.newestAttemptMs
  account.seen = emptySeenIds()
  account.attempts = emptyAttempts()
  account.panes = emptyPanes()
  account.days = emptyDays()
  account.cards = []
  account.amounts = []
  account.refunds = []
  account.waiting = []
  forgetShown(account.facts.terminals.values())
  account.idleMs = Infinity
  account.wakeMs = undefined
  account.dirty.now = account.dirty.facts = true
}
