/**
 * Which accounts must be looked at, and when. The store lists an account coarsely, at the hour of its
 * wake or earlier; once that hour is open its accounts stand in a heap in memory. The listing is
 * lazy: an account whose wake moved later is found too early, and listed anew when its hour closes.
 */
import type { Fold } from '../core/fold.ts'
import type { DueBucket } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { CachedAccount } from './account-cache.ts'
import { createWakeHeap } from './wake-heap.ts'
import type { Keyed, WakeHeap } from './wake-heap.ts'

export type DueIndex = Readonly<{
  /** Where the store lists an instant. Infinity stays. */
  bucketOf: (atMs: EpochMs) => number
  /** Takes note of an account's wake: to be called whenever a commit that carries it is built. */
  update: (entry: CachedAccount) => void
  /** Latest bucket whose accounts are in the heap, but for those in `toLookThrough`. Inclusive. */
  openBucket: () => number
  /** Makes the accounts listed up to this bucket wait for `lookThrough`. */
  open: (bucket: number, listed: readonly DueBucket[]) => void
  /** The next accounts that wait, at most so many. */
  toLookThrough: (countMax: number) => readonly string[]
  /** The next that wait, now in memory: into the heap with them, or into a later bucket. */
  lookThrough: (entries: readonly (CachedAccount | undefined)[]) => void
  heap: WakeHeap<Keyed>
  /** Its wake is past, and what is due is held back: it stays listed. */
  hold: (entry: CachedAccount) => void
  /** What held some of them is over: back into the heap with all. */
  release: () => void
  hasHeld: () => boolean
  /** Changes of the stored index since the last call. Buckets before `closedBucket` may go. */
  takeChanges: (closedBucket: number) => IndexChanges
  hasChanges: () => boolean
}>
export type IndexChanges = Readonly<{
  added: readonly (readonly [bucket: number, account: string])[]
  dropped: readonly number[]
}>

export function createDueIndex(fold: Fold, bucketMs: number): DueIndex {
  const bucketOf = (atMs: EpochMs): number => Math.floor(atMs / bucketMs)
  const heap = createWakeHeap<Keyed>()
  const held = new Map<string, EpochMs>()
  /** Open buckets that the store holds. */
  const stored = new Set<number>()
  /** To be looked through, and the latest open bucket each was found at. */
  let waiting: (readonly [key: string, bucket: number])[] = []
  let waitingFrom = 0
  let heldBucket = Infinity
  let added: (readonly [number, string])[] = []
  let openBucket = -Infinity
  /** Buckets before this one are gone, and what was listed there is not. */
  let droppedBefore = -Infinity

  function update(entry: CachedAccount): void {
    const wakeMs = fold.wakeMs(entry.account)
    const bucket = bucketOf(wakeMs)
    if (held.size > 0) settle(entry.key, wakeMs)
    if (bucket === Infinity) return
    const isListed = bucket >= entry.indexedBucket && entry.indexedBucket >= droppedBefore
    // A listing in an open bucket goes when that closes.
    const isLeaving = entry.indexedBucket <= openBucket && bucket > entry.indexedBucket
    if (!isListed || isLeaving) list(entry, bucket)
    // Held: it has its place in the heap, or waits for the partition to see.
    if (!held.has(entry.key)) schedule(entry, wakeMs)
  }

  /** What it was held for is over as soon as its wake is another. */
  function settle(key: string, wakeMs: EpochMs): void {
    if (held.get(key) === wakeMs || !held.delete(key)) return
    if (held.size === 0) heldBucket = Infinity
  }

  function list(entry: CachedAccount, bucket: number): void {
    added.push([bucket, entry.key])
    entry.indexedBucket = bucket
    if (bucket <= openBucket) stored.add(bucket)
  }

  function schedule(entry: CachedAccount, wakeMs: EpochMs): void {
    if (bucketOf(wakeMs) > openBucket || wakeMs >= entry.scheduledMs) return
    entry.scheduledMs = wakeMs
    // Not the entry itself: it may leave the cache before.
    heap.push(wakeMs, { key: entry.key })
  }

  function lookThrough(entries: readonly (CachedAccount | undefined)[]): void {
    for (const [i, entry] of entries.entries()) {
      if (entry !== undefined) lookAt(entry, waiting[waitingFrom + i]?.[1])
    }
    waitingFrom += entries.length
    if (waitingFrom < waiting.length) return
    waiting = []
    waitingFrom = 0
  }

  function lookAt(entry: CachedAccount, foundBucket: number | undefined): void {
    const wakeMs = fold.wakeMs(entry.account)
    if (wakeMs === Infinity) return
    // What memory believes of the index may be the very listing that is about to go.
    if (bucketOf(wakeMs) !== foundBucket) list(entry, bucketOf(wakeMs))
    entry.scheduledMs = Infinity
    schedule(entry, wakeMs)
  }

  function takeChanges(closedBucket: number): IndexChanges {
    const earliest = Math.min(bucketOf(heap.firstMs()), heldBucket, openBucket + 1)
    const before = waiting.length > 0 ? -Infinity : Math.min(closedBucket, earliest)
    const dropped = [...stored].filter((bucket) => bucket < before)
    for (const bucket of dropped) stored.delete(bucket)
    if (before > droppedBefore) droppedBefore = before
    const changes = { added, dropped }
    added = []
    return changes
  }

  return {
    bucketOf,
    update,
    heap,
    lookThrough,
    takeChanges,
    openBucket: () => openBucket,
    open: (bucket, listed) => {
      const fresh = listed.filter((it) => it.bucket > openBucket && it.bucket <= bucket)
      for (const it of fresh) stored.add(it.bucket)
      const found = new Map(waiting.slice(waitingFrom))
      for (const it of fresh) for (const key of it.accounts) found.set(key, it.bucket)
      waiting = [...found]
      waitingFrom = 0
      openBucket = bucket
    },
    toLookThrough: (countMax) =>
      waiting.slice(waitingFrom, waitingFrom + countMax).map(([key]) => key),
    hold: (entry) => {
      const wakeMs = fold.wakeMs(entry.account)
      held.set(entry.key, wakeMs)
      heldBucket = Math.min(heldBucket, bucketOf(wakeMs))
    },
    release: () => {
      for (const [key, wakeMs] of held) heap.push(wakeMs, { key })
    },
    hasHeld: () => held.size > 0,
    hasChanges: () => added.length > 0,
  }
}
