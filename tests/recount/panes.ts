/** Windows that end at attempts, and windows of five-minute panes. */
import type { Day } from './civil.ts'
import { dayOf, HOUR_MS } from './civil.ts'
import { isAfterInRing, ringOf, type RawEvent } from './raw.ts'

const PANE_MS = 300_000
const PANES = 288

export type Window = Readonly<{ key: string; end: number; day: Day; entries: readonly RawEvent[] }>

/** `B1h`: the windows ending at an attempt and at each later one less than an hour away. */
export function hoursAt(
  attempt: RawEvent,
  events: readonly RawEvent[],
  zone: string,
): readonly Window[] {
  const ring = ringOf(events)
  if (!ring.includes(attempt)) return []
  const ends = ring.filter((entry) => {
    return entry === attempt || (isAfterInRing(entry, attempt) && entry.t - attempt.t < HOUR_MS)
  })
  return [...new Set(ends.map(({ t }) => t))].map((end) => {
    const entries = ring.filter(({ t }) => t > end - HOUR_MS && t <= end)
    return { key: `hour ${end}`, end, day: dayOf(end, zone), entries }
  })
}

/** `P24h`: the windows ending at the pane of an entry and at each later pane that has one. */
export function panesAt(entry: RawEvent, entries: readonly RawEvent[], zone: string): Window[] {
  const pane = paneOf(entry)
  const ends = new Set(entries.map(paneOf).filter((end) => end >= pane && end < pane + PANES))
  return [...ends]
    .sort((a, b) => a - b)
    .map((end) => {
      const within = entries.filter((other) => {
        return paneOf(other) > end - PANES && paneOf(other) <= end
      })
      return { key: `pane ${end}`, end, day: dayOf(end * PANE_MS, zone), entries: within }
    })
}

/** The instant at which the first pane of a window begins. */
export function paneStartMs(end: number): number {
  return (end - PANES + 1) * PANE_MS
}

function paneOf({ t }: RawEvent): number {
  return Math.floor(t / PANE_MS)
}
