/** An engine on simulated ports without faults of their own, and the means to hurt it. */
import type { Fold } from '../../src/core/fold.ts'
import { SILENT } from '../../src/core/observer.ts'
import type { StateStore } from '../../src/core/ports.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'
import type { EngineOptions } from '../../src/engine/dependencies.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { prng } from './prng.ts'
import { createSimulatedLog } from './simulated-log.ts'
import { createSimulatedOutput } from './simulated-output.ts'
import { createSimulatedStore } from './simulated-store.ts'
import { createWorld } from './simulated-world.ts'
import type { Process } from './simulated-world.ts'
import { toyDecode, toyWording } from './toy-events.ts'
import { toyFold } from './toy-fold.ts'

export const START_MS = 1_750_000_000_000

export function createRig(partitionCount = 1) {
  const dice = prng(1)
  const world = createWorld(dice, START_MS, {})
  const topic = createSimulatedLog(world, dice, partitionCount)
  const stores = createSimulatedStore(world, {})
  const outputs = createSimulatedOutput(world, dice, {})
  let made = 0

  return {
    world,
    topic,
    stores,
    outputs,
    /** A record of merchant `m<n>` that arrives now, unless it is told when. */
    append: (partition: number, merchant: string, n: number, timestampMs = world.nowMs()): void => {
      const value = new TextEncoder().encode(JSON.stringify([merchant, timestampMs, n]))
      topic.append(partition, { key: undefined, value, headers: [], timestampMs })
    },
    begin: (
      options: Partial<EngineOptions> = {},
      over: Partial<{
        store: (plain: StateStore) => StateStore
        partitionCount: number
        fold: Fold
      }> = {},
    ) => {
      const process: Process = { id: made++, isCrashed: false, asleep: undefined }
      const eventLog = topic.eventLogOf(process)
      const store = stores.storeOf(process)
      const count = over.partitionCount ?? partitionCount
      const engine = createEngine({
        fold: over.fold ?? toyFold(),
        decode: toyDecode,
        ...toyWording,
        eventLog: { ...eventLog, partitionCount: async () => count },
        store: over.store?.(store) ?? store,
        output: outputs.outputOf(process),
        clock: world.clockOf(process),
        random: { writerId: () => `w${process.id}.${dice.below(1e9)}`, fraction: dice.fraction },
        observer: SILENT,
        options: { ...ENGINE_DEFAULTS, ...options },
      })
      return { process, engine }
    },
    /** Lets virtual time pass. */
    pass: async (ms: number): Promise<void> => {
      const endMs = world.nowMs() + ms
      let isOver = false
      world.after(ms, () => (isOver = true))
      while (!isOver && world.nowMs() <= endMs) await world.step()
    },
    idsOf: (of: 'warnings' | 'deadLetters'): string[] =>
      outputs.plain.entries(of).map(({ id }) => id),
  }
}
