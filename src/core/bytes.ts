/** Packed bytes: whole numbers as varints, text as UTF-8 behind its length. */

import { get48, put48 } from './rows.ts'
import { MINUTE_MS } from './time.ts'

/** Sections are taken from one piece of memory by the hundred: a buffer for each costs more than to write it. */
const PIECE_BYTES = 64 * 1024
const VARINT_BYTES_MAX = 8
const PLAIN_MAX = 48
const WIDE_BYTES = 6
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Of an instant or a date; what is finite begins at `FINITE`. */
const NEVER = 0
const NOT_YET = 1
const FINITE = 2

/** Of either sign onto 0, 1, 2 …: what is near zero is short. */
const foldedOf = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
const unfolded = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

export type Writer = Readonly<{
  /** 0 to 255. */
  byte: (value: number) => void
  /** A whole number from 0 to 2^53 − 1. */
  count: (value: number) => void
  /** A whole number from 0 to 2^48 − 1, in six bytes: instants and hashes. */
  wide: (value: number) => void
  /** A whole number of either sign. */
  signed: (value: number) => void
  /** Epoch milliseconds by their distance from the instant before, or either infinity. */
  instant: (value: number) => void
  /** A local date by its distance from the one before, or either infinity. */
  day: (value: number) => void
  flag: (value: boolean) => void
  text: (value: string) => void
  /** Of characters below 128, without its length. */
  plain: (value: string) => void
  optionalText: (value: string | undefined) => void
  /** The instant by which the next is told. */
  lastMs: () => number
  place: () => number
  /** A copy of what was written since a `place`. */
  since: (place: number) => Uint8Array
  /** So many bytes of others, as they are. */
  copy: (from: Uint8Array, place: number, size: number) => void
  /**
   * What was written since the last `take`: never written over, and a part of something larger, which is held
   * as long as any of its parts. Copy what is kept for long.
   */
  take: () => Uint8Array
}>

export function createWriter(): Writer {
  let bytes = new Uint8Array(PIECE_BYTES)
  let start = 0
  let at = 0
  let lastMs = 0
  let lastDay = 0

  function room(size: number): void {
    if (at + size <= bytes.length) return
    const written = at - start
    const next = new Uint8Array(Math.max(PIECE_BYTES, 2 * (written + size)))
    next.set(bytes.subarray(start, at))
    bytes = next
    start = 0
    at = written
  }
  function count(value: number): void {
    room(VARINT_BYTES_MAX)
    let left = value
    while (left >= 128) {
      bytes[at++] = (left % 128) | 128
      left = Math.floor(left / 128)
    }
    bytes[at++] = left
  }
  function instant(value: number): void {
    if (value === Infinity || value === -Infinity) return count(value > 0 ? NEVER : NOT_YET)
    const minutes = value / MINUTE_MS
    // Clocks stand at whole minutes, events hardly ever.
    if (Number.isInteger(minutes)) {
      count(foldedOf(minutes - Math.floor(lastMs / MINUTE_MS)) * 2 + FINITE)
    } else count(foldedOf(value - lastMs) * 2 + 1 + FINITE)
    lastMs = value
  }
  function day(value: number): void {
    if (value === Infinity || value === -Infinity) return count(value > 0 ? NEVER : NOT_YET)
    count(foldedOf(value - lastDay) + FINITE)
    lastDay = value
  }
  function text(value: string): void {
    const { length } = value
    room(length * 3 + VARINT_BYTES_MAX)
    // Ids and codes are short and plain: quicker by hand than through the encoder.
    if (length < 128) {
      const before = at
      bytes[at++] = length
      let plain = 0
      for (; plain < length; plain++) {
        const unit = value.charCodeAt(plain)
        if (unit >= 128) break
        bytes[at++] = unit
      }
      if (plain === length) return
      at = before
    }
    const encoded = encoder.encode(value)
    count(encoded.length)
    bytes.set(encoded, at)
    at += encoded.length
  }
  return {
    byte(value) {
      room(1)
      bytes[at++] = value
    },
    copy(from, place, size) {
      room(size)
      // A handful: quicker by hand than as a view of them.
      for (const end = place + size; place < end; place++) bytes[at++] = from[place]!
    },
    plain(value) {
      room(value.length)
      for (let unit = 0; unit < value.length; unit++) bytes[at++] = value.charCodeAt(unit)
    },
    count,
    instant,
    day,
    wide(value) {
      room(WIDE_BYTES)
      put48(bytes, at, value)
      at += WIDE_BYTES
    },
    signed: (value) => count(foldedOf(value)),
    flag: (value) => count(Number(value)),
    text,
    optionalText: (value) => (value === undefined ? count(0) : (count(1), text(value))),
    lastMs: () => lastMs,
    // Of what was not taken: it may have moved to another piece.
    place: () => at - start,
    since: (place) => bytes.slice(start + place, at),
    take() {
      const taken = bytes.subarray(start, at)
      start = at
      lastMs = lastDay = 0
      return taken
    },
  }
}

