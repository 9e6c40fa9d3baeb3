/** The parts of an account that are by amount or by card. */
import { BLOCKS } from './amounts.ts'
import type { Amounts } from './amounts.ts'
import type { Reader, Writer } from './bytes.ts'
import { newCardSales } from './cards-of-day.ts'
import type { CardSales, CardsOfDay } from './cards-of-day.ts'
import { readToken, writeToken } from './codec-token.ts'

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
    writer.count(cards.size)
    const shared = beginningOf(cards.keys())
    writer.text(shared)
    for (const [token, sales] of cards) {
      writeToken(writer, token.slice(shared.length))
      writeSales(writer, sales)
    }
  }
  writer.count(0)
}

/** What all of them begin with, of plain characters: half a character is none. */
function beginningOf(tokens: Iterable<string>): string {
  let shared: string | undefined
  for (const token of tokens) {
    shared ??= token
    let length = 0
    while (length < shared.length && isPlainIn(shared, token, length)) length++
    if (length < shared.length) shared = shared.slice(0, length)
  }
  return shared ?? ''
}

function isPlainIn(one: string, other: string, at: number): boolean {
  const unit = one.charCodeAt(at)
  return unit < 128 && unit === other.charCodeAt(at)
}

/** Most are one sale of each amount. */
function writeSales(writer: Writer, { amounts }: CardSales): void {
  let isPlain = true
  for (const it of amounts) if (it[1] !== 1) isPlain = false
  writer.count(amounts.length * 2 + Number(isPlain))
  for (const it of amounts) {
    writer.count(it[0])
    if (!isPlain) writer.count(it[1])
  }
}

export function readCards(reader: Reader, days: CardsOfDay[]): void {
  for (let told = reader.count(); told > 0; told = reader.count()) {
    const of: CardsOfDay = { day: told - 1, cards: new Map() }
    let left = reader.count()
    const shared = reader.text()
    for (; left > 0; left--) of.cards.set(shared + readToken(reader), readSales(reader))
    days.push(of)
  }
}

function readSales(reader: Reader): CardSales {
  const told = reader.count()
  const isPlain = told % 2 === 1
  const amounts: CardSales['amounts'] = []
  for (let left = Math.floor(told / 2); left > 0; left--) {
    amounts.push([reader.count(), isPlain ? 1 : reader.count()])
  }
  return newCardSales(amounts)
}

/** What is forgotten once a newer block or date is there, a stored *past* may still hold. */
export function forgetStored(amounts: Amounts, cards: CardsOfDay[]): void {
  const newest = amounts.at(-1)?.block ?? 0
  while (amounts.length > 0 && amounts[0]!.block <= newest - BLOCKS) amounts.shift()
  const today = cards.at(-1)?.day ?? 0
  while (cards.length > 0 && cards[0]!.day < today - 1) cards.shift()
}
