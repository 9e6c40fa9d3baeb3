import { describe, expect, test } from 'vitest'
import { majorAmount, minorOf } from '../../src/core/money.ts'

test.each([
  ['5000.00', 'CNY', 500_000, 'two digits'],
  ['5000', 'CNY', 500_000, 'none written'],
  ['0.01', 'CNY', 1, 'the smallest'],
  ['0.5', 'CNY', 50, 'one written'],
  ['10.999', 'CNY', 1_099, 'more than the currency has: rounded down'],
  ['5000.00', 'JPY', 5_000, 'no minor unit'],
  ['0.99', 'JPY', 0, 'less than a yen is nothing'],
  ['1.5', 'KWD', 1_500, 'three digits'],
  ['1.2', 'CLF', 12_000, 'four digits'],
  ['999999999999.99', 'CNY', 99_999_999_999_999, 'as large as a limit may be'],
  ['1.00', 'XXX', 100, 'no currency known yet'],
])('%s %s → %i (%s)', (major, currency, minor) => {
  expect(minorOf(major, currency)).toBe(minor)
})

describe('an amount of a limit', () => {
  test.each(['0', '1', '10.5', '5000.00', '0.125', '123456789012'])('is %s', (text) => {
    expect(majorAmount.safeParse(text).success).toBe(true)
  })

  test.each<[unknown, string]>([
    [5000, 'a number: 0.1 is none'],
    ['-1', 'a sign'],
    ['1.', 'nothing after the point'],
    ['.5', 'nothing before it'],
    ['1,000', 'a comma'],
    ['1e3', 'an exponent'],
    ['1.0000', 'four digits'],
    ['1234567890123', 'thirteen digits'],
    ['', 'nothing'],
  ])('is not %j: %s', (text) => {
    expect(majorAmount.safeParse(text).success).toBe(false)
  })
})
