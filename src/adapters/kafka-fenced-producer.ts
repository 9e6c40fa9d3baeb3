/**
 * One writer of the outputs of one input partition: when it is made, every earlier one of the same
 * name is refused by the broker from then on.
 */
import kafkajs, { type Kafka, type RecordMetadata } from 'kafkajs'
import type { OutboxEntry } from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'

/** Where an entry goes. */
export type Destination = Readonly<{ topic: string; partition: number }>

export type FencedProducer = Readonly<{
  /**
   * All or nothing, in order. `written` is told the offset after the last record of a topic, before
   * the transaction is committed. Raises `Unavailable`: then it is not known what was written, and
   * this producer is of no more use.
   */
  append: (
    entries: readonly OutboxEntry[],
    written: (topic: string, next: number) => void,
  ) => Promise<void>
  close: () => Promise<void>
}>

/** A broker takes a megabyte in one batch by default. */
const SEND_BYTES_MAX = 500_000
/** A writer that died inside a transaction holds readers back for so long. */
const TRANSACTION_TIMEOUT_MS = 15_000

export async function createFencedProducer(
  kafka: Kafka,
  transactionalId: string,
  destinationOf: (entry: OutboxEntry) => Destination,
): Promise<FencedProducer> {
  const producer = kafka.producer({
    transactionalId,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  let isBroken = false
  let last: Promise<unknown> = Promise.resolve()
  const disconnect = (): Promise<void> => producer.disconnect().catch(() => {})

  async function ending<T>(work: () => Promise<T>): Promise<T> {
    if (isBroken) throw new Unavailable('the output must be opened anew')
    try {
      return await work()
    } catch (error) {
      isBroken = true
      const said = error instanceof Error ? error.message : 'unknown'
      throw new Unavailable(`Kafka did not take the output: ${said}`)
    }
  }

  async function commit(
    entries: readonly OutboxEntry[],
    written: (topic: string, next: number) => void,
  ): Promise<void> {
    const transaction = await producer.transaction()
    for (const slice of slicesOf(entries)) {
      const topicMessages = messagesOf(slice, destinationOf)
      const replies: RecordMetadata[] = await transaction.sendBatch({ acks: -1, topicMessages })
      for (const { topicName, baseOffset } of replies) {
        const count = topicMessages.find((it) => it.topic === topicName)?.messages.length ?? 0
        if (baseOffset !== undefined) written(topicName, Number(baseOffset) + count)
      }
    }
    await transaction.commit()
  }

  await ending(async () => {
    await producer.connect()
    // Connecting fences nobody: the id is claimed when the first transaction begins.
    await (await producer.transaction()).abort()
  }).catch(async (error: unknown) => {
    await disconnect()
    throw error
  })
  return {
    append: (entries, written) => {
      const mine = last.then(() => ending(() => commit(entries, written)))
      last = mine.catch(() => {})
      return mine
    },
    close: async () => {
      isBroken = true
      await disconnect()
      // An append that is still being tried connects again: until it is refused or given up.
      void last.then(disconnect)
    },
  }
}

function slicesOf(entries: readonly OutboxEntry[]): OutboxEntry[][] {
  const slices: OutboxEntry[][] = []
  let room = 0
  for (const entry of entries) {
    const size = sizeOf(entry)
    if (size > room) slices.push([])
    if (size > room) room = SEND_BYTES_MAX
    slices.at(-1)?.push(entry)
    room -= size
  }
  return slices
}

function sizeOf({ key, value, headers }: OutboxEntry): number {
  const heads = headers.reduce((sum, [name, head]) => sum + name.length + head.length + 10, 0)
  return 50 + key.length + (value?.length ?? 0) + heads
}

function messagesOf(
  entries: readonly OutboxEntry[],
  destinationOf: (entry: OutboxEntry) => Destination,
) {
  const byTopic = Map.groupBy(entries, (entry) => destinationOf(entry).topic)
  return [...byTopic].map(([topic, group]) => ({
    topic,
    messages: group.map((entry) => ({
      partition: destinationOf(entry).partition,
      key: bufferOf(entry.key),
      value: entry.value === undefined ? null : bufferOf(entry.value),
      headers: headersOf(entry),
    })),
  }))
}

/** kafkajs wants an object: values of one name become a list. */
function headersOf({ headers }: OutboxEntry): Record<string, Buffer[]> {
  const byName = Object.groupBy(headers, ([name]) => name)
  return Object.fromEntries(
    Object.entries(byName).map(([name, all]) => [
      name,
      (all ?? []).map(([, head]) => bufferOf(head)),
    ]),
  )
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
