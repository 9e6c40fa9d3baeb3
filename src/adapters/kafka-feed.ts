/** Lines of events into a topic: the key is the subject, the timestamp is `receivedat`. */
import kafkajs from 'kafkajs'
import type { Kafka } from 'kafkajs'

export type KafkaFeed = Readonly<{
  /** In order per key. */
  send: (lines: readonly string[]) => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}>

/** A broker takes a megabyte in one batch by default, and all lines may be of one partition. */
const SEND_BYTES_MAX = 500_000
const SUBJECT = /"subject":"([^"]+)"/
const RECEIVED = /"receivedat":"([^"]+)"/

export async function createKafkaFeed(kafka: Kafka, topic: string): Promise<KafkaFeed> {
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  return {
    async send(lines) {
      for (const slice of slicesOf(lines)) {
        await producer.send({ topic, messages: slice.map(messageOf) })
      }
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  }
}

function messageOf(line: string) {
  return {
    key: SUBJECT.exec(line)?.[1] ?? null,
    value: line,
    timestamp: String(Date.parse(RECEIVED.exec(line)?.[1] ?? '')),
  }
}

function* slicesOf(lines: readonly string[]): Generator<readonly string[]> {
  let slice: string[] = []
  let bytes = 0
  for (const line of lines) {
    const size = Buffer.byteLength(line)
    if (slice.length > 0 && bytes + size > SEND_BYTES_MAX) {
      yield slice
      slice = []
      bytes = 0
    }
    slice.push(line)
    bytes += size
  }
  if (slice.length > 0) yield slice
}
