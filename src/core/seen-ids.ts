/**
 * Which events were folded already: the newest 512 by (time, id), forgotten from the oldest on once they arrived
 * more than 72 hours before the newest arrival. Times are kept to the minute. Beside each id, 16 bits of its
 * body, and of card traffic a hash of (terminal, stan, rrn, local date): adapters lose ids, terminals
 * repeat attempts. A day later that hash alone is kept, for it tells a repeat with the same id as well.
 */
import { dropRows, emptyRows, get32, get48, openRow, put16, put32, put48, see48 } from './rows.ts'
import type { Rows } from './rows.ts'
import { isFull, mayHold, newSieve, note } from './seen-sieve.ts'
import type { Sieve } from './seen-sieve.ts'
import { HOUR_MS, MINUTE_MS } from './time.ts'
import type { EpochMs } from './time.ts'

const IDS_MAX = 512
const KEPT_MINUTES = (72 * HOUR_MS) / MINUTE_MS
/** Behind the newest; inclusive. Older card traffic is told by its swipe alone. */
const NAMED_MINUTES = (24 * HOUR_MS) / MINUTE_MS
/** Two instants of one local date are nearer to each other. */
const DATE_MINUTES = (26 * HOUR_MS) / MINUTE_MS

/** 48 bits of the id, 16 of the body, the minutes of its time and of its arrival since 1970, 40 of the swipe. */
export const ID_WIDTH = 21
export const BODY = 6
export const TIME = 8
export const ARRIVAL = 12
export const SWIPE = 16

const LOW_RANGE = 0x1_0000_0000
/** Fewer are looked through as fast. */
const SIEVED_MIN = 64

export type SeenIds = {
  /** Ascending by (time, id). */
  ids: Rows
  /**
   * Rows at the beginning that the stored *past* holds, and how many of its rows were forgotten since it
   * was written: so one more id does not rewrite them all.
   */
  stored: { rows: number; forgotten: number }
  /** Of many ids; undefined: to be gathered when asked for. Not encoded. */
  sieve: Sieve | undefined
}

