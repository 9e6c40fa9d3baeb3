/**
 * Several Kafka brokers as processes of this machine, with a controller of their own that nobody
 * harms: so the leaders of partitions can be made to move.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findKafka, formatStorage, kafkaCommand, newClusterId } from './kafka-node.ts'
import type { KafkaServer } from './kafka-node.ts'
import { answersGroups, quietKafka } from './kafka-process.ts'
import { freePorts, startServer } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'

export type KafkaBrokersOptions = Readonly<{
  /** Their ids are 1 to `count`. With three or more, topics can have 3 replicas of which 2 must answer. */
  count: number
  /** Further lines of server.properties, of every broker or of each. The later line of two holds. */
  settings?: readonly string[] | ((id: number, port: number) => readonly string[])
}>

export type KafkaBrokers = Readonly<{
  /** `host:port,…`, of all brokers, whatever became of them. */
  brokers: string
  /** SIGKILL. */
  kill: (id: number) => Promise<void>
  /** After `kill`, on its port and data. Resolves when the others know it again. */
  start: (id: number) => Promise<void>
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause: (id: number) => void
  resume: (id: number) => void
  /** As the brokers that are up tell it; waits for one to be elected. */
  leaderOf: (topic: string, partition: number) => Promise<number>
  /** Of its data and its log. */
  folderOf: (id: number) => string
  [Symbol.asyncDispose]: () => Promise<void>
}>

type Node = Readonly<{ id: number; port: number; settings: readonly string[] }>
type Plan = Readonly<{ server: KafkaServer; clusterId: string; controllerPort: number }>

/** Not among the ids of the brokers, however many there are. */
const CONTROLLER_ID = 1_000
const CONTROLLER_HEAP_MB = 256
const BROKER_HEAP_MB = 512
const POLL_MS = 50
const ASK_MAX_MS = 500
const LEADER_MAX_MS = 30_000

