/** What an account looked like before a long silence, frozen when its first sale ends it. */
import { quantile } from './amounts.ts'
import type { Account } from './account.ts'
import type { Counting } from './counting.ts'
import { span, tallyOf, tradingDayBefore } from './days.ts'
import type { Activity } from './terminals.ts'
import type { Day, EpochMs } from './time.ts'

const SALES_DAYS = 28
/** The date of the first sale and the two after it. */
const WATCHED_DAYS = 3

/** Of the days up to the last activity, kept when the days themselves are forgotten. */
export type Usual = {
  lastOn: Day
  fourWeeks: number
  /** The 99th percentile of amounts, or the one the policy names. */
  outlier: number | undefined
  /** Something was sold since that was no activity: the next sale ends no silence. */
  isSoldSince?: true
}

export type Reactivation = {
  /** Local dates of the last activity before, and of the first sale after. */
  lastOn: Day
  firstOn: Day
  /** The last activity itself. */
  lastMs: EpochMs
  /** Four times a week's sum of the 28 days that end with `lastOn`, in minor units. */
  fourWeeks: number
  /** A sale of at least this stands out. Undefined: nothing to compare with. */
  largeMin: number | undefined
  /** Sales of at least that, by day after `firstOn`. */
  large: [number, number, number]
}

/** To be called before the sale is tallied: what was before it is looked at once. */
export function noteReturn(account: Account, on: Day, counting: Counting): void {
  const { gapDays = Infinity } = counting
  const { facts, days } = account
  const last = lastActivity(account)
  if (last === undefined || on - last.on < gapDays) return
  const known = facts.reactivation?.lastOn === last.on ? facts.reactivation : undefined
  // By staff alone so far: such sales are no activity, and do not end the silence again.
  if (known?.firstOn === on) return
  const soldOn = tradingDayBefore(days, on)
  if (soldOn !== undefined && soldOn > last.on) return
  if (facts.usual?.lastOn === last.on && facts.usual.isSoldSince === true) return
  const { fourWeeks, largeMin } = known ?? before(account, last.on, counting)
  facts.usual = undefined
  facts.reactivation = {
    ...{ lastOn: last.on, firstOn: on, lastMs: last.lastMs },
    ...{ fourWeeks, largeMin, large: [0, 0, 0] },
  }
  account.dirty.facts = true
}

function before(account: Account, lastOn: Day, counting: Counting) {
  const { outlierMultiple = 1 } = counting
  const { usual } = account.facts
  const { fourWeeks, outlier } =
    usual?.lastOn === lastOn ? usual : usualTo(account, lastOn, counting)
  return { fourWeeks, largeMin: outlier === undefined ? undefined : outlier * outlierMultiple }
}

function usualTo({ days, amounts }: Account, lastOn: Day, counting: Counting): Usual {
  const { outlierPercent = 99 } = counting
  const { sum } = span(days, lastOn - SALES_DAYS + 1, lastOn)
  const outlier = quantile(amounts, lastOn, outlierPercent)
  const isSold = (tradingDayBefore(days, Infinity) ?? -Infinity) > lastOn

  const usual = { lastOn, fourWeeks: sum, outlier }
  return isSold ? { ...usual, isSoldSince: true } : usual
}

/** Before the days are forgotten: on a date on which the account has been silent for long enough. */
export function freezeUsual(account: Account, on: Day, counting: Counting): void {
  const { gapDays = Infinity } = counting
  const lastOn = lastActivity(account)?.on
  if (lastOn === undefined || on - lastOn < gapDays) return
  const { facts, dirty } = account
  if (facts.usual?.lastOn === lastOn || facts.reactivation?.lastOn === lastOn) return
  facts.usual = usualTo(account, lastOn, counting)
  dirty.facts = true
}

/**
 * A sale that comes late, however late, may lie inside the silence: then that was shorter, or is none. What
 * was usual before it stays as it was taken. True: it is another silence now.
 */
export function splitSilence(
  { facts, dirty }: Account,
  sale: Readonly<{ on: Day; atMs: EpochMs; isActivity: boolean }>,
  { gapDays = Infinity }: Counting,
): boolean {
  const known = facts.reactivation
  const { on, atMs, isActivity } = sale
  if (known === undefined || on < known.lastOn || on >= known.firstOn) return false
  if (on === known.lastOn) {
    if (!isActivity || atMs <= known.lastMs) return false
    known.lastMs = atMs
  } else if (isActivity && known.firstOn - on >= gapDays) {
    known.lastOn = on
    known.lastMs = atMs
  } else if (on - known.lastOn >= gapDays) {
    const [a, b] = known.large
    const later = known.firstOn - on
    known.large = later === 1 ? [0, a, b] : later === 2 ? [0, 0, a] : [0, 0, 0]
    known.firstOn = on
  } else facts.reactivation = undefined
  dirty.facts = true
  return true
}

/** To be called when a sale was taken out: where it was the only one of the first date, the next is the first. */
export function loseFirst({ facts, days, dirty }: Account, on: Day): void {
  const known = facts.reactivation
  if (known?.firstOn !== on || tallyOf(days, on).count > 0) return
  const [, b, c] = known.large
  if (tallyOf(days, on + 1).count > 0) known.large = [b, c, 0]
  else if (tallyOf(days, on + 2).count > 0) known.large = [c, 0, 0]
  else return
  known.firstOn = tallyOf(days, on + 1).count > 0 ? on + 1 : on + 2
  dirty.facts = true
}

/** Counts a sale of one of the watched dates, or takes it out (`count` −1). */
export function noteWatched(
  { facts, dirty }: Account,
  on: Day,
  amount: number,
  count: number,
): void {
  const known = facts.reactivation
  if (known?.largeMin === undefined || amount < known.largeMin) return
  const after = on - known.firstOn
  if (after < 0 || after >= WATCHED_DAYS) return
  known.large[after] = Math.max(0, (known.large[after] ?? 0) + count)
  dirty.facts = true
}

function lastActivity({ facts }: Account): Activity | undefined {
  let last: Activity | undefined
  for (const { activity } of facts.terminals.values()) {
    const newest = activity.at(-1)
    if (newest !== undefined && (last === undefined || newest.lastMs > last.lastMs)) last = newest
  }
  return last
}
