/** Recounts round-amount: among the large sales of seven days, many of round sums. */
import type { Day, Place } from './civil.ts'
import { closeWatch, createWatch, lowerBound, weigh, type Watch } from './recount-watch.ts'
import type { Sold } from './recount-cards.ts'
import type { Tell } from './recount-track.ts'

export type Round = {
  readonly watch: Watch
  readonly major: number
  readonly isExempt: boolean
  /** Another behaviour detector's warning is open. */
  readonly isAnotherOpen: () => boolean
  days: Map<Day, { large: number; round: number }>
}

const EXEMPT = new Set(['6513', '8398', '5541', '5542', '5947', '6540'])
const TUITION = ['8211', '8299'] as const
const LARGE_MIN = 1_000
const ROUND_STEP = 500
const COUNT_MIN = 10
const SHARE_MIN = 0.3
const DAYS = 7
const LATE_MS_MAX = 72 * 3_600_000

export function createRound(
  who: Readonly<{ place: Place; major: number; mcc: string; isAnotherOpen: () => boolean }>,
  tell: Tell,
): Round {
  const { place, major, mcc, isAnotherOpen } = who
  const isExempt = EXEMPT.has(mcc) || (mcc >= TUITION[0] && mcc <= TUITION[1])
  const watch = createWatch('round-amount', { place, tell })
  return { watch, major, isExempt, isAnotherOpen, days: new Map() }
}

export function foldRound(round: Round, sold: Sold, arriveMs: number): void {
  const { day, amount } = sold
  if (round.isExempt || !isLarge(round, amount) || sold.lateMs > LATE_MS_MAX) return
  count(round, day, amount, 1)
  judge(round, day, arriveMs, day < round.watch.place.dayAt(arriveMs))
}

/** Taken back, or reduced to `left` minor units. */
export function reduceRound(round: Round, sold: Sold, left: number, arriveMs: number): void {
  const { day, amount } = sold
  if (round.isExempt || !isLarge(round, amount) || sold.lateMs > LATE_MS_MAX) return
  count(round, day, amount, -1)
  if (isLarge(round, left)) count(round, day, left, 1)
  judge(round, day, arriveMs, true)
}

export function closeRound(round: Round): void {
  closeWatch(round.watch, (day) => holds(round, day))
}

function isLarge({ major }: Round, amount: number): boolean {
  return amount >= LARGE_MIN * major
}

function count({ days, major }: Round, day: Day, amount: number, by: 1 | -1): void {
  const tally = days.get(day) ?? { large: 0, round: 0 }
  days.set(day, tally)
  tally.large += by
  if (amount % (ROUND_STEP * major) === 0) tally.round += by
}

/** The seven days that end with each date from the one that changed to today. */
function judge(round: Round, from: Day, arriveMs: number, isRevision: boolean): void {
  const today = Math.max(from, round.watch.place.dayAt(arriveMs))
  const verdicts = []
  const level: 'notice' | 'warning' = round.isAnotherOpen() ? 'warning' : 'notice'
  for (let day = from; day <= Math.min(today, from + DAYS - 1); day++) {
    verdicts.push({ rule: 'week', day, at: day, level: holds(round, day) ? level : undefined })
  }
  weigh(round.watch, verdicts, arriveMs, isRevision)
}

function holds({ days }: Round, day: Day): boolean {
  let large = 0
  let round = 0
  for (let at = day - DAYS + 1; at <= day; at++) {
    large += days.get(at)?.large ?? 0
    round += days.get(at)?.round ?? 0
  }
  return large >= COUNT_MIN && lowerBound(round, large) >= SHARE_MIN
}
