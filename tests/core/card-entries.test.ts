import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyCards, ENTRY_HEAD, nextCard } from '../../src/core/card-buffer.ts'
import type { Cards } from '../../src/core/card-buffer.ts'
import { addCard, dropCard, findCard, tokenOfCard } from '../../src/core/card-entries.ts'
import { amountsOf, countSales, entryEnd, putAmounts } from '../../src/core/card-sales.ts'
import type { CardAmounts } from '../../src/core/card-sales.ts'

const token = fc.oneof(
  fc.stringMatching(/^h1:[ab]{0,3}$/),
  fc.stringMatching(/^(h1|h2)[a-zA-Z0-9_-]{0,9}$/),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)
const amounts: fc.Arbitrary<CardAmounts> = fc.array(fc.tuple(fc.nat(), fc.nat(300)), {
  maxLength: 5,
})
const drop = fc.record({ drop: fc.nat() })
const change = fc.oneof(fc.tuple(token, amounts), fc.tuple(token, amounts), drop)

function held(cards: Cards): Map<string, CardAmounts> {
  const all = new Map<string, CardAmounts>()
  for (let place = 0; place < cards.size; place = nextCard(cards, place)) {
    expect(entryEnd(cards.bytes, place + ENTRY_HEAD)).toBe(nextCard(cards, place))
    all.set(tokenOfCard(cards, place), amountsOf(cards, place))
  }
  return all
}

/** The longest that all begin with. */
function beginningOf(tokens: readonly string[]): string {
  const [first = ''] = tokens
  let length = 0
  while (
    length < first.length &&
    first.charCodeAt(length) < 128 &&
    tokens.every((it) => it[length] === first[length])
  )
    length++
  return first.slice(0, length)
}

test('entries are what a map of them would be, whatever is added, changed and dropped', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const cards = emptyCards()
      const plain = new Map<string, CardAmounts>()
      for (const it of changes) {
        if (!Array.isArray(it)) {
          const gone = [...plain.keys()][it.drop % Math.max(1, plain.size)]
          if (gone === undefined) continue
          dropCard(cards, findCard(cards, gone))
          plain.delete(gone)
        } else {
          const [name, sales] = it
          const known = findCard(cards, name)
          expect(known >= 0).toBe(plain.has(name))
          putAmounts(cards, known < 0 ? addCard(cards, name) : known, sales)
          plain.set(name, sales)
        }
        expect([...held(cards)]).toEqual([...plain])
        expect(cards.count).toBe(plain.size)
        expect(cards.shared).toBe(beginningOf([...plain.keys()]))
      }
    }),
    { seed: 7, numRuns: 300 },
  )
})

test.each<[CardAmounts, { sales: number; same: number }, string]>([
  [[], { sales: 0, same: 0 }, 'no sale'],
  [[[600, 1]], { sales: 1, same: 1 }, 'one'],
  [[[0, 1]], { sales: 1, same: 0 }, 'one that is apart'],
  [
    [
      [500, 1],
      [600, 1],
    ],
    { sales: 2, same: 1 },
    'two of two amounts',
  ],
  [
    [
      [500, 200],
      [70_000, 3],
    ],
    { sales: 203, same: 200 },
    'many of one amount',
  ],
  [
    [
      [500, 2],
      [0, 9],
    ],
    { sales: 11, same: 2 },
    'many that are apart',
  ],
])('of %o are counted %o: %s', (sales, counted) => {
  const cards = emptyCards()
  addCard(cards, 'h1:before')
  putAmounts(cards, addCard(cards, 'h1:a'), sales)
  expect(countSales(cards, findCard(cards, 'h1:a'), 0, { sales: 0, same: 0 })).toEqual(counted)
})
