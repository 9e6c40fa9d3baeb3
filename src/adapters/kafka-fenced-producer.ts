/**
 * One writer of the outputs of one input partition. When it has been made, a marker of its epoch is
 * in each of them, and the broker refuses every earlier writer of the same name there. It then sends
 * idempotently and without transactions: whoever reads, at either isolation level, sees a record once.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { OutboxEntry, OutputTopic } from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import type { Broker, Cluster, Place, ProducerId } from './kafka-cluster.ts'
import { patchKafkajs } from './kafka-patches.ts'

export type FencedProducer = Readonly<{
  /**
   * In order; resolves when all is durable. `written` is told the offset after the last record of
   * each topic. After an error it is not known what was written, and this producer is of no more use.
   */
  append: (
    entries: readonly OutboxEntry[],
    written: (topic: OutputTopic, next: number) => void,
  ) => Promise<void>
  /** Of what waits, nothing more is sent. */
  end: () => void
}>

export type Outputs = Readonly<Record<OutputTopic, Place>>

/** A broker takes a megabyte in one batch by default. */
const SEND_BYTES_MAX = 500_000
const TRANSACTION = 1
/** For the one moment in which the fence is a transaction, of no records. */
const TRANSACTION_TIMEOUT_MS = 15_000
const PRODUCE_TIMEOUT_MS = 15_000
/** The last transaction is still being ended, or its coordinator is loading or moving. */
const NOT_YET = [
  'CONCURRENT_TRANSACTIONS',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]
const PAUSE_MS = 5
const PAUSE_MS_MAX = 250

/** Raises kafkajs's errors. `isGivenUp` ends the waiting for a coordinator. */
export async function createFencedProducer(
  cluster: Cluster,
  transactionalId: string,
  outputs: Outputs,
  isGivenUp: () => boolean,
): Promise<FencedProducer> {
  const id = await fence(cluster, transactionalId, Object.values(outputs), isGivenUp)
  const sequences = new Map<OutputTopic, number>()
  let isEnded = false
  let last: Promise<unknown> = Promise.resolve()

  async function send(topic: OutputTopic, entries: readonly OutboxEntry[]): Promise<number> {
    const place = outputs[topic]
    const firstSequence = sequences.get(topic) ?? 0
    sequences.set(topic, firstSequence + entries.length)
    const broker = await leaderOf(cluster, place)
    const messages = patchKafkajs().recordEncoder ? entries : entries.map(messageOf)
    const partitions = [{ partition: place.partition, firstSequence, messages }]
    const { topics } = await broker.produce({
      ...id,
      acks: -1,
      timeout: PRODUCE_TIMEOUT_MS,
      topicData: [{ topic: place.topic, partitions }],
    })
    return Number(topics[0]?.partitions[0]?.baseOffset) + entries.length
  }

  async function sendAll(
    entries: readonly OutboxEntry[],
    written: (topic: OutputTopic, next: number) => void,
  ): Promise<void> {
    for (const run of runsOf(entries)) {
      if (isEnded) throw new Unavailable('the output must be opened anew')
      const [first] = run
      if (first !== undefined) written(first.topic, await send(first.topic, run))
    }
  }

  return {
    append: (entries, written) => {
      const mine = last
        .then(() => sendAll(entries, written))
        .catch((error: unknown) => {
          isEnded = true
          throw error
        })
      last = mine.catch(() => {})
      return mine
    },
    end: () => {
      isEnded = true
    },
  }
}

/**
 * An empty transaction, aborted: it writes the new epoch into every output. Raises `Unavailable`
 * when another writer fenced at the same time.
 */
async function fence(
  cluster: Cluster,
  transactionalId: string,
  places: readonly Place[],
  isGivenUp: () => boolean,
): Promise<ProducerId> {
  const init = { transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS }
  const topics = places.map(({ topic, partition }) => ({ topic, partitions: [partition] }))
  const ask = <T>(question: (coordinator: Broker) => Promise<T>): Promise<T> =>
    untilReady(isGivenUp, async () => {
      const of = { groupId: transactionalId, coordinatorType: TRANSACTION }
      return question(await cluster.findGroupCoordinator(of))
    })
  const id = await ask((coordinator) => coordinator.initProducerId(init))
  const mine = { ...id, transactionalId }
  await ask((coordinator) => coordinator.addPartitionsToTxn({ ...mine, topics }))
  await ask((coordinator) => coordinator.endTxn({ ...mine, transactionResult: false }))
  // Answered only when the markers are written; from here on the sequences begin at 0.
  const last = await ask((coordinator) => coordinator.initProducerId(init))
  // Each answer raises the epoch by one. Whoever was answered in between holds an epoch that is newer
  // than our marker: the outputs would take what it sends, until they see ours.
  const isAlone = last.producerId === id.producerId && last.producerEpoch === id.producerEpoch + 1
  if (!isAlone) throw new Unavailable('another writer fenced at the same time')
  return last
}

async function untilReady<T>(isGivenUp: () => boolean, ask: () => Promise<T>): Promise<T> {
  for (let wait = PAUSE_MS; ; wait = Math.min(2 * wait, PAUSE_MS_MAX)) {
    if (isGivenUp()) throw new Unavailable('the fence was given up')
    try {
      return await ask()
    } catch (error) {
      const type = error instanceof Error && 'type' in error ? String(error.type) : ''
      if (!NOT_YET.includes(type)) throw error
      await pause(wait)
    }
  }
}

async function leaderOf(cluster: Cluster, { topic, partition }: Place): Promise<Broker> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
  if (nodeId === undefined) throw new Unavailable(`${topic} has no partition ${partition}`)
  return cluster.findBroker({ nodeId })
}

/** Neighbours of one topic, up to the size of a batch. */
function runsOf(entries: readonly OutboxEntry[]): OutboxEntry[][] {
  const runs: OutboxEntry[][] = []
  let room = 0
  for (const entry of entries) {
    const size = sizeOf(entry)
    if (size > room || runs.at(-1)?.[0]?.topic !== entry.topic) {
      runs.push([])
      room = SEND_BYTES_MAX
    }
    runs.at(-1)?.push(entry)
    room -= size
  }
  return runs
}

function sizeOf({ key, value, headers }: OutboxEntry): number {
  const heads = headers.reduce((sum, [name, head]) => sum + name.length + head.length + 10, 0)
  return 50 + key.length + (value?.length ?? 0) + heads
}

/** kafkajs's own encoder wants buffers, and the headers as an object: values of one name become a list. */
function messageOf({ key, value, headers }: OutboxEntry) {
  // Without a prototype, a header may have any name.
  const byName = Object.create(null) as Record<string, Buffer[]>
  for (const [name, head] of headers) {
    const all = byName[name]
    if (all === undefined) byName[name] = [bufferOf(head)]
    else all.push(bufferOf(head))
  }
  return {
    key: bufferOf(key),
    value: value === undefined ? null : bufferOf(value),
    headers: byName,
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
