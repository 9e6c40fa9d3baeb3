/** How much of this process's memory accounts may take. */
import { getHeapStatistics } from 'node:v8'

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
