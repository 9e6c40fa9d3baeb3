/** One seed: processes that fold a log under faults, and what they left behind. */
import { SECTIONS } from '../../src/core/fold.ts'
import type { Fold } from '../../src/core/fold.ts'
import { SILENT } from '../../src/core/observer.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import { AHEAD_MAX_MS } from '../../src/engine/arrival.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'
import type { EngineOptions } from '../../src/engine/dependencies.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Incident } from '../../src/engine/incident.ts'
import { decodeMeta } from '../../src/engine/meta.ts'
import type { PolicyMark } from '../../src/engine/policy-mark.ts'
import { fieldOf } from '../../src/engine/stored-names.ts'
import { prng } from '../support/prng.ts'
import { createSimulatedLog } from '../support/simulated-log.ts'
import { createSimulatedOutput } from '../support/simulated-output.ts'
import type { OutputDefects } from '../support/simulated-output.ts'
import { createSimulatedStore } from '../support/simulated-store.ts'
import type { StoreDefects } from '../support/simulated-store.ts'
import { LATE_MS, createWorld } from '../support/simulated-world.ts'
import type { Faults, Process } from '../support/simulated-world.ts'
import { merchantOf, toyDecode, toyWording } from '../support/toy-events.ts'
import { OTHER_POLICY, TOY_POLICY, hastened, toyFold } from '../support/toy-fold.ts'
import type { ToyDefects, ToyPolicy } from '../support/toy-fold.ts'
import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import { createStriker } from './strike.ts'
import type { Broken, Running } from './strike.ts'
import { writeLog } from './write-log.ts'

export type Defects = ToyDefects &
  StoreDefects &
  OutputDefects &
  Readonly<{
    /** The log always says that it was read to its end. */
    isEndIgnored?: boolean
    /** The fold asks what time it is. */
    isWallInCore?: boolean
  }>

export type Run = Readonly<{
  seed: number
  defects?: Defects
  /** Where one kind of fault is wanted at a given strength. */
  faults?: Faults
  /**
   * At some moment every process is told of another policy, and those that start after it know no other.
   * A store that went back behind the change is told of it anew, at another instant: so none does.
   */
  isPolicyChanged?: boolean
  /** A process dies at this point of all that the run passes, from 1. */
  crashAt?: number
  /** Hears of every call and fault, with the time since the beginning. */
  tell?: (atMs: number, what: string) => void
}>

/** What one input partition ended as. */
export type PartitionEnd = Readonly<{
  offset: number
  /** Offset at which its fold began. */
  origin: number
  hasState: boolean
  /** Nothing of its state was lost and not noticed, or noticed and of no remedy. */
  isWhole: boolean
  outbox: number
  mark: PolicyMark | undefined
  incident: Incident | undefined
  broken: Broken | undefined
  /** First offset that can still be read. */
  earliest: number
}>

export type Outcome = Readonly<{
  ids: readonly string[]
  accounts: ReadonlyMap<string, string>
  partitions: readonly PartitionEnd[]
  /** Values of warnings, as JSON. */
  entries: readonly string[]
  log: readonly (readonly RawRecord[])[]
  untilMs: number
  policies: readonly [ToyPolicy, ToyPolicy]
  exercised: Readonly<Record<string, number>>
  points: ReadonlyMap<string, number>
  pointsPassed: number
  /** A host clock an hour behind made records arrive earlier: what that changed is counted only. */
  isClamped: boolean
  errors: readonly unknown[]
  isFinished: boolean
  /** From the last fault, or the run's own end, until all was done. */
  idleAfterMs: number
  hash: string
}>

const OPTIONS: EngineOptions = {
  ...ENGINE_DEFAULTS,
  commitEventsMax: 9,
  commitBehindEventsMax: 15,
  commitBehindOutboxMax: 4,
  commitGiveUpMs: 3_000,
  cachedAccountsMax: 3,
  outboxMax: 12,
  truncatedForMs: 3_000,
  proofIdleMs: 2_000,
}
const FORWARD_ONLY: Faults = {
  ...{ rollback: 0, emptied: 0, evicted: 0, clockBehind: 0, truncated: 0, recreated: 0 },
}
/** What was sent before the last fault is done by then. */
const SETTLED_MS = LATE_MS + 1_000

