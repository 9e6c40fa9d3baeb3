/** Topics of a test's own on the broker that all suites share. */
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Kafka } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'

export const brokers = (process.env['FOREWARN_TEST_KAFKA'] ?? '').split(',')

export const testKafka = (): Kafka => createKafka({ brokers, clientId: 'test' }).kafka

/** A new topic, deleted when the test is over. */
export async function createTopic(
  kafka: Kafka,
  numPartitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const topic = `test-${randomUUID()}`
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
