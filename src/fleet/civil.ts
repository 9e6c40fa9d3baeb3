/**
 * Civil days and zones of the generator. The product has its own; the truth must not lean on what
 * it is there to check.
 */

/** Whole days since 1970-01-01. */
export type Day = number

/** One IANA zone, asked once per date. */
export type Place = Readonly<{
  zone: string
  /** First instant of a date. */
  startMs: (day: Day) => number
  dayAt: (ms: number) => Day
  /** RFC 3339 with the zone's offset; milliseconds only when they are not zero. */
  stamp: (ms: number) => string
}>

export const DAY_MS = 86_400_000
const EPOCH = Temporal.PlainDate.from('1970-01-01')
const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))

const texts = new Map<Day, string>()

/** `YYYY-MM-DD`. */
export function dateText(day: Day): string {
  let text = texts.get(day)
  if (text === undefined) texts.set(day, (text = EPOCH.add({ days: day }).toString()))
  return text
}

/** Raises a RangeError for what is no date. */
export function dayFrom(text: string): Day {
  return EPOCH.until(Temporal.PlainDate.from(text), { largestUnit: 'days' }).days
}

const monthsLater = new Map<number, Day>()

/** The same day of a later month, up to 99 months, or that month's last. */
export function addMonths(day: Day, months: number): Day {
  const key = day * 100 + months
  let later = monthsLater.get(key)
  if (later === undefined) {
    const date = EPOCH.add({ days: day }).add({ months })
    later = EPOCH.until(date, { largestUnit: 'days' }).days
    monthsLater.set(key, later)
  }
  return later
}

/** Monday is 0. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7
}

/** UTC with `Z`, always with milliseconds: such texts sort as their instants do. */
export function utcText(ms: number): string {
  const day = Math.floor(ms / DAY_MS)
  const rest = ms - day * DAY_MS
  return `${dateText(day)}T${clockText(rest)}.${String(rest % 1000).padStart(3, '0')}Z`
}

/** `HH:MM:SS` of milliseconds since midnight. */
function clockText(rest: number): string {
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  return `${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}`
}

const places = new Map<string, Place>()

export function placeOf(zone: string): Place {
  let place = places.get(zone)
  if (place === undefined) places.set(zone, (place = createPlace(zone)))
  return place
}

function createPlace(zone: string): Place {
  const starts = new Map<Day, number>()
  function startMs(day: Day): number {
    let start = starts.get(day)
    if (start === undefined) {
      start = EPOCH.add({ days: day }).toZonedDateTime(zone).epochMilliseconds
      starts.set(day, start)
    }
    return start
  }
  function dayAt(ms: number): Day {
    let day = Math.floor(ms / DAY_MS)
    while (startMs(day) > ms) day--
    while (startMs(day + 1) <= ms) day++
    return day
  }
  function stamp(ms: number): string {
    const day = dayAt(ms)
    const offsetMs = day * DAY_MS - startMs(day)
    // A day of 23 or 25 hours has two offsets: left to the calendar.
    if (startMs(day + 1) - startMs(day) !== DAY_MS) return zonedText(ms, zone)
    const rest = ms - startMs(day)
    const fraction = rest % 1000 === 0 ? '' : `.${String(rest % 1000).padStart(3, '0')}`
    return `${dateText(day)}T${clockText(rest)}${fraction}${offsetText(offsetMs)}`
  }
  return { zone, startMs, dayAt, stamp }
}

function zonedText(ms: number, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
  return zoned.toString({
    timeZoneName: 'never',
    fractionalSecondDigits: ms % 1000 === 0 ? 0 : 3,
  })
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000
  return `${offsetMs < 0 ? '-' : '+'}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}`
}
