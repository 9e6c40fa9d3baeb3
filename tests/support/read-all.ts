/** All that a topic holds, batch by batch, for a reader of either isolation level. */
import type { KafkaMessage } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'

export type ReadOptions = Readonly<{
  brokers: string
  topic: string
  /** Records of open and of aborted transactions, too. */
  isUncommitted?: boolean
}>

const STALL_MS = 60_000

/** In order per partition. `take` is awaited. Rejects when nothing has come for a minute. */
export async function readAll(
  { brokers, topic, isUncommitted = false }: ReadOptions,
  take: (partition: number, messages: readonly KafkaMessage[]) => Promise<void> | void,
): Promise<void> {
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
  if (left.size === 0) return
  const groupId = `reader-${crypto.randomUUID()}`
  const consumer = kafka.consumer({ groupId, readUncommitted: isUncommitted })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error(`${topic}: the end was not reached`)), STALL_MS)
  // A partition may end in a transaction's marker: only this tells of it.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    timer.refresh()
    const end = left.get(payload.partition) ?? Infinity
    if (Number(payload.lastOffset) + 1 >= end) left.delete(payload.partition)
    if (left.size === 0) resolve()
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachBatch: async ({ batch }) => {
      try {
        await take(batch.partition, batch.messages)
      } catch (error) {
        reject(error)
      }
    },
  })
  await promise.finally(() => clearTimeout(timer))
  await consumer.disconnect()
}
