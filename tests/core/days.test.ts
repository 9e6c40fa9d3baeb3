import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  baseBefore,
  emptyDays,
  noteDay,
  ratioBefore,
  readDay,
  span,
  tallyOf,
  tradingDayBefore,
} from '../../src/core/days.ts'
import type { Days, LeftOut } from '../../src/core/days.ts'

const NONE: LeftOut = { name: '', has: () => false }

/** Sales of each day as [day, count, sum]. */
function daysOf(...all: readonly (readonly [number, number, number])[]): Days {
  const days = emptyDays()
  for (const [day, count, sum] of all) noteDay(days, day, { count, sum })
  return days
}
const talliesOf = ({ rows }: Days) =>
  Array.from({ length: rows.count }, (_, row) => readDay(rows, row))

test('sales and voids of a day add up, in any order', () => {
  const days = daysOf([5, 1, 100], [3, 1, 40], [5, 1, 60], [5, -1, -100])
  expect(tallyOf(days, 5)).toMatchObject({ count: 1, sum: 60 })
  expect(tallyOf(days, 4)).toMatchObject({ count: 0, sum: 0 })
  expect(talliesOf(days).map(({ day }) => day)).toEqual([3, 5])
})

test('a day of which nothing is left is not kept', () => {
  expect(talliesOf(daysOf([5, 1, 100], [5, -1, -100]))).toEqual([])
})

test('days that no base can ask for are not kept', () => {
  expect(talliesOf(daysOf([1, 1, 1], [105, 1, 1]))).toHaveLength(2)
  expect(talliesOf(daysOf([1, 1, 1], [106, 1, 1]))).toHaveLength(1)
})

test('a span holds both its ends', () => {
  const days = daysOf([1, 1, 10], [2, 2, 20], [3, 3, 30], [4, 4, 40])
  expect(span(days, 2, 3)).toMatchObject({ count: 5, sum: 50, tradingDays: 2 })
})

test('a day of which more was taken back than came is no trading day, and counts nothing', () => {
  const days = daysOf([1, 1, 10], [2, -1, -5])
  expect(tallyOf(days, 2)).toMatchObject({ count: 0, sum: -5 })
  expect(span(days, 1, 2)).toMatchObject({ count: 1, sum: 10, tradingDays: 1 })
  expect(tradingDayBefore(days, 3)).toBe(1)
  expect(tradingDayBefore(days, 1)).toBeUndefined()
})

describe('what is counted beside sales', () => {
  test('adds up, in either direction', () => {
    const days = daysOf([5, 1, 100])
    noteDay(days, 5, { attempts: 3, declines: 1, large: 2, round: 1 })
    noteDay(days, 5, { attempts: 1, large: -1, round: -1 })
    expect(tallyOf(days, 5)).toEqual({
      ...{ day: 5, count: 1, sum: 100, attempts: 4, declines: 1, large: 1, round: 0 },
    })
    expect(span(days, 5, 5)).toMatchObject({ large: 1, round: 0 })
  })

  test('a day of declines alone is kept, and is no trading day', () => {
    const days = emptyDays()
    noteDay(days, 5, { attempts: 1, declines: 1 })
    expect(talliesOf(days)).toHaveLength(1)
    expect(span(days, 5, 5).tradingDays).toBe(0)
    expect(tradingDayBefore(days, 6)).toBeUndefined()
  })

  test('nothing falls below zero, nor beyond what a row can hold', () => {
    const days = daysOf([5, 2, 100])
    noteDay(days, 5, { large: -1, round: -1, declines: -1, count: -9 })
    expect(tallyOf(days, 5)).toMatchObject({ large: 0, round: 0, declines: 0, count: 0 })
    noteDay(days, 5, { sum: Number.MAX_SAFE_INTEGER })
    noteDay(days, 5, { sum: Number.MAX_SAFE_INTEGER })
    expect(tallyOf(days, 5).sum).toBe(2 ** 47 - 1)
  })
})

describe('declines among attempts', () => {
  const days = emptyDays()
  for (const [day, count, attempts, declines] of [
    [1, 1, 10, 1],
    [2, 0, 50, 50],
    [3, 1, 20, 8],
    [4, 1, 30, 3],
  ] as const) {
    noteDay(days, day, { count, attempts, declines })
  }
  const without = (day: number): LeftOut => ({ name: `${day}`, has: (it) => it === day })

  test.each<[number, LeftOut, object, string]>([
    [5, NONE, { tradingDays: 3, attempts: 60, declines: 12 }, 'pooled over trading days'],
    [4, NONE, { tradingDays: 2, attempts: 30, declines: 9 }, 'before the day'],
    [91, NONE, { tradingDays: 3, attempts: 60, declines: 12 }, 'ninety of them'],
    [92, NONE, { tradingDays: 2, attempts: 50, declines: 11 }, 'and no more'],
    [5, without(3), { tradingDays: 2, attempts: 40, declines: 4 }, 'less those left out'],
  ])('before day %i, %o: %o (%s)', (day, leftOut, expected) => {
    expect(ratioBefore(days, day, leftOut)).toEqual(expected)
  })
})

