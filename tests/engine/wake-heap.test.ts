import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWakeHeap } from '../../src/engine/wake-heap.ts'

test('gives back in order of instant, then of key', () => {
  const wakes = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.string({ maxLength: 3 })))
  fc.assert(
    fc.property(wakes, (given) => {
      const heap = createWakeHeap<{ key: string; atMs: number }>()
      for (const [atMs, key] of given) heap.push(atMs, { key, atMs })
      const found: [number, string][] = []
      while (heap.size() > 0) {
        const firstMs = heap.firstMs()
        const item = heap.pop()
        expect(item?.atMs).toBe(firstMs)
        found.push([firstMs, item?.key ?? ''])
      }
      const sorted = given.toSorted(
        (a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0),
      )
      expect(found).toEqual(sorted)
      expect(heap.firstMs()).toBe(Infinity)
    }),
  )
})
