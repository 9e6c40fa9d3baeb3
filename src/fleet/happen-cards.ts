/** The words of the causes about cards: attempts, what takes a sale back, refunds. */
import { authorisation, cardOf, type Card } from './cards.ts'
import type { Day } from './civil.ts'
import { say, type Plan } from './plan.ts'
import type { Authorisation, Body } from './planned.ts'

const MINUTE_MS = 60_000
/** Apart from all numbers of the daily trade and of other stories. */
const NUMBERS_FROM = 500_000
const CARDS_FROM = 5_000_000

export type Swipe = Readonly<{
  card: Card
  /** Minor units; the median of the shop by default. */
  amount?: number
  /** `00`, an approval, by default. */
  code?: string
  /** Makes it a forwarded one. */
  arriveMs?: number
}>

export type Swiped = Readonly<{ sale: Authorisation; timeMs: number }>

/** An instant of a date; seconds are drawn. */
export function minuteMs({ place, rng }: Plan, day: Day, minute: number): number {
  return place.startMs(day) + Math.floor(minute * MINUTE_MS) + rng.int(0, 9_000)
}

/** Minor units of so many yuan, or of what is as many in another currency. */
export function money({ country }: Plan, major: number): number {
  return major * 10 ** country.exponent
}

/** A card of which nothing has been heard. */
export function newCard(plan: Plan): Card {
  return cardOf(plan, CARDS_FROM + plan.serial++)
}

/** An attempt at an instant, online within a second unless it is a forwarded one. */
export function swipe(plan: Plan, timeMs: number, { card, arriveMs, ...more }: Swipe): Swiped {
  const number = NUMBERS_FROM + plan.serial
  const sale = authorisation(plan, {
    transactionId: `tx-${plan.index}s${plan.serial}`,
    terminalId: 'T1',
    amount: more.amount ?? plan.median,
    card,
    code: more.code ?? '00',
    stan: String(number).slice(-6),
    rrn: `5${String(number).padStart(11, '0')}`,
    isQr: false,
    ...(arriveMs === undefined ? {} : { forwardedAt: plan.place.stamp(arriveMs) }),
  })
  const body: Body = { type: 'card.authorisation', data: sale }
  say(plan, body, timeMs, arriveMs ?? timeMs + plan.rng.int(200, 900))
  return { sale, timeMs }
}

/** Undoes a sale so many minutes later, by a void or, now and then, by a time-out. */
export function undo(plan: Plan, swiped: Swiped, minutes: number): void {
  const data = undoing(plan, swiped, swiped.sale.amount)
  const timeMs = swiped.timeMs + minutes * MINUTE_MS
  const body: Body = plan.rng.chance(0.25)
    ? { type: 'card.reversal', data: { ...data, reversalType: 'system-timeout' } }
    : { type: 'card.void', data: { ...data, sameDay: true } }
  say(plan, body, timeMs)
}

/** Gives a part of a sale back, in minor units. */
export function undoPart(plan: Plan, swiped: Swiped, part: number, minutes: number): void {
  const data = { ...undoing(plan, swiped, part), reversalType: 'partial' } as const
  say(plan, { type: 'card.reversal', data }, swiped.timeMs + minutes * MINUTE_MS)
}

function undoing({ place }: Plan, { sale, timeMs }: Swiped, amount: number) {
  const { transactionId, terminalId, currency, cardToken } = sale
  return {
    originalTransactionId: transactionId,
    originalTime: place.stamp(timeMs),
    ...(cardToken === undefined ? {} : { cardToken }),
    terminalId,
    amount,
    currency,
  }
}

/** A refund of a sale that nobody finds, unless it is a matched one. */
export function refund(
  plan: Plan,
  timeMs: number,
  amount: number,
  { arriveMs, isMatched = false }: Readonly<{ arriveMs?: number; isMatched?: boolean }> = {},
): void {
  const { rng, country } = plan
  const data = {
    transactionId: `rf-${plan.index}s${plan.serial}`,
    terminalId: 'T1',
    amount,
    currency: country.currency,
    cardToken: newCard(plan).token,
    cashierId: `c:${rng.int(1, 3)}`,
    matched: isMatched,
  }
  const failures = ['no-original', 'exceeds-remaining', 'different-card'] as const
  const body: Body = {
    type: 'card.refund',
    data: isMatched ? data : { ...data, matchFailure: rng.pick(failures) },
  }
  say(plan, body, timeMs, arriveMs)
}
