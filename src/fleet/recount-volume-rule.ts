/** The tallies of volume-spike, and its comparison with the ninety days before. */
import type { Day, Place } from './civil.ts'
import type { Tell } from './recount-track.ts'
import { createWatch, type Hit, type Watch } from './recount-watch.ts'

export type Sale = Readonly<{ day: Day; amount: number }>

export type Volume = {
  readonly watch: Watch
  /** Minor units of one major unit. */
  readonly major: number
  readonly mcc: string
  readonly isPaused: (day: Day) => boolean
  counts: Map<Day, number>
  sums: Map<Day, number>
  sales: Map<string, Sale>
  /** No day up to this one is judged; undefined before the activation. */
  burnInEnd: Day | undefined
  /** The baselines of the day judged last; dropped when another day changes. */
  bases: Bases | undefined
}

/** A trimmed sum and the number of days in it; undefined where there is nothing to compare with. */
type Base = Readonly<{ sum: number; days: number }>
type Bases = Readonly<{
  day: Day
  hasHistory: boolean
  counts: Base | undefined
  sums: Base | undefined
}>

export const TIMES_NOTICE = 3
export const TIMES_WARNING = 7
const COUNT_MIN = 20
const SUM_MIN = 5_000
const TRADING_DAYS_MIN = 20
const HISTORY_DAYS = 90
/** Mean count and sum, in major units, of merchants too young to have a baseline. */
const COHORTS: Readonly<Record<string, readonly [count: number, sum: number]>> = {
  '5411': [60, 4_000],
}

export function createVolume(
  { place, ...who }: Readonly<{ place: Place }> & Pick<Volume, 'major' | 'mcc' | 'isPaused'>,
  tell: Tell,
): Volume {
  const counts = new Map<Day, number>()
  const watch = createWatch('volume-spike', { place, tell }, (hit, hits) => {
    return hit.rule === 'day' && isAfterAnother(hit, hits, counts)
  })
  const common = { watch, ...who, counts, sums: new Map(), sales: new Map() }
  return { ...common, burnInEnd: undefined, bases: undefined }
}

/** The trading day before was a hit too. */
function isAfterAnother(hit: Hit, hits: readonly Hit[], counts: ReadonlyMap<Day, number>): boolean {
  let before = hit.at - 1
  while (before > hit.at - HISTORY_DAYS && (counts.get(before) ?? 0) < 1) before--
  return hits.some(({ rule, at }) => rule === 'day' && at === before)
}

/** Whether a day, or the seven days that end with it, reach so many times the days before. */
export function holds(volume: Volume, window: 'day' | 'week', day: Day, times: number): boolean {
  return window === 'day' ? dayHolds(volume, day, times) : weekHolds(volume, day, times)
}

function dayHolds(volume: Volume, day: Day, times: number): boolean {
  const count = volume.counts.get(day) ?? 0
  const sum = volume.sums.get(day) ?? 0
  const isMany = count >= COUNT_MIN
  const isMuch = sum >= SUM_MIN * volume.major
  if (!isMany && !isMuch) return false
  const { counts, sums } = basesOf(volume, day)
  return (isMany && reaches(count, counts, times)) || (isMuch && reaches(sum, sums, times))
}

function weekHolds(volume: Volume, day: Day, times: number): boolean {
  let sum = 0
  let tradingDays = 0
  for (let at = day - 6; at <= day; at++) {
    if ((volume.counts.get(at) ?? 0) > 0) tradingDays++
    sum += volume.sums.get(at) ?? 0
  }
  if (tradingDays === 0 || sum < SUM_MIN * volume.major * tradingDays) return false
  return reaches(sum, basesOf(volume, day).sums, times * tradingDays)
}

/** Compared in whole numbers: value × days against times × sum. */
function reaches(value: number, base: Base | undefined, times: number): boolean {
  return base !== undefined && value * base.days >= times * base.sum
}

/** Twenty trading days or more to compare with; else a cohort stands in, or nothing. */
export function hasHistory(volume: Volume, day: Day): boolean {
  return basesOf(volume, day).hasHistory
}

function basesOf(volume: Volume, day: Day): Bases {
  if (volume.bases?.day === day) return volume.bases
  const days = historyOf(volume, day)
  const valuesOf = (of: Map<Day, number>) => trimmed(days.map((at) => of.get(at) ?? 0))
  const cohort = COHORTS[volume.mcc]
  if (days.length >= TRADING_DAYS_MIN) {
    const { counts, sums } = volume
    volume.bases = { day, hasHistory: true, counts: valuesOf(counts), sums: valuesOf(sums) }
  } else if (cohort === undefined) {
    volume.bases = { day, hasHistory: false, counts: undefined, sums: undefined }
  } else {
    const [count, sum] = cohort
    const sums = { sum: sum * volume.major, days: 1 }
    volume.bases = { day, hasHistory: false, counts: { sum: count, days: 1 }, sums }
  }
  return volume.bases
}

/** A tenth of the values left out at each end. */
export function trimmed(values: readonly number[]): Base {
  const cut = Math.floor(values.length / 10)
  const kept = values.toSorted((a, b) => a - b).slice(cut, values.length - cut)
  return { sum: kept.reduce((sum, value) => sum + value, 0), days: kept.length }
}

/** The trading days among the ninety before, those left out that must not teach. */
function historyOf({ watch, counts, isPaused }: Volume, day: Day): Day[] {
  const { warned, warnedFrom: from = Infinity } = watch
  const history: Day[] = []
  for (let at = day - HISTORY_DAYS; at < day; at++) {
    if ((counts.get(at) ?? 0) < 1 || at >= from || warned.has(at) || isPaused(at)) continue
    history.push(at)
  }
  return history
}
