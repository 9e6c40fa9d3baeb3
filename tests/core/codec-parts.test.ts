import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attemptAt, emptyAttempts, noteAttempt } from '../../src/core/attempts.ts'
import type { Attempt } from '../../src/core/attempts.ts'
import { createReader, createWriter } from '../../src/core/bytes.ts'
import type { Reader, Writer } from '../../src/core/bytes.ts'
import { keyOf, NO_BIN } from '../../src/core/amount-rows.ts'
import { emptyCards } from '../../src/core/card-buffer.ts'
import { addCard } from '../../src/core/card-entries.ts'
import { putAmounts } from '../../src/core/card-sales.ts'
import type { CardAmounts } from '../../src/core/card-sales.ts'
import { allCards } from '../../src/core/cards-of-day.ts'
import type { CardsOfDay } from '../../src/core/cards-of-day.ts'
import { readBlocks, readCards, writeBlocks, writeCards } from '../../src/core/codec-amounts.ts'
import { readAttempts, writeAttempts } from '../../src/core/codec-attempts.ts'
import {
  readDays,
  readIds,
  readPanes,
  writeDays,
  writeIds,
  writePanes,
} from '../../src/core/codec-rows.ts'
import { putToken, tokenAt, tokenBytesMax, tokenEnd } from '../../src/core/token-bytes.ts'
import { DAY_WIDTH, emptyDays, readDay, writeDay } from '../../src/core/days.ts'
import { emptyPanes, notePane, PANE_WIDTH } from '../../src/core/panes.ts'
import { emptyRows, openRow } from '../../src/core/rows.ts'
import { emptySeenIds, ID_WIDTH, remember } from '../../src/core/seen-ids.ts'
import { bytesOf } from '../support/account-values.ts'

const HOUR_MS = 3_600_000
const RUNS = { seed: 1, numRuns: 200 }

function written(write: (writer: Writer) => void): Reader {
  const writer = createWriter()
  write(writer)
  return createReader(writer.take())
}

const hash = (bits: number) => fc.maxSafeNat().map((value) => value % 2 ** bits)

test('ids are read as they were written, in one piece or two', () => {
  const sighting = fc.record({
    ...{ idHash: hash(48), bodyHash: hash(16) },
    swipe: fc.oneof(fc.constant(0), hash(40)),
    waitMs: fc.oneof(fc.constantFrom(0, 1), fc.nat(8 * HOUR_MS)),
    lateMs: fc.oneof(fc.constant(0), fc.nat(3 * HOUR_MS)),
  })
  const all = fc.array(sighting, { maxLength: 60 })
  fc.assert(
    fc.property(all, fc.nat(), (sightings, split) => {
      const seen = emptySeenIds()
      let arrivedMs = 500_000 * HOUR_MS
      for (const { waitMs, lateMs, ...it } of sightings) {
        arrivedMs += waitMs
        remember(seen, { ...it, timeMs: arrivedMs - lateMs, arrivedMs })
      }
      const place = split % (seen.ids.count + 1)
      const reader = written((writer) => {
        writeIds(writer, seen.ids, 0, place)
        writeIds(writer, seen.ids, place, seen.ids.count)
      })
      const read = emptyRows()
      readIds(reader, read)
      readIds(reader, read)
      expect(bytesOf(read, ID_WIDTH)).toEqual(bytesOf(seen.ids, ID_WIDTH))
      expect(reader.isAtEnd()).toBe(true)
    }),
    RUNS,
  )
})

const count32 = fc.oneof(fc.nat(9), fc.nat())

