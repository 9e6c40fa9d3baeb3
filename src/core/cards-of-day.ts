/** How often each card paid which amount on a local date: the 256 smallest cardTokens of the day. */
import type { Day } from './time.ts'

const CARDS_MAX = 256
/** Today and yesterday. */
const DAYS_MAX = 2

/** Of one card. */
const AMOUNTS_MAX = 32
/** Stands for all that are larger than those kept one by one: no sale of nothing is tallied. */
export const LARGER = 0

export type CardSales = {
  /**
   * Amount in minor units, and how many sales of it are left: the 32 smallest of a card, then `LARGER` with
   * those of all others.
   */
  readonly amounts: [amount: number, count: number][]
  /** How many in all, and of the amount paid most often, `LARGER` apart: each sale asks. Not encoded. */
  sales: number
  same: number
}

/** A card whose sales were all taken back keeps its place: else it would matter what came first. */
export type CardsOfDay = { day: Day; cards: Map<string, CardSales> }

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
  const sales = of.cards.get(token) ?? openCard(of.cards, token)
  if (sales === undefined) return false
  noteAmount(sales.amounts, amount, count)
  countSales(sales)
  return true
}

export function newCardSales(amounts: [amount: number, count: number][] = []): CardSales {
  const sales = { amounts, sales: 0, same: 0 }
  countSales(sales)
  return sales
}

function countSales(of: CardSales): void {
  let sales = 0
  let same = 0
  for (const held of of.amounts) {
    sales += held[1]
    if (held[0] !== LARGER && held[1] > same) same = held[1]
  }
  of.sales = sales
  of.same = same
}

/** Whatever the order of arrival: those that are kept one by one are the smallest. */
function noteAmount(amounts: CardSales['amounts'], amount: number, count: number): void {
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
  const of: CardsOfDay = { day, cards: new Map() }
  days.push(of)
  days.sort((a, b) => a.day - b.day)
  while (days.length > DAYS_MAX || days[0]!.day < days.at(-1)!.day - 1) days.shift()
  return days.includes(of) ? of : undefined
}

function openCard(cards: Map<string, CardSales>, token: string): CardSales | undefined {
  if (cards.size >= CARDS_MAX) {
    let largest = ''
    for (const held of cards.keys()) if (held > largest) largest = held
    if (token > largest) return undefined
    cards.delete(largest)
  }
  const sales = newCardSales()
  cards.set(token, sales)
  return sales
}
