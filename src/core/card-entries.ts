/**
 * The cards of a local date in one buffer, in the order in which they came: each as it is stored (what its token
 * has of its own, then its sales), behind its size. So they cost no objects, and are stored by copying.
 */
import { get16, put16 } from './rows.ts'
import { putToken, tokenAt, tokenBytesMax, tokenEnd } from './token-bytes.ts'
import { COUNT_BYTES_MAX, countAt, countEnd, putCount } from './varints.ts'

export type Cards = {
  count: number
  /** What all tokens begin with, of plain characters: half a character is none. */
  shared: string
  bytes: Uint8Array
  /** Bytes in use. */
  size: number
}

/** Amount in minor units, and how many sales of it. */
export type CardAmounts = [amount: number, count: number][]

/** Before an entry, its size. */
export const ENTRY_HEAD = 2
/** Buffers of so many bytes are no burden to make. */
const BYTES_MIN = 64
const NO_BYTES = new Uint8Array(0)

/** What is written before it is known how much room it takes. */
let scratch = new Uint8Array(1024)

export const emptyCards = (): Cards => ({ count: 0, shared: '', bytes: NO_BYTES, size: 0 })

/** Where the entry behind the one at `place` begins. */
export function nextCard({ bytes }: Cards, place: number): number {
  return place + ENTRY_HEAD + get16(bytes, place)
}

/** Where the entry of a token begins; −1: there is none. */
export function findCard(cards: Cards, token: string): number {
  const { shared, bytes, size } = cards
  if (!token.startsWith(shared)) return -1
  const length = writeOwn(token, shared.length)
  for (let place = 0; place < size; place += ENTRY_HEAD + get16(bytes, place)) {
    let same = 0
    while (same < length && bytes[place + ENTRY_HEAD + same] === scratch[same]) same++
    if (same === length) return place
  }
  return -1
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
  return append(cards, token)
}

function append(cards: Cards, token: string): number {
  const place = cards.size
  const end = putCount(scratch, writeOwn(token, cards.shared.length), salesHead(0, true))
  const at = openEntry(cards, end)
  for (let byte = 0; byte < end; byte++) cards.bytes[at + byte] = scratch[byte]!
  return place
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
function resize(cards: Cards, from: number, to: number, length: number): void {
  const size = cards.size + length - (to - from)
  if (size > cards.bytes.length) {
    const wider = new Uint8Array(Math.max(BYTES_MIN, 2 * cards.bytes.length, size))
    wider.set(cards.bytes)
    cards.bytes = wider
  }
  if (to < cards.size) cards.bytes.copyWithin(from + length, to, cards.size)
  cards.size = size
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
  for (let place = 0; place < before.size; place = nextCard(before, place)) {
    const amounts = amountsOf(before, place)
    putAmounts(cards, append(cards, tokenOfCard(before, place)), amounts)
  }
}

const salesHead = (amounts: number, isPlain: boolean): number => amounts * 2 + Number(isPlain)

/** Where the sales of an entry begin. */
const salesAt = ({ bytes }: Cards, place: number): number => tokenEnd(bytes, place + ENTRY_HEAD)

/** How many sales a card has, and of the amount paid most often, `apart` left out. */
export function countSales(
  { bytes }: Cards,
  place: number,
  apart: number,
): Readonly<{ sales: number; same: number }> {
  let at = tokenEnd(bytes, place + ENTRY_HEAD)
  const head = countAt(bytes, at)
  const held = Math.floor(head / 2)
  // Of two amounts one at least is not `apart`.
  const isApart = held === 1 && countAt(bytes, countEnd(bytes, at)) === apart
  if (head % 2 === 1) return { sales: held, same: held === 0 || isApart ? 0 : 1 }
  let sales = 0
  let same = 0
  for (let left = held; left > 0; left--) {
    const amountFrom = countEnd(bytes, at)
    at = countEnd(bytes, amountFrom)
    const count = countAt(bytes, at)
    sales += count
    if (count > same && countAt(bytes, amountFrom) !== apart) same = count
  }
  return { sales, same }
}

export function amountsOf(cards: Cards, place: number): CardAmounts {
  const { bytes } = cards
  let at = salesAt(cards, place)
  const head = countAt(bytes, at)
  const amounts: CardAmounts = []
  for (let left = Math.floor(head / 2); left > 0; left--) {
    at = countEnd(bytes, at)
    const amount = countAt(bytes, at)
    if (head % 2 === 0) at = countEnd(bytes, at)
    amounts.push([amount, head % 2 === 0 ? countAt(bytes, at) : 1])
  }
  return amounts
}

/** Most are one sale of each amount. */
export function putAmounts(cards: Cards, place: number, amounts: CardAmounts): void {
  const most = (1 + 2 * amounts.length) * COUNT_BYTES_MAX
  if (most > scratch.length) scratch = new Uint8Array(most)
  let isPlain = true
  for (const it of amounts) if (it[1] !== 1) isPlain = false
  let end = putCount(scratch, 0, salesHead(amounts.length, isPlain))
  for (const it of amounts) {
    end = putCount(scratch, end, it[0])
    if (!isPlain) end = putCount(scratch, end, it[1])
  }
  const at = salesAt(cards, place)
  resize(cards, at, nextCard(cards, place), end)
  put16(cards.bytes, place, at + end - place - ENTRY_HEAD)
  for (let byte = 0; byte < end; byte++) cards.bytes[at + byte] = scratch[byte]!
}

/** Of the entry, without its size, that begins here. */
export function entryEnd(bytes: Uint8Array, at: number): number {
  let end = tokenEnd(bytes, at)
  const head = countAt(bytes, end)
  end = countEnd(bytes, end)
  const counts = head % 2 === 1 ? (head - 1) / 2 : head
  for (let left = counts; left > 0 && end <= bytes.length; left--) end = countEnd(bytes, end)
  return end
}
