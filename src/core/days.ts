/** What is counted of whole local days: what baselines and day windows are made of. */
import { dropRows, emptyRows, get16, get32, get48, openRow, put16, put32, put48 } from './rows.ts'
import type { Rows } from './rows.ts'
import type { Day } from './time.ts'

/** Of one local date: sales net of voids and reversals, taken out at the sale's own date. */
export type DayTally = {
  day: Day
  /** Sales, and their sum in minor units. */
  count: number
  sum: number
  attempts: number
  declines: number
  /** Sales of a large amount, and those of them that are round: see `counting.ts`. */
  large: number
  round: number
}

/** To be added; either sign. */
export type DayChange = Readonly<Partial<Omit<DayTally, 'day'>>>

export const DAY_WIDTH = 28
const COUNT = 2
const SUM = 6
const ATTEMPTS = 12
const DECLINES = 16
const LARGE = 20
const ROUND = 24
/** A sum may be below zero where more was taken back than came in time. */
const SUM_ZERO = 2 ** 47
/** Where sums and counts stay, whatever is added. */
const SUM_MAX = 2 ** 48 - 1
const COUNT_MAX = 2 ** 32 - 1

/** Ascending by day; days without anything are not kept. */
export type Days = {
  rows: Rows
  /** The base asked for last: a day's sales all ask for the same one. Not part of the state. */
  memo: { day: Day; leftOut: string; base: Base } | undefined
}

export const emptyDays = (): Days => ({ rows: emptyRows(), memo: undefined })

// The 90 days before a day judged up to 3 days late, the 7 it is compared in, and some room.
export const DAYS_MAX = 104

export const dayAt = ({ bytes }: Rows, row: number): Day => get16(bytes, row * DAY_WIDTH)

/** Row of a day, or of the first day after it. */
function rowOf(rows: Rows, day: Day): number {
  let row = rows.count
  while (row > 0 && dayAt(rows, row - 1) >= day) row--
  return row
}

export function noteDay(held: Days, day: Day, change: DayChange): void {
  const { rows, memo } = held
  if (memo !== undefined && day < memo.day) held.memo = undefined
  const row = rowOf(rows, day)
  const isNew = row === rows.count || dayAt(rows, row) !== day
  if (isNew) {
    openRow(rows, DAY_WIDTH, row)
    writeDay(rows, row, { ...NOTHING, day })
  }
  addTo(rows.bytes, row * DAY_WIDTH, change)
  if (isNothing(rows.bytes, row * DAY_WIDTH)) dropRows(rows, DAY_WIDTH, row, 1)
  else if (isNew && row === rows.count - 1) {
    let old = 0
    while (dayAt(rows, old) < day - DAYS_MAX) old++
    dropRows(rows, DAY_WIDTH, 0, old)
  }
}

function addTo(bytes: Uint8Array, at: number, change: DayChange): void {
  const { count = 0, sum = 0, attempts = 0, declines = 0, large = 0, round = 0 } = change
  if (count !== 0) add32(bytes, at + COUNT, count)
  if (sum !== 0) put48(bytes, at + SUM, within(get48(bytes, at + SUM) + sum, SUM_MAX))
  if (attempts !== 0) add32(bytes, at + ATTEMPTS, attempts)
  if (declines !== 0) add32(bytes, at + DECLINES, declines)
  if (large !== 0) add32(bytes, at + LARGE, large)
  if (round !== 0) add32(bytes, at + ROUND, round)
}

/** A void may claim what was never counted: no number falls below zero. */
function add32(bytes: Uint8Array, at: number, change: number): void {
  put32(bytes, at, within(get32(bytes, at) + change, COUNT_MAX))
}

const within = (value: number, most: number): number => Math.min(Math.max(0, value), most)

function isNothing(bytes: Uint8Array, at: number): boolean {
  const isUncounted = get32(bytes, at + COUNT) === 0 && get32(bytes, at + ATTEMPTS) === 0
  return isUncounted && get48(bytes, at + SUM) === SUM_ZERO
}

export function writeDay(rows: Rows, row: number, tally: DayTally): void {
  const { bytes } = rows
  const at = row * DAY_WIDTH
  put16(bytes, at, tally.day)
  put32(bytes, at + COUNT, tally.count)
  put48(bytes, at + SUM, tally.sum + SUM_ZERO)
  put32(bytes, at + ATTEMPTS, tally.attempts)
  put32(bytes, at + DECLINES, tally.declines)
  put32(bytes, at + LARGE, tally.large)
  put32(bytes, at + ROUND, tally.round)
}

