/** Recounts volume-spike: a day, and seven days, against the ninety days before. */
import type { Day } from './civil.ts'
import { hasHistory, holds, TIMES_NOTICE, TIMES_WARNING } from './recount-volume-rule.ts'
import type { Sale, Volume } from './recount-volume-rule.ts'
import { closeWatch, hitsOf, weigh } from './recount-watch.ts'

const BURN_IN_DAYS = 14

export function startBurnIn(volume: Volume, day: Day): void {
  volume.burnInEnd ??= day + BURN_IN_DAYS
}

/** Folds a sale that is young enough for the day tallies, and judges the days that it touches. */
export function foldSale(volume: Volume, id: string, sale: Sale, arriveMs: number): void {
  volume.sales.set(id, sale)
  add(volume, sale.day, 1, sale.amount)
  if (volume.bases?.day !== sale.day) volume.bases = undefined
  judge(volume, sale.day, arriveMs, sale.day < volume.watch.place.dayAt(arriveMs))
}

/** Takes a voided or reversed sale out of its day. */
export function undoSale(volume: Volume, id: string, arriveMs: number): void {
  const sale = volume.sales.get(id)
  if (sale === undefined) return
  volume.sales.delete(id)
  add(volume, sale.day, -1, -sale.amount)
  judge(volume, sale.day, arriveMs, true)
}

/** Part of a sale is given back: the day has as many sales, and less of a sum. */
export function reduceSale(volume: Volume, id: string, arriveMs: number, part: number): void {
  const sale = volume.sales.get(id)
  if (sale === undefined) return
  volume.sales.set(id, { ...sale, amount: sale.amount - part })
  add(volume, sale.day, 0, -part)
  judge(volume, sale.day, arriveMs, true)
}

/** The close of a day, told at the first instant of the next. */
export function closeVolume(volume: Volume): void {
  const { watch } = volume
  const hits = hitsOf(watch)
  const isIn = (rule: string) => {
    return hits.some((hit) => hit.rule === rule && hit.episode === watch.episode)
  }
  closeWatch(watch, (day) => {
    const isNear = hits.some((hit) => hit.rule === 'day' && hit.at >= day - 1)
    return (isIn('day') && isNear) || (isIn('week') && holds(volume, 'week', day, TIMES_NOTICE))
  })
}

function add(volume: Volume, day: Day, count: number, sum: number): void {
  const { counts, sums } = volume
  counts.set(day, (counts.get(day) ?? 0) + count)
  sums.set(day, (sums.get(day) ?? 0) + sum)
}

/** Each date from the one that changed to today; after a revision also those told of. */
function judge(volume: Volume, from: Day, arriveMs: number, isRevision: boolean): void {
  const { watch } = volume
  if (isRevision) volume.bases = undefined
  const today = Math.max(from, watch.place.dayAt(arriveMs))
  const days = new Set<Day>()
  for (let day = from; day <= today; day++) days.add(day)
  if (isRevision && watch.open !== undefined) for (const hit of hitsOf(watch)) days.add(hit.day)
  const verdicts = [...days].flatMap((day) => {
    return (['day', 'week'] as const).map((rule) => verdictOf(volume, rule, day))
  })
  const before = watch.open
  weigh(watch, verdicts, arriveMs, isRevision)
  // What a warning leaves out of the days before has changed.
  if (watch.open !== before) volume.bases = undefined
}

function verdictOf(volume: Volume, rule: 'day' | 'week', day: Day) {
  const verdict = { rule, day, at: day }
  const { burnInEnd, isPaused } = volume
  const isJudged = burnInEnd !== undefined && day > burnInEnd && !isPaused(day)
  if (!isJudged || !holds(volume, rule, day, TIMES_NOTICE)) return { ...verdict, level: undefined }
  if (!hasHistory(volume, day)) return { ...verdict, level: 'notice' as const, isCapped: true }
  const isFar = holds(volume, rule, day, TIMES_WARNING)
  return { ...verdict, level: isFar ? ('warning' as const) : ('notice' as const) }
}
