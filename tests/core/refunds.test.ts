import { expect, test } from 'vitest'
import { noteRefund } from '../../src/core/refunds.ts'
import type { UnmatchedRefund } from '../../src/core/refunds.ts'

const refund = (atMs: number): UnmatchedRefund => ({
  ...{ atMs, pane: 0, eventId: `e-${atMs}`, terminalId: 'T1', amount: 1, currency: 'CNY' },
  ...{ isInMoney: true, failure: '', cashier: '' },
})
const held = (...times: readonly number[]) => {
  const refunds: UnmatchedRefund[] = []
  for (const atMs of times) noteRefund(refunds, refund(atMs))
  return refunds.map(({ atMs }) => atMs)
}

test('they stand in order of time, whatever came first', () => {
  expect(held(3, 1, 2, 2)).toEqual([1, 2, 2, 3])
})

test('of 65 the oldest goes', () => {
  const times = Array.from({ length: 65 }, (_, at) => at)
  expect(held(...times)).toEqual(times.slice(1))
  expect(held(...times.toReversed())).toEqual(times.slice(1))
})
