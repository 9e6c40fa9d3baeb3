/** The earliest clock of an account. */
import type { Account } from './account.ts'
import type { EpochMs } from './time.ts'

/** When the account must be looked at next. Infinity: never. */
export function wakeOf(account: Account): EpochMs {
  if (account.wakeMs !== undefined) return account.wakeMs
  let wakeMs = account.idleMs
  for (const subjects of account.said.values()) {
    for (const { nextMs } of subjects.values()) if (nextMs < wakeMs) wakeMs = nextMs
  }
  account.wakeMs = wakeMs
  return wakeMs
}

/** A clock of the account goes from one instant to another: which is the earliest is mostly known still. */
export function moveClock(account: Account, fromMs: EpochMs, toMs: EpochMs): void {
  const { wakeMs } = account
  account.clocks = undefined
  if (wakeMs === undefined) return
  if (toMs <= wakeMs) account.wakeMs = toMs
  else if (fromMs <= wakeMs) account.wakeMs = undefined
}
