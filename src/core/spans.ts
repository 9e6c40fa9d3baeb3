/** Spans of machine time, as limits write them. */
import { z } from 'zod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts'
import type { EpochMs } from './time.ts'

const UNITS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS }
const SPAN = /^([1-9]\d{0,3})([smh])$/

/** Milliseconds of `90s`, `10m`, `1h`; NaN for what is no span. */
export function spanMs(text: string): number {
  const [, count, unit] = SPAN.exec(text) ?? []
  return Number(count) * (UNITS[unit ?? ''] ?? NaN)
}

/** A window exact to the event: an hour at most, for the ring holds no more. */
export const burstSpan = z
  .string()
  .regex(SPAN, { error: "expected a span such as '10m'" })
  .transform(spanMs)
  .refine((ms) => ms <= HOUR_MS, { error: 'a burst is judged over an hour at most' })

const PANE_SECONDS = 300

/** Five-minute pane of an instant, counted from 1970. */
export function paneOf(atMs: EpochMs): number {
  return Math.floor(atMs / SECOND_MS / PANE_SECONDS)
}

/** A day's window: the pane of its end and the 287 before, 23 h 55 min to 24 h. */
export const PANES_A_DAY = 288

/** The instant at which a pane ends. Exclusive. */
export function paneEndMs(pane: number): EpochMs {
  return (pane + 1) * PANE_SECONDS * SECOND_MS
}
