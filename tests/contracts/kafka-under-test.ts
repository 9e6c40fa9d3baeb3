/** Topics of a test's own on the broker that all suites share. */
import { onTestFinished } from 'vitest'
import type { Kafka } from 'kafkajs'
import { connectKafkaAdmin } from '../../src/adapters/kafka-admin.ts'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { kafkaBrokers, uniqueName } from '../support/services.ts'

export const testKafka = (): Kafka =>
  createKafka({ brokers: kafkaBrokers().split(','), clientId: 'test' }).kafka

/** A new topic. */
export async function createTopic(
  kafka: Kafka,
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const topic = uniqueName('contract')
  const admin = await connectKafkaAdmin(kafka)
  await admin.create([{ topic, role: 'output', partitions, replicas: 1, config }])
  onTestFinished(() => admin.close())
  return topic
}

/** Plain sends into one partition, in order. */
export async function produce(
  kafka: Kafka,
  topic: string,
  partition: number,
  values: readonly string[],
): Promise<void> {
  const producer = kafka.producer()
  await producer.connect()
  const messages = values.map((value) => ({ partition, key: 'k', value, headers: { h: 'x' } }))
  await producer.send({ topic, messages })
  await producer.disconnect()
}
