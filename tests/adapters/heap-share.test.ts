import { getHeapStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { accountsInHeap } from '../../src/adapters/heap-share.ts'

test.each([
  ['a container of 512 MB', 360_000_000, 10_000],
  ['a machine of 16 GB', 4_320_000_000, 120_000],
  ['next to nothing', 1_000_000, 1_000],
])('%s', (_, heapBytes, accounts) => {
  expect(accountsInHeap(heapBytes)).toBe(accounts)
})

test('by default it follows the limit of this process', () => {
  const { heap_size_limit: limit } = getHeapStatistics()
  expect(accountsInHeap()).toBe(accountsInHeap(limit))
})
