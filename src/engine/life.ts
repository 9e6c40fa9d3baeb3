/** The parts of one life of a partition, put together: what it folds, fires, commits and relays. */
import type { LogReader, RawRecord } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import { createAccountCache } from './account-cache.ts'
import { createArrivalClock } from './arrival-clock.ts'
import { createCommitPace } from './commit-pace.ts'
import { createCommitQueue } from './commit-queue.ts'
import type { QueueState } from './commit-queue.ts'
import type { EngineDeps } from './dependencies.ts'
import { createDueIndex } from './due-index.ts'
import { startState } from './life-state.ts'
import { createLogCheck } from './log-check.ts'
import { createOpenBatch } from './open-batch.ts'
import { createOwnReads } from './own-reads.ts'
import type { Rest } from './pace.ts'
import { createPartitionWorker } from './partition-worker.ts'
import { createPolicyPass } from './policy-pass.ts'
import { createRelay } from './relay.ts'
import { createSweep } from './sweep.ts'
import type { Proven } from './sweep.ts'
import type { NotTaken, Taken } from './take-partition.ts'

export type Life = ReturnType<typeof createLife>

export type LifePorts = Readonly<{
  reader: LogReader
  rest: Rest
  /** Tasks wait behind the one that runs. */
  isAwaited: () => boolean
}>
type Provided = Proven & Readonly<{ targetMs: EpochMs }>
export type LifeListener = Readonly<{
  commits: (state: QueueState, cause: string) => void
  relayed: () => void
  bug: (error: unknown) => void
}>

