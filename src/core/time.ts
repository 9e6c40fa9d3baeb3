/** Instants and civil dates. A day is never 86,400,000 of anything: the zone says when it begins. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number

/** A civil date as whole days since 1970-01-01: comparable, addable, and free of any zone. */
export type Day = number

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
/** Only for guesses and for spans of machine time; never for civil dates. */
export const NOMINAL_DAY_MS = 24 * HOUR_MS

type Civil = Readonly<{ year: number; month: number; dayOfMonth: number }>

// Of the Gregorian calendar, counted from 1 March of the year 0: leap days come last, and months have a
// pattern. Dates are asked for at every first sale of a day: this is some fifty times as fast as `Temporal`,
// and a test holds it to `Temporal`'s answers.
const ERA_DAYS = 146_097
const EPOCH_SHIFT = 719_468

function civilOf(day: Day): Civil {
  const shifted = day + EPOCH_SHIFT
  const era = Math.floor(shifted / ERA_DAYS)
  const ofEra = shifted - era * ERA_DAYS
  const leapDays =
    Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096)
  const yearOfEra = Math.floor((ofEra - leapDays) / 365)
  const ofYear = ofEra - 365 * yearOfEra - Math.floor(yearOfEra / 4) + Math.floor(yearOfEra / 100)
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}

function dayFrom({ year, month, dayOfMonth }: Civil): Day {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const fromMarch = month <= 2 ? month + 9 : month - 3
  const ofYear = Math.floor((153 * fromMarch + 2) / 5) + dayOfMonth - 1
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * ERA_DAYS + 365 * yearOfEra + leapDays + ofYear - EPOCH_SHIFT
}

/** The calendar date of a day. */
export function dateOf(day: Day): Temporal.PlainDate {
  const { year, month, dayOfMonth } = civilOf(day)
  return Temporal.PlainDate.from({ year, month, day: dayOfMonth })
}

export function dayFromDate({ year, month, day }: Temporal.PlainDate): Day {
  return dayFrom({ year, month, dayOfMonth: day })
}

const DAY_TEXTS_MAX = 10_000
const dayTexts = new Map<Day, string>()

/** `YYYY-MM-DD`. The same few dates are asked for again and again, so the texts are kept. */
export function dayText(day: Day): string {
  const known = dayTexts.get(day)
  if (known !== undefined) return known
  const { year, month, dayOfMonth } = civilOf(day)
  const text = `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`
  if (dayTexts.size >= DAY_TEXTS_MAX) dayTexts.clear()
  dayTexts.set(day, text)
  return text
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** The same day of a later month, or that month's last: 30 November and three months is 28 February. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, dayOfMonth } = civilOf(day)
  const counted = year * 12 + month - 1 + months
  const first = { year: Math.floor(counted / 12), month: (counted % 12) + 1, dayOfMonth: 1 }
  const next = { year: Math.floor((counted + 1) / 12), month: ((counted + 1) % 12) + 1 }
  const length = dayFrom({ ...next, dayOfMonth: 1 }) - dayFrom(first)
  return dayFrom({ ...first, dayOfMonth: Math.min(dayOfMonth, length) })
}

/** One IANA zone: which date an instant belongs to, and at which instant a date begins. */
export type Zone = Readonly<{
  name: string
  dayOf: (atMs: EpochMs) => Day
  /** First instant of the date: not always midnight, and never skipped. */
  startMs: (day: Day) => EpochMs
  /** RFC 3339 in this zone with offset and seconds; milliseconds only when they are not zero. */
  text: (atMs: EpochMs) => string
}>

/**
 * Asks `Temporal` once per date and keeps the answer, for an event asks for its date each time.
 * Raises a RangeError for a name that is no zone.
 */
export function createZone(name: string): Zone {
  const starts = new Map<Day, EpochMs>()
  function startMs(day: Day): EpochMs {
    const known = starts.get(day)
    if (known !== undefined) return known
    const start = dateOf(day).toZonedDateTime(name).epochMilliseconds
    starts.set(day, start)
    return start
  }
  // How far local time is ahead of UTC, as last seen: a good first guess, checked below.
  let aheadMs = startMs(0) * -1
  // Most instants asked for are of the date asked for last.
  let last = { day: 0, fromMs: 0, toMs: 0 }
  function dayOf(atMs: EpochMs): Day {
    if (last.fromMs <= atMs && atMs < last.toMs) return last.day
    let day = Math.floor((atMs + aheadMs) / NOMINAL_DAY_MS)
    while (atMs < startMs(day)) day--
    while (atMs >= startMs(day + 1)) day++
    last = { day, fromMs: startMs(day), toMs: startMs(day + 1) }
    aheadMs = day * NOMINAL_DAY_MS - last.fromMs
    return day
  }
  function text(atMs: EpochMs): string {
    const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(name)
    const fractionalSecondDigits = atMs % SECOND_MS === 0 ? 0 : 3
    return zoned.toString({ timeZoneName: 'never', fractionalSecondDigits })
  }
  return { name, dayOf, startMs, text }
}

/** Zones by name, each made once. */
export function createZones(): (name: string) => Zone {
  const zones = new Map<string, Zone>()
  return (name) => {
    let zone = zones.get(name)
    if (zone === undefined) zones.set(name, (zone = createZone(name)))
    return zone
  }
}
