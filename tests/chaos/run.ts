/** One run: servers and instances under load, faults, healing, and what was found in the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { whenReady } from '../../src/adapters/redis-options.ts'
import { prng } from '../support/prng.ts'
import { startRedis } from '../support/redis-process.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { startBrokers } from './brokers.ts'
import { compare } from './compare.ts'
import { chosenFaults } from './faults.ts'
import { createInstances } from './instances.ts'
import { damageLog } from './last-phase.ts'
import { heal, runLane } from './lanes.ts'
import type { Exercise } from './lanes.ts'
import { startLoad } from './load.ts'
import type { Load } from './load.ts'
import { createTopics, newNames } from './names.ts'
import type { Names } from './names.ts'
import type { ChaosOptions } from './options.ts'
import { askOracle } from './oracle.ts'
import { watchPositions } from './positions.ts'
import type { Findings } from './report.ts'
import { runRolling } from './rolling.ts'
import { readDeadLetters, readWarnings, wrongState } from './said.ts'
import { endlessLines } from './stream.ts'
import type { World } from './world.ts'

/** Two, so that each has somebody to take its partitions from. */
const INSTANCES = 2
const GAP_MS = 1_500
const WATCH_MS = 250
const FINISH_MAX_MS = 600_000

export type Tell = (line: string) => void

export type ChaosRun = Readonly<{
  world: World
  findings: Findings
  /** Once more, of what the topics hold by then. */
  look: () => Promise<Pick<Findings, 'warnings' | 'deadLetters'>>
}>

/** `then` is called while the servers still run. */
export async function runChaos(
  options: ChaosOptions,
  tell: Tell,
  then: (run: ChaosRun) => Promise<void> = async () => {},
): Promise<Findings> {
  await using stack = new AsyncDisposableStack()
  const startedMs = performance.now()
  const { seed } = options
  const world = await createWorld(stack, options)
  const { instances, brokers } = world
  tell(`Kafka ${brokers.version} and Redis ${world.redis.version} run; seed ${seed}`)
  const lines = endlessLines({ seed, dice: prng(seed), todayMs: Date.now() })
  const { topic } = world
  const load = startLoad({ brokers: brokers.brokers, topic, lines, perSecond: options.perSecond })
  stack.defer(() => load.stop())
  const wreaked = await wreak(world, options, load, tell)
  const untilMs = await finish(world, load, tell)
  const { oracle, look } = await judge(world, options, untilMs)
  const ends = await world.positions.ends()
  const wrong = await wrongState(world.positions.redis, world.names.namespace, ends, oracle)
  const compared = await look()
  const last = options.hasLastPhase ? await damageLog(world, tell, prng(seed + 9)) : undefined
  const findings: Findings = {
    ...{ seed, ...wreaked, ...compared, wrongState: wrong, brokers: brokers.count },
    versions: { kafka: brokers.version, redis: world.redis.version, node: process.version },
    seconds: (performance.now() - startedMs) / 1_000,
    records: oracle.records,
    endings: instances.endings(),
    lastWords: instances.lastWords(),
    termMaxMs: instances.termMaxMs(),
    incidents: last?.incidents ?? [],
    wrongIncidents: last?.wrong ?? [],
  }
  await then({ world, findings, look })
  return findings
}

/** Lets everything happen that is to happen, until the time is up. */
async function wreak(
  world: World,
  { seed, minutes, isRolling, faults }: ChaosOptions,
  load: Load,
  tell: Tell,
): Promise<Pick<Findings, 'kills' | 'exercises'>> {
  const { instances, positions } = world
  const chosen = chosenFaults(faults)
  for (let instance = 0; instance < INSTANCES; instance++) instances.start(instance)
  if ((await positions.moved(FINISH_MAX_MS)) === undefined) {
    throw new Error(`no progress at the start: ${instances.lastWords().join('\n')}`)
  }
  const overMs = performance.now() + minutes * 60_000
  const isOver = (): boolean => performance.now() > overMs
  const kills = { instance: 0, redis: 0, broker: 0 }
  const exercises: Exercise[] = []
  const done = (exercise: Exercise): void => {
    exercises.push(exercise)
    const { name, recoveryMs, failure } = exercise
    const left = Math.max(0, Math.round((overMs - performance.now()) / 1_000))
    tell(`${left} s left: ${name}: ${failure ?? `${Math.round(recoveryMs ?? -1)} ms`}`)
  }
  const shared = { world, kills, records: load.records, isOver, gapMs: GAP_MS, done }
  const lanes = (['instances', 'dependencies'] as const).map((lane, at) => {
    const its = chosen.filter((it) => it.lane === lane)
    return { ...shared, faults: its, dice: prng(seed + at + 1) }
  })
  await (isRolling ? runRolling(shared) : Promise.all(lanes.map(runLane)))
  return { kills, exercises }
}

