import { expect, test } from 'vitest'
import { bitsOf, noChanges } from '../../src/core/changes.ts'
import { DETECTORS } from '../../src/detectors/index.ts'

test('a word is in a set once it was added, and in no other set', () => {
  const changes = noChanges()
  changes.add('sales')
  changes.add('sales')
  changes.add('profile')
  expect(changes.bits & bitsOf(['sales'])).not.toBe(0)
  expect(changes.bits & bitsOf(['attempts', 'payouts'])).toBe(0)
  expect(changes.bits).toBe(bitsOf(['profile', 'sales']))
  expect(noChanges().bits).toBe(0)
})

test('a profile has the bits of each of its words', () => {
  for (const { on } of DETECTORS) {
    for (const word of on) expect(bitsOf(on) & bitsOf([word])).not.toBe(0)
  }
})
