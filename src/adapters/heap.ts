/** How much of this process's memory accounts may take, and when it is collected. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'

/** Of an account with some weeks of trade, in memory; measured with the stream of the benchmark. */
const ACCOUNT_BYTES = 12_000
const SHARE = 1 / 3

/**
 * Accounts that a third of the heap holds. The heap's limit follows the machine, or the container, or
 * `--max-old-space-size`; what is not in memory is read from the store when it is needed.
 */
export function accountsInHeap(heapBytes: number = getHeapStatistics().heap_size_limit): number {
  return Math.max(1_000, Math.floor((heapBytes * SHARE) / ACCOUNT_BYTES))
}

/** Older releases print that they do not know the flag. */
const NODE_MIN = 26

/**
 * V8 collects the whole heap whenever buffers have grown by 64 MB since the last time, however large the
 * heap is: with 50,000 accounts in memory every 75,000 events, for a fifth of all CPU. From here on buffers
 * count towards the limit of the heap like everything else. Once per process, before it grows. Answers
 * whether this release can.
 */
export function countBuffersAsHeap(release: string = process.versions.node): boolean {
  if (Number.parseInt(release, 10) < NODE_MIN) return false
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  return true
}
