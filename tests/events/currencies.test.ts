import { expect, test } from 'vitest'
import { isCurrency, minorUnits } from '../../src/events/currencies.ts'

test.each([
  ['CNY', 2],
  ['EUR', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['VND', 0],
  ['KWD', 3],
  ['BHD', 3],
  ['CLF', 4],
])('%s has %i digits', (code, digits) => {
  expect(isCurrency(code)).toBe(true)
  expect(minorUnits(code)).toBe(digits)
})

test.each(['XXX', 'XTS', 'XAU', 'cny', 'CN', 'CNYY', '', 'RMB', '156'])('%j is none', (code) => {
  expect(isCurrency(code)).toBe(false)
  expect(minorUnits(code)).toBe(2)
})

test('agrees with the currencies that the runtime knows to be in use', () => {
  const known = new Set(Intl.supportedValuesOf('currency'))
  for (const code of [
    'AED',
    'BRL',
    'CHF',
    'GBP',
    'HKD',
    'INR',
    'MYR',
    'SGD',
    'THB',
    'USD',
    'ZAR',
  ]) {
    expect(known.has(code) && isCurrency(code)).toBe(true)
  }
})
