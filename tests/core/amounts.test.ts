import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockOf, noteAmount, quantile } from '../../src/core/amounts.ts'
import { blockAt, rowsOf } from '../../src/core/amount-rows.ts'
import type { Amounts } from '../../src/core/amount-rows.ts'

/** The first day of a block of thirty. */
const DAY = 20_610

const of = (...all: readonly (readonly [day: number, amount: number])[]): Amounts => {
  const amounts: Amounts = []
  for (const [day, amount] of all) noteAmount(amounts, day, amount, 1)
  return amounts
}

test('blocks are of thirty days since 1970', () => {
  expect([DAY - 1, DAY, DAY + 29, DAY + 30].map(blockOf)).toEqual([686, 687, 687, 688])
})

describe('a quantile', () => {
  test.each([
    [[1], 1, 'the first edge'],
    [[1_000], 1_000, 'an edge is in the bin below it'],
    [[1_001], 1_155, 'a minor unit more is not: 10^(49 ÷ 16)'],
    [[316_228], 316_228, '10^(88 ÷ 16), rounded'],
    [[316_229], 365_174, '10^(89 ÷ 16)'],
  ])('of %j is %i (%s)', (amounts, expected) => {
    expect(quantile(of(...amounts.map((it) => [DAY, it] as const)), DAY, 99)).toBe(expected)
  })

  test('is of the ⌈q·n⌉-th smallest amount', () => {
    const amounts = of(
      ...Array.from({ length: 100 }, (_, at) => [DAY, at < 99 ? 10 : 1_000] as const),
    )
    expect(quantile(amounts, DAY, 99)).toBe(10)
    expect(quantile(amounts, DAY, 100)).toBe(1_000)
    noteAmount(amounts, DAY, 10, -1)
    expect(quantile(amounts, DAY, 99)).toBe(1_000)
  })

  test('of nothing is none', () => {
    expect(quantile([], DAY, 99)).toBeUndefined()
    expect(quantile(of([DAY, 0]), DAY, 99)).toBeUndefined()
  })

  test.each([
    [DAY, 'the block itself'],
    [DAY + 119, 'the three after it'],
  ])('on day %i counts an amount of the first block (%s)', (day) => {
    expect(quantile(of([DAY, 10]), day, 99)).toBe(10)
  })

  test.each([
    [DAY + 120, 'the fourth after it'],
    [DAY - 1, 'one before it'],
  ])('on day %i does not (%s)', (day) => {
    expect(quantile(of([DAY, 10]), day, 99)).toBeUndefined()
  })
})

test('of five blocks the newest four are kept, whichever came first', () => {
  const days = [0, 1, 2, 3, 4].map((at) => DAY + at * 30)
  const blocks = (amounts: Amounts) =>
    Array.from({ length: rowsOf(amounts) }, (_, row) => blockAt(amounts, row) - blockOf(DAY))
  expect(blocks(of(...days.map((day) => [day, 10] as const)))).toEqual([1, 2, 3, 4])
  expect(blocks(of(...days.toReversed().map((day) => [day, 10] as const)))).toEqual([1, 2, 3, 4])
})

test('what was never counted is not taken out', () => {
  const amounts = of([DAY, 10])
  noteAmount(amounts, DAY, 1_000, -1)
  noteAmount(amounts, DAY + 30, 10, -1)
  expect(quantile(amounts, DAY, 1)).toBe(10)
  noteAmount(amounts, DAY, 10, -1)
  expect(quantile(amounts, DAY, 99)).toBeUndefined()
})

/** Edges as they are written down: round(10^(i/16)). */
function edgeOf(amount: number): number {
  let i = 0
  while (Math.round(10 ** (i / 16)) < amount) i++
  return Math.round(10 ** (i / 16))
}

test('agrees with the sorted list of all amounts', () => {
  const any = fc.array(fc.tuple(fc.nat(200), fc.nat(2_000_000)), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 100 }), fc.nat(80), (sales, percent, back) => {
      const amounts: Amounts = []
      for (const [day, amount] of sales) noteAmount(amounts, DAY + day, amount, 1)
      const newest = Math.max(
        ...sales.filter(([, it]) => it > 0).map(([day]) => blockOf(DAY + day)),
      )
      const on = DAY + Math.max(...sales.map(([day]) => day)) - back
      const held = sales
        .filter(([day, amount]) => amount > 0 && blockOf(DAY + day) > newest - 4)
        .filter(([day]) => {
          return blockOf(DAY + day) <= blockOf(on) && blockOf(DAY + day) > blockOf(on) - 4
        })
        .map(([, amount]) => amount)
        .toSorted((a, b) => a - b)
      const at = held[Math.ceil((percent * held.length) / 100) - 1]
      expect(quantile(amounts, on, percent)).toBe(at === undefined ? undefined : edgeOf(at))
    }),
    { seed: 1, numRuns: 200 },
  )
})
