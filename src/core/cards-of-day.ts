/** How often each card paid which amount on a local date: the 256 smallest cardTokens of the day. */
import { emptyCards, nextCard } from './card-buffer.ts'
import type { Cards } from './card-buffer.ts'
import { addCard, dropCard, findCard, tokenOfCard } from './card-entries.ts'
import { amountsOf, countSales, putAmounts } from './card-sales.ts'
import type { CardAmounts } from './card-sales.ts'
import type { Day } from './time.ts'

const CARDS_MAX = 256
/** Today and yesterday. */
const DAYS_MAX = 2

/** Of one card. */
const AMOUNTS_MAX = 32
/** Stands for all that are larger than those kept one by one: no sale of nothing is tallied. */
export const LARGER = 0

/** Of one card: how many in all, and of the amount paid most often, `LARGER` apart. */
export type CardSales = Readonly<{ sales: number; same: number }>

/**
 * Of a card its 32 smallest amounts with how many sales are left of each, then `LARGER` with those of all others.
 * One whose sales were all taken back keeps its place: else it would matter what came first.
 */
export type CardsOfDay = { day: Day; cards: Cards }

/** Adds a sale, or takes one out (`count` −1). False: not tallied. */
export function noteCard(
  days: CardsOfDay[],
  day: Day,
  token: string,
  amount: number,
  count: 1 | -1,
): boolean {
  const of = cardsOn(days, day) ?? open(days, day)
  if (of === undefined) return false
  const { cards } = of
  const known = findCard(cards, token)
  const place = known < 0 ? openCard(cards, token) : known
  if (place < 0) return false
  const amounts = amountsOf(cards, place)
  noteAmount(amounts, amount, count)
  putAmounts(cards, place, amounts)
  cards.last = place
  return true
}

/** Undefined: no sale of the card is tallied. */
export function salesOf(cards: Cards, token: string): CardSales | undefined {
  const place = findCard(cards, token)
  return place < 0 ? undefined : countSales(cards, place, LARGER, { sales: 0, same: 0 })
}

/** In the order in which they came. */
export function allCards(cards: Cards): [token: string, amounts: CardAmounts][] {
  const all: [string, CardAmounts][] = []
  for (let place = 0; place < cards.size; place = nextCard(cards, place)) {
    all.push([tokenOfCard(cards, place), amountsOf(cards, place)])
  }
  return all
}

/** Of the card that is nearest to something; of equals, of the one that came first. */
export function salesOfNearest(
  { cards }: CardsOfDay,
  nearness: (sales: CardSales) => number,
): CardSales {
  const one = { sales: 0, same: 0 }
  let found = { sales: 0, same: 0 }
  let nearest = 0
  for (let place = 0; place < cards.size; place = nextCard(cards, place)) {
    countSales(cards, place, LARGER, one)
    const near = nearness(one)
    if (near <= nearest) continue
    nearest = near
    found = { ...one }
  }
  return found
}

/** Whatever the order of arrival: those that are kept one by one are the smallest. */
function noteAmount(amounts: CardAmounts, amount: number, count: number): void {
  // `LARGER` is the smallest of numbers, and stands last.
  const kept = Math.min(amounts.length, AMOUNTS_MAX)
  let place = 0
  while (place < kept && amounts[place]![0] < amount) place++
  const isKept = place < kept && amounts[place]![0] === amount
  const of = isKept || place === AMOUNTS_MAX ? amounts[place] : undefined
  if (of !== undefined) of[1] = Math.max(0, of[1] + count)
  if (of !== undefined || count < 0) return
  amounts.splice(place, 0, [amount, count])
  if (amounts.length <= AMOUNTS_MAX) return
  const others = amounts.splice(AMOUNTS_MAX).reduce((sum, [, some]) => sum + some, 0)
  amounts.push([LARGER, others])
}

export function cardsOn(days: readonly CardsOfDay[], day: Day): CardsOfDay | undefined {
  for (const of of days) if (of.day === day) return of
  return undefined
}

function open(days: CardsOfDay[], day: Day): CardsOfDay | undefined {
  if (days.length === DAYS_MAX && day < days[0]!.day) return undefined
  const of: CardsOfDay = { day, cards: emptyCards() }
  days.push(of)
  days.sort((a, b) => a.day - b.day)
  while (days.length > DAYS_MAX || days[0]!.day < days.at(-1)!.day - 1) days.shift()
  return days.includes(of) ? of : undefined
}

/** −1: there are as many smaller ones. */
function openCard(cards: Cards, token: string): number {
  if (cards.count >= CARDS_MAX) {
    const largest = largestOf(cards)
    if (token > largest) return -1
    dropCard(cards, findCard(cards, largest))
  }
  return addCard(cards, token)
}

function largestOf(cards: Cards): string {
  let largest = ''
  for (let place = 0; place < cards.size; place = nextCard(cards, place)) {
    const held = tokenOfCard(cards, place)
    if (held > largest) largest = held
  }
  return largest
}
