/** The parts of an account that are by amount or by card. */
import { BLOCKS } from './amounts.ts'
import type { Amounts } from './amounts.ts'
import type { Reader, Writer } from './bytes.ts'
import { emptyCards, ENTRY_HEAD, entryEnd, nextCard, openEntry } from './card-entries.ts'
import type { CardsOfDay } from './cards-of-day.ts'

/** Blocks in `[from, to)`. */
export function writeBlocks(writer: Writer, amounts: Amounts, from: number, to: number): void {
  for (const { block, bins } of amounts) {
    if (block < from || block >= to) continue
    writer.count(block + 1)
    writer.count(bins.size)
    for (const [bin, count] of bins) {
      writer.count(bin)
      writer.count(count)
    }
  }
  writer.count(0)
}

export function readBlocks(reader: Reader, amounts: Amounts): void {
  for (let told = reader.count(); told > 0; told = reader.count()) {
    const bins = new Map<number, number>()
    for (let some = reader.count(); some > 0; some--) bins.set(reader.count(), reader.count())
    amounts.push({ block: told - 1, bins })
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
  const newest = amounts.at(-1)?.block ?? 0
  while (amounts.length > 0 && amounts[0]!.block <= newest - BLOCKS) amounts.shift()
  const today = cards.at(-1)?.day ?? 0
  while (cards.length > 0 && cards[0]!.day < today - 1) cards.shift()
}
