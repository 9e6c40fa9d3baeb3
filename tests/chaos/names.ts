/** Names that no other run has, and the topics of these names. */
import { randomBytes } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import { connectKafkaAdmin } from '../../src/adapters/kafka-admin.ts'
import { topicPlan } from '../../src/adapters/kafka-topics.ts'

export type Names = Readonly<{
  groupId: string
  namespace: string
  topics: Readonly<Record<'events' | 'warnings' | 'standing' | 'deadLetters', string>>
}>

export function newNames(): Names {
  const name = `chaos-${randomBytes(4).toString('hex')}`
  return {
    groupId: name,
    namespace: name,
    topics: {
      events: `${name}.events`,
      warnings: `${name}.warnings`,
      standing: `${name}.standing`,
      deadLetters: `${name}.dlq`,
    },
  }
}

/** Those that are missing. */
export async function createTopics(
  kafka: Kafka,
  { topics }: Names,
  partitions: number,
  replicas: number,
): Promise<void> {
  const size = { partitions, replicas }
  const admin = await connectKafkaAdmin(kafka)
  await admin.create([
    topicPlan(topics.events, 'input', size),
    topicPlan(topics.warnings, 'output', size),
    topicPlan(topics.standing, 'latest', size),
    topicPlan(topics.deadLetters, 'output', size),
  ])
  await admin.close()
}
