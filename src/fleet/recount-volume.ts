/** Recounts volume-spike: a day, and seven days, against the ninety days before. */
import type { Day } from './civil.ts'
import type { Told } from './recount-track.ts'
import { hasHistory, HISTORY_DAYS, holds } from './recount-volume-rule.ts'
import type { Sale, Volume, VolumeStage } from './recount-volume-rule.ts'

const TIMES_NOTICE = 3
const TIMES_WARNING = 7
const BURN_IN_DAYS = 14

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

/** Part of a sale is given back: the day has as many sales, and less of a sum. */
export function reduceSale(volume: Volume, id: string, part: number): void {
  const sale = volume.sales.get(id)
  if (sale === undefined) return
  volume.sales.set(id, { ...sale, amount: sale.amount - part })
  volume.bases = undefined
  volume.sums.set(sale.day, volume.sums.get(sale.day)! - part)
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

function reach(volume: Volume, stage: VolumeStage, today: Day, arriveMs: number): void {
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

function judgeDay(volume: Volume, day: Day): VolumeStage | undefined {
  if (!isJudged(volume, day) || !holds(volume, 'day', day, TIMES_NOTICE)) return undefined
  volume.dayHits.add(day)
  if (!hasHistory(volume, day)) return 'notice'
  const isTwice = volume.dayHits.has(tradingDayBefore(volume, day))
  return isTwice || holds(volume, 'day', day, TIMES_WARNING) ? 'warning' : 'notice'
}

function judgeWeek(volume: Volume, day: Day): VolumeStage | undefined {
  if (!isJudged(volume, day) || !holds(volume, 'week', day, TIMES_NOTICE)) return undefined
  const isHigh = hasHistory(volume, day) && holds(volume, 'week', day, TIMES_WARNING)
  return isHigh ? 'warning' : 'notice'
}

function isJudged(volume: Volume, day: Day): boolean {
  return volume.burnInEnd !== undefined && day > volume.burnInEnd && !volume.isPaused(day)
}

function tradingDayBefore(volume: Volume, day: Day): Day {
  let before = day - 1
  while (before > day - HISTORY_DAYS && (volume.counts.get(before) ?? 0) < 1) before--
  return before
}
