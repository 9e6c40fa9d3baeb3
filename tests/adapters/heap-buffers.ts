/** Started by `heap.test.ts` in a process of its own: holds buffers for a while, and says how often the whole heap was collected. */
import { PerformanceObserver, constants } from 'node:perf_hooks'
import type { PerformanceNodeEntry } from 'node:perf_hooks'
import { countBuffersAsHeap } from '../../src/adapters/heap.ts'

const HELD = 64
const BUFFER_BYTES = 1_000_000
const BUFFERS = 600
const TURN = 20

let collected = 0
const observer = new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries() as PerformanceNodeEntry[]) {
    const { kind } = detail as { kind: number }
    if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) collected++
  }
})
observer.observe({ entryTypes: ['gc'] })

if (process.argv[2] === 'as-heap') countBuffersAsHeap()
const living = Array.from({ length: 2_000_000 }, (_, i) => ({ i, text: [i] }))
collected = 0
const held: ArrayBuffer[] = []
for (let made = 0; made < BUFFERS; made++) {
  held[made % HELD] = new ArrayBuffer(BUFFER_BYTES)
  // What lives through many short collections is old.
  churn()
  if (made % TURN === 0) await new Promise((resolve) => setTimeout(resolve, 1))
}
await new Promise((resolve) => setTimeout(resolve, TURN))
process.stdout.write(`${living.length > 0 ? collected : ''}`)

function churn(): void {
  const short: number[][] = []
  for (let i = 0; i < 20_000; i++) short.push([i, i, i])
}
