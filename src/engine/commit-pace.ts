/**
 * How much goes into one commit. At the end of the log a warning is committed at once, and everything within
 * a moment. Far from it, what is said is late anyway, and an account that many records meet is written once.
 */
import type { EngineOptions } from './dependencies.ts'

export type CommitPace = Readonly<{
  /** What is open is to be committed now. */
  isFull: () => boolean
  /** How long something may stay open, at most. */
  ageMs: () => number
}>

export type Open = Readonly<{
  position: () => number
  /** Of the log, as last heard; undefined: not yet. */
  end: () => number | undefined
  events: () => number
  accounts: () => number
  outbox: () => number
}>

type Limits = Pick<
  EngineOptions,
  | 'commitEventsMax'
  | 'commitAgeMs'
  | 'commitBehindEventsMax'
  | 'commitBehindAccountsMax'
  | 'commitBehindOutboxMax'
  | 'commitBehindAgeMs'
  | 'cachedAccountsMax'
>

export function createCommitPace(limits: Limits, open: Open): CommitPace {
  // What is not committed cannot be let go of: no more of it than may be in memory at all.
  const accountsMax = Math.min(limits.commitBehindAccountsMax, limits.cachedAccountsMax)
  /** More records are known to wait than a commit takes. */
  const isBehind = (): boolean => (open.end() ?? 0) - open.position() > limits.commitEventsMax
  return {
    isFull: () => {
      if (!isBehind()) return open.events() >= limits.commitEventsMax || open.outbox() > 0
      if (open.accounts() >= accountsMax) return true
      const { commitBehindEventsMax, commitBehindOutboxMax } = limits
      return open.events() >= commitBehindEventsMax || open.outbox() >= commitBehindOutboxMax
    },
    ageMs: () => (isBehind() ? limits.commitBehindAgeMs : limits.commitAgeMs),
  }
}