export type Reader = Readonly<{
  wide: () => number
  byte: () => number
  /** The next so many bytes, to their place among others. */
  copy: (into: Uint8Array, place: number, size: number) => void
  /** How many of the next bytes there are up to the end that is found in them. */
  sizeTo: (endOf: (bytes: Uint8Array, at: number) => number) => number
  isAtEnd: () => boolean
  count: () => number
  signed: () => number
  instant: () => number
  day: () => number
  flag: () => boolean
  text: () => string
  plain: (size: number) => string
  optionalText: () => string | undefined
}>

/** Reads in the order written. Raises a RangeError at the end of the bytes. */
export function createReader(bytes: Uint8Array): Reader {
  let at = 0
  let lastMs = 0
  let lastDay = 0
  function count(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError(`state ends at byte ${at - 1}`)
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
  }
  const signed = () => unfolded(count())
  function instant(): number {
    const told = count()
    if (told < FINITE) return told === NEVER ? Infinity : -Infinity
    const distance = unfolded(Math.floor((told - FINITE) / 2))
    const isWhole = (told - FINITE) % 2 === 0
    lastMs = isWhole ? (Math.floor(lastMs / MINUTE_MS) + distance) * MINUTE_MS : lastMs + distance
    return lastMs
  }
  function day(): number {
    const told = count()
    if (told < FINITE) return told === NEVER ? Infinity : -Infinity
    lastDay += unfolded(told - FINITE)
    return lastDay
  }
  function text(): string {
    const size = count()
    const start = at
    at += size
    if (at > bytes.length) throw new RangeError(`state ends at byte ${bytes.length}`)
    // Ids and codes are short and plain: quicker by hand than through the decoder.
    if (size > PLAIN_MAX) return decoder.decode(bytes.subarray(start, at))
    let plain = ''
    for (let place = start; place < at; place++) {
      const unit = bytes[place]!
      if (unit >= 128) return decoder.decode(bytes.subarray(start, at))
      plain += String.fromCharCode(unit)
    }
    return plain
  }
  function plain(size: number): string {
    if (at + size > bytes.length) throw new RangeError(`state ends at byte ${bytes.length}`)
    let text = ''
    for (const end = at + size; at < end; at++) text += String.fromCharCode(bytes[at]!)
    return text
  }
  function byte(): number {
    const value = bytes[at++]
    if (value === undefined) throw new RangeError(`state ends at byte ${at - 1}`)
    return value
  }
  function copy(into: Uint8Array, place: number, size: number): void {
    if (at + size > bytes.length) throw new RangeError(`state ends at byte ${bytes.length}`)
    for (const end = place + size; place < end; place++) into[place] = bytes[at++]!
  }
  const optionalText = () => (count() === 0 ? undefined : text())
  function wide(): number {
    const start = at
    at += WIDE_BYTES
    if (at > bytes.length) throw new RangeError(`state ends at byte ${bytes.length}`)
    return get48(bytes, start)
  }
  const sizeTo = (endOf: (bytes: Uint8Array, at: number) => number) => endOf(bytes, at) - at
  const isAtEnd = () => at >= bytes.length
  const flag = () => count() === 1
  return {
    ...{ byte, copy, wide, sizeTo, isAtEnd, count, signed, instant, day, flag, text, plain },
    optionalText,
  }
}
