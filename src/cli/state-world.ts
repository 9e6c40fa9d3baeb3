/** What the `state` commands talk to, and which partitions they are about. */
import { createBounds } from '../adapters/kafka-bounds.ts'
import { createKafka } from '../adapters/kafka-client.ts'
import { createReadBack } from '../adapters/kafka-read-back.ts'
import { createRedis, whenReady } from '../adapters/redis-options.ts'
import { createStateKeys } from '../adapters/redis-state.ts'
import type { StateKeys } from '../adapters/redis-state.ts'
import { createRedisStore } from '../adapters/redis-store.ts'
import { IncompleteState, Unavailable } from '../core/ports.ts'
import type { RawRecord, StateStore } from '../core/ports.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { kafkaOptions } from './kafka-options.ts'
import { wholeNumber } from './numbers.ts'
import { loadSettings } from './settings.ts'
import type { Settings } from './settings.ts'

export type StateWorld = Readonly<{
  settings: Settings
  topic: string
  store: StateStore
  keys: StateKeys
  /** Of the input topic, by partition. Raises `Unavailable`. */
  bounds: () => Promise<ReadonlyMap<number, Readonly<{ earliest: number; end: number }>>>
  /** The records of `[from, to)`, in order. Raises `Unavailable`. */
  read: (
    partition: number,
    from: number,
    to: number,
    take: (record: RawRecord) => void,
  ) => Promise<void>
  /** Of the consumer group: instances that run. Raises `Unavailable`. */
  memberCount: () => Promise<number>
}>

export type StateFlags = Readonly<{ config?: string; policy?: string; partition?: string[] }>

const PATIENCE_MS = 10_000
/** Of kafkajs: some ten seconds, too. */
const KAFKA_RETRIES = 18

/** Connects, runs, and lets go. What is away ends the command with 1, and is said. */
export async function withWorld(
  io: Io,
  name: string,
  flags: StateFlags,
  run: (world: StateWorld, partitions: readonly number[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const settings = loadSettings(io, flags)
  if (settings === undefined) return EXIT.config
  await using stack = new AsyncDisposableStack()
  try {
    const world = await connect(settings, stack)
    const partitions = chosen(io, flags.partition, (await world.bounds()).size)
    return partitions === undefined ? EXIT.usage : await run(world, partitions)
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof IncompleteState)) throw error
    const how = error instanceof IncompleteState ? 'the state is incomplete: ' : ''
    say(io, `forewarn state ${name}: ${how}${error.message}`)
    return EXIT.failed
  }
}

async function connect(settings: Settings, stack: AsyncDisposableStack): Promise<StateWorld> {
  const { service } = settings
  const { url, cluster, namespace } = service.redis
  const redis = stack.adopt(createRedis({ url, isCluster: cluster }), (it) => it.disconnect())
  await whenReady(redis, PATIENCE_MS).catch(() => {
    throw new Unavailable(`${URL.parse(url)?.host ?? 'Redis'} does not answer`)
  })
  const { kafka } = createKafka({ ...kafkaOptions(service), retries: KAFKA_RETRIES })
  const { groupId, topics } = service.kafka
  const topic = topics.events
  const bounds = stack.adopt(createBounds(kafka, topic), (it) => it.close())
  const reader = stack.adopt(createReadBack(kafka, groupId, [topic]), (it) => it.close())
  return {
    ...{ settings, topic },
    store: createRedisStore(redis, namespace),
    keys: createStateKeys(redis, namespace),
    bounds: bounds.all,
    read: (partition, from, to, take) => reader.read({ topic, partition, from, to }, take),
    memberCount: async () => {
      const admin = kafka.admin()
      try {
        await admin.connect()
        const { groups } = await admin.describeGroups([groupId])
        return groups[0]?.members.length ?? 0
      } catch (error) {
        const said = error instanceof Error ? error.message : 'unknown'
        throw new Unavailable(`Kafka did not tell who is in the group ${groupId}: ${said}`)
      } finally {
        await admin.disconnect().catch(() => {})
      }
    },
  }
}

/** All of them where none is named. Undefined: one is wrong, and said so. */
function chosen(
  io: Io,
  named: readonly string[] | undefined,
  count: number,
): readonly number[] | undefined {
  if (named === undefined) return Array.from({ length: count }, (_, partition) => partition)
  const partitions: number[] = []
  for (const text of named) {
    const partition = wholeNumber(io, '--partition', text, 0)
    if (partition === undefined) return undefined
    if (partition >= count) {
      say(io, `forewarn state: there is no partition ${partition}, the topic has ${count}`)
      return undefined
    }
    partitions.push(partition)
  }
  return [...new Set(partitions)]
}
