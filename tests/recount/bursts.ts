/** decline-burst-card: three declines of one card within ten minutes. */
import { dayOf } from './civil.ts'
import type { Account, BurstHit } from './account.ts'
import type { Spoken } from './hits.ts'
import { isAfterInRing, isDecline, ringOf, zoneOf, type RawEvent } from './raw.ts'

const WINDOW_MS = 10 * 60_000
const DECLINES_MIN = 3
const PANE_MS = 300_000
const PANES = 288
const CARDS_FOR_WARNING = 3

/** The windows ending at an attempt and at each later one less than a window away. */
export function judgeBursts(account: Account, attempt: RawEvent): Spoken {
  const ring = ringOf(account.events)
  const zone = zoneOf(account.events)
  const none: Spoken = { stage: undefined, isNew: false }
  if (!ring.includes(attempt)) return none
  const ends = ring.filter((entry) => {
    return entry === attempt || (isAfterInRing(entry, attempt) && entry.t - attempt.t < WINDOW_MS)
  })
  return ends.reduce((judged, windowEnd) => {
    const hits = hitsAt(windowEnd, ring, zone)
    if (hits.length === 0) return judged
    const fresh = hits.filter((hit) => !account.burstHits.some((held) => isSame(held, hit)))
    account.burstHits.push(...fresh)
    const isWarning = cardsHitBy(account, windowEnd.t) >= CARDS_FOR_WARNING
    const stage = isWarning || judged.stage === 'warning' ? 'warning' : 'notice'
    return { stage, isNew: judged.isNew || fresh.length > 0 }
  }, none)
}

function hitsAt({ id, t }: RawEvent, ring: readonly RawEvent[], zone: string): BurstHit[] {
  const declines = ring
    .filter((entry) => isDecline(entry) && entry.t > t - WINDOW_MS && entry.t <= t)
    .flatMap(({ data }) => (data.cardToken === undefined ? [] : [data.cardToken]))
  return [...new Set(declines)]
    .filter((card) => declines.filter((other) => other === card).length >= DECLINES_MIN)
    .map((card) => ({ card, endId: id, endMs: t, day: dayOf(t, zone) }))
}

function isSame(a: BurstHit, b: BurstHit): boolean {
  return a.card === b.card && a.endId === b.endId
}

/** Cards whose latest hit, up to this window's pane, lies in the panes that end with it. */
function cardsHitBy({ burstHits }: Account, endMs: number): number {
  const pane = Math.floor(endMs / PANE_MS)
  const hits = burstHits.filter((hit) => {
    const hitPane = Math.floor(hit.endMs / PANE_MS)
    return hitPane > pane - PANES && hitPane <= pane
  })
  return new Set(hits.map(({ card }) => card)).size
}
