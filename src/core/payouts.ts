/** Payouts that came back or went through, and the accounts they were sent to. */
import { hashOfId } from '../events/hash.ts'
import { insertByTime } from './by-time.ts'
import type { Day, EpochMs, Zone } from './time.ts'

const RETURNS_MAX = 48
const COMPLETED_MAX = 16
const SENT_MAX = 64

/** All by event time, the oldest forgotten first. */
export type Payouts = {
  /** Failures and returns: the newest 48. */
  returns: PayoutReturn[]
  /** Of any payout: the newest 16. */
  completed: { atMs: EpochMs }[]
  /** To which account a payout was sent, where that was told and changed: the newest 64. */
  sent: { atMs: EpochMs; payout: number; accountRef: string }[]
}

export type PayoutReturn = {
  atMs: EpochMs
  payoutId: string
  accountRef: string | undefined
  code: string
  scheme: string | undefined
}

export const emptyPayouts = (): Payouts => ({ returns: [], completed: [], sent: [] })

export function notePayoutReturn({ returns }: Payouts, fact: PayoutReturn): void {
  insertByTime(returns, fact, RETURNS_MAX)
}

export function noteCompleted({ completed }: Payouts, atMs: EpochMs): void {
  insertByTime(completed, { atMs }, COMPLETED_MAX)
}

/** The same account told again says nothing: the first word of it is kept. */
export function noteSent(
  { sent }: Payouts,
  { atMs, payoutId, accountRef }: { atMs: EpochMs; payoutId: string; accountRef: string },
): void {
  const payout = payoutHash(payoutId)
  const before = sent.findLast((it) => it.payout === payout && it.atMs <= atMs)
  if (before?.accountRef === accountRef) return
  const after = sent.findIndex((it) => it.payout === payout && it.atMs > atMs)
  if (sent[after]?.accountRef === accountRef) sent.splice(after, 1)
  insertByTime(sent, { atMs, payout, accountRef }, SENT_MAX)
}

/** An account, or a payout of which no account is known, with returns that no payout has made good. */
export type Returned = Readonly<{
  accountRef: string | undefined
  /** The latest. */
  last: PayoutReturn
  /** Payouts that came back within the span that ends with one of these, itself included. */
  count: number
}>

/**
 * A return is made good by any payout completed later. `spanDays` local dates end with that of a return; in them
 * those that were made good count too, and a payout that failed and was returned counts once, the first time.
 * `beforeMs` is exclusive.
 */
export function returnedOf(
  payouts: Payouts,
  zone: Zone,
  spanDays: number,
  beforeMs: EpochMs,
): readonly Returned[] {
  const returns = payouts.returns.filter(({ atMs }) => atMs < beforeMs)
  const refOf = accountsOf(payouts, returns, beforeMs)
  const completedMs = payouts.completed.findLast(({ atMs }) => atMs < beforeMs)?.atMs ?? -Infinity
  const items = Map.groupBy(returns, ({ payoutId }) => {
    const ref = refOf(payoutId)
    return ref === undefined ? `payout ${payoutId}` : `account ${ref}`
  })
  return [...items.values()].flatMap((mine): Returned[] => {
    const last = mine.at(-1)!
    if (last.atMs < completedMs) return []
    const firsts = new Map<string, Day>()
    for (const { payoutId, atMs } of mine) {
      if (!firsts.has(payoutId)) firsts.set(payoutId, zone.dayOf(atMs))
    }
    const counts = mine
      .filter(({ atMs }) => atMs >= completedMs)
      .map((it) => countUpTo(zone.dayOf(it.atMs), it.payoutId, firsts, spanDays))
    return [{ accountRef: refOf(last.payoutId), last, count: Math.max(...counts) }]
  })
}

function countUpTo(
  day: Day,
  payoutId: string,
  firsts: ReadonlyMap<string, Day>,
  spanDays: number,
): number {
  const others = [...firsts].filter(([id, first]) => {
    return id !== payoutId && first <= day && first > day - spanDays
  })
  return others.length + 1
}

/** As a return of the payout names it, the first that does; else as it was sent last. */
function accountsOf(
  { sent }: Payouts,
  returns: readonly PayoutReturn[],
  beforeMs: EpochMs,
): (payoutId: string) => string | undefined {
  return (payoutId) => {
    const named = returns.find((it) => it.payoutId === payoutId && it.accountRef !== undefined)
    if (named !== undefined) return named.accountRef
    const payout = payoutHash(payoutId)
    return sent.findLast((it) => it.payout === payout && it.atMs < beforeMs)?.accountRef
  }
}

const payoutHash = (payoutId: string): number => hashOfId('payout', payoutId)
