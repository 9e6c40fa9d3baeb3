/** One seed: processes that fold a log under faults, and what a plain fold of the same log says. */
import { SECTIONS } from '../../src/core/fold.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import { SILENT } from '../../src/core/observer.ts'
import type { Decoded, TerminalEvent } from '../../src/events/event.ts'
import { fieldOf } from '../../src/engine/stored-names.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'
import type { EngineOptions, Wording } from '../../src/engine/dependencies.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { decodeMeta } from '../../src/engine/meta.ts'
import type { PolicyMark } from '../../src/engine/policy-mark.ts'
import { prng } from '../support/prng.ts'
import type { Prng } from '../support/prng.ts'
import {
  createSimulatedLog,
  createSimulatedOutput,
  createSimulatedStore,
} from '../support/simulated-ports.ts'
import type { PortDefects } from '../support/simulated-ports.ts'
import { createWorld } from '../support/simulated-world.ts'
import type { Faults, Process } from '../support/simulated-world.ts'
import { OTHER_POLICY, toyFold } from '../support/toy-fold.ts'
import type { ToyDefects } from '../support/toy-fold.ts'

export const PARTITIONS = 2
const MERCHANTS = 6
const START_MS = 1_750_000_000_000
const LIVE_MS = 120_000
const HEAL_MS = 150_000
const LIMIT_MS = 1_200_000

const OPTIONS: EngineOptions = {
  ...ENGINE_DEFAULTS,
  commitEventsMax: 9,
  commitGiveUpMs: 3_000,
  dueBucketMs: 10_000,
  cachedAccountsMax: 3,
  outboxMax: 12,
  truncatedForMs: 3_000,
  proofIdleMs: 2_000,
}

export type Defects = ToyDefects & PortDefects
type Running = { process: Process; engine: Engine }

export type Outcome = Readonly<{
  ids: readonly string[]
  accounts: ReadonlyMap<string, unknown>
  offsets: readonly number[]
  /** By partition: which policy judges there, and from where on. */
  marks: readonly (PolicyMark | undefined)[]
  entries: readonly string[]
  log: readonly (readonly RawRecord[])[]
  untilMs: number
  exercised: Readonly<Record<string, number>>
  errors: readonly unknown[]
  isFinished: boolean
  trace: string
}>

/**
 * `faults`: where one kind is wanted at a given strength. `isPolicyChanged`: at some moment every process
 * is told of another policy, and those that start after it know no other.
 */
