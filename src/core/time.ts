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

const EPOCH = Temporal.PlainDate.from('1970-01-01')

/** The calendar date of a day. */
export function dateOf(day: Day): Temporal.PlainDate {
  return EPOCH.add({ days: day })
}

export function dayFromDate(date: Temporal.PlainDate): Day {
  return EPOCH.until(date, { largestUnit: 'days' }).days
}

/** `YYYY-MM-DD`, by the arithmetic of the Gregorian calendar: it is asked for often. */
export function dayText(day: Day): string {
  // Days since 1 March of the year 0: leap days come last, and months have a pattern.
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153)
  const dayOfMonth = ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** The same day of a later month, or that month's last: 30 November and three months is 28 February. */
export function addMonths(day: Day, months: number): Day {
  return dayFromDate(dateOf(day).add({ months }))
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
  function dayOf(atMs: EpochMs): Day {
    let day = Math.floor((atMs + aheadMs) / NOMINAL_DAY_MS)
    while (atMs < startMs(day)) day--
    while (atMs >= startMs(day + 1)) day++
    aheadMs = day * NOMINAL_DAY_MS - startMs(day)
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
