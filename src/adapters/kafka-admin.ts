/** Topics as the broker has them, and the making of those that are missing. */
import { setTimeout as pause } from 'node:timers/promises'
import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { Unavailable } from '../core/ports.ts'
import type { TopicPlan, TopicState } from './kafka-topics.ts'

const LED_ATTEMPTS = 100
const LED_PAUSE_MS = 100
const SETTINGS = [
  'cleanup.policy',
  'retention.ms',
  'message.timestamp.type',
  'message.timestamp.after.max.ms',
]

export type KafkaAdmin = Readonly<{
  /** By name; those that do not exist are not in it. */
  describe: (topics: readonly string[]) => Promise<ReadonlyMap<string, TopicState>>
  /** Answers the names of those it made; a topic that exists is left as it is. */
  create: (plans: readonly TopicPlan[]) => Promise<readonly string[]>
  brokerCount: () => Promise<number>
  close: () => Promise<void>
}>

/** Raises `Unavailable` when no broker answers. */
export async function connectKafkaAdmin(kafka: Kafka): Promise<KafkaAdmin> {
  const admin = kafka.admin()
  await answered(admin.connect())
  const existing = async (): Promise<Set<string>> => new Set(await answered(admin.listTopics()))
  return {
    describe: async (topics) => {
      const known = await existing()
      const there = topics.filter((topic) => known.has(topic))
      const states = there.length === 0 ? [] : await answered(describeTopics(admin, there))
      return new Map(states.map((state) => [state.topic, state]))
    },
    create: async (plans) => {
      const known = await existing()
      const missing = plans.filter((plan) => !known.has(plan.topic))
      if (missing.length === 0) return []
      const topics = missing.map(({ topic, partitions, replicas, config }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      }))
      await answered(admin.createTopics({ topics, waitForLeaders: false }))
      const names = missing.map((plan) => plan.topic)
      await answered(untilLed(admin, names))
      return names
    },
    brokerCount: async () => (await answered(admin.describeCluster())).brokers.length,
    close: () => admin.disconnect().catch(() => {}),
  }
}

/** kafkajs can wait for this too, but gives up where a broker has not yet heard of the topic. */
async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  for (let attempt = 1; attempt <= LED_ATTEMPTS; attempt += 1) {
    const metadata = await admin.fetchTopicMetadata({ topics }).catch(() => undefined)
    const partitions = metadata?.topics.flatMap((it) => it.partitions)
    if (partitions?.every((it) => it.leader >= 0) === true) return
    await pause(LED_PAUSE_MS)
  }
  throw new Error('the topics were made, but have no leaders yet')
}

async function describeTopics(admin: Admin, topics: string[]): Promise<TopicState[]> {
  const type = kafkajs.ConfigResourceTypes.TOPIC
  const [metadata, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({ type, name, configNames: SETTINGS })),
    }),
  ])
  const partitions = new Map(metadata.topics.map((it) => [it.name, it.partitions]))
  return resources.map(({ resourceName, configEntries }) => {
    const its = partitions.get(resourceName) ?? []
    return {
      topic: resourceName,
      partitions: its.length,
      replicas: Math.min(...its.map(({ replicas }) => replicas.length)),
      config: new Map(configEntries.map((entry) => [entry.configName, entry.configValue])),
    }
  })
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    const said = error instanceof Error ? error.message : 'unknown'
    throw new Unavailable(`Kafka did not answer: ${said}`)
  }
}