/** Ready for topics and groups. Throws where there is no Kafka. */
export async function startKafkaBrokers(options: KafkaBrokersOptions): Promise<KafkaBrokers> {
  const { count, settings = [] } = options
  const server = await findKafka()
  if ('missing' in server) throw new Error(server.missing)
  const [controllerPort = 0, ...ports] = await freePorts(count + 1)
  const plan = { server, clusterId: newClusterId(), controllerPort }
  const shared = clusterSettings(count)
  const nodes = ports.map((port, i): Node => {
    const own = typeof settings === 'function' ? settings(i + 1, port) : settings
    return { id: i + 1, port, settings: [...shared, ...own] }
  })
  const brokers = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')

  await using stack = new AsyncDisposableStack()
  const started = await Promise.allSettled([
    startController(plan, shared),
    ...nodes.map((node) => startBroker(plan, node)),
  ])
  for (const it of started) if (it.status === 'fulfilled') stack.use(it.value)
  for (const it of started) if (it.status === 'rejected') throw it.reason
  const [, ...processes] = started.map((it) => it.status === 'fulfilled' && it.value)
  while (!(await answersGroups(brokers))) await sleep(POLL_MS)

  const down = new Set<number>()
  const processOf = (id: number): ServerProcess => {
    const found = processes[id - 1]
    if (!found) throw new Error(`there is no broker ${id}`)
    return found
  }
  const owned = stack.move()
  return {
    brokers,
    kill: (id) => {
      down.add(id)
      return processOf(id).kill()
    },
    start: async (id) => {
      await processOf(id).restart()
      down.delete(id)
    },
    pause: (id) => {
      down.add(id)
      processOf(id).pause()
    },
    resume: (id) => {
      processOf(id).resume()
      down.delete(id)
    },
    leaderOf: (topic, partition) => {
      const up = nodes.filter(({ id }) => !down.has(id)).map(({ port }) => `127.0.0.1:${port}`)
      return leaderAt(up.join(','), topic, partition)
    },
    folderOf: (id) => processOf(id).folder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function startController(plan: Plan, settings: readonly string[]): Promise<ServerProcess> {
  const { server, controllerPort } = plan
  return startServer({
    name: 'kafka-controller',
    command: (folder) => {
      const file = writeProperties(folder, [
        'process.roles=controller',
        `node.id=${CONTROLLER_ID}`,
        `listeners=CONTROLLER://127.0.0.1:${controllerPort}`,
        ...sharedLines(plan, folder),
        ...settings,
      ])
      if (!existsSync(join(folder, 'data'))) formatStorage(server, file, plan.clusterId)
      return kafkaCommand(server, file, { heapMb: CONTROLLER_HEAP_MB, brief: true })
    },
    // The brokers find out.
    isReady: () => Promise.resolve(true),
    startMaxMs: 60_000,
  })
}

function startBroker(plan: Plan, { id, port, settings }: Node): Promise<ServerProcess> {
  const { server } = plan
  return startServer({
    name: `kafka-${id}`,
    command: (folder) => {
      const file = writeProperties(folder, [
        'process.roles=broker',
        `node.id=${id}`,
        `listeners=PLAINTEXT://127.0.0.1:${port}`,
        ...sharedLines(plan, folder),
        ...settings,
      ])
      if (!existsSync(join(folder, 'data'))) markAsFormatted(folder, id, plan.clusterId)
      return kafkaCommand(server, file, { heapMb: BROKER_HEAP_MB, brief: true })
    },
    isReady: () => isKnown(`127.0.0.1:${port}`, id),
    startMaxMs: 90_000,
  })
}

/** All that the tool would do for a broker, and a Java less to be started. */
function markAsFormatted(folder: string, id: number, clusterId: string): void {
  mkdirSync(join(folder, 'data'))
  const lines = ['version=1', `cluster.id=${clusterId}`, `node.id=${id}`]
  writeFileSync(join(folder, 'data', 'meta.properties'), lines.join('\n'))
}

function writeProperties(folder: string, lines: readonly string[]): string {
  const file = join(folder, 'server.properties')
  writeFileSync(file, lines.join('\n'))
  return file
}

function sharedLines({ controllerPort }: Plan, folder: string): readonly string[] {
  return [
    `controller.quorum.voters=${CONTROLLER_ID}@127.0.0.1:${controllerPort}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${join(folder, 'data')}`,
  ]
}

function clusterSettings(count: number): readonly string[] {
  const replicas = Math.min(count, 3)
  const inSync = Math.max(1, replicas - 1)
  return [
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${inSync}`,
    `offsets.topic.replication.factor=${replicas}`,
    'offsets.topic.num.partitions=1',
    `transaction.state.log.replication.factor=${replicas}`,
    `transaction.state.log.min.isr=${inSync}`,
    'transaction.state.log.num.partitions=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    // A leader moves when a test moves it.
    'auto.leader.rebalance.enable=false',
    // How long a broker that is killed or stands still keeps its leaderships; 9 s by default.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
  ]
}

/** A broker is not in its own list until the controller lets it serve. */
async function isKnown(broker: string, id: number): Promise<boolean> {
  const admin = quietKafka(broker, { retries: 0 }, 5_000).admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.some(({ nodeId }) => nodeId === id)
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

async function leaderAt(brokers: string, topic: string, partition: number): Promise<number> {
  const giveUpAt = performance.now() + LEADER_MAX_MS
  // The client also asks brokers that it hears of from the others, and one of those may stand still.
  const admin = quietKafka(brokers, { retries: 1 }, ASK_MAX_MS).admin()
  try {
    while (performance.now() < giveUpAt) {
      const known = await admin
        .connect()
        .then(() => admin.fetchTopicMetadata({ topics: [topic] }))
        .catch(() => undefined)
      const found = known?.topics[0]?.partitions.find((it) => it.partitionId === partition)
      if (found !== undefined && found.leader > 0) return found.leader
      await sleep(POLL_MS)
    }
    throw new Error(`${topic}/${partition} has no leader`)
  } finally {
    await admin.disconnect()
  }
}
