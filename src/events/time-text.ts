/** Text of dates and instants to numbers: integer arithmetic, and nothing is corrected or guessed. */

const YEAR_MIN = 1970
const YEAR_MAX = 9998
const MINUTE_MS = 60_000
const NOMINAL_DAY_MS = 86_400_000
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const DASH = 45
const PLUS = 43
const DOT = 46
const COLON = 58
const ZERO = 48

/**
 * Epoch milliseconds (further digits are cut off) of a strict RFC 3339 instant with offset: `T` and
 * `Z` upper case, years 1970 to 9998, at most nine digits of a fraction, no leap second, no
 * `-00:00` (which says that the offset is not known). Undefined for all else, and before 1970 in UTC.
 */
export function parseInstant(text: string): number | undefined {
  const day = dayAt(text, 0)
  if (day === undefined || text.charCodeAt(10) !== 84) return undefined
  const year = digits(text, 0, 4)
  const second = secondOfDay(text)
  if (year < YEAR_MIN || year > YEAR_MAX || second < 0) return undefined
  let at = 19
  let fractionMs = 0
  if (text.charCodeAt(at) === DOT) {
    const end = digitsEnd(text, at + 1)
    const count = end - at - 1
    if (count < 1 || count > 9) return undefined
    fractionMs =
      digits(text, at + 1, Math.min(count, 3)) * (count === 1 ? 100 : count === 2 ? 10 : 1)
    at = end
  }
  const offset = offsetMinutes(text, at)
  if (offset === undefined) return undefined
  const atMs = day * NOMINAL_DAY_MS + second * 1_000 + fractionMs - offset * MINUTE_MS
  return atMs < 0 ? undefined : atMs
}

/** Whole days since 1970-01-01 of `YYYY-MM-DD`, years 1 to 9999; undefined where it is no real date. */
export function parseDay(text: string): number | undefined {
  return text.length === 10 ? dayAt(text, 0) : undefined
}

export function isInstant(text: string): boolean {
  return parseInstant(text) !== undefined
}

export function isDay(text: string): boolean {
  return parseDay(text) !== undefined
}

function dayAt(text: string, at: number): number | undefined {
  const year = digits(text, at, 4)
  const month = digits(text, at + 5, 2)
  const dayOfMonth = digits(text, at + 8, 2)
  if (year < 1 || month < 1 || month > 12 || dayOfMonth < 1) return undefined
  if (text.charCodeAt(at + 4) !== DASH || text.charCodeAt(at + 7) !== DASH) return undefined
  if (dayOfMonth > daysIn(year, month)) return undefined
  return daysBefore(year, month) + dayOfMonth - 1
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0)
}

/** Days from 1970-01-01 to the first of the month, in the proleptic Gregorian calendar. */
function daysBefore(year: number, month: number): number {
  // The year begins in March here, so that the leap day is its last: 153 days are five months.
  const years = month > 2 ? year : year - 1
  const era = Math.floor(years / 400)
  const yearOfEra = years - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5)
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468
}

/** Of `HH:MM:SS` at 11; −1 where it is none. */
function secondOfDay(text: string): number {
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  if (hour < 0 || minute < 0 || second < 0) return -1
  if (hour > 23 || minute > 59 || second > 59) return -1
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return -1
  return hour * 3_600 + minute * 60 + second
}

function offsetMinutes(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at)
  if (sign === 90) return text.length === at + 1 ? 0 : undefined
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6) return undefined
  const hours = digits(text, at + 1, 2)
  const minutes = digits(text, at + 4, 2)
  if (text.charCodeAt(at + 3) !== COLON || hours < 0 || hours > 23) return undefined
  if (minutes < 0 || minutes > 59) return undefined
  const offset = hours * 60 + minutes
  if (sign === PLUS) return offset
  return offset === 0 ? undefined : -offset
}

/** The number that `count` digits spell; −1 where one of them is no digit. */
function digits(text: string, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO
    // Beyond the end this is NaN, which is not in the range either.
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

function digitsEnd(text: string, at: number): number {
  let end = at
  while (text.charCodeAt(end) >= ZERO && text.charCodeAt(end) <= 57) end++
  return end
}