/** Its tasks (`fold`, `bury`, `sweep`, `commit`) must be run one at a time. */
export function createLife(
  deps: EngineDeps,
  partition: number,
  taken: Taken,
  ports: LifePorts,
  listener: LifeListener,
) {
  const { fold, store, clock, random, observer, options } = deps
  const { reader, rest } = ports
  const state = startState(deps, partition, taken)
  const logCheck = createLogCheck(deps, partition, reader, taken.expectedRecord)
  let committed = { version: taken.cursor?.version ?? 0, offset: taken.position }
  /** Of a sweep that was interrupted. */
  let proven: Provided | undefined
  let hasLogEnded = false
  let isFinal = false
  /** Another policy waits: under load somebody always does, and the sweep would never be over. */
  let isHurried = false

  const relay = createRelay(
    { output: deps.output, partition, clock, random, rest, observer },
    { mark: taken.meta.mark, entries: taken.outbox },
    { acknowledged: listener.relayed, bug: listener.bug },
  )
  const queue = createCommitQueue(
    {
      commit: (commit) => store.commit(partition, commit),
      ...{ clock, random, observer, rest },
      inFlightMax: options.commitsInFlightMax,
      giveUpMs: options.commitGiveUpMs,
    },
    {
      committed: ({ next, outboxAdded }) => {
        committed = next
        if (!state.isEnded) relay.add(outboxAdded)
      },
      changed: listener.commits,
      bug: listener.bug,
    },
  )
  const ours = createOwnReads({
    ...{ loaded: taken.cursor, writer: state.writer },
    committedVersion: () => committed.version,
    lost: (cause) => listener.commits('lost', cause),
  })
  const index = createDueIndex(fold, options.dueBucketMs)
  const accounts = createAccountCache({
    fold,
    read: (fields) => ours(store.read(partition, fields)),
    accountsMax: options.cachedAccountsMax,
    bucketOf: index.bucketOf,
    openBucket: index.openBucket,
  })
  const batch = createOpenBatch(deps, state, index)
  const parts = { life: state, accounts, batch, index, commit, commitIfFull }
  const worker = createPartitionWorker(deps, parts)
  const sweeper = createSweep(deps, {
    ...{ ...parts, settled: queue.settled },
    due: (bucket) => ours(store.due(partition, bucket)),
    isToYield: () => (ports.isAwaited() && !isHurried) || queue.state() !== 'ok' || state.isEnded,
  })
  const judgeAnew = createPolicyPass(deps, {
    ...parts,
    fields: (from) => ours(store.fields(partition, from)),
    ...{ settled: queue.settled, pendingCount: relay.pendingCount },
  })
  const arrivalClock = createArrivalClock({
    clock,
    bounds: () => reader.bounds(partition),
    graceMs: fold.graceMs,
    untilMs: options.untilMs,
    busyMs: options.proofBusyMs,
    idleMs: options.proofIdleMs,
  })

  const pace = createCommitPace(options, {
    position: () => state.position,
    end: arrivalClock.endKnown,
    ...{ events: batch.eventCount, accounts: batch.accountCount, outbox: batch.outboxCount },
  })

  async function commit(): Promise<void> {
    if (batch.isEmpty() && !relay.hasAcknowledged()) return
    if (state.isEnded) return
    queue.put(batch.take(relay.takeAcknowledged()))
    accounts.evict(committed.version)
    await queue.room()
  }

  async function commitIfFull(): Promise<void> {
    if (pace.isFull()) await commit()
  }

  async function foldBatch(
    records: readonly RawRecord[],
    nextOffset: number,
  ): Promise<NotTaken | undefined> {
    if (state.laterMs !== undefined) return undefined
    const wrong = await logCheck.wrongIn(records, nextOffset, state.position)
    if (wrong !== undefined || state.isEnded) return wrong
    await worker.foldBatch(records, nextOffset)
    return undefined
  }

  function bury(fromOffset: number, nextOffset: number, why: string): void {
    const offset = Math.max(fromOffset, state.position)
    if (nextOffset <= offset) return
    batch.buryStretch(offset, nextOffset, why)
    state.position = nextOffset
  }

  /** Fires what a proof allows. True: more is left to do at once. */
  async function sweep(): Promise<boolean> {
    if (isFinal || logCheck.isPending()) return false
    proven ??= nextProof()
    if (proven === undefined) return false
    const isEndOfRun = hasLogEnded || proven.targetMs === options.untilMs
    const target = { clockMs: proven.targetMs, isEndOfRun }
    if ((await sweeper.run(target, proven)) === 'interrupted') return true
    state.isProven = true
    isFinal = isEndOfRun
    relay.caughtUp(state.sequence, isFinal ? Infinity : proven.wallMs)
    proven = undefined
    await commitIfFull()
    return false
  }

  /** What became due before another policy judges is told by this one. True: and is in the store. */
  async function sweepToClock(): Promise<boolean> {
    isHurried = true
    if (!isFinal && !logCheck.isPending()) {
      const { clockMs } = state.memory
      // No look: the clock stays where it is.
      const target = { clockMs, isEndOfRun: true }
      const fate = await sweeper.run(target, { wallMs: clockMs, end: state.position })
      if (fate === 'interrupted') return false
    }
    await commit()
    return queue.settled()
  }

  function nextProof(): Provided | undefined {
    const proof = arrivalClock.provenAt(state.position)
    return proof === undefined
      ? endProof()
      : { ...proof, targetMs: arrivalClock.targetMs(proof.wallMs) }
  }

  /** The end of a file proves by itself, and so does a record later than the run's end. */
  function endProof(): Provided | undefined {
    const { untilMs = state.memory.clockMs, clockFollows } = options
    const nowMs = clock.nowMs()
    const proof = { wallMs: nowMs, end: state.position, targetMs: untilMs }
    if (hasLogEnded) return proof
    if (state.laterMs === undefined) return undefined
    const isTime = clockFollows === 'records' || arrivalClock.targetMs(nowMs) === untilMs
    return isTime ? { ...proof, wallMs: state.laterMs } : undefined
  }

  /** All that was folded is in the store, and all that was said in the output. */
  async function isDrained(): Promise<boolean> {
    await commit()
    if (!(await queue.settled()) || relay.pendingCount() > 0) return false
    return batch.isEmpty() && !relay.hasAcknowledged()
  }

  return {
    state,
    fold: foldBatch,
    bury,
    sweep,
    sweepToClock,
    judgeAnew,
    commit,
    /** How long what was folded may wait for its commit. */
    commitAgeMs: pace.ageMs,
    isDrained,
    hasPending: () => !batch.isEmpty(),
    hasAcknowledged: relay.hasAcknowledged,
    pendingCount: relay.pendingCount,
    hasSpoken: async () => (await relay.open()) > 0,
    /** Nothing is left to fold or fire in this run. */
    isFinal: () => isFinal,
    logEnded: () => {
      hasLogEnded = true
    },
    /** Where reading must go on. */
    resumeOffset: () => logCheck.resumeOffset(state.position),
    committed: () => committed,
    end: () => {
      state.isEnded = true
      relay.end()
      queue.end()
    },
    arrivalClock,
    nextTimerMs: sweeper.nextMs,
    /** Instant of the earliest timer not yet fired, as far as known. */
    oldestTimerMs: index.heap.firstMs,
    hasSweepToDo: () => {
      if (isFinal || logCheck.isPending()) return false
      return (
        proven !== undefined || arrivalClock.isReached(state.position) || endProof() !== undefined
      )
    },
  }
}
