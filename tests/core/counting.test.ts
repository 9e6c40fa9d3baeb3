import { expect, test } from 'vitest'
import { classOf } from '../../src/core/counting.ts'

const COUNTING = { largeMin: '1000.00', roundStep: '500.00' }

test.each([
  [99_999, 'CNY', { large: 0, round: 0 }, 'less than large'],
  [100_000, 'CNY', { large: 1, round: 1 }, 'large, and round'],
  [149_999, 'CNY', { large: 1, round: 0 }, 'large'],
  [150_000, 'CNY', { large: 1, round: 1 }, 'a multiple of the step'],
  [1_000, 'JPY', { large: 1, round: 1 }, 'in a currency without minor units'],
  [999, 'JPY', { large: 0, round: 0 }, 'less than large in it'],
  [1_000_000, 'KWD', { large: 1, round: 1 }, 'in one with three digits'],
])('%i %s is %o (%s)', (amount, currency, expected) => {
  expect(classOf(COUNTING, amount, currency)).toEqual(expected)
})

test('nothing is large where nobody asks, and nothing round where there is no step', () => {
  expect(classOf({}, 100_000, 'CNY')).toEqual({ large: 0, round: 0 })
  expect(classOf({ largeMin: '1000.00' }, 100_000, 'CNY')).toEqual({ large: 1, round: 0 })
})
