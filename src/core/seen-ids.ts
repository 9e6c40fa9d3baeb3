/**
 * Which events were folded already: the newest 512 ids by (time, id), forgotten from the oldest on once they
 * arrived more than 72 hours before the newest arrival.
 * Beside each id, 16 bits of its body, and a hash of (terminal, stan, rrn, local date) of card traffic:
 * adapters lose ids, terminals repeat attempts.
 */
import { HOUR_MS } from './time.ts'
import type { EpochMs } from './time.ts'

const IDS_MAX = 512
const KEPT_MS = 72 * HOUR_MS

/** Ascending by (time, id). Only this file knows the layout. */
export type SeenIds = {
  count: number
  timesMs: Float64Array<ArrayBuffer>
  arrivalsMs: Float64Array<ArrayBuffer>
  /** 48-bit integers. */
  ids: Float64Array<ArrayBuffer>
  bodies: Uint16Array<ArrayBuffer>
  /** 48-bit integers; 0 where the event has no stan and rrn. */
  swipes: Float64Array<ArrayBuffer>
}

const none = new Float64Array(0)

export const emptySeenIds = (): SeenIds => ({
  count: 0,
  timesMs: none,
  arrivalsMs: none,
  ids: none,
  bodies: new Uint16Array(0),
  swipes: none,
})

export type Sighting = Readonly<{
  timeMs: EpochMs
  arrivedMs: EpochMs
  idHash: number
  bodyHash: number
  /** 0: none. */
  swipe: number
}>

/** Told before anything is changed. */
export type Repeat =
  | 'new'
  | 'same'
  /** The same id with another body. */
  | 'reused'
  /** Another id, but the same attempt at the same terminal on the same local date. */
  | 'same-swipe'

/** Looks the event up. An event older than all of a full ring cannot be told from a repeat. */
export function repeatOf(seen: SeenIds, { idHash, bodyHash, swipe }: Sighting): Repeat {
  const at = indexOf(seen.ids, idHash, seen.count)
  if (at >= 0) return seen.bodies[at] === bodyHash ? 'same' : 'reused'
  if (swipe !== 0 && indexOf(seen.swipes, swipe, seen.count) >= 0) return 'same-swipe'
  return 'new'
}

/** Older than everything in a full ring: folded, but its repeats could not be recognised. */
export function isBeyond(seen: SeenIds, timeMs: EpochMs): boolean {
  return seen.count === IDS_MAX && timeMs < seen.timesMs[0]!
}

/** Keeps the id in its place by (time, id). */
export function remember(seen: SeenIds, sighting: Sighting): void {
  const { timeMs, arrivedMs, idHash } = sighting
  if (isBeyond(seen, timeMs)) return
  let place = seen.count
  while (place > 0 && isAfter(seen, place - 1, timeMs, idHash)) place--
  if (seen.count === IDS_MAX) {
    if (place === 0) return
    moveDown(seen, 1)
    place--
  } else if (seen.count === seen.ids.length) {
    grow(seen)
  }
  if (place < seen.count) {
    for (const column of columns(seen)) column.copyWithin(place + 1, place, seen.count)
  }
  seen.timesMs[place] = timeMs
  seen.arrivalsMs[place] = arrivedMs
  seen.ids[place] = idHash
  seen.bodies[place] = sighting.bodyHash
  seen.swipes[place] = sighting.swipe
  seen.count++
  forget(seen, arrivedMs - KEPT_MS)
}

/** From the oldest on, those that arrived too long ago. */
function forget(seen: SeenIds, beforeMs: EpochMs): void {
  let old = 0
  while (old < seen.count && seen.arrivalsMs[old]! < beforeMs) old++
  if (old > 0) moveDown(seen, old)
}

function moveDown(seen: SeenIds, dropped: number): void {
  for (const column of columns(seen)) column.copyWithin(0, dropped, seen.count)
  seen.count -= dropped
}

function grow(seen: SeenIds): void {
  const size = Math.min(IDS_MAX, Math.max(8, seen.ids.length * 2))
  const wider = (column: Float64Array) => {
    const copy = new Float64Array(size)
    copy.set(column)
    return copy
  }
  const bodies = new Uint16Array(size)
  bodies.set(seen.bodies)
  seen.timesMs = wider(seen.timesMs)
  seen.arrivalsMs = wider(seen.arrivalsMs)
  seen.ids = wider(seen.ids)
  seen.swipes = wider(seen.swipes)
  seen.bodies = bodies
}

const columns = (seen: SeenIds) =>
  [seen.timesMs, seen.arrivalsMs, seen.ids, seen.bodies, seen.swipes] as const

function isAfter(seen: SeenIds, at: number, timeMs: EpochMs, id: number): boolean {
  const otherMs = seen.timesMs[at]!
  return otherMs > timeMs || (otherMs === timeMs && seen.ids[at]! > id)
}

function indexOf(column: Float64Array, wanted: number, count: number): number {
  const at = column.indexOf(wanted)
  return at < count ? at : -1
}
