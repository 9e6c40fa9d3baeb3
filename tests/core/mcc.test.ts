import { expect, test } from 'vitest'
import { isAmongMccs, mccList } from '../../src/core/mcc.ts'

test.each([
  ['8210', false],
  ['8211', true],
  ['8299', true],
  ['8300', false],
  ['5411', true],
  ['5412', false],
  [undefined, false],
])('%s among 5411 and 8211-8299: %s', (mcc, expected) => {
  expect(isAmongMccs(mccList.parse(['5411', '8211-8299']), mcc)).toBe(expected)
})

test.each([
  ['5411', true],
  ['8211-8299', true],
  ['541', false],
  ['8211-', false],
  ['grocers', false],
])('%s may be written: %s', (entry, isFine) => {
  expect(mccList.safeParse([entry]).success).toBe(isFine)
})
