/** What is known of a merchant while its day is played, and how an event of the day is noted. */
import type { Card } from './cards.ts'
import type { Day } from './civil.ts'
import { sourceOf, type Plan } from './plan.ts'
import type { Body, Planned } from './planned.ts'
import type { Rng } from './random.ts'

export type Trading = {
  readonly plan: Plan
  readonly rng: Rng
  /** The day's events so far, in no order. */
  out: Planned[]
  day: Day
  /** Events and transactions of the day, counted. */
  serial: number
  scriptAt: number
  cards: number
  /** Sales of each day by number and sum, for the surges. */
  counts: Map<Day, number>
  sums: Map<Day, number>
  till: Till
}

/** A sale as far as what follows it must know. */
export type Sale = Readonly<{
  timeMs: number
  arriveMs: number
  terminalId: string
  transactionId: string
  amount: number
  card: Card
}>

/** What has been sold and not been paid out. Minor units. */
export type Till = { batches: string[]; gross: number }

/** Adds an event of the day. */
export function emit(trading: Trading, body: Body, timeMs: number, arriveMs?: number): void {
  const { plan, rng, out, day } = trading
  const id = `e-${plan.index}d${day}n${trading.serial++}`
  const arrival = arriveMs ?? timeMs + rng.int(150, 2_500)
  out.push({ arriveMs: arrival, timeMs, source: sourceOf(plan, body.type), id, ...body })
}
