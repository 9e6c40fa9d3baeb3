/** One membership of a consumer group: joining, joining again where that helps, leaving. */
import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs'
import { setTimeout as pause } from 'node:timers/promises'
import { KAFKA_RETRY } from './kafka-client.ts'
import type { ControlOnly } from './kafka-lives.ts'

export type MembershipOptions = Readonly<{
  topics: readonly string[]
  config: ConsumerConfig
  partitionsAtOnce: number
}>

export type MembershipListener = Readonly<{
  /** The consumer of what follows: another one after a join was repeated. */
  made: (consumer: Consumer) => void
  /** In the turn of the assignment, before any fetch of it. By topic; empty after a crash. */
  assigned: (partitions: Readonly<Record<string, number[]>>) => void
  /** Must not throw. */
  batch: (payload: EachBatchPayload) => Promise<void>
  /** Records of control, or of aborted transactions, alone: no batch follows for them. */
  controlOnly: (at: ControlOnly & Readonly<{ topic: string }>) => void
  fatal: (error: unknown) => void
}>

export type Membership = Readonly<{
  /** Resolves when no handler is running. */
  leave: () => Promise<void>
}>

/** The coordinator is loading or moving. */
const LOADING = [
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]
/** No broker to talk to: kafkajs gives up at once where the only one has died. */
const NO_BROKER = [
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
]
/** After these crashes we join again, with a new consumer. Any other ends the process. */
const JOIN_AGAIN = [...LOADING, ...NO_BROKER]
/** A topic just made, or a broker just started: not every broker knows it yet. */
const UNKNOWN_TOPIC = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']
const ATTEMPTS_MAX = 60
const PAUSE_MS = 500

/** Resolves when the first join is done, with its assignment told. */
export async function joinGroup(
  kafka: Kafka,
  options: MembershipOptions,
  listener: MembershipListener,
): Promise<Membership> {
  let consumer: Consumer
  let isLeaving = false
  let joining: Promise<void>
  let attempts = 0

  async function join(): Promise<void> {
    const joined = createConsumer(kafka, options, listener)
    consumer = joined
    listener.made(joined)
    joined.on('consumer.crash', ({ payload: { error } }) => {
      if (isLeaving || joined !== consumer) return
      attempts += 1
      if (!isOfType(error, JOIN_AGAIN) || attempts > ATTEMPTS_MAX) return listener.fatal(error)
      listener.assigned({})
      joining = pause(PAUSE_MS).then(() => (isLeaving ? undefined : join()))
      joining.catch(listener.fatal)
    })
    joined.on('consumer.group_join', () => {
      attempts = 0
    })
    await joined.connect()
    const subscription = { topics: [...options.topics], fromBeginning: true }
    await patiently(UNKNOWN_TOPIC, 10, () => joined.subscribe(subscription))
    await joined.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce,
      eachBatch: listener.batch,
    })
  }

  await probeCoordinator(kafka, options)
  const leave = async (): Promise<void> => {
    isLeaving = true
    // To leave while a join is under way would crash inside kafkajs.
    await joining.catch(() => {})
    await consumer.disconnect().catch(() => {})
  }
  joining = join()
  try {
    await joining
  } catch (error) {
    await leave()
    throw error
  }
  return { leave }
}

function createConsumer(kafka: Kafka, options: MembershipOptions, listener: MembershipListener) {
  // The one path of restart is the process manager's.
  const retry = { ...KAFKA_RETRY, restartOnFailure: async () => false }
  const consumer = kafka.consumer({ ...options.config, retry })
  consumer.on('consumer.group_join', ({ payload }) => {
    try {
      listener.assigned(payload.memberAssignment)
    } catch (error) {
      listener.fatal(error)
    }
  })
  consumer.on('consumer.end_batch_process', ({ payload }) => {
    if (payload.batchSize > 0) return
    const { topic, partition, firstOffset, lastOffset: last } = payload
    listener.controlOnly({ topic, partition, from: firstOffset ?? last, last })
  })
  return consumer
}

/** A broker that has just started refuses the first join, which kafkajs takes for a crash. */
async function probeCoordinator(kafka: Kafka, options: MembershipOptions): Promise<void> {
  const admin = kafka.admin()
  const question = { groupId: options.config.groupId, topics: [...options.topics] }
  try {
    await admin.connect()
    await patiently(LOADING, ATTEMPTS_MAX, () => admin.fetchOffsets(question))
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

/** Asks again while the answer is one of these. */
async function patiently(
  types: readonly string[],
  attemptsMax: number,
  ask: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ask()
      return
    } catch (error) {
      if (!isOfType(error, types) || attempt >= attemptsMax) throw error
      await pause(PAUSE_MS)
    }
  }
}

function isOfType(error: unknown, types: readonly string[]): boolean {
  if (!(error instanceof Error)) return false
  const type = 'type' in error ? String(error.type) : ''
  const isNamed = types.includes(type) || types.includes(error.name)
  return isNamed || isOfType(error.cause, types)
}