describe('the base', () => {
  test.each([
    [90, 1, 'ninety days before'],
    [91, 0, 'one more'],
    [0, 0, 'the day itself'],
  ])('%i days before: %i trading days (%s)', (before, tradingDays) => {
    const days = daysOf([1_000 - before, 1, 10], [1_000, 1, 10])
    expect(baseBefore(days, 1_000, NONE, 10).tradingDays).toBe(tradingDays)
  })

  test.each([
    [9, 9, 'of nine days nothing is cut'],
    [10, 8, 'of ten one at each end'],
    [19, 17, 'of nineteen one'],
    [20, 16, 'of twenty two'],
  ])('of %i days keeps %i (%s)', (count, m) => {
    const days = daysOf(...Array.from({ length: count }, (_, at) => [at, 1, at] as const))
    expect(baseBefore(days, 50, NONE, 10)).toMatchObject({ tradingDays: count, m, countTotal: m })
  })

  test('cuts each figure by itself', () => {
    const days = daysOf(
      ...Array.from({ length: 8 }, (_, at) => [at, 5, 50] as const),
      ...([
        [8, 99, 1],
        [9, 1, 99_999],
      ] as const),
    )
    expect(baseBefore(days, 50, NONE, 10)).toEqual({
      ...{ tradingDays: 10, m: 8, countTotal: 40, sumTotal: 400 },
    })
  })

  test('leaves out the days it is told to', () => {
    const days = daysOf([1, 1, 10], [2, 2, 20], [3, 3, 30])
    const leftOut = { name: '2', has: (day: number) => day === 2 }
    expect(baseBefore(days, 50, leftOut, 10)).toMatchObject({ tradingDays: 2, countTotal: 4 })
  })

  test('is taken anew when an earlier day or what is left out becomes another', () => {
    const days = daysOf([1, 1, 10])
    expect(baseBefore(days, 5, NONE, 10).tradingDays).toBe(1)
    noteDay(days, 5, { count: 1, sum: 10 })
    expect(baseBefore(days, 5, NONE, 10).tradingDays).toBe(1)
    noteDay(days, 2, { count: 1, sum: 10 })
    expect(baseBefore(days, 5, NONE, 10).tradingDays).toBe(2)
    expect(baseBefore(days, 5, { name: '1', has: (day) => day === 1 }, 10).tradingDays).toBe(1)
    expect(baseBefore(days, 6, NONE, 10).tradingDays).toBe(3)
  })
})

type Sale = Readonly<{ day: number; count: number; sum: number }>

/** The same from the raw sales. */
function counted(sales: readonly Sale[], day: number, leftOut: LeftOut, percent: number) {
  const byDay = Map.groupBy(sales, (it) => it.day)
  const total = (all: readonly Sale[], of: 'count' | 'sum') =>
    all.reduce((sum, it) => sum + it[of], 0)
  const trading = [...byDay]
    .filter(([it]) => it < day && it >= day - 90 && !leftOut.has(it))
    .map(([, all]) => ({ count: total(all, 'count'), sum: total(all, 'sum') }))
    .filter(({ count }) => count >= 1)
  const cut = Math.floor((trading.length * percent) / 100)
  const trimmed = (of: 'count' | 'sum') =>
    trading
      .map((it) => it[of])
      .toSorted((a, b) => a - b)
      .slice(cut, trading.length - cut)
      .reduce((sum, it) => sum + it, 0)
  const m = trading.length - 2 * cut
  const totals = { countTotal: trimmed('count'), sumTotal: trimmed('sum') }
  return { tradingDays: trading.length, m, ...totals }
}

test('the base agrees with the raw sales, forwarded ones and voids among them', () => {
  const step = fc.record({
    wait: fc.constantFrom(0, 0, 1, 1, 2, 9),
    late: fc.constantFrom(0, 0, 1, 3),
    count: fc.constantFrom(1, 1, 2, 30, -1),
    sum: fc.integer({ min: -500, max: 9_000 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), fc.nat(40), (steps, percent) => {
      let today = 20_000
      const days = emptyDays()
      const sales: Sale[] = []
      const leftOut = { name: 'sevenths', has: (day: number) => day % 7 === 0 }
      for (const { wait, late, count, sum } of steps) {
        today += wait
        const day = today - late
        // A void is taken out of a day that has a sale, and of no other.
        const change =
          count < 0 && tallyOf(days, day).count < 1 ? { count: 1, sum } : { count, sum }
        sales.push({ day, ...change })
        noteDay(days, day, change)
        for (const day of [today - 3, today, today + 1]) {
          expect(baseBefore(days, day, leftOut, percent)).toEqual(
            counted(sales, day, leftOut, percent),
          )
        }
      }
      expect(days.rows.count).toBeLessThanOrEqual(105)
    }),
    { seed: 1, numRuns: 60 },
  )
})
