/** Cards of a date by their tokens, of which what all begin with is kept once. */
import { emptyCards, ENTRY_HEAD, nextCard, openEntry, resize } from './card-buffer.ts'
import type { Cards } from './card-buffer.ts'
import { NO_SALES, salesAt } from './card-sales.ts'
import { get16 } from './rows.ts'
import { putToken, tokenAt, tokenBytesMax } from './token-bytes.ts'

/** A token is written here before it is known how much room it takes. */
let scratch = new Uint8Array(1024)

/** Where the entry of a token begins; −1: there is none. */
export function findCard(cards: Cards, token: string): number {
  const { shared, bytes, size, last } = cards
  if (!token.startsWith(shared)) return -1
  const length = writeOwn(token, shared.length)
  if (last >= 0 && isScratchAt(bytes, last, length)) return last
  for (let place = 0; place < size; place += ENTRY_HEAD + get16(bytes, place)) {
    if (isScratchAt(bytes, place, length)) return place
  }
  return -1
}

function isScratchAt(bytes: Uint8Array, place: number, length: number): boolean {
  let same = 0
  while (same < length && bytes[place + ENTRY_HEAD + same] === scratch[same]) same++
  return same === length
}

/** Into `scratch`: no two tokens are written alike, and none as the beginning of another. Its length. */
function writeOwn(token: string, from: number): number {
  const most = tokenBytesMax(token.length)
  if (most > scratch.length) scratch = new Uint8Array(most)
  return putToken(scratch, 0, token, from)
}

export function tokenOfCard({ shared, bytes }: Cards, place: number): string {
  return shared + tokenAt(bytes, place + ENTRY_HEAD)
}

/** Behind the others, without sales. Where it begins. */
export function addCard(cards: Cards, token: string): number {
  share(cards, cards.count === 0 ? plainOf(token, token) : plainOf(cards.shared, token))
  return append(cards, token, NO_SALES)
}

function append(cards: Cards, token: string, sales: Uint8Array): number {
  const place = cards.size
  const length = writeOwn(token, cards.shared.length)
  const at = openEntry(cards, length + sales.length)
  for (let byte = 0; byte < length; byte++) cards.bytes[at + byte] = scratch[byte]!
  cards.bytes.set(sales, at + length)
  return place
}

export function dropCard(cards: Cards, place: number): void {
  resize(cards, place, nextCard(cards, place), 0)
  cards.count--
  share(cards, sharedOf(cards))
}

/** What all begin with, by the tokens themselves. */
function sharedOf(cards: Cards): string {
  let shared: string | undefined
  for (let place = 0; place < cards.size; place = nextCard(cards, place)) {
    const token = tokenOfCard(cards, place)
    shared = plainOf(shared ?? token, token)
    // It is that at least, and hardly ever more.
    if (shared.length === cards.shared.length) break
  }
  return shared ?? ''
}

/** What both begin with. */
function plainOf(one: string, other: string): string {
  let length = 0
  while (length < one.length && isPlainIn(one, other, length)) length++
  return length < one.length ? one.slice(0, length) : one
}

function isPlainIn(one: string, other: string, at: number): boolean {
  const unit = one.charCodeAt(at)
  return unit < 128 && unit === other.charCodeAt(at)
}

/** All begin with `shared`: where that is news, every entry is written anew. */
function share(cards: Cards, shared: string): void {
  if (shared === cards.shared) return
  const before = { ...cards }
  Object.assign(cards, emptyCards(), { shared })
  for (let place = 0; place < before.size;) {
    const next = nextCard(before, place)
    const sales = before.bytes.subarray(salesAt(before, place), next)
    append(cards, tokenOfCard(before, place), sales)
    place = next
  }
}