test('days are read as they were written', () => {
  const tally = fc.record({
    ...{ day: fc.nat(65_535), count: count32, attempts: count32, declines: count32 },
    sum: fc.integer({ min: -(2 ** 40), max: 2 ** 46 }),
    ...{ large: fc.oneof(fc.constant(0), count32), round: fc.oneof(fc.constant(0), count32) },
  })
  const tallies = fc.uniqueArray(tally, { selector: ({ day }) => day, maxLength: 20 })
  fc.assert(
    fc.property(tallies, fc.nat(65_535), (all, split) => {
      const held = emptyDays()
      for (const [row, it] of all.toSorted((a, b) => a.day - b.day).entries()) {
        openRow(held.rows, DAY_WIDTH, row)
        writeDay(held.rows, row, it)
      }
      const reader = written((writer) => {
        writeDays(writer, held, -Infinity, split)
        writeDays(writer, held, split, Infinity)
      })
      const read = emptyDays()
      readDays(reader, read)
      readDays(reader, read)
      const rows = Array.from({ length: read.rows.count }, (_, row) => readDay(read.rows, row))
      expect(rows).toEqual(all.toSorted((a, b) => a.day - b.day))
    }),
    RUNS,
  )
})

test('panes are read as they were written', () => {
  const one = fc.tuple(fc.oneof(fc.constant(0), fc.nat(40)), fc.boolean())
  fc.assert(
    fc.property(fc.array(one, { maxLength: 80 }), fc.nat(600), (all, split) => {
      const panes = emptyPanes()
      let pane = 5_800_000
      for (const [after, isDecline] of all) notePane(panes, (pane += after), isDecline)
      const reader = written((writer) => {
        writePanes(writer, panes, -Infinity, 5_800_000 + split)
        writePanes(writer, panes, 5_800_000 + split, Infinity)
      })
      const read = emptyPanes()
      readPanes(reader, read)
      readPanes(reader, read)
      expect(bytesOf(read.rows, PANE_WIDTH)).toEqual(bytesOf(panes.rows, PANE_WIDTH))
    }),
    RUNS,
  )
})

test('attempts are read as they were written', () => {
  const flags = ['isInMoney', 'isApproved', 'isSale', 'isTallied', 'isCarded', 'isVoided'] as const
  const marks = [...flags, 'isActivity', 'isAttempt'] as const
  const attempt: fc.Arbitrary<Attempt> = fc.record({
    atMs: fc.nat(2 * HOUR_MS).map((ms) => 500_000 * HOUR_MS + ms),
    ...{ transaction: hash(40), card: fc.oneof(fc.constant(0), hash(40)), amount: hash(48) },
    terminalId: fc.constantFrom('T1', '10482231', 'é'.repeat(20)),
    ...{ responseCode: fc.constantFrom('', '51', 'Z9'), issuer: fc.constantFrom('', 'I1') },
    ...(Object.fromEntries(marks.map((name) => [name, fc.boolean()])) as Record<
      (typeof marks)[number],
      fc.Arbitrary<boolean>
    >),
  })
  const text = fc.record({ eventId: fc.string(), last4: fc.constantFrom('', '0042') })
  fc.assert(
    fc.property(fc.array(fc.tuple(attempt, text), { maxLength: 60 }), (all) => {
      const attempts = emptyAttempts()
      for (const [it, shown] of all) {
        const more = { ...shown, transaction: it.transaction, currency: 'CNY' }
        noteAttempt(attempts, it, it.isApproved ? undefined : more)
      }
      const reader = written((writer) => writeAttempts(writer, attempts))
      const read = emptyAttempts()
      readAttempts(reader, read)
      const rowsOf = (of: typeof attempts) =>
        Array.from({ length: of.entries.count }, (_, row) => attemptAt(of, row))
      expect(rowsOf(read)).toEqual(rowsOf(attempts))
      expect([read.texts, read.hour]).toEqual([attempts.texts, attempts.hour])
      expect(reader.isAtEnd()).toBe(true)
    }),
    RUNS,
  )
})