/** Heals, and lets all that is in the topic be judged and published, as of the instant it tells. */
async function finish(world: World, load: Load, tell: Tell): Promise<number> {
  tell('healing; then all is judged')
  await heal(world)
  await load.stop()
  for (let instance = 0; instance < INSTANCES; instance++) await world.instances.term(instance)
  // Not before the last of them has ended: none of their clocks is later.
  const untilMs = Date.now()
  await world.instances.finish(untilMs, FINISH_MAX_MS)
  tell(`at the end after ${((Date.now() - untilMs) / 1_000).toFixed(1)} s`)
  return untilMs
}

async function judge(
  { brokers: { brokers }, names, topic, partitions }: World,
  { grace }: ChaosOptions,
  untilMs: number,
) {
  const oracle = await askOracle({ brokers, topic, partitions, grace, untilMs })
  const look = async () => {
    const { warnings, deadLetters } = await heardBy(brokers, names)
    return {
      warnings: mapBoth(warnings, (heard) => compare(oracle.warnings, heard)),
      deadLetters: mapBoth(deadLetters, (heard) => compare(oracle.deadLetters, heard)),
    }
  }
  return { oracle, look }
}

async function createWorld(
  stack: AsyncDisposableStack,
  { seed, brokers: count, partitions, grace }: ChaosOptions,
): Promise<World> {
  const names = newNames()
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-chaos-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { fraction } = prng(seed + 3)
  const [brokers, redis] = await Promise.all([
    startBrokers(count, INSTANCES, fraction).then((it) => stack.adopt(it, () => it.stop())),
    startRedis({ appendonly: true }).then((it) => stack.adopt(it, () => it.stop())),
  ])
  const redisLinks = await Promise.all(
    Array.from({ length: INSTANCES }, async () => {
      const link = await createTcpProxy({ port: redis.port, fraction })
      return stack.adopt(link, () => link.close())
    }),
  )
  const { kafka } = createKafka({ brokers: brokers.brokers.split(',') })
  await createTopics(kafka, names, partitions, count)
  const admin = kafka.admin()
  await admin.connect()
  stack.defer(() => admin.disconnect().catch(() => {}))
  const positions = watchPositions(redis.url, admin, names, partitions)
  stack.defer(() => positions.close())
  await whenReady(positions.redis)
  const watching = new AbortController()
  stack.defer(() => watching.abort())
  void watch(() => positions.cursors(), watching.signal)
  const instances = await createInstances({
    ...{ count: INSTANCES, folder, names, grace, brokersOf: brokers.brokersOf },
    brokers: brokers.brokers,
    redisOf: (instance) => `redis://127.0.0.1:${redisLinks[instance]?.port}`,
  })
  stack.defer(() => instances.close())
  const topic = names.topics.events
  return {
    names,
    topic,
    brokers,
    kafka,
    admin,
    redis,
    redisLinks,
    instances,
    positions,
    partitions,
  }
}

/** So that the furthest place of each partition is known when something befalls it. */
async function watch(look: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look()
    await sleep(WATCH_MS)
  }
}

type Both<T> = Readonly<Record<'committed' | 'uncommitted', T>>

async function heardBy(brokers: string, { topics }: Names) {
  const both = async <T>(read: (isUncommitted: boolean) => Promise<T>): Promise<Both<T>> => ({
    committed: await read(false),
    uncommitted: await read(true),
  })
  return {
    warnings: await both((isUncommitted) =>
      readWarnings({ brokers, topic: topics.warnings, isUncommitted }),
    ),
    deadLetters: await both((isUncommitted) =>
      readDeadLetters({ brokers, topic: topics.deadLetters, isUncommitted }),
    ),
  }
}

function mapBoth<A, B>({ committed, uncommitted }: Both<A>, of: (it: A) => B): Both<B> {
  return { committed: of(committed), uncommitted: of(uncommitted) }
}
