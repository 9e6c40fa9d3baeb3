/** Recounts dormant-reactivation: sixty days of silence, then three dates of lively trade. */
import type { Day, Place } from './civil.ts'
import { createWatch, weigh, type Watch } from './recount-watch.ts'
import type { Sold } from './recount-cards.ts'
import type { Tell } from './recount-track.ts'

/** A silence that has ended, with what it is compared with. Sums in minor units. */
type Waking = Readonly<{
  first: Day
  last: Day
  lastMs: number
  fourWeeks: number
  /** 99th percentile of what was sold before, in steps of the tally. */
  high: number | undefined
}>

export type Sleeper = {
  readonly watch: Watch
  readonly place: Place
  /** Minor units. */
  readonly sumMin: number
  /** Whether a declared pause touches the dates, both included. */
  readonly isPausedIn: (from: Day, to: Day) => boolean
  /** No day up to this one is judged. */
  readonly burnInEnd: () => Day | undefined
  days: Map<Day, Map<string, Sold>>
  /** Instants of what makes a return less of a surprise. */
  explained: number[]
  wakings: Map<string, Waking>
}

const GAP_MIN = 60
const WATCHED_DAYS = 3
const COUNT_MIN = 10
const SUM_MIN = 5_000
const WEEKS_MIN = 3
const HIGH_TIMES = 2
const BLOCK_DAYS = 30
const LATE_MS_MAX = 72 * 3_600_000

export function createSleeper(
  who: Readonly<{ place: Place; major: number }> & Pick<Sleeper, 'isPausedIn' | 'burnInEnd'>,
  tell: Tell,
): Sleeper {
  const { place, major, isPausedIn, burnInEnd } = who
  const watch = createWatch('dormant-reactivation', { place, tell })
  const common = { watch, place, sumMin: SUM_MIN * major, isPausedIn, burnInEnd }
  return { ...common, days: new Map(), explained: [], wakings: new Map() }
}

export function foldSleeper(sleeper: Sleeper, id: string, sold: Sold, arriveMs: number): void {
  const { day } = sold
  const ofDay = sleeper.days.get(day)
  if (ofDay === undefined) sleeper.days.set(day, new Map([[id, sold]]))
  else ofDay.set(id, sold)
  judge(sleeper, day, arriveMs, day < sleeper.place.dayAt(arriveMs))
}

/** Taken back, or reduced to `left` minor units. */
export function reduceSleeper(
  sleeper: Sleeper,
  id: string,
  left: number | undefined,
  { day, arriveMs }: Readonly<{ day: Day; arriveMs: number }>,
): void {
  const ofDay = sleeper.days.get(day)
  const kept = ofDay?.get(id)
  if (ofDay === undefined || kept === undefined) return
  if (left === undefined) ofDay.delete(id)
  else ofDay.set(id, { ...kept, amount: left })
  if (ofDay.size === 0) sleeper.days.delete(day)
  judge(sleeper, day, arriveMs, true)
}

/** Each date from the one that changed to today; after a revision also those told of. */
function judge(sleeper: Sleeper, from: Day, arriveMs: number, isRevision: boolean): void {
  const { watch, place } = sleeper
  const today = Math.max(from, place.dayAt(arriveMs))
  const days = new Set<Day>()
  for (let day = from; day <= Math.min(today, from + WATCHED_DAYS - 1); day++) days.add(day)
  if (isRevision) for (const hit of watch.hits.values()) days.add(hit.day)
  const verdicts = [...days].map((day) => ({
    rule: 'date',
    day,
    at: day,
    level: levelOn(sleeper, day),
  }))
  weigh(watch, verdicts, arriveMs, isRevision)
}

function levelOn(sleeper: Sleeper, day: Day): 'notice' | 'warning' | undefined {
  const waking = wakingOf(sleeper, day)
  const burnInEnd = sleeper.burnInEnd()
  if (waking === undefined || burnInEnd === undefined || day <= burnInEnd) return undefined
  const { first, last, lastMs, fourWeeks, high } = waking
  if (sleeper.isPausedIn(last, first)) return undefined
  const amounts: number[] = []
  for (let at = first; at <= day; at++) amounts.push(...amountsOn(sleeper, at))
  const sum = amounts.reduce((total, amount) => total + amount, 0)
  const isMuch = sum * 4 >= WEEKS_MIN * fourWeeks && sum >= sleeper.sumMin
  const isLarge = high !== undefined && amounts.some((amount) => amount >= HIGH_TIMES * high)
  if (!isMuch && !isLarge && amounts.length < COUNT_MIN) return undefined
  return sleeper.explained.some((ms) => ms > lastMs) ? 'notice' : 'warning'
}

/** The return on whose first three dates the day is. */
function wakingOf(sleeper: Sleeper, day: Day): Waking | undefined {
  for (let first = day; first > day - WATCHED_DAYS; first--) {
    if (!sleeper.days.has(first)) continue
    let last = first - 1
    while (last > first - GAP_MIN && !sleeper.days.has(last)) last--
    if (last > first - GAP_MIN) continue
    last = Math.max(-Infinity, ...[...sleeper.days.keys()].filter((at) => at < first))
    const times = [...(sleeper.days.get(last)?.values() ?? [])].filter((one) => one.isActivity)
    // Before the first activity there is no silence, and a sale to the owner does not break it.
    if (times.length === 0) continue
    return keepWaking(sleeper, first, last, Math.max(...times.map(({ ms }) => ms)))
  }
  return undefined
}

/** Compared for good with what was known when the silence ended. */
function keepWaking(sleeper: Sleeper, first: Day, last: Day, lastMs: number): Waking {
  const key = `${last} ${first}`
  let waking = sleeper.wakings.get(key)
  if (waking === undefined) {
    let fourWeeks = 0
    for (let at = last - 27; at <= last; at++) {
      for (const amount of amountsOn(sleeper, at)) fourWeeks += amount
    }
    waking = { first, last, lastMs, fourWeeks, high: highOf(sleeper, last) }
    sleeper.wakings.set(key, waking)
  }
  return waking
}

/** Of the block of thirty days that holds the date and the three before it. */
function highOf(sleeper: Sleeper, last: Day): number | undefined {
  const amounts: number[] = []
  for (let at = (Math.floor(last / BLOCK_DAYS) - 3) * BLOCK_DAYS; at <= last; at++) {
    amounts.push(...amountsOn(sleeper, at).filter((amount) => amount > 0))
  }
  if (amounts.length === 0) return undefined
  amounts.sort((a, b) => a - b)
  const wanted = amounts[Math.ceil((99 * amounts.length) / 100) - 1]!
  let step = 0
  while (Math.round(10 ** (step / 16)) < wanted) step++
  return Math.round(10 ** (step / 16))
}

function amountsOn({ days }: Sleeper, day: Day): number[] {
  return [...(days.get(day)?.values() ?? [])]
    .filter(({ lateMs }) => lateMs <= LATE_MS_MAX)
    .map(({ amount }) => amount)
}
