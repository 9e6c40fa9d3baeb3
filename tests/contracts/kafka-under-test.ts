/** Topics of a test's own on the broker that all suites share. */
import { onTestFinished } from 'vitest'
import type { Kafka } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { kafkaBrokers, uniqueName } from '../support/services.ts'

export const testKafka = (): Kafka =>
  createKafka({ brokers: kafkaBrokers().split(','), clientId: 'test' }).kafka

/** A new topic, deleted when the test is over. */
export async function createTopic(
  kafka: Kafka,
  numPartitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const topic = uniqueName('contract')
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
  await admin.createTopics({
    topics: [{ topic, numPartitions, configEntries }],
    waitForLeaders: true,
  })
  onTestFinished(async () => {
    await admin.deleteTopics({ topics: [topic] })
    await admin.disconnect()
  })
  return topic
}

/** Plain sends into one partition, in order. */
export async function produce(
  kafka: Kafka,
  topic: string,
  partition: number,
  values: readonly string[],
): Promise<void> {
  const producer = kafka.producer({ retry: { retries: 8 } })
  await producer.connect()
  const messages = values.map((value) => ({ partition, key: 'k', value, headers: { h: 'x' } }))
  await producer.send({ topic, messages })
  await producer.disconnect()
}
