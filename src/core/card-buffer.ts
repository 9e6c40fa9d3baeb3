/**
 * The cards of a local date in one buffer, in the order in which they came: each as it is stored (what its token
 * has of its own, then its sales), behind its size. So they cost no objects, and are stored by copying.
 */
import { get16, put16 } from './rows.ts'

export type Cards = {
  count: number
  /** What all tokens begin with, of plain characters: half a character is none. */
  shared: string
  bytes: Uint8Array
  /** Bytes in use. */
  size: number
  /** Where the entry noted last begins: it is asked for next. −1: not known. */
  last: number
}

/** Before an entry, its size. */
export const ENTRY_HEAD = 2
/** Buffers of so many bytes are no burden to make. */
const BYTES_MIN = 64
const NO_BYTES = new Uint8Array(0)

export const emptyCards = (): Cards => ({
  count: 0,
  shared: '',
  bytes: NO_BYTES,
  size: 0,
  last: -1,
})

/** Where the entry behind the one at `place` begins. */
export function nextCard({ bytes }: Cards, place: number): number {
  return place + ENTRY_HEAD + get16(bytes, place)
}

/** Room for one more of this size, to be filled. Where its bytes begin. */
export function openEntry(cards: Cards, size: number): number {
  const place = cards.size
  resize(cards, place, place, ENTRY_HEAD + size)
  put16(cards.bytes, place, size)
  cards.count++
  return place + ENTRY_HEAD
}

/** Makes `[from, to)` so many bytes long. */
export function resize(cards: Cards, from: number, to: number, length: number): void {
  const size = cards.size + length - (to - from)
  if (size > cards.bytes.length) {
    const wider = new Uint8Array(Math.max(BYTES_MIN, 2 * cards.bytes.length, size))
    wider.set(cards.bytes)
    cards.bytes = wider
  }
  if (to < cards.size) cards.bytes.copyWithin(from + length, to, cards.size)
  cards.size = size
}
