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

/** Columns, ascending by (time, id). Only this file and the codec know the layout. */
export type SeenIds = {
  timesMs: number[]
  arrivalsMs: number[]
  /** 48-bit integers. */
  ids: number[]
  bodies: number[]
  /** 48-bit integers; 0 where the event has no stan and rrn. */
  swipes: number[]
}

export const emptySeenIds = (): SeenIds => ({
  timesMs: [],
  arrivalsMs: [],
  ids: [],
  bodies: [],
  swipes: [],
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
  const at = lastOf(seen.ids, idHash)
  if (at >= 0) return seen.bodies[at] === bodyHash ? 'same' : 'reused'
  if (swipe !== 0 && lastOf(seen.swipes, swipe) >= 0) return 'same-swipe'
  return 'new'
}

/** As `lastIndexOf`, which makes an object of every number it passes. */
function lastOf(column: readonly number[], wanted: number): number {
  let at = column.length - 1
  while (at >= 0 && column[at] !== wanted) at--
  return at
}

/** Older than everything in a full ring: folded, but its repeats could not be recognised. */
export function isBeyond({ timesMs }: SeenIds, atMs: EpochMs): boolean {
  return timesMs.length === IDS_MAX && atMs < timesMs[0]!
}

/** Keeps the id in its place by (time, id). */
export function remember(seen: SeenIds, sighting: Sighting): void {
  const { timeMs, arrivedMs, idHash } = sighting
  const { timesMs } = seen
  if (isBeyond(seen, timeMs)) return
  let place = timesMs.length
  while (place > 0 && isAfter(seen, place - 1, timeMs, idHash)) place--
  if (timesMs.length === IDS_MAX && place === 0) return
  insert(timesMs, place, timeMs)
  insert(seen.arrivalsMs, place, arrivedMs)
  insert(seen.ids, place, idHash)
  insert(seen.bodies, place, sighting.bodyHash)
  insert(seen.swipes, place, sighting.swipe)
  forget(seen, arrivedMs - KEPT_MS)
}

function insert(column: number[], place: number, value: number): void {
  if (place === column.length) column.push(value)
  else column.splice(place, 0, value)
}

/** From the oldest on, what is one too many and those that arrived too long ago. */
function forget(seen: SeenIds, beforeMs: EpochMs): void {
  const { arrivalsMs } = seen
  let old = Math.max(0, arrivalsMs.length - IDS_MAX)
  while (old < arrivalsMs.length && arrivalsMs[old]! < beforeMs) old++
  if (old === 0) return
  for (const column of [seen.timesMs, arrivalsMs, seen.ids, seen.bodies, seen.swipes]) {
    column.splice(0, old)
  }
}

function isAfter(seen: SeenIds, at: number, timeMs: EpochMs, id: number): boolean {
  const otherMs = seen.timesMs[at]!
  return otherMs > timeMs || (otherMs === timeMs && seen.ids[at]! > id)
}
