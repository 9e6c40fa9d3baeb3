/** Recounts unmatched-refund: money given back for sales that nobody can find. */
import { dayFrom, type Day, type Place } from './civil.ts'
import type { Refund } from './planned.ts'
import { createWatch, weigh, type Watch } from './recount-watch.ts'
import type { Tell } from './recount-track.ts'

export type Refunds = {
  readonly watch: Watch
  readonly place: Place
  /** Minor units. */
  readonly largeMin: number
  /** Before this date nothing is worse than a notice. */
  strictFrom: Day
  unmatched: { pane: number; amount: number }[]
}

const PANE_MS = 300_000
const PANES_OF_DAY = 288
const LARGE_MIN = 500
const COUNT_MIN = 3
const MIGRATION_DAYS = 180
const LATE_MS_MAX = 72 * 3_600_000

export function createRefunds(place: Place, major: number, tell: Tell): Refunds {
  const watch = createWatch('unmatched-refund', { place, tell })
  return { watch, place, largeMin: LARGE_MIN * major, strictFrom: -Infinity, unmatched: [] }
}

/** `migratedAt` is a civil date. */
export function migrate(refunds: Refunds, migratedAt: string): void {
  refunds.strictFrom = dayFrom(migratedAt) + MIGRATION_DAYS
}

export function foldRefund(refunds: Refunds, data: Refund, timeMs: number, arriveMs: number): void {
  if (data.matched !== false || arriveMs - timeMs > LATE_MS_MAX) return
  const { unmatched, watch, place } = refunds
  const pane = Math.floor(timeMs / PANE_MS)
  unmatched.push({ pane, amount: data.amount })
  const later = unmatched.filter((one) => one.pane >= pane && one.pane < pane + PANES_OF_DAY)
  const verdicts = [...new Set(later.map((one) => one.pane))].map((at) => {
    const day = place.dayAt(at * PANE_MS)
    return { rule: 'panes', day, at, level: levelAt(refunds, at, day) }
  })
  weigh(watch, verdicts, arriveMs, later.length > 1)
}

function levelAt(
  { unmatched, largeMin, strictFrom }: Refunds,
  pane: number,
  day: Day,
): 'notice' | 'warning' | undefined {
  const within = unmatched.filter((one) => one.pane <= pane && one.pane > pane - PANES_OF_DAY)
  const isHit = within.length >= COUNT_MIN || within.some(({ amount }) => amount >= largeMin)
  if (!isHit) return undefined
  return day < strictFrom ? 'notice' : 'warning'
}
