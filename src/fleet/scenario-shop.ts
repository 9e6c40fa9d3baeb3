/** The shop of the named scenarios: regular to the minute, so that every figure can be told. */
import { dateText, dayFrom, placeOf, type Day, type Place } from './civil.ts'
import type { Authorisation, Body, Planned } from './planned.ts'
import type { Actor } from './stream.ts'

export type ShopSpec = Readonly<{
  merchantId: string
  cause: string
  never?: readonly string[]
  zone?: string
  mcc?: string
  /** First date of trade. */
  since?: string
  /** Sales on a date; forty by default. */
  sales?: (date: string) => number
  /** The terminal of a date's n-th sale. */
  terminal?: (date: string, at: number) => string
  /** No heartbeat on the dates that it denies. */
  beats?: (date: string) => boolean
  beatMinutes?: number
  hasInterval?: boolean
  /** Minutes of the day at which its first and its last sale may fall. */
  hours?: readonly [from: number, to: number]
  /** Boarded by the script alone. */
  isUnready?: boolean
  /** Twice over, or shuffled on the way. */
  delivery?: 'twice' | 'shuffled'
  script?: (say: Say) => void
}>

/** `at` and `told` are `YYYY-MM-DDTHH:MM:SS` of the shop's clock; `told` is the arrival. */
export type Say = (at: string, body: Body, told?: string) => void

export type Scenario = Readonly<{
  name: string
  /** One sentence. */
  about: string
  /** First and last local date; the stream ends at noon of the last. */
  from: string
  to: string
  shops: readonly ShopSpec[]
}>

const CYCLE = [1_200, 1_850, 2_390, 3_600, 4_500, 6_780, 8_800, 12_800]
const MINUTE_MS = 60_000

export function shopActor(spec: ShopSpec): Actor {
  const place = placeOf(spec.zone ?? 'Asia/Shanghai')
  const { merchantId, cause, never = [] } = spec
  const createDays = () => createShop(spec, place)
  return { merchantId, place, mcc: spec.mcc ?? '5411', exponent: 2, cause, never, createDays }
}

/** An instant of the place's clock. */
export function clockMs(place: Place, text: string): number {
  return Temporal.PlainDateTime.from(text).toZonedDateTime(place.zone).epochMilliseconds
}

function createShop(spec: ShopSpec, place: Place): (day: Day) => Planned[] {
  const script: Planned[] = []
  const say: Say = (at, body, told) => {
    const timeMs = clockMs(place, at)
    const arriveMs = told === undefined ? timeMs + 500 : clockMs(place, told)
    script.push(planned(spec, `s${script.length}`, body, timeMs, arriveMs))
  }
  const since = spec.since ?? '2025-09-01'
  if (spec.isUnready !== true) board(spec, place, since, say)
  spec.script?.(say)
  return (day) => {
    const endMs = place.startMs(day + 1)
    const told = script.filter(({ arriveMs }) => arriveMs >= place.startMs(day) && arriveMs < endMs)
    const isTrading = day >= dayFrom(since) && spec.isUnready !== true
    const all = isTrading ? [...told, ...tradeOf(spec, place, day)] : told
    return all.flatMap((event, at) => delivered(spec, event, at))
  }
}

function board(spec: ShopSpec, place: Place, since: string, say: Say): void {
  const registered = {
    merchantType: 'individual-business',
    mcc: spec.mcc ?? '5411',
    timezone: place.zone,
    country: 'CN',
    scale: 6_300_000,
  }
  say(`${since}T07:00:00`, { type: 'merchant.registered', data: registered })
  const terminal = { terminalId: 'T1', serialNo: 'SN-A', role: 'primary' } as const
  say(`${since}T07:10:00`, { type: 'terminal.delivered', data: terminal })
  say(`${since}T07:20:00`, { type: 'terminal.activated', data: terminal })
}

function tradeOf(spec: ShopSpec, place: Place, day: Day): Planned[] {
  const date = dateText(day)
  const out: Planned[] = []
  const add = (body: Body, timeMs: number) =>
    out.push(planned(spec, `d${day}n${out.length}`, body, timeMs, timeMs + 400))
  const count = spec.sales?.(date) ?? 40
  const [from, to] = spec.hours ?? [540, 1_260]
  for (let at = 0; at < count; at++) {
    const timeMs =
      place.startMs(day) + from * MINUTE_MS + Math.floor((at * (to - from)) / count) * MINUTE_MS
    const terminalId = spec.terminal?.(date, at) ?? 'T1'
    const amount = CYCLE[at % CYCLE.length]!
    add({ type: 'card.authorisation', data: purchase(day, at, { terminalId, amount }) }, timeMs)
  }
  if (count > 0) closeDay(day, date, count, place, add)
  if (spec.beats?.(date) === false) return out
  const everyMs = (spec.beatMinutes ?? 15) * MINUTE_MS
  const beat = { terminalId: 'T1', storedOfflineCount: 0 }
  const data = spec.hasInterval === false ? beat : { ...beat, intervalS: everyMs / 1000 }
  for (let atMs = place.startMs(day); atMs < place.startMs(day + 1); atMs += everyMs) {
    add({ type: 'terminal.heartbeat', data }, atMs + 7_000)
  }
  return out
}

function closeDay(
  day: Day,
  date: string,
  count: number,
  place: Place,
  add: (body: Body, timeMs: number) => void,
): void {
  for (const [at, minute] of [615, 905].entries()) {
    const data = purchase(day, 9_000 + at, { terminalId: 'T1', amount: 3_600, code: '51' })
    add({ type: 'card.authorisation', data }, place.startMs(day) + minute * MINUTE_MS)
  }
  const sum = Array.from({ length: count }, (_, at) => CYCLE[at % CYCLE.length]!)
  const batch = {
    batchId: `b-${day}`,
    terminalId: 'T1',
    localDate: date,
    count,
    sum: sum.reduce((total, amount) => total + amount, 0),
    currency: 'CNY',
  }
  add({ type: 'batch.closed', data: batch }, place.startMs(day) + 1_350 * MINUTE_MS)
}

/** A purchase on a card of its own, unless a card is named. */
export function purchase(
  day: Day,
  at: number,
  more: Readonly<{ terminalId?: string; amount: number; code?: string; card?: string }>,
): Authorisation {
  const { terminalId = 'T1', amount, code = '00', card = `h1:d${day}c${at}` } = more
  const number = String(at).padStart(6, '0')
  return {
    transactionId: `tx-d${day}n${at}${terminalId}`,
    terminalId,
    mti: '0200',
    amount,
    currency: 'CNY',
    responseCode: code,
    approved: code === '00',
    stan: number,
    rrn: `${day}${number}`.padStart(12, '0'),
    entryMode: 'chip',
    cardToken: card,
    cardType: at % 2 === 0 ? 'credit' : 'debit',
    issuerId: `I${1 + (at % 5)}`,
  }
}

function planned(
  { merchantId }: ShopSpec,
  id: string,
  body: Body,
  timeMs: number,
  arriveMs: number,
): Planned {
  return { arriveMs, timeMs, source: 'urn:switch:1', id: `e-${merchantId}-${id}`, ...body }
}

/** On the way an event may come twice, or up to an hour late. */
function delivered({ delivery }: ShopSpec, event: Planned, at: number): Planned[] {
  if (delivery === 'twice') return [event, { ...event, arriveMs: event.arriveMs + 90_000 }]
  if (delivery !== 'shuffled') return [event]
  return [{ ...event, arriveMs: event.timeMs + ((at * 7_919) % 59) * MINUTE_MS }]
}
