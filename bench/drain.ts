/** What kafkajs alone costs, and with JSON.parse: no pipeline on it can be faster. */
import type { ConsumerRunConfig, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { createKafka } from '../src/adapters/kafka-client.ts'
import { createMeter } from './meter.ts'
import { recordsIn } from './stage.ts'
import type { StageOrder, StageResult } from './stage.ts'

export type Consumed = Readonly<{
  /** Of the wanted records only. */
  batch?: (messages: readonly KafkaMessage[], payload: EachBatchPayload) => Promise<void>
  message?: (message: KafkaMessage) => Promise<void>
  /** All four, unless told. */
  partitionsAtOnce?: number | undefined
}>

/** The same client settings as the service's. */
const CONSUMER = { maxWaitTimeInMs: 25, maxBytesPerPartition: 1_048_576 }

export async function drain(order: StageOrder): Promise<StageResult> {
  return consume(order, { batch: async () => {} })
}

export async function drainAndParse(order: StageOrder): Promise<StageResult> {
  let parsed = 0
  const result = await consume(order, {
    batch: async (messages) => {
      for (const { value } of messages) if (isJson(value)) parsed++
    },
  })
  return { ...result, figures: { parsed } }
}

function isJson(value: Buffer | null): boolean {
  try {
    JSON.parse(String(value))
    return true
  } catch {
    return false
  }
}

/** Reads the order's share of each partition, timed from the join of the group on. */
export async function consume(order: StageOrder, consumed: Consumed): Promise<StageResult> {
  const { events } = order.topics
  const { kafka } = createKafka({ brokers: [...order.brokers] })
  const consumer = kafka.consumer({ ...CONSUMER, groupId: order.name })
  const total = recordsIn(order.shares)
  const meter = createMeter(total)
  let counted = 0
  const ended = Promise.withResolvers<void>()
  const left = new Map(order.shares.map(({ partition, from, to }) => [partition, to - from]))
  const count = (partition: number, more: number): void => {
    const rest = (left.get(partition) ?? 0) - more
    left.set(partition, rest)
    counted += more
    meter.at(counted)
    if (rest === 0) consumer.pause([{ topic: events, partitions: [partition] }])
    if ([...left.values()].every((it) => it <= 0)) ended.resolve()
  }
  consumer.on(consumer.events.GROUP_JOIN, meter.begin)
  consumer.on(consumer.events.CRASH, ({ payload }) => ended.reject(payload.error))
  await consumer.connect()
  await consumer.subscribe({ topics: [events], fromBeginning: true })
  const { partitionsAtOnce = 4 } = consumed
  const run = { partitionsConsumedConcurrently: partitionsAtOnce }
  await consumer.run({ ...run, ...handler(consumed, left, count) })
  for (const { partition, from } of order.shares) {
    if (from > 0) consumer.seek({ topic: events, partition, offset: String(from) })
  }
  await ended.promise
  meter.done()
  const spent = meter.spent()
  await consumer.disconnect()
  return { ...spent, figures: {} }
}

function handler(
  { batch, message: one }: Consumed,
  left: ReadonlyMap<number, number>,
  count: (partition: number, more: number) => void,
): Partial<ConsumerRunConfig> {
  if (one !== undefined) {
    return {
      eachMessage: async ({ partition, message }) => {
        if ((left.get(partition) ?? 0) <= 0) return
        await one(message)
        count(partition, 1)
      },
    }
  }
  return {
    autoCommit: false,
    eachBatch: async (payload) => {
      const { messages, partition } = payload.batch
      const rest = left.get(partition) ?? 0
      if (rest <= 0) return
      const wanted = rest < messages.length ? messages.slice(0, rest) : messages
      await batch?.(wanted, payload)
      count(partition, wanted.length)
    },
  }
}
