/** A sale in everything that is counted by local day: in, out, or at another amount. */
import { dirtyDay } from './account.ts'
import { noteAmount } from './amounts.ts'
import type { Applying } from './applying.ts'
import { cardHash } from './attempts.ts'
import { allCards, cardsOn, noteCard } from './cards-of-day.ts'
import { classOf } from './counting.ts'
import { noteDay } from './days.ts'
import { minorOf } from './money.ts'
import { loseFirst, noteWatched } from './reactivation.ts'
import type { Day } from './time.ts'

export type Sale = Readonly<{
  on: Day
  /** Minor units. */
  amount: number
  currency: string
  /** In the account's currency: it counts in sums, bins and classes by amount. */
  isInMoney: boolean
  /** Undefined: without a card, or too late for the tallies by card. */
  token: string | undefined
}>

/** `count` 1: it is one sale more; −1: one less. The local date is asked for by the windows of a day. */
export function tallySale(applying: Applying, sale: Sale, count: 1 | -1): void {
  const { account, changes, counting } = applying
  const { on, amount, currency, isInMoney, token } = sale
  const sum = isInMoney ? count * amount : 0
  const { large, round } = isInMoney ? classOf(counting, amount, currency) : NO_CLASS
  noteDay(account.days, on, { count, sum, large: count * large, round: count * round })
  if (isInMoney) noteAmount(account.amounts, on, amount, count)
  dirtyDay(account, on)
  if (isInMoney) noteWatched(account, on, amount, count)
  if (count < 0) loseFirst(account, on)
  if (large > 0) changes.add('large-sales')
  if (token !== undefined && isInMoney) tallyCard(applying, sale, token, count)
  changes.add('sales')
  applying.touchedOn = on
}

const NO_CLASS = { large: 0, round: 0 } as const

function tallyCard(
  { account, changes, counting, zone, arrivedMs }: Applying,
  { on, amount, currency }: Sale,
  token: string,
  count: 1 | -1,
): void {
  const { cardMin } = counting
  if (cardMin === undefined || amount < minorOf(cardMin, currency)) return
  // Of today and yesterday: an older date may be there still, if no later one has taken its place.
  if (on < zone.dayOf(arrivedMs) - 1) return
  if (!noteCard(account.cards, on, token, amount, count)) return
  changes.add('card-sales')
}

/** The token of a card that is held by its hash alone, where that day's tally has it. */
export function tokenOf({ account }: Applying, on: Day, card: number): string | undefined {
  const of = cardsOn(account.cards, on)
  if (of === undefined || card === 0) return undefined
  for (const [token] of allCards(of.cards)) if (cardHash(token) === card) return token
  return undefined
}
