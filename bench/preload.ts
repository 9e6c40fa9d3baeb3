/** Topics of one run, the input filled with the stream before anything is measured. */
import kafkajs from 'kafkajs'
import type { Admin, Producer } from 'kafkajs'
import { createKafka } from '../src/adapters/kafka-client.ts'
import { createTopicAt } from '../tests/support/kafka-process.ts'
import type { Share, Topics } from './stage.ts'
import type { Stream, StreamRecord } from './stream.ts'

export type Preloaded = Readonly<{
  topic: string
  /** All of it. */
  all: readonly Share[]
  /** Of the trade after the set-up, about so many records, as many of each partition. */
  slice: (records: number) => readonly Share[]
  seconds: number
  megabytes: number
}>

type PreloadOptions = Readonly<{
  brokers: string
  name: string
  partitions: number
  onSent: (records: number) => void
}>

/** Records a request; a quarter of it is a batch of the log, with four partitions. */
const SENT_AT_ONCE = 4_000

export async function preload(stream: Stream, options: PreloadOptions): Promise<Preloaded> {
  const { brokers, name, partitions, onSent } = options
  const topic = `${name}-events`
  await createTopicAt(brokers, topic, partitions, { createTime: true })
  const { kafka } = createKafka({ brokers: brokers.split(',') })
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  })
  const admin = kafka.admin()
  await Promise.all([producer.connect(), admin.connect()])
  const startedMs = performance.now()
  let bytes = 0
  let sent = 0
  const send = async (records: Iterable<StreamRecord>): Promise<void> => {
    for await (const size of sendAll(producer, topic, records)) {
      bytes += size.bytes
      sent += size.count
      onSent(sent)
    }
  }
  await send(stream.setUp())
  const setUpEnds = await endsOf(admin, topic)
  await send(stream.trade())
  const ends = await endsOf(admin, topic)
  await Promise.all([producer.disconnect(), admin.disconnect()])
  const shares = ends.map((to, partition) => ({ partition, from: setUpEnds[partition] ?? 0, to }))
  return {
    topic,
    all: shares.map(({ partition, to }) => ({ partition, from: 0, to })),
    slice: (records) =>
      shares.map(({ partition, from, to }) => {
        const end = Math.min(to, from + Math.ceil(records / partitions))
        return { partition, from, to: end }
      }),
    seconds: (performance.now() - startedMs) / 1_000,
    megabytes: bytes / 1e6,
  }
}

/** The outputs of one stage of the service. */
export async function createOutputs(
  brokers: string,
  name: string,
  events: string,
  partitions: number,
): Promise<Topics> {
  const [warnings, standing, deadLetters] = ['warnings', 'standing', 'dlq'].map((of) => {
    return `${name}-${of}`
  }) as [string, string, string]
  await createTopicAt(brokers, warnings, partitions)
  await createTopicAt(brokers, standing, partitions, { compact: true })
  await createTopicAt(brokers, deadLetters, partitions)
  return { events, warnings, standing, deadLetters }
}

export async function deleteTopics(brokers: string, name: string): Promise<void> {
  const { kafka } = createKafka({ brokers: brokers.split(',') })
  const admin = kafka.admin()
  await admin.connect()
  try {
    const topics = (await admin.listTopics()).filter((it) => it.startsWith(`${name}-`))
    if (topics.length > 0) await admin.deleteTopics({ topics })
  } finally {
    await admin.disconnect()
  }
}

async function* sendAll(producer: Producer, topic: string, records: Iterable<StreamRecord>) {
  let messages: { key: string; value: Buffer; timestamp: string }[] = []
  let bytes = 0
  for (const { key, value, timestampMs } of records) {
    const message = { key, value: Buffer.from(value), timestamp: String(timestampMs) }
    bytes += message.value.length
    messages.push(message)
    if (messages.length < SENT_AT_ONCE) continue
    await producer.send({ topic, messages, acks: 1 })
    yield { count: messages.length, bytes }
    messages = []
    bytes = 0
  }
  if (messages.length > 0) await producer.send({ topic, messages, acks: 1 })
  yield { count: messages.length, bytes }
}

/** High watermarks by partition. */
async function endsOf(admin: Admin, topic: string): Promise<number[]> {
  const offsets = await admin.fetchTopicOffsets(topic)
  return offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high))
}