describe('cards', () => {
  const token = fc.oneof(
    fc.stringMatching(/^h1:[a-z0-9]{9}$/),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  )
  const sales = fc.array(fc.tuple(fc.nat(), fc.nat(3)), { maxLength: 3 })
  const day = fc.uniqueArray(fc.tuple(token, sales), { selector: ([it]) => it, maxLength: 8 })

  const cardsOf = (all: readonly (readonly [string, CardAmounts])[]) => {
    const cards = emptyCards()
    for (const [it, amounts] of all) putAmounts(cards, addCard(cards, it), amounts)
    return cards
  }
  const told = (days: readonly CardsOfDay[]) =>
    days.map(({ day: on, cards }) => [on, allCards(cards)])

  test('and amounts are read as they were written', () => {
    const bins = fc.uniqueArray(fc.tuple(fc.nat(250), fc.nat()), { selector: ([bin]) => bin })
    fc.assert(
      fc.property(day, day, bins, (yesterday, today, counts) => {
        const days = [
          { day: 20_000, cards: cardsOf(yesterday) },
          { day: 20_001, cards: cardsOf(today) },
        ]
        const some = counts.flatMap(([bin, count]) => [keyOf(666, bin), count])
        const blocks = some.length === 0 ? [keyOf(666, NO_BIN), 0] : some
        const reader = written((writer) => {
          writeCards(writer, days, 0, 20_001)
          writeBlocks(writer, blocks, 0, Infinity)
          writeCards(writer, days, 20_001, Infinity)
        })
        const [read, readAmounts] = [[] as typeof days, [] as number[]]
        readCards(reader, read)
        readBlocks(reader, readAmounts)
        readCards(reader, read)
        expect(told(read)).toEqual([
          [20_000, yesterday],
          [20_001, today],
        ])
        expect(readAmounts).toEqual(blocks)
      }),
      RUNS,
    )
  })

  test('whose tokens begin with halves of other signs keep them', () => {
    const cards = cardsOf(['😀', '😁'].map((it) => [it, []]))
    const read: CardsOfDay[] = []
    readCards(
      written((writer) => writeCards(writer, [{ day: 1, cards }], 0, 2)),
      read,
    )
    expect(allCards(read[0]!.cards).map(([it]) => it)).toEqual(['😀', '😁'])
  })

  test.each([
    ['', 1, 'nothing'],
    ['6jz4f0x16', 8, 'six bits of each letter'],
    ['AZaz09-_', 7, 'of base64url'],
    ['a+b', 5, 'with another sign'],
    ['žeton', 8, 'with another letter'],
  ])('a token %o takes %i bytes (%s)', (given, size) => {
    const bytes = new Uint8Array(tokenBytesMax(given.length) + 1)
    const end = putToken(bytes, 1, `h1:${given}`, 3)
    expect(end - 1).toBe(size)
    expect(tokenEnd(bytes, 1)).toBe(end)
    expect(tokenAt(bytes, 1)).toBe(given)
  })
})

test('instants and dates are read as they were written, told by the one before', () => {
  const instant = fc.oneof(
    fc.constantFrom(Infinity, -Infinity, 0, -1, 60_000),
    fc.integer({ min: -1e12, max: 2.5e14 }),
    fc.integer({ min: 0, max: 4e9 }).map((minute) => minute * 60_000),
  )
  const days = fc.oneof(fc.constantFrom(Infinity, -Infinity), fc.integer({ min: -9e5, max: 3e6 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(instant, days)), (all) => {
      const reader = written((writer) => {
        for (const [atMs, on] of all) {
          writer.instant(atMs)
          writer.day(on)
        }
      })
      expect(all.map(() => [reader.instant(), reader.day()])).toEqual(all)
    }),
    RUNS,
  )
})

test('the next account does not begin from the instants of the one before', () => {
  const writer = createWriter()
  writer.instant(1_750_000_000_001)
  writer.day(20_000)
  writer.take()
  writer.instant(1_750_000_000_002)
  writer.day(20_001)
  const reader = createReader(writer.take())
  expect([reader.instant(), reader.day()]).toEqual([1_750_000_000_002, 20_001])
})