export async function simulate(
  seed: number,
  defects: Defects = {},
  faults: Partial<Faults> = {},
  isPolicyChanged = false,
): Promise<Outcome> {
  const dice = prng(seed)
  const world = createWorld(dice, START_MS, { ...swarm(dice), ...faults })
  const topic = createSimulatedLog(world, dice, PARTITIONS)
  const stores = createSimulatedStore(world, defects)
  const outputs = createSimulatedOutput(world, dice, defects)
  const isPast = dice.chance(0.3)
  const untilMs = isPast
    ? START_MS - 5_000 - dice.below(60_000)
    : START_MS + LIVE_MS + dice.below(90_000)
  const running: Running[] = []
  let made = 0
  let fold = toyFold(defects)

  write(dice, isPast, untilMs, (atMs, partition, record) => {
    const append = (): void => topic.append(partition, { ...record, timestampMs: atMs })
    if (isPast) append()
    else
      world.after(atMs - START_MS, () =>
        topic.append(partition, { ...record, timestampMs: world.nowMs() }),
      )
  })

  async function cursorOf(partition: number): Promise<number> {
    return (await stores.plain().load(partition))?.cursor.offset ?? 0
  }

  function begin(): void {
    const process: Process = { id: made++, isCrashed: false, asleep: undefined }
    let writers = 0
    const engine = createEngine({
      fold,
      decode: toyDecode,
      ...toyWording,
      eventLog: topic.eventLogOf(process, defects.isEndIgnored ? cursorOf : undefined),
      store: stores.storeOf(process),
      output: outputs.outputOf(process),
      clock: world.clockOf(process),
      random: { writerId: () => `w${process.id}.${writers++}`, fraction: dice.fraction },
      observer: SILENT,
      options: { ...OPTIONS, untilMs },
    })
    running.push({ process, engine })
    engine.done.catch((error: unknown) => world.errors.push(error))
    engine.start().catch((error: unknown) => world.errors.push(error))
  }

  function strike(): void {
    const victim = running[dice.below(running.length)]
    if (victim === undefined) return
    if (world.isStruck('crash')) replace(victim, () => (victim.process.isCrashed = true))
    else if (world.isStruck('pause') && victim.process.asleep === undefined) {
      victim.process.asleep = []
      topic.leave(victim.process)
      world.after(dice.below(8_000), () => comeBack(victim))
    } else if (world.isStruck('rebalance')) topic.rebalance()
    if (dice.chance(0.05)) stores.keepSnapshot()
    if (world.isStruck('rollback')) stores.rollBack()
  }

  function replace(victim: Running, how: () => void): void {
    how()
    running.splice(running.indexOf(victim), 1)
    topic.leave(victim.process)
    world.after(dice.below(3_000), begin)
  }

  /** A paused process goes on for a while with what it had: a zombie. Then it notices and ends. */
  function comeBack(victim: Running): void {
    world.wake(victim.process)
    world.after(dice.below(2_000), () => {
      if (running.includes(victim)) replace(victim, () => (victim.process.isCrashed = true))
    })
  }

  function change(): void {
    fold = toyFold(defects, OTHER_POLICY)
    for (const { engine } of running) engine.judgeBy(fold)
  }

  begin()
  begin()
  if (isPolicyChanged) world.after(dice.below(HEAL_MS), change)
  for (let ms = 0; ms < HEAL_MS; ms += 500) world.after(ms + dice.below(500), strike)
  // A run that is over does not look again at a store that lost its end: a new life does.
  world.after(HEAL_MS, () => {
    world.heal()
    topic.rebalance()
  })
  const isOver = (): boolean => {
    const parts = running.flatMap(({ engine }) => engine.status().partitions)
    const isCovered = new Set(parts.map(({ partition }) => partition)).size === PARTITIONS
    return isCovered && world.nowMs() > START_MS + HEAL_MS + 1_000 && parts.every((it) => it.isDone)
  }
  for (let steps = 1; steps % 50 !== 0 || !isOver(); steps++) {
    if (world.errors.length > 0 || world.nowMs() > START_MS + LIMIT_MS) break
    if (!(await world.step())) break
  }

  const entries = ['warnings', 'deadLetters'] as const
  const said = entries.flatMap((it) => outputs.plain.entries(it))
  const states = await Promise.all(topic.log.map((_, p) => stores.plain().load(p)))
  const accounts = new Map<string, unknown>()
  for (let p = 0; p < PARTITIONS; p++) {
    for (let m = 0; m < MERCHANTS; m++) {
      const key = `toy\n${merchantOf(p, m)}`
      const sections = await stores.plain().read(
        p,
        SECTIONS.map((it) => fieldOf(key, it)),
      )
      if (sections.every((it) => it === undefined)) continue
      accounts.set(key, textOf(sections))
    }
  }
  return {
    ids: said.map(({ id }) => id),
    accounts,
    offsets: states.map((it) => it?.cursor.offset ?? 0),
    marks: states.map((it) => (it === undefined ? undefined : decodeMeta(it.meta).policy)),
    entries: said.map(({ value }) => new TextDecoder().decode(value)),
    log: topic.log,
    untilMs,
    exercised: world.exercised,
    errors: world.errors,
    isFinished: isOver(),
    trace: JSON.stringify([
      world.nowMs(),
      said.map(({ id }) => id),
      states.map((it) => it?.cursor),
    ]),
  }
}

/** Sections as text: of an account that was decoded and encoded anew they would be the same. */
export function textOf(sections: readonly (Uint8Array | undefined)[]): string {
  return sections.map((it) => new TextDecoder().decode(it).trim()).join('\n')
}

/** Each fault at a strength of its own, or not at all. */
function swarm(dice: Prng): Faults {
  const some = (most: number): number => (dice.chance(0.4) ? 0 : dice.fraction() * most)
  return {
    neverSent: some(0.1),
    replyLost: some(0.1),
    doneLate: some(0.1),
    crash: some(0.06),
    pause: some(0.06),
    rebalance: some(0.04),
    rollback: some(0.02),
  }
}

