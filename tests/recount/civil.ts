/** A local date, `YYYY-MM-DD`: two of them compare as text. */
export type Day = string

export const HOUR_MS = 3_600_000

const daysKnown = new Map<string, Map<number, Day>>()

/** The local date on which an instant falls. */
export function dayOf(ms: number, zone: string): Day {
  const known = daysKnown.get(zone) ?? new Map<number, Day>()
  daysKnown.set(zone, known)
  const before = known.get(ms)
  if (before !== undefined) return before
  const instant = Temporal.Instant.fromEpochMilliseconds(ms)
  const day = instant.toZonedDateTimeISO(zone).toPlainDate().toString()
  known.set(ms, day)
  return day
}

const startsKnown = new Map<string, number>()

/** `at(day)`: the first instant of the date, which is not 00:00 where the clocks jump over it. */
export function at(day: Day, zone: string): number {
  const key = `${zone} ${day}`
  const before = startsKnown.get(key)
  if (before !== undefined) return before
  const start = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds
  startsKnown.set(key, start)
  return start
}

const sumsKnown = new Map<string, Day>()

export function plusDays(day: Day, days: number): Day {
  const key = `${day} ${days}`
  const before = sumsKnown.get(key)
  if (before !== undefined) return before
  const sum = countDays(day, days)
  sumsKnown.set(key, sum)
  return sum
}

function countDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** A day the target month does not have becomes that month's last. */
export function plusMonths(day: Day, months: number): Day {
  return Temporal.PlainDate.from(day).add({ months }).toString()
}

/** Days from the first to the second; negative when the second is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days
}

export function msOf(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds
}

/** The date of a member that may hold a date or an instant. */
export function dayGiven(text: string, zone: string): Day {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : dayOf(msOf(text), zone)
}

export function latest(days: readonly (Day | undefined)[]): Day | undefined {
  return days
    .filter((day) => day !== undefined)
    .sort()
    .at(-1)
}

/** Order of code points; `<` on strings compares UTF-16 units. */
export function compareText(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Counts again only when the list has grown: the answer is a function of the list alone. */
export function perLength<Item, Answer>(
  count: (items: readonly Item[], zone: string) => Answer,
): (items: readonly Item[], zone: string) => Answer {
  const known = new WeakMap<readonly Item[], { length: number; zone: string; answer: Answer }>()
  return (items, zone) => {
    const before = known.get(items)
    if (before?.length === items.length && before.zone === zone) return before.answer
    const answer = count(items, zone)
    known.set(items, { length: items.length, zone, answer })
    return answer
  }
}

/** Carries a fold on where the same list has grown, and begins it anew for every other list. */
export function perAppend<Item, State>(
  begin: () => State,
  add: (state: State, item: Item) => State,
): (items: readonly Item[]) => State {
  const known = new WeakMap<readonly Item[], { length: number; state: State }>()
  return (items) => {
    const { length, state } = known.get(items) ?? { length: 0, state: begin() }
    const now = items.slice(length).reduce(add, state)
    known.set(items, { length: items.length, state: now })
    return now
  }
}
