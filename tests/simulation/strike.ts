/** What happens to processes, store and log from outside, at moments that the seed chooses. */
import type { RawRecord } from '../../src/core/ports.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Prng } from '../support/prng.ts'
import type { createSimulatedLog } from '../support/simulated-log.ts'
import type { createSimulatedStore } from '../support/simulated-store.ts'
import type { Process, World } from '../support/simulated-world.ts'

export type Running = Readonly<{ process: Process; engine: Engine }>

/** A partition of which the log lost something. */
export type Broken = Readonly<{
  kind: 'retention' | 'truncated' | 'recreated'
  /** First offset still there, or the length that was left. */
  at: number
  /** As it was before. */
  log: readonly RawRecord[]
}>

type StrikerPorts = Readonly<{
  dice: Prng
  world: World
  topic: ReturnType<typeof createSimulatedLog>
  stores: ReturnType<typeof createSimulatedStore>
  running: Running[]
  begin: () => void
  cursorOf: (partition: number) => Promise<number>
}>

const HOUR_MS = 3_600_000
/** Less than a tick of the proof: the one after the jump proves nothing. */
const GLITCH_MS = 400
/** Longest time between two questions for the log's end, and the tick in which they are asked. */
const IDLE_TICK_MS = 2_600
/** Less than what a record may be ahead of the wall. */
const BEHIND_MS = 240_000

export function createStriker(ports: StrikerPorts) {
  const { dice, world, topic, stores, running } = ports
  const broken = new Map<number, Broken>()
  const stopping = new Set<Running>()

  function strike(): void {
    const victim = running[dice.below(running.length)]
    if (victim !== undefined) strikeProcess(victim)
    if (world.isStruck('rebalance')) topic.rebalance()
    strikeStore()
    strikeLog().catch((error: unknown) => world.errors.push(error))
  }

  function strikeProcess(victim: Running): void {
    const { process } = victim
    if (world.isStruck('crash')) world.crash(process)
    else if (process.asleep !== undefined) return
    else if (world.isStruck('pause')) {
      process.asleep = []
      topic.leave(process)
      world.after(dice.below(8_000), () => comeBack(victim))
    } else if (world.isStruck('stop')) stop(victim)
    else if (world.isStruck('clockAhead')) stepClock(process, HOUR_MS, GLITCH_MS)
    else if (world.isStruck('clockBehind')) {
      if (dice.chance(0.3)) stepClock(process, -HOUR_MS, GLITCH_MS)
      else stepClock(process, -BEHIND_MS, 8_000)
    }
  }

  function stop(victim: Running): void {
    if (stopping.has(victim)) return
    stopping.add(victim)
    victim.engine.stop().then(
      () => replace(victim.process),
      (error: unknown) => world.errors.push(error),
    )
  }

  function stepClock(process: Process, byMs: number, forMs: number): void {
    if (world.nowMs() < (process.stepsFromMs ?? 0)) return
    // Two alike between two questions look like none.
    process.stepsFromMs = world.nowMs() + forMs + IDLE_TICK_MS
    process.wallErrorMs = byMs
    world.after(dice.below(forMs), () => (process.wallErrorMs = 0))
  }

  function strikeStore(): void {
    if (dice.chance(0.05)) stores.keepSnapshot()
    if (world.isStruck('rollback')) stores.rollBack()
    if (world.isStruck('emptied')) stores.empty()
    if (world.isStruck('evicted')) {
      world.count(`evicted: ${stores.evict(dice.below(topic.log.length), dice)}`)
    }
  }

  async function strikeLog(): Promise<void> {
    for (const kind of ['retention', 'truncated', 'recreated'] as const) {
      if (broken.size > 0 || !world.isStruck(kind)) continue
      const partition = dice.below(topic.log.length)
      const records = topic.log[partition] ?? []
      const cursor = await ports.cursorOf(partition)
      const limit = kind === 'retention' ? records.length + 1 : kind === 'truncated' ? cursor : 0
      const at = dice.below(limit)
      // Nothing folded yet could be lost.
      if (kind !== 'retention' && cursor === 0) continue
      broken.set(partition, { kind, at, log: records })
      if (kind === 'retention') topic.trim(partition, at)
      else topic.cut(partition, at)
    }
  }

  /** Its place in the group is free, and another takes it after a while. */
  function replace(process: Process): void {
    const at = running.findIndex((it) => it.process === process)
    if (at < 0) return
    running.splice(at, 1)
    topic.leave(process)
    world.after(dice.below(3_000), ports.begin)
  }

  /** A paused process goes on for a while with what it had: a zombie. Then it notices and ends. */
  function comeBack(victim: Running): void {
    world.wake(victim.process)
    world.after(dice.below(2_000), () => {
      if (running.includes(victim)) world.crash(victim.process)
    })
  }

  return { strike, replace, broken }
}
