import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { getHeapStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { accountsInHeap, countBuffersAsHeap } from '../../src/adapters/heap.ts'

const run = promisify(execFile)

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

test('buffers that live for a while do not have the whole heap collected again and again', async () => {
  const script = fileURLToPath(new URL('heap-buffers.ts', import.meta.url))
  const collectionsOf = async (...args: string[]) =>
    Number((await run(process.execPath, [script, ...args])).stdout)
  const [before, after] = [await collectionsOf(), await collectionsOf('as-heap')]
  expect(before).toBeGreaterThanOrEqual(4)
  expect(after).toBeLessThanOrEqual(before / 2)
})

test('an older release, which would complain of the flag, is left as it is', () => {
  expect(countBuffersAsHeap('22.12.0')).toBe(false)
})
