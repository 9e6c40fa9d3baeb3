/** All that a topic holds, as a reader of committed records sees it, or one of all records. */
import type { KafkaMessage } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'

export type ReadRecord = Readonly<{
  partition: number
  offset: number
  key: string | undefined
  headers: Readonly<Record<string, string>>
  value: string | undefined
}>

const PATIENCE_MS = 60_000

/** In order per partition. Rejects when the end is not reached within a minute. */
export async function readTopic(
  brokers: string,
  topic: string,
  { readUncommitted = false }: Readonly<{ readUncommitted?: boolean }> = {},
): Promise<readonly ReadRecord[]> {
  const { kafka } = createKafka({ brokers: brokers.split(',') })
  const admin = kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const left = new Map(
    offsets
      .filter(({ low, high }) => Number(high) > Number(low))
      .map(({ partition, high }) => [partition, Number(high)]),
  )
  if (left.size === 0) return []
  const records: ReadRecord[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const consumer = kafka.consumer({ groupId: `reader-${crypto.randomUUID()}`, readUncommitted })
  // A partition may end in a transaction's marker: only this tells of it.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    const end = left.get(payload.partition) ?? Infinity
    if (Number(payload.lastOffset) + 1 >= end) left.delete(payload.partition)
    if (left.size === 0) resolve()
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) records.push(recordOf(batch.partition, message))
    },
  })
  const timer = setTimeout(
    () => reject(new Error(`${topic}: the end was not reached`)),
    PATIENCE_MS,
  )
  await promise.finally(() => clearTimeout(timer))
  await consumer.disconnect()
  return records
}

function recordOf(
  partition: number,
  { offset, key, value, headers = {} }: KafkaMessage,
): ReadRecord {
  const texts = Object.entries(headers).map(([name, text]) => [name, String(text)])
  return {
    partition,
    offset: Number(offset),
    key: key?.toString(),
    headers: Object.fromEntries(texts),
    value: value?.toString(),
  }
}
