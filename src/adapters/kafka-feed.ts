/** Lines of events into a topic: the key is the subject, the timestamp is `receivedat`. */
import kafkajs from 'kafkajs'
import type { Kafka } from 'kafkajs'

export type KafkaFeed = Readonly<{
  /** In order per key. */
  send: (lines: readonly string[]) => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}>

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
      if (lines.length === 0) return
      const messages = lines.map((line) => ({
        key: SUBJECT.exec(line)?.[1] ?? null,
        value: line,
        timestamp: String(Date.parse(RECEIVED.exec(line)?.[1] ?? '')),
      }))
      await producer.send({ topic, messages })
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  }
}
