/** A producer that appends without end, so many records a second, whatever happens to the brokers. */
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import type { Producer } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import type { Line } from './stream.ts'

export type Load = Readonly<{
  /** Acknowledged. A record may be in the topic twice where an acknowledgement was lost. */
  records: () => number
  /** Resolves when what was begun is acknowledged. */
  stop: () => Promise<void>
}>

export type LoadOptions = Readonly<{
  brokers: string
  topic: string
  lines: Iterator<Line>
  perSecond: number
}>

const TICK_MS = 50
const BATCH_MAX = 2_000
const RETRIES = 2

export function startLoad({ brokers, topic, lines, perSecond }: LoadOptions): Load {
  const startedMs = performance.now()
  let records = 0
  let isOver = false
  let producer: Producer | undefined

  async function connected(): Promise<Producer> {
    if (producer !== undefined) return producer
    const { kafka } = createKafka({ brokers: brokers.split(','), retries: RETRIES })
    const made = kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
    })
    await made.connect()
    producer = made
    return made
  }

  /** Until it is acknowledged, by one producer after another. */
  async function send(batch: readonly Line[]): Promise<void> {
    for (;;) {
      try {
        const made = await connected()
        await made.send({ topic, acks: -1, timeout: 10_000, messages: [...batch] })
        return
      } catch {
        const failed = producer
        producer = undefined
        failed?.disconnect().catch(() => {})
        await sleep(TICK_MS)
      }
    }
  }

  async function run(): Promise<void> {
    for (let begun = 0; !isOver;) {
      const due = Math.floor(((performance.now() - startedMs) / 1_000) * perSecond) - begun
      const batch = Array.from(
        { length: Math.min(due, BATCH_MAX) },
        () => lines.next().value as Line,
      )
      if (batch.length > 0) await send(batch)
      begun += batch.length
      records += batch.length
      if (due < BATCH_MAX) await sleep(TICK_MS)
    }
    await producer?.disconnect().catch(() => {})
  }

  const running = run()
  return {
    records: () => records,
    stop: () => {
      isOver = true
      return running
    },
  }
}
