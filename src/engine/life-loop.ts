/** What moves one life: batches as they come, commits by age, proofs and sweeps by the clock. */
import type { PartitionPhase } from '../core/observer.ts'
import type { LogReader, RawRecord } from '../core/ports.ts'
import type { EngineDeps } from './dependencies.ts'
import type { Holds } from './holds.ts'
import type { Life } from './life.ts'
import type { Rest } from './pace.ts'
import type { NotTaken } from './take-partition.ts'

export type LifeLoop = Readonly<{
  /** Runs until the life ends. */
  run: () => Promise<void>
  batch: (records: readonly RawRecord[], nextOffset: number) => Promise<void>
  unreadable: (fromOffset: number, nextOffset: number, why: string) => Promise<void>
  /** The log ended, or entries were acknowledged: something may be left to do. */
  nudge: () => void
}>

export type LoopPorts = Readonly<{
  partition: number
  reader: LogReader
  rest: Rest
  holds: Holds
  /** Runs a task of this life in its turn; not at all once the life has ended. */
  inTurn: (task: () => Promise<void>) => Promise<void>
  incident: (why: NotTaken) => void
  finished: () => void
  progressed: () => void
  bug: (error: unknown) => void
}>

const PUBLISH_EVERY_MS = 5_000
/** A question about the log's end that waits this long for the position: we are behind. */
const CATCHING_UP_MS = 5_000

export function phaseOf({ fold }: EngineDeps, it: Life): PartitionPhase {
  if (fold.isBlind(it.state.memory)) return 'blind'
  const isBehind = !it.state.isProven || it.arrivalClock.waitedMs() > CATCHING_UP_MS
  return isBehind && !it.isFinal() ? 'catching-up' : 'ok'
}

export function createLifeLoop(deps: EngineDeps, it: Life, ports: LoopPorts): LifeLoop {
  const { clock, observer, options, fold } = deps
  const { partition, reader, rest, holds, inTurn } = ports
  let isCommitArmed = false
  let isSweepQueued = false
  let publishedMs = clock.monotonicMs()

  async function run(): Promise<void> {
    while (await rest(options.proofBusyMs)) {
      if (holds.isHeld()) continue
      const isAsking = options.clockFollows === 'wall' && it.arrivalClock.isTime(it.nextTimerMs())
      if (isAsking && (await it.arrivalClock.ask()) === 'away') continue
      nudge()
      if (it.isFinal()) await inTurn(finishIfDrained)
      if (clock.monotonicMs() - publishedMs >= PUBLISH_EVERY_MS) await publish()
    }
  }

  function nudge(): void {
    sweepSoon()
    commitSoon()
  }

  async function finishIfDrained(): Promise<void> {
    if (await it.isDrained()) ports.finished()
  }

  async function publish(): Promise<void> {
    publishedMs = clock.monotonicMs()
    await reader.publishPosition(partition, it.committed().offset)
  }

  async function batch(records: readonly RawRecord[], nextOffset: number): Promise<void> {
    // Dropped: with the end of the last hold they are read again.
    if (holds.isHeld()) return
    await inTurn(async () => {
      if (holds.isHeld()) return
      const wrong = await it.fold(records, nextOffset)
      if (wrong !== undefined) return ports.incident(wrong)
      afterwards()
    })
  }

  async function unreadable(fromOffset: number, nextOffset: number, why: string): Promise<void> {
    if (holds.isHeld()) return
    await inTurn(async () => {
      if (holds.isHeld()) return
      it.bury(fromOffset, nextOffset, why)
      await it.commit()
      afterwards()
    })
  }

  function afterwards(): void {
    ports.progressed()
    if (it.state.laterMs !== undefined) reader.pause(partition)
    if (it.pendingCount() > options.outboxMax) holds.hold('outbox')
    tell()
    nudge()
  }

  function commitSoon(): void {
    if (isCommitArmed || !(it.hasPending() || it.hasAcknowledged())) return
    isCommitArmed = true
    const commit = async (): Promise<void> => {
      const sinceMs = clock.monotonicMs()
      let isRested = await rest(options.commitAgeMs)
      while (isRested && clock.monotonicMs() - sinceMs < it.commitAgeMs()) {
        isRested = await rest(options.commitAgeMs)
      }
      isCommitArmed = false
      if (isRested && !holds.isHeld()) await inTurn(it.commit)
    }
    commit().catch(ports.bug)
  }

  function sweepSoon(): void {
    if (isSweepQueued || holds.isHeld() || !it.hasSweepToDo()) return
    isSweepQueued = true
    const sweep = async (): Promise<void> => {
      await inTurn(async () => {
        isSweepQueued = false
        // Only what was interrupted goes on at once: nothing may turn in a circle here.
        if (await it.sweep()) return sweepSoon()
        ports.progressed()
        tell()
        commitSoon()
      })
      isSweepQueued = false
    }
    sweep().catch(ports.bug)
  }

  function tell(): void {
    const { position, memory, newestEventMs } = it.state
    const dueMs = it.oldestTimerMs() + 2 * fold.graceMs
    observer.progress(partition, {
      position,
      end: it.arrivalClock.endKnown(),
      clockMs: memory.clockMs,
      newestEventMs,
      phase: phaseOf(deps, it),
      timerDueMs: dueMs <= clock.nowMs() ? dueMs : undefined,
      silences: fold.silences(memory),
    })
  }

  return { run, batch, unreadable, nudge }
}
