import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import type { Admin, RetryOptions } from 'kafkajs'
import { patchKafkajs } from '../../src/adapters/kafka-patches.ts'
import { findKafka, formatStorage, kafkaCommand, newClusterId } from './kafka-node.ts'
import type { KafkaServer } from './kafka-node.ts'
import { freePorts, startServer } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'

export { findKafka } from './kafka-node.ts'

export type KafkaOptions = Readonly<{
  /** 512 by default; a benchmark wants more, and the full compiler with it. */
  heapMb?: number
  /** Where clients are told to connect, `host:port`: a proxy's address. By default its own. */
  advertised?: string
  /** Further lines of server.properties. */
  properties?: readonly string[]
  server?: KafkaServer
}>

export type KafkaProcess = ServerProcess &
  Readonly<{
    /** `host:port`, as clients are told it. */
    brokers: string
    /** The port it listens on, behind a proxy or not. */
    port: number
    version: string
  }>

/**
 * Properties for a broker that will be killed: it is taken back once its old session is over, which
 * is 9 s otherwise. Not for a busy machine, where a late heartbeat would shut it out.
 */
export const QUICK_RESTART = ['broker.session.timeout.ms=2000', 'broker.heartbeat.interval.ms=300']

const LEADER_POLL_MS = 20

/** A broker of the caller's own, on free ports, ready for groups. Throws where there is none. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaProcess> {
  const server = options.server ?? (await findKafka())
  if ('missing' in server) throw new Error(server.missing)
  const [port = 0, controller = 0] = await freePorts(2)
  const own = `127.0.0.1:${port}`
  const brokers = options.advertised ?? own
  const running = await startServer({
    name: 'kafka',
    command(folder) {
      const file = join(folder, 'server.properties')
      const lines = propertiesOf(own, brokers, `127.0.0.1:${controller}`, folder)
      writeFileSync(file, [...lines, ...(options.properties ?? [])].join('\n'))
      // Only the first time: a restarted broker finds its data.
      if (!existsSync(join(folder, 'data'))) formatStorage(server, file, newClusterId())
      const { heapMb } = options
      return kafkaCommand(server, file, { heapMb: heapMb ?? 512, brief: heapMb === undefined })
    },
    isReady: () => answersGroups(brokers),
    startMaxMs: 60_000,
  })
  return { ...running, brokers, port, version: server.version }
}

/**
 * An open port is not a ready broker: on a fresh one a group's coordinator still loads for a while,
 * and kafkajs takes that for a crash. So the probe asks the coordinator.
 */
export async function answersGroups(brokers: string): Promise<boolean> {
  // The first try only makes kafkajs look up which brokers there are.
  const admin = quietKafka(brokers, { retries: 2, initialRetryTime: 20 }).admin()
  try {
    await admin.connect()
    await admin.fetchOffsets({ groupId: 'probe' })
    return true
  } catch {
    return false
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

export type TopicOptions = Readonly<{
  /** Takes a past stream: record timestamps are the producer's, and nothing is ever too old. */
  createTime?: boolean
  /** For the latest value of each key. */
  compact?: boolean
  /** How many brokers hold each partition: 1 by default. */
  replicas?: number
}>

/** Creates a topic and resolves when its partitions have leaders. By default with append time. */
export async function createTopicAt(
  brokers: string,
  topic: string,
  partitions: number,
  options: TopicOptions = {},
): Promise<void> {
  const stamps = options.createTime === true ? 'CreateTime' : 'LogAppendTime'
  const configEntries = [
    { name: 'message.timestamp.type', value: stamps },
    ...(options.createTime === true ? [{ name: 'retention.ms', value: '-1' }] : []),
    ...(options.compact === true ? [{ name: 'cleanup.policy', value: 'compact' }] : []),
  ]
  const admin = quietKafka(brokers).admin()
  await admin.connect()
  try {
    const replicationFactor = options.replicas ?? 1
    const wanted = { topic, numPartitions: partitions, replicationFactor, configEntries }
    await admin.createTopics({ topics: [wanted], waitForLeaders: false })
    // Another broker than the one that was asked may hear of it later.
    while (!(await hasLeaders(admin, topic))) await sleep(LEADER_POLL_MS)
  } finally {
    await admin.disconnect()
  }
}

async function hasLeaders(admin: Admin, topic: string): Promise<boolean> {
  const known = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined)
  const partitions = known?.topics[0]?.partitions ?? []
  return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)
}

/** Says nothing, and does not wake when it is idle. */
export function quietKafka(
  brokers: string,
  retry: RetryOptions = {},
  requestTimeout = 30_000,
): Kafka {
  const config = { clientId: 'tests', logLevel: logLevel.NOTHING, retry, requestTimeout }
  patchKafkajs()
  return new Kafka({ ...config, brokers: brokers.split(',') })
}

function propertiesOf(own: string, advertised: string, controller: string, folder: string) {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@${controller}`,
    `listeners=PLAINTEXT://${own},CONTROLLER://${controller}`,
    `advertised.listeners=PLAINTEXT://${advertised}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
  ]
}
