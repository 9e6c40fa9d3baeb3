import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import { binAt, NO_BIN, rowsOf } from '../../src/core/amount-rows.ts'
import type { Applying } from '../../src/core/applying.ts'
import { cardHash } from '../../src/core/attempts.ts'
import { allCards } from '../../src/core/cards-of-day.ts'
import { bitsOf, noChanges } from '../../src/core/changes.ts'
import type { Change } from '../../src/core/changes.ts'
import { tallyOf } from '../../src/core/days.ts'
import { tallySale, tokenOf } from '../../src/core/tally.ts'
import type { Sale } from '../../src/core/tally.ts'
import { createZone } from '../../src/core/time.ts'

const DAY = 20_614
const COUNTING = { largeMin: '1000.00', roundStep: '500.00', cardMin: '50.00' }
const sale = (more: Partial<Sale> = {}): Sale => ({
  ...{ on: DAY, amount: 150_000, currency: 'CNY', isInMoney: true, token: 'h1:a' },
  ...more,
})

function tallied(...all: readonly (readonly [Sale, 1 | -1])[]) {
  const applying: Applying = {
    ...{ account: newAccount('acq-a', 'M1'), atMs: 0, arrivedMs: 0, zone: createZone('UTC') },
    ...{ currency: 'CNY', counting: COUNTING, changes: noChanges(), notes: [] },
    ...{ touchedOn: undefined, isRevision: false, isOvertaken: false },
  }
  for (const [it, count] of all) tallySale(applying, it, count)
  const { account, changes } = applying
  const words: Change[] = ['sales', 'large-sales', 'card-sales']
  return {
    applying,
    day: tallyOf(account.days, DAY),
    cards: account.cards.map(({ cards }) => Object.fromEntries(allCards(cards))),
    bins: Array.from({ length: rowsOf(account.amounts) }, (_, row) =>
      binAt(account.amounts, row),
    ).filter((it) => it !== NO_BIN).length,
    words: words.filter((word) => (changes.bits & bitsOf([word])) !== 0),
  }
}

describe('a sale', () => {
  test.each<[Partial<Sale>, object, string]>([
    [
      {},
      {
        day: { count: 1, sum: 150_000, large: 1, round: 1 },
        ...{ cards: [{ 'h1:a': [[150_000, 1]] }], bins: 1 },
        words: ['sales', 'large-sales', 'card-sales'],
      },
      'is in everything',
    ],
    [
      { amount: 120_000 },
      { day: { large: 1, round: 0 }, words: ['sales', 'large-sales', 'card-sales'] },
      'large, not round',
    ],
    [{ amount: 5_000 }, { day: { large: 0 }, words: ['sales', 'card-sales'] }, 'small'],
    [{ amount: 4_999 }, { cards: [], words: ['sales'] }, 'too small for a tally by card'],
    [{ token: undefined }, { cards: [], words: ['sales', 'large-sales'] }, 'without a card'],
    [
      { isInMoney: false },
      { day: { count: 1, sum: 0, large: 0, round: 0 }, cards: [], bins: 0, words: ['sales'] },
      'in another currency it counts, and no more',
    ],
  ])('%o: %o (%s)', (more, expected) => {
    expect(tallied([sale(more), 1])).toMatchObject(expected)
  })

  test('taken out leaves nothing but its card’s place', () => {
    const { day, cards, bins } = tallied([sale(), 1], [sale(), -1])
    expect(day).toMatchObject({ count: 0, sum: 0, large: 0, round: 0 })
    expect({ cards, bins }).toEqual({ cards: [{ 'h1:a': [[150_000, 0]] }], bins: 0 })
  })
})

test('a card held by its hash is found where its day is tallied', () => {
  const { applying } = tallied([sale(), 1])
  expect(tokenOf(applying, DAY, cardHash('h1:a'))).toBe('h1:a')
  expect(tokenOf(applying, DAY, cardHash('h1:b'))).toBeUndefined()
  expect(tokenOf(applying, DAY - 1, cardHash('h1:a'))).toBeUndefined()
  expect(tokenOf(applying, DAY, 0)).toBeUndefined()
})
