/** The parts of an account that are by amount or by card. */
import { binAt, blockAt, countAt, keyOf, NO_BIN, rowsOf } from './amount-rows.ts'
import { forgetBlocks } from './amounts.ts'
import type { Amounts } from './amount-rows.ts'
import type { Reader, Writer } from './bytes.ts'
import { emptyCards, ENTRY_HEAD, nextCard, openEntry } from './card-buffer.ts'
import { entryEnd } from './card-sales.ts'
import type { CardsOfDay } from './cards-of-day.ts'

/** Blocks in `[from, to)`. */
export function writeBlocks(writer: Writer, amounts: Amounts, from: number, to: number): void {
  for (let row = 0; row < rowsOf(amounts);) {
    const block = blockAt(amounts, row)
    let end = row + 1
    while (end < rowsOf(amounts) && blockAt(amounts, end) === block) end++
    if (block >= from && block < to) writeBlock(writer, amounts, row, end)
    row = end
  }
  writer.count(0)
}

function writeBlock(writer: Writer, amounts: Amounts, first: number, end: number): void {
  const isEmpty = binAt(amounts, first) === NO_BIN
  writer.count(blockAt(amounts, first) + 1)
  writer.count(isEmpty ? 0 : end - first)
  if (isEmpty) return
  for (let row = first; row < end; row++) {
    writer.count(binAt(amounts, row))
    writer.count(countAt(amounts, row))
  }
}

export function readBlocks(reader: Reader, amounts: Amounts): void {
  for (let told = reader.count(); told > 0; told = reader.count()) {
    const size = reader.count()
    if (size === 0) amounts.push(keyOf(told - 1, NO_BIN), 0)
    for (let left = size; left > 0; left--) {
      amounts.push(keyOf(told - 1, reader.count()), reader.count())
    }
  }
}

/** Days in `[from, to)`. Tokens of one source begin alike. */
export function writeCards(
  writer: Writer,
  days: readonly CardsOfDay[],
  from: number,
  to: number,
): void {
  for (const { day, cards } of days) {
    if (day < from || day >= to) continue
    writer.count(day + 1)
    writer.count(cards.count)
    writer.text(cards.shared)
    for (let place = 0; place < cards.size;) {
      const next = nextCard(cards, place)
      writer.copy(cards.bytes, place + ENTRY_HEAD, next - place - ENTRY_HEAD)
      place = next
    }
  }
  writer.count(0)
}

export function readCards(reader: Reader, days: CardsOfDay[]): void {
  for (let told = reader.count(); told > 0; told = reader.count()) {
    const cards = emptyCards()
    let left = reader.count()
    cards.shared = reader.text()
    for (; left > 0; left--) {
      const size = reader.sizeTo(entryEnd)
      const at = openEntry(cards, size)
      reader.copy(cards.bytes, at, size)
    }
    days.push({ day: told - 1, cards })
  }
}

/** What is forgotten once a newer block or date is there, a stored *past* may still hold. */
export function forgetStored(amounts: Amounts, cards: CardsOfDay[]): void {
  forgetBlocks(amounts)
  const today = cards.at(-1)?.day ?? 0
  while (cards.length > 0 && cards[0]!.day < today - 1) cards.shift()
}
