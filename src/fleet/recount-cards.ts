/** The six detectors of cards and amounts, as one: what they are told, and when they wake. */
import type { Day, Place } from './civil.ts'
import type { Planned } from './planned.ts'
import type { Attempt, Declines } from './recount-declines.ts'
import { createRatio, foldRatio, type Past, type Ratio } from './recount-ratio.ts'
import { createRefunds, foldRefund, migrate, type Refunds } from './recount-refunds.ts'
import { createRepeats, foldRepeat, reduceRepeat, type Repeats } from './recount-repeats.ts'
import { closeRound, createRound, foldRound, reduceRound, type Round } from './recount-round.ts'
import { createSleeper, foldSleeper, reduceSleeper, type Sleeper } from './recount-sleeper.ts'
import { createTesting, foldTesting } from './recount-testing.ts'
import { closeWatch, endWatch, type Watch } from './recount-watch.ts'
import type { Tell } from './recount-track.ts'

/** A sale as the tallies know it. */
export type Sold = Readonly<{
  ms: number
  /** From its time to its arrival. */
  lateMs: number
  day: Day
  /** What is left of it, in minor units. */
  amount: number
  card: string | undefined
  /** By no card of the owner or the staff. */
  isActivity: boolean
}>

export type Cards = {
  readonly ratio: Ratio
  readonly testing: Watch
  readonly repeats: Repeats
  readonly round: Round
  readonly sleeper: Sleeper
  readonly refunds: Refunds
  readonly watches: readonly Watch[]
  sold: Map<string, Sold>
}

/** Far more sales than there are in the hours in which one is taken back. */
const SOLD_MAX = 2_000

type Who = Past &
  Readonly<{
    place: Place
    /** Minor units of one major unit. */
    major: number
    mcc: string
    isPausedIn: (from: Day, to: Day) => boolean
    /** A warning is open of a behaviour detector that is not here. */
    isElseOpen: () => boolean
  }>

export function createCards(who: Who, tell: Tell): Cards {
  const { place, major, isElseOpen } = who
  const ratio = createRatio(place, who, tell)
  const testing = createTesting(place, tell)
  const repeats = createRepeats(who, tell)
  const sleeper = createSleeper(who, tell)
  const refunds = createRefunds(place, major, tell)
  const others = [ratio.watch, testing, repeats.watch, sleeper.watch, refunds.watch]
  const isAnotherOpen = () => isElseOpen() || others.some(({ open }) => open !== undefined)
  const round = createRound({ ...who, isAnotherOpen }, tell)
  const watches = [...others, round.watch]
  return { ratio, testing, repeats, round, sleeper, refunds, watches, sold: new Map() }
}

export function nextOfCards({ watches }: Cards): number {
  return Math.min(...watches.map(({ nextMs }) => nextMs))
}

export function closeCards({ watches, round }: Cards, dueMs: number): void {
  for (const watch of watches) {
    if (watch.nextMs !== dueMs) continue
    if (watch === round.watch) closeRound(round)
    else closeWatch(watch)
  }
}

export function endCards({ watches }: Cards, atMs: number): void {
  for (const watch of watches) endWatch(watch, 'resolved', atMs)
}

/** After the attempt has been put into the ring, or found too late for it. */
export function foldTry(
  { ratio, testing }: Cards,
  { ring }: Declines,
  attempt: Attempt,
  arriveMs: number,
): void {
  foldRatio(ratio, ring, attempt, arriveMs)
  foldTesting(testing, ring, attempt, arriveMs)
}

/** A sale that nothing has taken back, after every other tally knows it. */
export function foldSold(cards: Cards, id: string, sold: Sold, arriveMs: number): void {
  cards.sold.set(id, sold)
  if (cards.sold.size > SOLD_MAX) cards.sold.delete(cards.sold.keys().next().value!)
  foldRepeat(cards.repeats, id, sold, arriveMs)
  foldSleeper(cards.sleeper, id, sold, arriveMs)
  foldRound(cards.round, sold, arriveMs)
}

/** Takes a sale back, or `part` of it in minor units. */
export function reduceSold(cards: Cards, id: string, arriveMs: number, part?: number): void {
  const sold = cards.sold.get(id)
  if (sold === undefined) return
  const left = part === undefined ? 0 : sold.amount - part
  if (part === undefined) cards.sold.delete(id)
  else cards.sold.set(id, { ...sold, amount: left })
  reduceRepeat(cards.repeats, id, sold, left, arriveMs)
  const kept = part === undefined ? undefined : left
  reduceSleeper(cards.sleeper, id, kept, { day: sold.day, arriveMs })
  reduceRound(cards.round, sold, left, arriveMs)
}

/** What is neither a sale nor an attempt. */
export function foldOther({ refunds, sleeper }: Cards, event: Planned): void {
  switch (event.type) {
    case 'card.refund':
      foldRefund(refunds, event.data, event.timeMs, event.arriveMs)
      return
    case 'merchant.profile-changed':
      migrate(refunds, event.data.migratedAt)
      return
    case 'merchant.reverified':
      if (event.data.result === 'success') sleeper.explained.push(event.timeMs)
      return
    case 'terminal.replaced':
    case 'terminal.recovered':
      sleeper.explained.push(event.timeMs)
      return
    default:
  }
}
