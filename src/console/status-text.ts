/** How the status page writes instants, spans and counts. */
import { html } from 'hono/html'
import { createZones, HOUR_MS, MINUTE_MS, NOMINAL_DAY_MS, SECOND_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'

/** Escaped: only what `html` made is taken as it is. */
export type Html = ReturnType<typeof html>

const zoneOf = createZones()

/** `2026-04-01 00:00:00 +08:00` (or `UTC`), machine-readable too. */
export function instant(atMs: EpochMs, zone: string): Html {
  const text = zoneOf(zone).text(Math.floor(atMs / SECOND_MS) * SECOND_MS)
  const shown = `${text.slice(0, 10)} ${text.slice(11, 19)}`
  const where = zone === 'UTC' ? zone : text.slice(19)
  return html`<time datetime="${text}">${shown}<span class="zone"> ${where}</span></time>`
}

/** In its two largest units: `2 d 4 h`, `3 min 20 s`. */
export function span(ms: number): string {
  const units = [
    ['d', NOMINAL_DAY_MS],
    ['h', HOUR_MS],
    ['min', MINUTE_MS],
    ['s', SECOND_MS],
  ] as const
  const first = units.findIndex(([, unitMs]) => ms >= unitMs)
  if (first < 0) return '0 s'
  let left = ms
  const parts = units.slice(first, first + 2).map(([name, unitMs]) => {
    const count = Math.floor(left / unitMs)
    left -= count * unitMs
    return count === 0 ? '' : `${count} ${name}`
  })
  return parts.filter((it) => it !== '').join(' ')
}

/** An unknown figure is a dash that is read out. */
export function figureOf(count: number | undefined): Html {
  if (count === undefined) return html`<span aria-label="unknown">–</span>`
  return html`${count.toLocaleString('en')}`
}
