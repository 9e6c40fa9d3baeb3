/** Recounts decline-burst-card: every window of ten minutes, card by card. */
import type { Day, Place } from './civil.ts'
import type { Tell } from './recount-track.ts'

export type Attempt = Readonly<{
  ms: number
  id: string
  card: string | undefined
  isDeclined: boolean
  code: string
  issuer: string | undefined
  amount: number
}>

export type Declines = {
  readonly place: Place
  readonly tell: Tell
  /** The newest attempts by time, then id. */
  ring: Attempt[]
  /** The pane of each card's latest hit. */
  hitPanes: Map<string, number>
  lastHitDay: Day
  open: 'notice' | 'warning' | undefined
  nextMs: number
}

const WINDOW_MS = 600_000
const DECLINES_MIN = 3
const CARDS_FOR_WARNING = 3
const PANE_MS = 300_000
const PANES_OF_DAY = 288
const RING_MAX = 512
const RING_MS = 7_200_000
const HOUR_MS = 3_600_000
const LATE_MS_MAX = HOUR_MS

export function createDeclines(place: Place, tell: Tell): Declines {
  const none = { hitPanes: new Map(), lastHitDay: -Infinity, open: undefined, nextMs: Infinity }
  return { place, tell, ring: [], ...none }
}

/** Folds an attempt, approved or not, and judges the windows that it is in. */
export function foldAttempt(declines: Declines, attempt: Attempt, arriveMs: number): void {
  const { ring } = declines
  const newest = ring.at(-1)?.ms ?? attempt.ms
  if (newest - attempt.ms > LATE_MS_MAX) return
  let place = ring.length
  while (place > 0 && isAfter(ring[place - 1]!, attempt)) place--
  ring.splice(place, 0, attempt)
  const oldestMs = Math.max(newest, attempt.ms) - RING_MS
  while (ring.length > RING_MAX || ring[0]!.ms < oldestMs) ring.shift()
  let told = declines.open
  for (const end of ring) {
    if (end.ms < attempt.ms || end.ms - attempt.ms >= WINDOW_MS) continue
    const stage = judgeWindow(declines, end.ms)
    if (stage === 'warning' || told === undefined) told = stage ?? told
  }
  if (told === undefined) return
  if (told !== declines.open) declines.tell('decline-burst-card', 'account', told, arriveMs)
  declines.open = told
  // Two whole days without a hit after the last one.
  declines.nextMs = declines.place.startMs(declines.lastHitDay + 3)
}

export function closeDeclines(declines: Declines, atMs: number): void {
  if (declines.open !== undefined) {
    declines.tell('decline-burst-card', 'account', 'resolved', atMs)
  }
  declines.open = undefined
  declines.nextMs = Infinity
}

function judgeWindow(declines: Declines, endMs: number): 'notice' | 'warning' | undefined {
  const counts = new Map<string, number>()
  for (const { ms, card, isDeclined } of declines.ring) {
    if (!isDeclined || card === undefined || ms > endMs || ms <= endMs - WINDOW_MS) continue
    counts.set(card, (counts.get(card) ?? 0) + 1)
  }
  const pane = Math.floor(endMs / PANE_MS)
  let isHit = false
  for (const [card, count] of counts) {
    if (count < DECLINES_MIN) continue
    isHit = true
    declines.hitPanes.set(card, Math.max(pane, declines.hitPanes.get(card) ?? pane))
  }
  if (!isHit) return undefined
  declines.lastHitDay = Math.max(declines.lastHitDay, declines.place.dayAt(endMs))
  const recent = [...declines.hitPanes.values()].filter(
    (hit) => hit <= pane && hit > pane - PANES_OF_DAY,
  )
  return recent.length >= CARDS_FOR_WARNING ? 'warning' : 'notice'
}

/** Ends of the windows of an hour that an attempt is in; none where it came too late for the ring. */
export function hourEnds(ring: readonly Attempt[], attempt: Attempt): number[] {
  if (attempt === ring.at(-1)) return [attempt.ms]
  if (!ring.includes(attempt)) return []
  const ends = ring.filter(({ ms }) => ms >= attempt.ms && ms - attempt.ms < HOUR_MS)
  return [...new Set(ends.map(({ ms }) => ms))]
}

export function inHour(ring: readonly Attempt[], endMs: number): Attempt[] {
  return ring.filter(({ ms }) => ms <= endMs && ms > endMs - HOUR_MS)
}

function isAfter(one: Attempt, other: Attempt): boolean {
  return one.ms > other.ms || (one.ms === other.ms && one.id > other.id)
}
