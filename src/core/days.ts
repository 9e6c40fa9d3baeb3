/** Sales of whole local days: what baselines and day windows are made of. */
import type { Day } from './time.ts'

/** Net sales of one local date: voids and reversals are taken out at the sale's own date. */
export type DayTally = { day: Day; count: number; sum: number }

/** Ascending by day; days without anything are not kept. */
export type Days = {
  tallies: DayTally[]
  /** The base asked for last: a day's sales all ask for the same one. Not part of the state. */
  memo: { day: Day; leftOut: string; base: Base } | undefined
}

export const emptyDays = (): Days => ({ tallies: [], memo: undefined })

// The 90 days before a day judged up to 3 days late, the 7 it is compared in, and some room.
const DAYS_MAX = 104

/** Adds to a day, `count` and `sum` either sign. */
export function noteDay(held: Days, day: Day, count: number, sum: number): void {
  const { tallies: days, memo } = held
  if (memo !== undefined && day < memo.day) held.memo = undefined
  let place = days.length
  while (place > 0 && days[place - 1]!.day > day) place--
  const found = days[place - 1]
  if (found?.day === day) {
    found.count += count
    found.sum += sum
    if (found.count === 0 && found.sum === 0) days.splice(place - 1, 1)
    return
  }
  days.splice(place, 0, { day, count, sum })
  const oldest = days.at(-1)!.day - DAYS_MAX
  while (days[0]!.day < oldest) days.shift()
}

const NOTHING: Readonly<DayTally> = { day: 0, count: 0, sum: 0 }

export function tallyOf({ tallies: days }: Days, day: Day): Readonly<DayTally> {
  for (let at = days.length - 1; at >= 0 && days[at]!.day >= day; at--) {
    if (days[at]!.day === day) return days[at]!
  }
  return NOTHING
}

/** Both dates inclusive. A trading day is one with at least one sale. */
export function span(
  { tallies: days }: Days,
  from: Day,
  to: Day,
): Readonly<{ count: number; sum: number; tradingDays: number }> {
  let count = 0
  let sum = 0
  let tradingDays = 0
  for (let at = days.length - 1; at >= 0 && days[at]!.day >= from; at--) {
    const tally = days[at]!
    if (tally.day > to || tally.count < 1) continue
    count += tally.count
    sum += tally.sum
    tradingDays++
  }
  return { count, sum, tradingDays }
}

/** The last trading day before a date. */
export function tradingDayBefore({ tallies: days }: Days, day: Day): Day | undefined {
  return days.findLast((tally) => tally.day < day && tally.count >= 1)?.day
}

/** A trimmed mean as the two numbers it is made of: `value ≥ 3 · base` is `value · m ≥ 3 · total`. */
export type Base = Readonly<{
  tradingDays: number
  /** Values kept after trimming. */
  m: number
  countTotal: number
  sumTotal: number
}>

/** Dates that are no measure of normal trade, and a word that names the set of them. */
export type LeftOut = Readonly<{ name: string; has: (day: Day) => boolean }>

/**
 * Trading days among the 90 whole local days before `day`, less those left out, then without the
 * `trimPercent` lowest and as many highest values of each figure, rounded down.
 */
export function baseBefore(held: Days, day: Day, leftOut: LeftOut, trimPercent: number): Base {
  const { memo } = held
  if (memo?.day === day && memo.leftOut === leftOut.name) return memo.base
  const base = trimmedBase(held.tallies, day, leftOut, trimPercent)
  held.memo = { day, leftOut: leftOut.name, base }
  return base
}

function trimmedBase(
  tallies: readonly DayTally[],
  day: Day,
  leftOut: LeftOut,
  trimPercent: number,
): Base {
  const counts: number[] = []
  const sums: number[] = []
  for (const tally of tallies) {
    if (tally.day >= day) break
    if (tally.day < day - 90 || tally.count < 1 || leftOut.has(tally.day)) continue
    counts.push(tally.count)
    sums.push(tally.sum)
  }
  const cut = Math.floor((counts.length * trimPercent) / 100)
  return {
    tradingDays: counts.length,
    m: counts.length - 2 * cut,
    countTotal: trimmedTotal(counts, cut),
    sumTotal: trimmedTotal(sums, cut),
  }
}

function trimmedTotal(values: number[], cut: number): number {
  values.sort((a, b) => a - b)
  let total = 0
  for (let at = cut; at < values.length - cut; at++) total += values[at]!
  return total
}
