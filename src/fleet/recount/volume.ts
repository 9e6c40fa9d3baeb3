/** Recounts volume-spike: a day, and seven days, against the ninety days before. */
import type { Day, Place } from '../civil.ts'
import type { Told, Tell } from './track.ts'

type Sale = Readonly<{ day: Day; amount: number }>
type Stage = 'notice' | 'warning'

type Open = { stage: Stage; warnedFrom: Day | undefined; hitDays: Day[]; hasWeekHit: boolean }

export type Volume = {
  readonly place: Place
  /** Minor units of one major unit. */
  readonly major: number
  readonly mcc: string
  readonly tell: Tell
  readonly isPaused: (day: Day) => boolean
  counts: Map<Day, number>
  sums: Map<Day, number>
  sales: Map<string, Sale>
  /** No day up to this one is judged; undefined before the activation. */
  burnInEnd: Day | undefined
  dayHits: Set<Day>
  /** Days left out of the baseline: the detector stood at the stage `warning`. */
  warned: Set<Day>
  open: Open | undefined
  nextClose: Day
  nextMs: number
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

const TIMES_NOTICE = 3
const TIMES_WARNING = 7
const COUNT_MIN = 20
const SUM_MIN = 5_000
const TRADING_DAYS_MIN = 20
const HISTORY_DAYS = 90
const BURN_IN_DAYS = 14
/** Mean count and sum, in major units, of merchants too young to have a baseline. */
const COHORTS: Readonly<Record<string, readonly [count: number, sum: number]>> = {
  '5411': [60, 4_000],
}

export function createVolume(
  who: Readonly<{ place: Place; major: number; mcc: string; isPaused: (day: Day) => boolean }>,
  tell: Tell,
): Volume {
  return {
    ...who,
    tell,
    counts: new Map(),
    sums: new Map(),
    sales: new Map(),
    burnInEnd: undefined,
    dayHits: new Set(),
    warned: new Set(),
    open: undefined,
    nextClose: 0,
    nextMs: Infinity,
    bases: undefined,
  }
}

export function startBurnIn(volume: Volume, day: Day): void {
  volume.burnInEnd ??= day + BURN_IN_DAYS
}

/** Folds a sale that is young enough for the day tallies, and judges the days that it touches. */
export function foldSale(volume: Volume, id: string, sale: Sale, arriveMs: number): void {
  volume.sales.set(id, sale)
  if (volume.bases?.day !== sale.day) volume.bases = undefined
  volume.counts.set(sale.day, (volume.counts.get(sale.day) ?? 0) + 1)
  volume.sums.set(sale.day, (volume.sums.get(sale.day) ?? 0) + sale.amount)
  const today = volume.place.dayAt(arriveMs)
  let reached = judgeDay(volume, sale.day)
  for (let end = sale.day; end <= Math.min(sale.day + 6, today); end++) {
    const stage = judgeWeek(volume, end)
    if (reached !== 'warning') reached = stage ?? reached
  }
  if (sale.day < today) {
    const isTold = reached === undefined || volume.open?.stage === reached
    if (!isTold) throw new Error('a late sale of a spike')
    assertStands(volume)
  } else if (reached !== undefined) reach(volume, reached, today, arriveMs)
}

/** Takes a voided or reversed sale out of its day. */
export function undoSale(volume: Volume, id: string): void {
  const sale = volume.sales.get(id)
  if (sale === undefined) return
  volume.sales.delete(id)
  volume.bases = undefined
  volume.counts.set(sale.day, volume.counts.get(sale.day)! - 1)
  volume.sums.set(sale.day, volume.sums.get(sale.day)! - sale.amount)
  assertStands(volume)
}

/**
 * A late sale or one taken back asks an open warning again. The fleet is planned so that it never
 * changes the answer; should it, the truth would need a rule that is not here.
 */
function assertStands(volume: Volume): void {
  const { open } = volume
  if (open === undefined) return
  if (open.hasWeekHit) throw new Error('a week of a spike is asked again')
  const stages = open.hitDays.map((day) => judgeDay(volume, day))
  if (stages.includes(undefined) || !stages.includes(open.stage)) {
    throw new Error('a spike is asked again, with another answer')
  }
}

/** The close of a day, told at the first instant of the next. */
export function closeVolume(volume: Volume, atMs: number): void {
  const { open } = volume
  const day = volume.nextClose
  if (open === undefined) return
  const near = [day - 1, day, day + 1]
  const isDayOver = open.hitDays.length === 0 || !near.some((hit) => volume.dayHits.has(hit))
  const isWeekOver = !open.hasWeekHit || !holds(volume, 'week', day, TIMES_NOTICE)
  if (isDayOver && isWeekOver) return endVolume(volume, 'resolved', atMs, day)
  volume.nextClose++
  volume.nextMs = volume.place.startMs(volume.nextClose + 1)
}

export function endVolume(volume: Volume, told: Told, atMs: number, day: Day): void {
  if (volume.open === undefined) return
  volume.tell('volume-spike', 'account', told, atMs)
  const { warnedFrom } = volume.open
  if (warnedFrom !== undefined) for (let at = warnedFrom; at <= day; at++) volume.warned.add(at)
  volume.open = undefined
  volume.nextMs = Infinity
  volume.bases = undefined
}

function reach(volume: Volume, stage: Stage, today: Day, arriveMs: number): void {
  volume.open ??= { stage, warnedFrom: undefined, hitDays: [], hasWeekHit: false }
  const { open } = volume
  const isNew = volume.nextMs === Infinity
  if (isNew || (stage === 'warning' && open.stage === 'notice')) {
    volume.tell('volume-spike', 'account', stage, arriveMs)
    open.stage = stage
    if (stage === 'warning') open.warnedFrom = today
  }
  if (volume.dayHits.has(today) && open.hitDays.at(-1) !== today) open.hitDays.push(today)
  open.hasWeekHit ||= holds(volume, 'week', today, TIMES_NOTICE)
  if (!isNew) return
  volume.nextClose = today
  volume.nextMs = volume.place.startMs(today + 1)
}

function judgeDay(volume: Volume, day: Day): Stage | undefined {
  if (!isJudged(volume, day) || !holds(volume, 'day', day, TIMES_NOTICE)) return undefined
  volume.dayHits.add(day)
  if (!hasHistory(volume, day)) return 'notice'
  const isTwice = volume.dayHits.has(tradingDayBefore(volume, day))
  return isTwice || holds(volume, 'day', day, TIMES_WARNING) ? 'warning' : 'notice'
}

function judgeWeek(volume: Volume, day: Day): Stage | undefined {
  if (!isJudged(volume, day) || !holds(volume, 'week', day, TIMES_NOTICE)) return undefined
  const isHigh = hasHistory(volume, day) && holds(volume, 'week', day, TIMES_WARNING)
  return isHigh ? 'warning' : 'notice'
}

function isJudged(volume: Volume, day: Day): boolean {
  return volume.burnInEnd !== undefined && day > volume.burnInEnd && !volume.isPaused(day)
}

function holds(volume: Volume, window: 'day' | 'week', day: Day, times: number): boolean {
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

function hasHistory(volume: Volume, day: Day): boolean {
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
function historyOf({ open, warned, counts, isPaused }: Volume, day: Day): Day[] {
  const from = open?.warnedFrom ?? Infinity
  const history: Day[] = []
  for (let at = day - HISTORY_DAYS; at < day; at++) {
    if ((counts.get(at) ?? 0) < 1 || at >= from || warned.has(at) || isPaused(at)) continue
    history.push(at)
  }
  return history
}

function tradingDayBefore(volume: Volume, day: Day): Day {
  let before = day - 1
  while (before > day - HISTORY_DAYS && (volume.counts.get(before) ?? 0) < 1) before--
  return before
}
