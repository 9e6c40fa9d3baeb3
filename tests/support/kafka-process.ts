import { randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import type { RetryOptions } from 'kafkajs'
import { answerOf, fetchArtifacts } from './maven.ts'
import type { NoServer } from './redis-process.ts'
import { freePorts, startServer } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'

export type KafkaServer = Readonly<{
  /** A folder of jars. */
  jars: string
  version: string
}>

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

const VERSION = '4.3.1'
const JAVA_MIN = 17
const DISTRIBUTION = {
  name: `kafka-${VERSION}`,
  coordinates: [`org.apache.kafka:kafka_2.13:${VERSION}`, 'org.slf4j:slf4j-simple:1.7.36'],
  goal: ['copy-dependencies'],
} as const

/** Apache Kafka out of Maven Central, for the Java on PATH. */
export async function findKafka(): Promise<KafkaServer | NoServer> {
  const java = /version "(\d+)/.exec((await answerOf('java', '-version')) ?? '')?.[1]
  if (java === undefined || Number(java) < JAVA_MIN) return { missing: `no Java ${JAVA_MIN}` }
  const jars = await fetchArtifacts(DISTRIBUTION)
  return jars === undefined ? { missing: 'no mvn to fetch it with' } : { jars, version: VERSION }
}

/** A broker of the caller's own, on free ports, ready for groups. Throws where there is none. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaProcess> {
  const server = options.server ?? (await findKafka())
  if ('missing' in server) throw new Error(server.missing)
  const [port = 0, controller = 0] = await freePorts(2)
  const own = `127.0.0.1:${port}`
  const brokers = options.advertised ?? own
  const classPath = join(server.jars, '*')
  const running = await startServer({
    name: 'kafka',
    command(folder) {
      const file = join(folder, 'server.properties')
      const lines = propertiesOf(own, brokers, `127.0.0.1:${controller}`, folder)
      writeFileSync(file, [...lines, ...(options.properties ?? [])].join('\n'))
      // Only the first time: a restarted broker finds its data.
      if (!existsSync(join(folder, 'data'))) format(classPath, file)
      const heap = options.heapMb ?? 512
      const quickStart = options.heapMb === undefined ? ['-XX:TieredStopAtLevel=1'] : []
      const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
      const memory = [`-Xms${heap >> 1}m`, `-Xmx${heap}m`]
      return ['java', ...memory, ...quickStart, quiet, '-cp', classPath, 'kafka.Kafka', file]
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
    const wanted = { topic, numPartitions: partitions, replicationFactor: 1, configEntries }
    await admin.createTopics({ topics: [wanted], waitForLeaders: true })
  } finally {
    await admin.disconnect()
  }
}

function quietKafka(brokers: string, retry: RetryOptions = {}): Kafka {
  const silent = logLevel.NOTHING
  return new Kafka({ clientId: 'tests', brokers: brokers.split(','), logLevel: silent, retry })
}

function format(classPath: string, properties: string): void {
  const id = randomBytes(16).toString('base64url')
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format']
  const args = ['-XX:TieredStopAtLevel=1', ...tool, `--cluster-id=${id}`, '-c', properties]
  execFileSync('java', args, { stdio: 'pipe' })
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
