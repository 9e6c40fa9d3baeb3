/** Fires what is due in accounts that have no further records, once absence is proven. */
import type { DueBucket } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { AccountCache, CachedAccount } from './account-cache.ts'
import type { EngineDeps, Proof } from './dependencies.ts'
import type { DueIndex } from './due-index.ts'
import type { LifeState } from './life-state.ts'
import type { OpenBatch } from './open-batch.ts'
import { keyOfStored } from './stored-names.ts'

export type SweepParts = Readonly<{
  life: LifeState
  accounts: AccountCache
  batch: OpenBatch
  index: DueIndex
  due: (bucket: number) => Promise<readonly DueBucket[]>
  /** Commits what is there and waits for room. */
  commit: () => Promise<void>
  commitIfFull: () => Promise<void>
  /** False: what was committed may not be in the store yet, and will not be soon. */
  settled: () => Promise<boolean>
  /** Others wait, or commits do not get through. */
  isToYield: () => boolean
}>

export type Sweep = Readonly<{
  /**
   * Moves the clock to `targetMs`, never back, firing in the order (due, tenant, merchantId) what is
   * due by it less the grace. `interrupted`: to be called again with the same proof, or a later one.
   * With the run's own end as target the stretch counts as seen.
   */
  run: (target: Target, proven: Proven) => Promise<'done' | 'interrupted'>
  /** What the clock must reach before something may have to be fired or looked up. */
  nextMs: () => EpochMs
}>
export type Target = Readonly<{ clockMs: EpochMs; isEndOfRun: boolean }>
export type Proven = Readonly<{ wallMs: EpochMs; end: number }>

const CHUNK = 500

export function createSweep(deps: EngineDeps, parts: SweepParts): Sweep {
  const { fold, clock } = deps
  const { life, accounts, batch, index } = parts
  const { heap } = index
  let endings = fold.endings(life.memory)

  async function run(target: Target, proven: Proven): Promise<'done' | 'interrupted'> {
    const { memory } = life
    const limitMs = Math.max(target.clockMs, memory.clockMs)
    // What the last records did to wakes is in the index only when a commit carries it.
    await parts.commit()
    if (mayRelease()) index.release()
    endings = fold.endings(memory)
    if (!(await open(index.bucketOf(limitMs - fold.graceMs)))) return 'interrupted'
    while (heap.firstMs() + fold.graceMs <= limitMs) {
      if (life.isEnded) return 'interrupted'
      if (await isAwaited()) continue
      step(target.isEndOfRun, proven)
      if (batch.eventCount() + batch.outboxCount() < CHUNK) continue
      await parts.commit()
      if (parts.isToYield()) return 'interrupted'
    }
    moveClock(limitMs, target.isEndOfRun)
    return 'done'
  }

  function moveClock(toMs: EpochMs, isEndOfRun: boolean): void {
    const { memory } = life
    memory.clockMs = Math.max(memory.clockMs, toMs)
    if (!isEndOfRun) fold.look(memory, memory.clockMs)
  }

  /** Brings the accounts listed up to this bucket into the heap. False: not all of them yet. */
  async function open(bucket: number): Promise<boolean> {
    if (bucket > index.openBucket()) {
      // A listing on its way to the store would be missed.
      if (!(await parts.settled()) || life.isEnded) return false
      const listed = await parts.due(bucket)
      if (life.isEnded) return false
      index.open(
        bucket,
        listed.map((it) => ({ ...it, accounts: it.accounts.map(keyOfStored) })),
      )
    }
    for (;;) {
      const keys = index.toLookThrough(CHUNK)
      if (keys.length === 0) return true
      const entries = await accounts.warm(keys)
      if (life.isEnded) return false
      index.lookThrough(entries)
      await parts.commitIfFull()
      if (parts.isToYield()) return false
    }
  }

  /** True: the first in the heap was not in memory, and was read with those that follow it. */
  async function isAwaited(): Promise<boolean> {
    const first = heap.first()
    if (first === undefined || accounts.get(first.key) !== undefined) return false
    const next: [EpochMs, string][] = []
    while (next.length < CHUNK && heap.size() > 0) {
      const atMs = heap.firstMs()
      next.push([atMs, heap.pop()?.key ?? ''])
    }
    for (const [atMs, key] of next) heap.push(atMs, { key })
    await accounts.warm(next.map(([, key]) => key))
    return true
  }

  function step(isEndOfRun: boolean, proven: Proven): void {
    const atMs = heap.firstMs()
    const key = heap.pop()?.key
    const entry = key === undefined ? undefined : accounts.get(key)
    if (entry === undefined) return
    entry.scheduledMs = Infinity
    // It moved since: it stands elsewhere in the order, or in a later bucket.
    if (fold.wakeMs(entry.account) > atMs) return index.update(entry)
    moveClock(atMs + fold.graceMs, isEndOfRun)
    fire(entry, proven)
  }

  function fire(entry: CachedAccount, proven: Proven): void {
    const { memory } = life
    const { account } = entry
    const dueByMs = memory.clockMs - fold.graceMs
    if (fold.readyMs(memory, account) <= dueByMs) {
      const folded = fold.timers(memory, account)
      batch.add(entry, folded)
      batch.count()
      if (folded.warnings.length > 0) batch.say(folded.warnings, clock.nowMs(), proofOf(proven))
    }
    const readyMs = fold.readyMs(memory, account)
    if (readyMs <= dueByMs) throw new Error('firing its timers left an account due')
    if (fold.wakeMs(account) > dueByMs) return index.update(entry)
    // Something due is held back; what is not concerned goes on.
    index.hold(entry)
    if (readyMs !== Infinity) heap.push(readyMs, { key: entry.key })
  }

  function proofOf({ wallMs, end }: Proven): Proof {
    const { partition, position, memory } = life
    return { partition, position, end, wallMs, arrivalClockMs: memory.clockMs }
  }

  function mayRelease(): boolean {
    return index.hasHeld() && fold.endings(life.memory) !== endings
  }

  function nextMs(): EpochMs {
    if (mayRelease()) return -Infinity
    const nextBucketMs = (index.openBucket() + 1) * deps.options.dueBucketMs
    return Math.min(heap.firstMs(), nextBucketMs) + fold.graceMs
  }

  return { run, nextMs }
}
