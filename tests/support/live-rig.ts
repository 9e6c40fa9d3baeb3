/** The real engine with the real policy on simulated time: lines arrive when they say, or wait for it. */
import { hash } from 'node:crypto'
import { createFold } from '../../src/core/fold.ts'
import type { Observer } from '../../src/core/observer.ts'
import { createRenderer } from '../../src/core/record.ts'
import { createZones } from '../../src/core/time.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'
import type { EngineOptions } from '../../src/engine/dependencies.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { replayRecords } from '../../src/engine/replay.ts'
import { createWording } from '../../src/engine/wording.ts'
import { decode } from '../../src/events/decode.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import { POLICY } from './heard.ts'
import { prng } from './prng.ts'
import { createSimulatedLog } from './simulated-log.ts'
import { createSimulatedOutput } from './simulated-output.ts'
import { createSimulatedStore } from './simulated-store.ts'
import { createWorld } from './simulated-world.ts'
import type { Process } from './simulated-world.ts'

export type Plain = Readonly<Record<string, unknown>>

const renderer = createRenderer(createZones(), 'default')
const plain = (record: RawRecord) => decode(record, { keyOptional: true })

export type LiveRig = ReturnType<typeof createLiveRig>

export function createLiveRig(startMs: number) {
  const dice = prng(1)
  const world = createWorld(dice, startMs, {})
  const topic = createSimulatedLog(world, dice, 1)
  const stores = createSimulatedStore(world, {})
  const outputs = createSimulatedOutput(world, dice, {})
  let made = 0

  return {
    world,
    stores,
    topic,
    /** Each line is appended at its arrival, or now if that is past. */
    produce: (lines: readonly string[]): void => {
      for (const line of lines) {
        const timestampMs = arrivalOf(line)
        const record = { key: undefined, value: Buffer.from(line), headers: [], timestampMs }
        const waitMs = timestampMs - world.nowMs()
        if (waitMs <= 0) topic.append(0, record)
        else world.after(waitMs, () => topic.append(0, record))
      }
    },
    begin: (observer: Observer, options: Partial<EngineOptions> = {}) => {
      const process: Process = { id: made++, isCrashed: false, asleep: undefined }
      const exact = world.clockOf(process)
      // As a host tells it: in whole milliseconds.
      const clock = { ...exact, nowMs: () => Math.floor(exact.nowMs()) }
      const wording = createWording(renderer, {
        ...{ mode: 'structured', source: 'urn:forewarn:default', inputTopic: 'events' },
        ...{ group: 'g', appVersion: '1.0.0', headerStyle: 'native', nowMs: clock.nowMs },
        sha256: (bytes) => hash('sha256', bytes, 'hex'),
      })
      const engine = createEngine({
        ...{ ...wording, fold: createFold(POLICY), decode: plain, clock, observer },
        ...{ eventLog: topic.eventLogOf(process), store: stores.storeOf(process) },
        output: outputs.outputOf(process),
        random: { writerId: () => `w${process.id}.${dice.below(1e9)}`, fraction: dice.fraction },
        options: { ...ENGINE_DEFAULTS, ...options },
      })
      engine.done.catch((error: unknown) => world.errors.push(error))
      return { process, engine }
    },
    passTo: async (atMs: number): Promise<void> => {
      let isOver = false
      world.after(atMs - world.nowMs(), () => (isOver = true))
      while (!isOver) await world.step()
    },
    /** What `account.warnings` holds, in the order of sending. */
    warnings: (): Plain[] =>
      outputs.plain
        .entries('warnings')
        .map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as Plain),
  }
}

/** The lines of `replay` on the same stream, without what only a sending knows. */
export async function replayed(lines: readonly string[], untilMs: number): Promise<Plain[]> {
  const records: Plain[] = []
  async function* batch() {
    yield lines.map((line, offset) => {
      const timestampMs = arrivalOf(line)
      return { offset, key: undefined, value: Buffer.from(line), headers: [], timestampMs }
    })
  }
  await replayRecords(createFold(POLICY), batch(), plain, {
    untilMs,
    onWarning: (record) => records.push(renderer.structured(record)),
    onDead: ({ message }) => {
      throw new Error(message)
    },
  })
  return records
}

/** Without the emission fields, by account and order within it. */
export function comparable(records: readonly Plain[]): string[] {
  return records
    .map((record) => {
      const { recordedtime: _, data, ...rest } = record
      const { emitted: __, ...told } = data as Plain
      return JSON.stringify([rest['subject'], rest['sequence'], rest, told])
    })
    .toSorted()
}

export function arrivalOf(line: string): number {
  return Date.parse((JSON.parse(line) as { receivedat: string }).receivedat)
}