const BYTES = new TextEncoder()
const BAD: Written = { key: undefined, value: BYTES.encode('bad'), headers: [] }
type Written = Pick<RawRecord, 'key' | 'value' | 'headers'>

function write(
  dice: Prng,
  isPast: boolean,
  untilMs: number,
  append: (atMs: number, partition: number, record: Written) => void,
): void {
  const records = 40 + dice.below(120)
  let atMs = isPast ? START_MS - 300_000 : START_MS
  for (let i = 0; i < records && atMs < Math.min(untilMs + 60_000, START_MS + LIVE_MS); i++) {
    const isQuiet = dice.chance(0.04) && (isPast || atMs < START_MS + LIVE_MS / 2)
    atMs += isQuiet
      ? dice.below(40_000)
      : dice.chance(0.7)
        ? dice.below(80)
        : dice.below((6 * LIVE_MS) / records)
    const partition = dice.below(PARTITIONS)
    const merchant = dice.chance(0.03) ? '*' : merchantOf(partition, dice.below(MERCHANTS))
    append(atMs, partition, dice.chance(0.03) ? BAD : recordOf(merchant, atMs - dice.below(900), i))
  }
  // Until the run's end every partition is heard of: what a live one may call blind, a plain fold does not.
  for (; !isPast && atMs < untilMs + 20_000; atMs += 7_000 + dice.below(7_000)) {
    for (let p = 0; p < PARTITIONS; p++)
      append(atMs + p, p, recordOf(merchantOf(p, 0), atMs, atMs % 997))
  }
}

/** One partition's records, for tools that fold a file. */
export function toyLog(dice: Prng, count: number): RawRecord[] {
  let atMs = START_MS
  return Array.from({ length: count }, (_, offset) => {
    atMs += dice.chance(0.02) ? dice.below(90_000) : dice.below(2_000)
    const merchant = dice.chance(0.03) ? '*' : merchantOf(0, dice.below(MERCHANTS))
    const written = dice.chance(0.03) ? BAD : recordOf(merchant, atMs - dice.below(900), offset)
    return { ...written, offset, timestampMs: atMs }
  })
}

function recordOf(merchant: string, atMs: number, n: number): Written {
  const text = JSON.stringify([merchant, atMs, n])
  return { key: undefined, value: BYTES.encode(text), headers: [] }
}

function merchantOf(partition: number, merchant: number): string {
  return `m${partition}.${merchant}`
}

export function toyDecode(record: RawRecord): Decoded {
  const text = new TextDecoder().decode(record.value)
  if (text === 'bad') {
    const reason = {
      code: 'json-invalid',
      stage: 'decode',
      message: '',
      hasCardData: false,
    } as const
    return { kind: 'dead', reason }
  }
  const [merchantId, timeMs, n] = JSON.parse(text) as [string, number, number]
  const event: TerminalEvent = {
    ...{ type: 'terminal.heartbeat', id: `${n}`, source: 'toy', tenant: 'toy', merchantId },
    ...{ timeMs, idHash: (n * 7_919) % 9_973, bodyHash: 0, data: { terminalId: 'T1' } },
  }
  return { kind: 'event', event }
}

export const toyWording: Wording = {
  render: (record, emission) => {
    const { merchantId, detector, reason, atMs, sequence } = record
    const id = [merchantId, sequence, detector, reason, atMs].join('|')
    const value = BYTES.encode(JSON.stringify({ ...record, emission }))
    return { id, key: BYTES.encode(merchantId), value, headers: [] }
  },
  renderStanding: (standing, { merchantId }) => ({
    key: BYTES.encode(merchantId),
    value: BYTES.encode(JSON.stringify(standing)),
    headers: [],
  }),
  deadLetter: (reason, record, partition) => ({
    id: `dead|${partition}|${record.offset}`,
    key: BYTES.encode('dead'),
    value: BYTES.encode(JSON.stringify({ code: reason.code })),
    headers: [],
  }),
}
