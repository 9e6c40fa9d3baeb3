import { expect, test } from 'vitest'
import { waitFor, waitingOf } from '../../src/core/waiting.ts'
import type { Waiting } from '../../src/core/waiting.ts'

const HOUR_MS = 3_600_000
const waiting = (originalId: string, arrivedMs: number): Waiting => ({
  ...{ originalId, arrivedMs, atMs: arrivedMs, isPartial: false, isTimeout: false },
  ...{ amount: undefined, tookTally: false, tookActivity: false },
})
const held = (...all: Waiting[]) => all.reduce<Waiting[]>((some, it) => waitFor(some, it), [])

test.each([
  [24 * HOUR_MS, 1, 'a day'],
  [24 * HOUR_MS + 1, 0, 'a millisecond more'],
])('after %i ms %i is found (%s)', (waitedMs, count) => {
  const all = held(waiting('tx-1', HOUR_MS))
  expect(waitingOf(all, 'tx-1', HOUR_MS + waitedMs)).toHaveLength(count)
})

test('it is found by its own sale, with all that wait for it', () => {
  const all = held(waiting('tx-1', 1), waiting('tx-2', 2), waiting('tx-1', 3))
  expect(waitingOf(all, 'tx-1', 4).map(({ arrivedMs }) => arrivedMs)).toEqual([1, 3])
  expect(waitingOf(all, 'tx-3', 4)).toEqual([])
})

test('of 33 the first that came goes', () => {
  const all = held(...Array.from({ length: 33 }, (_, at) => waiting(`tx-${at}`, at)))
  expect(all).toHaveLength(32)
  expect(all[0]?.originalId).toBe('tx-1')
})

test('what waited for more than a day goes when another comes', () => {
  expect(held(waiting('tx-1', 0), waiting('tx-2', 24 * HOUR_MS))).toHaveLength(2)
  expect(held(waiting('tx-1', 0), waiting('tx-2', 24 * HOUR_MS + 1))).toHaveLength(1)
})
