/** Recounts repeat-card: on one date, one card thrice for the same amount, or five times. */
import type { Day, Place } from './civil.ts'
import { createWatch, weigh, type Hit, type Watch } from './recount-watch.ts'
import type { Sold } from './recount-cards.ts'
import type { Tell } from './recount-track.ts'

export type Repeats = {
  readonly watch: Watch
  /** Minor units. */
  readonly amountMin: number
  readonly isExempt: boolean
  /** Amounts by sale, by card, by date. */
  days: Map<Day, Map<string, Map<string, number>>>
}

const EXEMPT = new Set(['4111', '4131', '4784', '7523', '5814', '5499'])
const AMOUNT_MIN = 50
const SAME_MIN = 3
const ANY_MIN = 5
const DATES_BEFORE = 29
const LATE_MS_MAX = 24 * 3_600_000

export function createRepeats(
  who: Readonly<{ place: Place; major: number; mcc: string }>,
  tell: Tell,
): Repeats {
  const watch = createWatch('repeat-card', { place: who.place, tell }, isSecondDate)
  const isExempt = EXEMPT.has(who.mcc)
  return { watch, amountMin: AMOUNT_MIN * who.major, isExempt, days: new Map() }
}

function isSecondDate({ day }: Hit, hits: readonly Hit[]): boolean {
  return hits.some((other) => other.day < day && other.day >= day - DATES_BEFORE)
}

export function foldRepeat(repeats: Repeats, id: string, sold: Sold, arriveMs: number): void {
  const { card, day, amount } = sold
  if (repeats.isExempt || card === undefined || amount < repeats.amountMin) return
  if (sold.lateMs > LATE_MS_MAX) return
  let cards = repeats.days.get(day)
  if (cards === undefined) {
    cards = new Map()
    repeats.days.set(day, cards)
    repeats.days.delete(day - 4)
  }
  const ofCard = cards.get(card)
  if (ofCard === undefined) cards.set(card, new Map([[id, amount]]))
  else ofCard.set(id, amount)
  judge(repeats, day, arriveMs, day < repeats.watch.place.dayAt(arriveMs))
}

/** Taken back, or reduced to `left` minor units. */
export function reduceRepeat(
  repeats: Repeats,
  id: string,
  sold: Sold,
  left: number,
  arriveMs: number,
): void {
  const ofCard = repeats.days.get(sold.day)?.get(sold.card ?? '')
  if (ofCard?.has(id) !== true) return
  if (left < repeats.amountMin) ofCard.delete(id)
  else ofCard.set(id, left)
  judge(repeats, sold.day, arriveMs, true)
}

/** Each date from the one that changed to today. */
function judge(repeats: Repeats, from: Day, arriveMs: number, isRevision: boolean): void {
  const today = Math.max(from, repeats.watch.place.dayAt(arriveMs))
  const verdicts = []
  for (let day = from; day <= today; day++) {
    const level = isRepeated(repeats.days.get(day)) ? ('notice' as const) : undefined
    verdicts.push({ rule: 'date', day, at: day, level })
  }
  weigh(repeats.watch, verdicts, arriveMs, isRevision)
}

function isRepeated(cards: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined): boolean {
  for (const ofCard of cards?.values() ?? []) {
    if (ofCard.size < SAME_MIN) continue
    if (ofCard.size >= ANY_MIN) return true
    const amounts = [...ofCard.values()]
    if (amounts.some((one) => amounts.filter((other) => other === one).length >= SAME_MIN)) {
      return true
    }
  }
  return false
}
