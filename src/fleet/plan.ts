/** One merchant as planned: what it is, when it trades, and what will befall it. */
import type { Day, Place } from './civil.ts'
import type { Body, Planned } from './planned.ts'
import type { Rng } from './random.ts'
import type { Country, Trade } from './trades.ts'

/** Later than every date of a stream. */
export const FOREVER = 1_000_000

/** Dates, both ends included. */
export type Span = readonly [from: Day, to: Day]

export type TerminalPlan = {
  readonly terminalId: string
  serialNo: string
  /** Its part of the sales, against those of the others. */
  share: number
  /** First and last date on which it can sell. */
  sells: Span
  silent: Span[]
  /** Minute of its daily heartbeat; undefined where it sends none. */
  beatMinute: number | undefined
}

/** A day of extraordinary trade, as a multiple of the trimmed mean so far. */
export type Surge = Readonly<{ day: Day; times: number; isBelow: boolean }>

export type Plan = {
  readonly index: number
  readonly merchantId: string
  readonly country: Country
  readonly place: Place
  readonly trade: Trade
  /** Sales on an average open day. */
  readonly mean: number
  /** Minor units. */
  readonly median: number
  readonly rng: Rng
  readonly boardDay: Day
  readonly cause: string
  /** Detectors that it would be tempting, and wrong, to hear. */
  never: string[]
  terminals: TerminalPlan[]
  closed: Span[]
  /** After this date nothing happens any more. */
  lastDay: Day
  surges: Surge[]
  /** Nothing is voided, reversed or forwarded. */
  isCalm: boolean
  isOpenOnHolidays: boolean
  springDays: number
  /** Events of their own time, beside the daily trade. */
  script: Planned[]
  serial: number
}

export function isWithin(spans: readonly Span[], day: Day): boolean {
  return spans.some(([from, to]) => day >= from && day <= to)
}

/** An instant of a local date. Seconds are drawn, so that nothing falls on a full minute. */
export function instantOf(place: Place, rng: Rng, day: Day, minute: number): number {
  return place.startMs(day) + minute * 60_000 + rng.int(1_000, 58_000)
}

/** Adds an event to the script; it arrives within seconds unless told otherwise. */
export function say(
  plan: Plan,
  body: Body,
  timeMs: number,
  arriveMs: number = timeMs + plan.rng.int(300, 2_500),
): void {
  const id = `e-${plan.index}s${plan.serial++}`
  plan.script.push({ arriveMs, timeMs, source: sourceOf(plan, body.type), id, ...body })
}

export function sourceOf(plan: Plan, type: string): string {
  if (type.startsWith('terminal.')) return 'urn:tms:1'
  if (/^(fee|balance)\./.test(type)) return 'urn:billing:1'
  if (/^(card|batch|payout)\./.test(type)) return `urn:switch:${1 + (plan.index % 3)}`
  return 'urn:boarding:1'
}
