/** The sales of a card of a date: which amounts it paid, and how often each. */
import { ENTRY_HEAD, nextCard, resize } from './card-buffer.ts'
import type { Cards } from './card-buffer.ts'
import { put16 } from './rows.ts'
import { tokenEnd } from './token-bytes.ts'
import { COUNT_BYTES_MAX, countAt, countEnd, putCount } from './varints.ts'

/** Amount in minor units, and how many sales of it. */
export type CardAmounts = [amount: number, count: number][]

/** What is written before it is known how much room it takes. */
let scratch = new Uint8Array(1024)

const salesHead = (amounts: number, isPlain: boolean): number => amounts * 2 + Number(isPlain)

/** No sale, as it is stored. */
export const NO_SALES: Uint8Array = Uint8Array.of(salesHead(0, true))

/** Where the sales of an entry begin. They end with it. */
export const salesAt = ({ bytes }: Cards, place: number): number =>
  tokenEnd(bytes, place + ENTRY_HEAD)

type Counted = { sales: number; same: number }

/** How many sales a card has, and of the amount paid most often, `apart` left out: into the last of these. */
export function countSales({ bytes }: Cards, place: number, apart: number, into: Counted): Counted {
  let at = tokenEnd(bytes, place + ENTRY_HEAD)
  const head = countAt(bytes, at)
  const held = Math.floor(head / 2)
  // Of two amounts one at least is not `apart`.
  const isApart = held === 1 && countAt(bytes, countEnd(bytes, at)) === apart
  let sales = head % 2 === 1 ? held : 0
  let same = head % 2 === 0 || held === 0 || isApart ? 0 : 1
  for (let left = head % 2 === 1 ? 0 : held; left > 0; left--) {
    const amountFrom = countEnd(bytes, at)
    at = countEnd(bytes, amountFrom)
    const count = countAt(bytes, at)
    sales += count
    if (count > same && countAt(bytes, amountFrom) !== apart) same = count
  }
  into.sales = sales
  into.same = same
  return into
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