export async function simulate(run: Run): Promise<Outcome> {
  const { seed, isPolicyChanged = false } = run
  const dice = prng(seed)
  const plan = planOf(dice, { ...(isPolicyChanged ? FORWARD_ONLY : {}), ...run.faults })
  const { startMs, partitions, untilMs, pace, healMs } = plan
  const world = createWorld(dice, startMs, plan.faults, run)
  const defects: Defects = {
    ...run.defects,
    ...(run.defects?.isWallInCore === true ? { wallMs: world.nowMs } : {}),
  }
  const topic = createSimulatedLog(world, dice, partitions)
  const stores = createSimulatedStore(world, defects)
  const outputs = createSimulatedOutput(world, dice, defects)
  const policies = [hastened(TOY_POLICY, pace), hastened(OTHER_POLICY, pace)] as const
  const running: Running[] = []
  let made = 0
  let isClamped = false
  let fold = toyFold(defects, policies[0])

  writeLog(dice, plan, world.isStruck, (atMs, partition, record) => {
    if (plan.isPast) return topic.append(partition, { ...record, timestampMs: atMs })
    world.after(atMs - startMs, () =>
      topic.append(partition, { ...record, timestampMs: world.nowMs() }),
    )
  })

  async function cursorOf(partition: number): Promise<number> {
    return (await stores.plain().load(partition))?.cursor.offset ?? 0
  }

  /** Takes note where the wall clock of its host moves the arrival of a record. */
  function foldOf(process: Process): Fold {
    const it = fold
    return {
      ...it,
      event: (...args) => {
        if ((process.wallErrorMs ?? 0) < -AHEAD_MAX_MS) isClamped = true
        return it.event(...args)
      },
    }
  }

  function begin(): void {
    const process: Process = { id: made++, isCrashed: false, asleep: undefined }
    let writers = 0
    const engine: Engine = createEngine({
      fold: foldOf(process),
      decode: toyDecode,
      ...toyWording,
      eventLog: topic.eventLogOf(process, defects.isEndIgnored ? cursorOf : undefined),
      store: stores.storeOf(process),
      output: outputs.outputOf(process),
      clock: world.clockOf(process),
      random: { writerId: () => `w${process.id}.${writers++}`, fraction: dice.fraction },
      observer: SILENT,
      options: { ...OPTIONS, dueBucketMs: 10_000 / pace, untilMs },
    })
    process.onCrash = () => striker.replace(process)
    running.push({ process, engine })
    engine.done.catch((error: unknown) => world.errors.push(error))
    engine.start().catch((error: unknown) => world.errors.push(error))
  }

  const striker = createStriker({ dice, world, topic, stores, running, begin, cursorOf })

  function change(): void {
    fold = toyFold(defects, policies[1])
    for (const { engine, process } of running) engine.judgeBy(foldOf(process))
  }

  begin()
  begin()
  if (isPolicyChanged) world.after(dice.below(healMs), change)
  for (let ms = 0; ms < healMs; ms += plan.strikeEveryMs)
    world.after(ms + dice.below(plan.strikeEveryMs), striker.strike)
  world.after(healMs, world.heal)
  // A run that is over does not look again at a store that lost its end: a new life does.
  world.after(healMs + SETTLED_MS, topic.rebalance)
  const quietMs = Math.max(startMs + healMs + SETTLED_MS + 1_000, untilMs)
  const isOver = (): boolean => world.nowMs() > quietMs && isDone(running, plan)
  for (let steps = 1; steps % 50 !== 0 || !isOver(); steps++) {
    if (world.errors.length > 0 || world.nowMs() > quietMs + 2 * plan.idleWithinMs) break
    if (!(await world.step())) break
  }

  const said = (['warnings', 'deadLetters'] as const).flatMap((it) => outputs.plain.entries(it))
  const ends = topic.log.map((_, p) => endOf(p))
  const warnings = outputs.plain.entries('warnings')
  return {
    ids: said.map(({ id }) => id),
    accounts: await accountsOf(stores.plain(), plan),
    partitions: await Promise.all(ends),
    entries: warnings.map(({ value }) => new TextDecoder().decode(value)),
    log: topic.log,
    untilMs,
    policies,
    exercised: world.exercised,
    points: world.points,
    pointsPassed: world.pointsPassed(),
    isClamped,
    errors: world.errors,
    isFinished: isOver(),
    idleAfterMs: world.nowMs() - quietMs,
    hash: `${world.hash()} ${world.nowMs()} ${said.map(({ id }) => id).join(' ')}`,
  }

  async function endOf(partition: number): Promise<PartitionEnd> {
    const loaded = await stores.plain().load(partition)
    const meta = loaded === undefined ? undefined : decodeMeta(loaded.meta)
    const status = running
      .flatMap(({ engine }) => engine.status().partitions)
      .find((it) => it.partition === partition)
    return {
      offset: loaded?.cursor.offset ?? 0,
      origin: meta?.origin ?? 0,
      hasState: loaded !== undefined,
      isWhole: !stores.isIncomplete(partition),
      outbox: loaded?.outbox.length ?? 0,
      mark: meta?.policy,
      incident: status?.incident,
      broken: striker.broken.get(partition),
      earliest: topic.earliest[partition] ?? 0,
    }
  }
}

function isDone(running: readonly Running[], { partitions }: Plan): boolean {
  const parts = running.flatMap(({ engine }) => engine.status().partitions)
  const isCovered = new Set(parts.map(({ partition }) => partition)).size === partitions
  return isCovered && parts.every((it) => it.isDone)
}

async function accountsOf(
  store: ReturnType<ReturnType<typeof createSimulatedStore>['plain']>,
  { partitions, merchants }: Plan,
): Promise<ReadonlyMap<string, string>> {
  const accounts = new Map<string, string>()
  for (let p = 0; p < partitions; p++) {
    for (let m = 0; m < merchants; m++) {
      const key = `toy\n${merchantOf(p, m)}`
      const names = SECTIONS.map((it) => fieldOf(key, it))
      const sections = (await store.read(p, names)).value
      if (sections.every((it) => it === undefined)) continue
      accounts.set(key, textOf(sections))
    }
  }
  return accounts
}

/** Sections as text: of an account that was decoded and encoded anew they would be the same. */
export function textOf(sections: readonly (Uint8Array | undefined)[]): string {
  return sections.map((it) => new TextDecoder().decode(it).trim()).join('\n')
}
