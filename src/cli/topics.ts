/** `forewarn topics create|print`. */
import { connectKafkaAdmin } from '../adapters/kafka-admin.ts'
import { createKafka } from '../adapters/kafka-client.ts'
import { createCommand } from '../adapters/kafka-topics.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { kafkaOptions } from './kafka-options.ts'
import { loadSettings } from './settings.ts'
import { topicPlans } from './topic-plans.ts'

export type TopicsOptions = Readonly<{
  config?: string
  partitions: string
  replicationFactor: string
  past?: boolean
}>

export async function topics(
  io: Io,
  verb: 'print' | 'create',
  { config, partitions, replicationFactor, past }: TopicsOptions,
): Promise<ExitCode> {
  const settings = loadSettings(io, { config })
  if (settings === undefined) return EXIT.config
  const size = { partitions: Number(partitions), replicas: Number(replicationFactor) }
  if (!Object.values(size).every((count) => Number.isInteger(count) && count > 0)) {
    say(io, 'forewarn topics: --partitions and --replication-factor are whole numbers from 1')
    return EXIT.usage
  }
  const { service } = settings
  const plans = topicPlans(service, size, past)
  if (verb === 'print') {
    const brokers = service.kafka.brokers.join(',')
    for (const plan of plans) io.stdout.write(`${createCommand(plan, brokers)}\n`)
    return EXIT.ok
  }
  const { kafka } = createKafka(kafkaOptions(service))
  const admin = await connectKafkaAdmin(kafka)
  try {
    const made = await admin.create(plans)
    for (const { topic } of plans) {
      io.stdout.write(`${topic}: ${made.includes(topic) ? 'created' : 'exists, left as it is'}\n`)
    }
    return EXIT.ok
  } finally {
    await admin.close()
  }
}
