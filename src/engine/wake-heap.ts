/** Accounts by the instant at which they must be looked at, then by key. Corrected lazily by its users. */
import type { EpochMs } from '../core/time.ts'

export type Keyed = Readonly<{ key: string }>

export type WakeHeap<T extends Keyed> = Readonly<{
  push: (atMs: EpochMs, item: T) => void
  /** Infinity: empty. */
  firstMs: () => EpochMs
  first: () => T | undefined
  pop: () => T | undefined
  size: () => number
}>

export function createWakeHeap<T extends Keyed>(): WakeHeap<T> {
  // Two arrays instead of pairs: one timer a day and account are many pairs.
  const times: EpochMs[] = []
  const items: T[] = []

  function isBefore(i: number, atMs: EpochMs, key: string): boolean {
    const other = times[i] as EpochMs
    return other < atMs || (other === atMs && (items[i] as T).key < key)
  }

  function put(i: number, atMs: EpochMs, item: T): void {
    times[i] = atMs
    items[i] = item
  }

  function push(atMs: EpochMs, item: T): void {
    let i = items.length
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (isBefore(parent, atMs, item.key)) break
      put(i, times[parent] as EpochMs, items[parent] as T)
      i = parent
    }
    put(i, atMs, item)
  }

  function pop(): T | undefined {
    const top = items[0]
    const lastMs = times.pop()
    const last = items.pop()
    if (last !== undefined && lastMs !== undefined && items.length > 0) sink(lastMs, last)
    return top
  }

  function sink(atMs: EpochMs, item: T): void {
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= items.length) break
      const right = child + 1
      if (
        right < items.length &&
        isBefore(right, times[child] as EpochMs, (items[child] as T).key)
      ) {
        child = right
      }
      if (!isBefore(child, atMs, item.key)) break
      put(i, times[child] as EpochMs, items[child] as T)
      i = child
    }
    put(i, atMs, item)
  }

  return {
    push,
    pop,
    firstMs: () => times[0] ?? Infinity,
    first: () => items[0],
    size: () => items.length,
  }
}
