import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allCards, cardsOn, LARGER, noteCard, salesOf } from '../../src/core/cards-of-day.ts'
import type { CardsOfDay } from '../../src/core/cards-of-day.ts'

const TODAY = 20_614

/** Of one day, as token → its amounts. */
const of = (days: readonly CardsOfDay[], day = TODAY) => {
  const found = cardsOn(days, day)
  return Object.fromEntries(found === undefined ? [] : allCards(found.cards))
}

test('how many sales a card has, and how many of one amount, is kept up', () => {
  const days: CardsOfDay[] = []
  const counted = () => salesOf(cardsOn(days, TODAY)!.cards, 'a')
  for (const amount of [600, 500, 600]) noteCard(days, TODAY, 'a', amount, 1)
  expect(counted()).toEqual({ sales: 3, same: 2 })
  noteCard(days, TODAY, 'a', 600, -1)
  expect(counted()).toEqual({ sales: 2, same: 1 })
  for (let amount = 1; amount <= 32; amount++) noteCard(days, TODAY, 'a', amount, 1)
  for (let more = 0; more < 5; more++) noteCard(days, TODAY, 'a', 900, 1)
  // The two before and these five are among the larger ones, of which no one knows the amounts.
  expect(counted()).toEqual({ sales: 39, same: 1 })
})

test('sales of a card add up by amount, and are taken out again', () => {
  const days: CardsOfDay[] = []
  for (const amount of [600, 500, 600]) noteCard(days, TODAY, 'a', amount, 1)
  expect(of(days)).toEqual({
    a: [
      [500, 1],
      [600, 2],
    ],
  })
  noteCard(days, TODAY, 'a', 600, -1)
  expect(of(days)).toEqual({
    a: [
      [500, 1],
      [600, 1],
    ],
  })
})

test('a card whose sales are all taken out keeps its place', () => {
  const days: CardsOfDay[] = []
  noteCard(days, TODAY, 'a', 600, 1)
  noteCard(days, TODAY, 'a', 600, -1)
  expect(of(days)).toEqual({ a: [[600, 0]] })
})

test('what was never counted is not taken out', () => {
  const days: CardsOfDay[] = []
  noteCard(days, TODAY, 'a', 600, -1)
  noteCard(days, TODAY, 'b', 600, 1)
  noteCard(days, TODAY, 'b', 600, -1)
  noteCard(days, TODAY, 'b', 600, -1)
  expect(of(days)).toEqual({ a: [], b: [[600, 0]] })
})

test.each([
  [[TODAY - 1, TODAY], [TODAY - 1, TODAY], 'two dates'],
  [[TODAY, TODAY - 1], [TODAY - 1, TODAY], 'in any order'],
  [[TODAY - 1, TODAY, TODAY + 1], [TODAY, TODAY + 1], 'of three the newest two'],
  [[TODAY, TODAY + 1, TODAY - 1], [TODAY, TODAY + 1], 'an older one is not taken'],
  [[TODAY, TODAY + 2], [TODAY + 2], 'yesterday is the date before'],
  [[TODAY, TODAY - 2], [TODAY], 'and no other'],
])('%j leaves %j (%s)', (told, kept) => {
  const days: CardsOfDay[] = []
  for (const day of told) noteCard(days, day, 'a', 600, 1)
  expect(days.map(({ day }) => day)).toEqual(kept)
})

test('says whether it was tallied', () => {
  const days: CardsOfDay[] = []
  expect(noteCard(days, TODAY, 'a', 600, 1)).toBe(true)
  expect(noteCard(days, TODAY - 2, 'a', 600, 1)).toBe(false)
})

describe('whatever the order', () => {
  const token = (at: number) => `t${String(at).padStart(3, '0')}`
  const any = <T>(all: readonly T[]) => fc.shuffledSubarray([...all], { minLength: all.length })

  test('they are the 256 smallest of the day', () => {
    const tokens = Array.from({ length: 300 }, (_, at) => token(at))
    fc.assert(
      fc.property(any(tokens), (shuffled) => {
        const days: CardsOfDay[] = []
        for (const it of shuffled) noteCard(days, TODAY, it, 600, 1)
        expect(Object.keys(of(days)).toSorted()).toEqual(tokens.slice(0, 256))
      }),
      { seed: 1, numRuns: 20 },
    )
  })

  test('the 32 smallest amounts of a card are kept one by one, the others together', () => {
    const amounts = Array.from({ length: 40 }, (_, at) => 500 + Math.floor(at / 1.05))
    const counted = [...Map.groupBy(amounts, (it) => it)].map(([it, all]) => [it, all.length])
    const others = counted.slice(32).reduce((sum, [, count]) => sum + count!, 0)
    fc.assert(
      fc.property(any(amounts), (shuffled) => {
        const days: CardsOfDay[] = []
        for (const it of shuffled) noteCard(days, TODAY, 'a', it, 1)
        expect(of(days)['a']).toEqual([...counted.slice(0, 32), [LARGER, others]])
        noteCard(days, TODAY, 'a', 999, -1)
        expect(of(days)['a']?.at(-1)).toEqual([LARGER, others - 1])
      }),
      { seed: 1, numRuns: 20 },
    )
  })
})

test('whatever was noted last, each card has its own sales', () => {
  const tokens = ['h1:aa', 'h1:ab', 'h1:ba', 'h2:aa', 'x']
  const move = fc.tuple(fc.nat(tokens.length - 1), fc.integer({ min: 1, max: 3 }))
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const days: CardsOfDay[] = []
      const sales = new Map<string, number>()
      for (const [which, amount] of moves) {
        const token = tokens[which]!
        noteCard(days, TODAY, token, amount, 1)
        sales.set(token, (sales.get(token) ?? 0) + 1)
        for (const one of tokens) {
          expect(salesOf(cardsOn(days, TODAY)!.cards, one)?.sales).toBe(sales.get(one))
        }
      }
    }),
    { seed: 1, numRuns: 200 },
  )
})