export function readDay({ bytes }: Rows, row: number): DayTally {
  const at = row * DAY_WIDTH
  return {
    day: get16(bytes, at),
    count: get32(bytes, at + COUNT),
    sum: get48(bytes, at + SUM) - SUM_ZERO,
    attempts: get32(bytes, at + ATTEMPTS),
    declines: get32(bytes, at + DECLINES),
    large: get32(bytes, at + LARGE),
    round: get32(bytes, at + ROUND),
  }
}

const NOTHING: Readonly<DayTally> = {
  day: 0,
  count: 0,
  sum: 0,
  attempts: 0,
  declines: 0,
  large: 0,
  round: 0,
}

export function tallyOf({ rows }: Days, day: Day): Readonly<DayTally> {
  const row = rowOf(rows, day)
  return row < rows.count && dayAt(rows, row) === day ? readDay(rows, row) : NOTHING
}

/** Of the days from one date to another, both inclusive. A trading day is one with at least one sale. */
export type Span = Readonly<{
  count: number
  sum: number
  large: number
  round: number
  tradingDays: number
}>

export function span({ rows }: Days, from: Day, to: Day): Span {
  const total = { count: 0, sum: 0, large: 0, round: 0, tradingDays: 0 }
  for (let row = rowOf(rows, from); row < rows.count && dayAt(rows, row) <= to; row++) {
    const at = row * DAY_WIDTH
    const count = get32(rows.bytes, at + COUNT)
    if (count < 1) continue
    total.count += count
    total.sum += get48(rows.bytes, at + SUM) - SUM_ZERO
    total.large += get32(rows.bytes, at + LARGE)
    total.round += get32(rows.bytes, at + ROUND)
    total.tradingDays++
  }
  return total
}

/** The last trading day before a date. */
export function tradingDayBefore({ rows }: Days, day: Day): Day | undefined {
  for (let row = rowOf(rows, day) - 1; row >= 0; row--) {
    if (get32(rows.bytes, row * DAY_WIDTH + COUNT) >= 1) return dayAt(rows, row)
  }
  return undefined
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

const BASE_DAYS = 90

/**
 * Trading days among the 90 whole local days before `day`, less those left out, then without the
 * `trimPercent` lowest and as many highest values of each figure, rounded down.
 */
export function baseBefore(held: Days, day: Day, leftOut: LeftOut, trimPercent: number): Base {
  const { memo } = held
  if (memo?.day === day && memo.leftOut === leftOut.name) return memo.base
  const base = trimmedBase(tradingDays(held, day, leftOut), trimPercent)
  held.memo = { day, leftOut: leftOut.name, base }
  return base
}

function tradingDays({ rows }: Days, day: Day, leftOut: LeftOut): DayTally[] {
  const found: DayTally[] = []
  for (let row = rowOf(rows, day - BASE_DAYS); row < rows.count && dayAt(rows, row) < day; row++) {
    const tally = readDay(rows, row)
    if (tally.count >= 1 && !leftOut.has(tally.day)) found.push(tally)
  }
  return found
}

function trimmedBase(tallies: readonly DayTally[], trimPercent: number): Base {
  const cut = Math.floor((tallies.length * trimPercent) / 100)
  return {
    tradingDays: tallies.length,
    m: tallies.length - 2 * cut,
    countTotal: trimmedTotal(
      tallies.map(({ count }) => count),
      cut,
    ),
    sumTotal: trimmedTotal(
      tallies.map(({ sum }) => sum),
      cut,
    ),
  }
}

function trimmedTotal(values: number[], cut: number): number {
  values.sort((a, b) => a - b)
  let total = 0
  for (let at = cut; at < values.length - cut; at++) total += values[at]!
  return total
}

/** Attempts and declines pooled over the same days, not trimmed. */
export type RatioBase = Readonly<{ tradingDays: number; attempts: number; declines: number }>

export function ratioBefore(held: Days, day: Day, leftOut: LeftOut): RatioBase {
  const tallies = tradingDays(held, day, leftOut)
  let attempts = 0
  let declines = 0
  for (const tally of tallies) {
    attempts += tally.attempts
    declines += tally.declines
  }
  return { tradingDays: tallies.length, attempts, declines }
}
