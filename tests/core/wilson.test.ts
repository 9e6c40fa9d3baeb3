import { expect, test } from 'vitest'
import { wilsonLow } from '../../src/core/wilson.ts'

test.each([
  [0, 0, 0, 'of nothing nothing is sure'],
  [0, 10, 0, 'none of ten'],
  [1, 1, 0.2065, 'one of one'],
  [10, 20, 0.2993, 'half of twenty'],
  [50, 100, 0.4038, 'half of a hundred is surer'],
  [20, 20, 0.8389, 'all of twenty'],
  [6, 10, 0.3127, 'six of ten'],
])('%i of %i: %d (%s)', (k, n, low) => {
  expect(wilsonLow(k, n)).toBeCloseTo(low, 4)
})

test('it is where a share lies 1.96 deviations above itself', () => {
  for (const [k, n] of [
    [3, 11],
    [16, 50],
    [99, 100],
  ] as const) {
    const low = wilsonLow(k, n)
    expect((k / n - low) / Math.sqrt((low * (1 - low)) / n)).toBeCloseTo(1.96, 9)
  }
})
