/** One account of a stream: its local time, its ids, and the events planned for it so far. */
import { at, HOUR_MS, plusDays, type Day } from './civil.ts'
import type { Draw } from './draw.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 24 * HOUR_MS

export type Planned = Readonly<{ arrivalMs: number; text: string }>
export type Timing = Readonly<{
  /** From happening to arriving. */
  lateMs?: number
}>

export type Plan = Readonly<{
  draw: Draw
  zone: string
  currency: string
  otherCurrency: string
  merchantId: string
  startOn: Day
  endMs: number
  /** The instant at a second of a local date's clock, counted from its first instant. */
  on: (day: Day, seconds: number) => number
  /** Any date of the stream, or some days after one. */
  day: (min: number, max: number, from?: Day) => Day
  add: (type: string, timeMs: number, data: object, timing?: Timing) => void
  name: (prefix: string) => string
}>

export const PLACES: readonly [Place, ...Place[]] = [
  { zone: 'Asia/Shanghai', country: 'CN', currency: 'CNY', otherCurrency: 'USD' },
  { zone: 'America/New_York', country: 'US', currency: 'USD', otherCurrency: 'EUR' },
  { zone: 'Europe/Berlin', country: 'DE', currency: 'EUR', otherCurrency: 'USD' },
  { zone: 'America/Santiago', country: 'CL', currency: 'USD', otherCurrency: 'EUR' },
]

export type Place = Readonly<{
  zone: string
  country: string
  currency: string
  otherCurrency: string
}>

type Frame = Readonly<{
  draw: Draw
  place: Place
  merchantId: string
  tenant: string
  startOn: Day
  days: number
  mcc: string
}>

const REPEAT_PERCENT = 4
const REPEAT_LATE_MAX_MS = 20 * HOUR_MS

export function createPlan(frame: Frame, events: Planned[]): Plan {
  const { draw, place, merchantId, tenant, startOn } = frame
  const { zone, country } = place
  const endMs = at(plusDays(startOn, frame.days), zone)
  let names = 0
  const name = (prefix: string) => `${prefix}-${merchantId}-${(names += 1)}`
  const on = (day: Day, seconds: number) => at(day, zone) + seconds * 1000

  function add(type: string, timeMs: number, data: object, { lateMs = 0 }: Timing = {}): void {
    const arrivalMs = timeMs + lateMs
    const event = { id: name('e'), source: draw.one(['urn:a', 'urn:b']), type, tenantid: tenant }
    const push = (atMs: number) => {
      const times = { time: text(timeMs), receivedat: text(atMs) }
      if (atMs >= at(startOn, zone) && atMs <= endMs) {
        const line = { ...event, subject: merchantId, ...times, data }
        events.push({ arrivalMs: atMs, text: JSON.stringify(line) })
      }
    }
    push(arrivalMs)
    // A repeat is told from a new event only while its id is held, for three days.
    const isHeldLong = Math.abs(lateMs) < REPEAT_LATE_MAX_MS
    const isRepeated = isHeldLong && draw.percent(REPEAT_PERCENT)
    if (isRepeated) push(arrivalMs + draw.whole(0, REPEAT_LATE_MAX_MS / 1000) * 1000)
  }

  const plan: Plan = {
    draw,
    zone,
    currency: place.currency,
    otherCurrency: place.otherCurrency,
    merchantId,
    startOn,
    endMs,
    on,
    day: (min, max, from = startOn) => plusDays(from, draw.whole(min, max)),
    add,
    name,
  }
  const profile = { merchantType: 'enterprise', mcc: frame.mcc, timezone: zone, country }
  add('merchant.registered', on(startOn, 1), profile)
  add('deposit.paid', on(startOn, 2), { amount: 100, currency: place.currency })
  return plan
}

function text(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString()
}

/** A second of the day: any, or one on the edge of a midnight or of the grace after it. */
export function secondOf({ draw }: Plan): number {
  if (draw.percent(70)) return draw.whole(8 * 3600, 21 * 3600)
  return draw.one([-61, -60, -1, 0, 1, 30, 59, 60, 61, 119, 120, 300, 86_340])
}

/** How late an event of the field arrives: mostly at once, at times after a hundred days. */
export function lateness({ draw }: Plan): number {
  const span = draw.whole(1, 100)
  if (span <= 60) return draw.whole(0, 5) * 1000
  if (span <= 75) return draw.whole(1, 90) * MINUTE_MS
  if (span <= 85) return draw.whole(2, 40) * HOUR_MS
  return draw.whole(4, 100) * DAY_MS
}