export const emptySeenIds = (): SeenIds => ({
  ids: emptyRows(),
  stored: { rows: 0, forgotten: 0 },
  sieve: undefined,
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
export function repeatOf(seen: SeenIds, sighting: Sighting): Repeat {
  const { ids } = seen
  const { idHash, bodyHash, swipe, timeMs } = sighting
  if (ids.count >= SIEVED_MIN && !isLetThrough(seen, idHash, swipe)) return 'new'
  const { bytes, view, count } = ids
  const id = idHash % LOW_RANGE
  const swipeLow = swipe % LOW_RANGE
  const minute = minuteOf(timeMs)
  let isSwiped = false
  // Nearly every row differs in both low halves.
  for (let at = (count - 1) * ID_WIDTH; at >= 0; at -= ID_WIDTH) {
    if (view.getUint32(at, true) === id && see48(ids, at) === idHash && !isBare(ids, at)) {
      return view.getUint16(at + BODY, true) === bodyHash ? 'same' : 'reused'
    }
    if (swipe === 0 || view.getUint32(at + SWIPE, true) !== swipeLow) continue
    const isSame = bytes[at + SWIPE + 4] === (Math.floor(swipe / LOW_RANGE) & 255)
    // The date is part of the hash. That it may be the same makes 40 bits enough, and 32 for what comes a day late.
    if (
      (isSame || isBare(ids, at)) &&
      Math.abs(view.getUint32(at + TIME, true) - minute) < DATE_MINUTES
    )
      isSwiped = true
  }
  return isSwiped ? 'same-swipe' : 'new'
}

function isLetThrough(seen: SeenIds, idHash: number, swipe: number): boolean {
  const sieve = (seen.sieve ??= sieveOf(seen.ids))
  return mayHold(sieve, idHash) || (swipe !== 0 && mayHold(sieve, swipe))
}

/** By the lower halves: of a swipe a day old nothing else is kept. */
function sieveOf(ids: Rows): Sieve {
  const sieve = newSieve()
  for (let at = 0; at < ids.count * ID_WIDTH; at += ID_WIDTH) {
    note(sieve, ids.view.getUint32(at, true))
    note(sieve, ids.view.getUint32(at + SWIPE, true))
  }
  return sieve
}

/** Its id was given up. */
function isBare(ids: Rows, at: number): boolean {
  return see48(ids, at) === 0 && ids.view.getUint16(at + BODY, true) === 0 && hasSwipe(ids, at)
}

function hasSwipe({ bytes, view }: Rows, at: number): boolean {
  return view.getUint32(at + SWIPE, true) + bytes[at + SWIPE + 4]! > 0
}

const minuteOf = (ms: EpochMs): number => Math.max(0, Math.floor(ms / MINUTE_MS))

/** Older than everything in a full ring: folded, but its repeats could not be recognised. */
export function isBeyond({ ids }: SeenIds, timeMs: EpochMs): boolean {
  return ids.count === IDS_MAX && minuteOf(timeMs) < get32(ids.bytes, TIME)
}

/** When the newest of them arrived, to the minute. 0: none is held. */
export function newestArrivalMs({ ids }: SeenIds): EpochMs {
  let newest = 0
  for (let at = 0; at < ids.count * ID_WIDTH; at += ID_WIDTH) {
    newest = Math.max(newest, get32(ids.bytes, at + ARRIVAL))
  }
  return newest * MINUTE_MS
}

/**
 * Keeps the id in its place by (time, id). True: the stored *past* holds other rows now and has to be
 * written again.
 */
export function remember(seen: SeenIds, sighting: Sighting): boolean {
  const { ids, stored } = seen
  const { timeMs, arrivedMs, idHash, bodyHash, swipe } = sighting
  const minute = minuteOf(timeMs)
  let place = ids.count
  while (place > 0 && isAfter(ids.bytes, (place - 1) * ID_WIDTH, minute, idHash)) place--
  if (ids.count === IDS_MAX && place === 0) return false
  const before = newestMinute(ids)
  openRow(ids, ID_WIDTH, place)
  const at = place * ID_WIDTH
  put48(ids.bytes, at, idHash)
  put16(ids.bytes, at + BODY, bodyHash)
  put32(ids.bytes, at + TIME, minute)
  put32(ids.bytes, at + ARRIVAL, minuteOf(arrivedMs))
  put32(ids.bytes, at + SWIPE, swipe % LOW_RANGE)
  ids.bytes[at + SWIPE + 4] = Math.floor(swipe / LOW_RANGE)
  noteInSieve(seen, idHash, swipe)
  const isAmongStored = place < stored.rows
  if (isAmongStored) stored.rows++
  giveUpIds(ids, place === ids.count - 1 ? before : minute)
  forget(seen, minuteOf(arrivedMs) - KEPT_MINUTES)
  return isAmongStored
}

function noteInSieve(seen: SeenIds, idHash: number, swipe: number): void {
  const { sieve } = seen
  if (sieve === undefined) return
  note(sieve, idHash)
  note(sieve, swipe)
  if (isFull(sieve)) seen.sieve = undefined
}

function newestMinute({ bytes, count }: Rows): number {
  return count === 0 ? 0 : get32(bytes, (count - 1) * ID_WIDTH + TIME)
}

/** Of card traffic a day before the newest. Those a day before `done` were looked at already. */
export function giveUpIds(ids: Rows, done = 0): void {
  const from = done - NAMED_MINUTES
  const to = newestMinute(ids) - NAMED_MINUTES
  for (let row = rowFrom(ids, from); row < ids.count; row++) {
    const at = row * ID_WIDTH
    if (get32(ids.bytes, at + TIME) >= to) return
    if (!hasSwipe(ids, at)) continue
    ids.bytes.fill(0, at, at + TIME)
    ids.bytes[at + SWIPE + 4] = 0
  }
}

/** The first row of this minute or a later one. */
function rowFrom({ bytes, count }: Rows, minute: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (get32(bytes, middle * ID_WIDTH + TIME) < minute) low = middle + 1
    else high = middle
  }
  return low
}

function isAfter(bytes: Uint8Array, at: number, minute: number, id: number): boolean {
  const other = get32(bytes, at + TIME)
  return other > minute || (other === minute && get48(bytes, at) > id)
}

/** From the oldest on, what is one too many and those that arrived too long ago. */
function forget({ ids, stored }: SeenIds, before: number): void {
  let old = Math.max(0, ids.count - IDS_MAX)
  while (old < ids.count && get32(ids.bytes, old * ID_WIDTH + ARRIVAL) < before) old++
  if (old === 0) return
  dropRows(ids, ID_WIDTH, 0, old)
  const forgotten = Math.min(old, stored.rows)
  stored.rows -= forgotten
  stored.forgotten += forgotten
}
