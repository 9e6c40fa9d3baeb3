/**
 * The input topic, by kafkajs. Where to read is never asked of the group: every partition is paused
 * in the moment it is assigned, and stays so until `start` says an offset.
 */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { EventLog, LogListener, LogReader } from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import { createBounds } from './kafka-bounds.ts'
import { createLives } from './kafka-lives.ts'
import { joinGroup, type MembershipOptions } from './kafka-membership.ts'
import { createPositions } from './kafka-positions.ts'

export type KafkaEventLogOptions = Readonly<{
  topic: string
  groupId: string
  sessionTimeoutMs?: number
  rebalanceTimeoutMs?: number
  heartbeatMs?: number
  /** How long the broker may hold an empty fetch: the latency of a quiet topic, and of a fenced start. */
  maxWaitMs?: number
  maxBytesPerPartition?: number
  partitionsAtOnce?: number
  /** A batch that the listener has not taken over by then ends the process. */
  handlerMaxMs?: number
}>

const DEFAULTS = {
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 30_000,
  heartbeatMs: 1_000,
  maxWaitMs: 25,
  maxBytesPerPartition: 1_048_576,
  partitionsAtOnce: 16,
  handlerMaxMs: 60_000,
}

type Settings = typeof DEFAULTS & KafkaEventLogOptions

/** `partitionCount` and `consume` raise `Unavailable` when no broker answers. */
export function createKafkaEventLog(kafka: Kafka, options: KafkaEventLogOptions): EventLog {
  const settings: Settings = { ...DEFAULTS, ...options }
  const { topic } = settings
  return {
    topic,
    partitionCount: async () => {
      const admin = kafka.admin()
      try {
        await admin.connect()
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
        return topics[0]?.partitions.length ?? 0
      } catch (error) {
        throw away(error)
      } finally {
        await admin.disconnect().catch(() => {})
      }
    },
    consume: (listener) => consume(kafka, settings, listener),
  }
}

async function consume(
  kafka: Kafka,
  settings: Settings,
  listener: LogListener,
): Promise<LogReader> {
  const { topic } = settings
  const bounds = createBounds(kafka, topic)
  const positions = createPositions(topic, () => consumer)
  let consumer: Consumer | undefined
  let isClosing = false

  const fatal = (error: unknown): void => {
    if (!isClosing) listener.onFatal(error instanceof Error ? error : new Error(String(error)))
  }
  const lives = createLives(topic, () => consumer, listener, fatal)

  async function take(payload: EachBatchPayload): Promise<void> {
    if (isClosing) return
    const isTaken = await whileBeating(lives.takeBatch(payload), () => payload.heartbeat())
    if (isTaken) payload.resolveOffset(payload.batch.lastOffset())
  }

  /** Keeps the membership while the listener holds a batch back, but not for ever. */
  async function whileBeating<T>(work: Promise<T>, heartbeat: () => Promise<void>): Promise<T> {
    const started = performance.now()
    const timer = setInterval(() => {
      const isStuck = performance.now() - started > settings.handlerMaxMs
      if (isStuck) fatal(new Error(`a batch was held back for ${settings.handlerMaxMs} ms`))
      // Its errors are met again, and acted on, when the handler returns.
      else heartbeat().catch(() => {})
    }, settings.heartbeatMs)
    return work.finally(() => clearInterval(timer))
  }

  const membership = await joinGroup(kafka, membershipOptions(settings), {
    made: (made) => {
      consumer = made
    },
    assigned: (partitions) => {
      positions.clear()
      lives.assign(partitions[topic] ?? [])
    },
    // Nothing may be thrown out of a handler: kafkajs would stop for good, or loop.
    batch: (payload) => positions.during(payload, () => take(payload)).catch(fatal),
    controlOnly: (at) => void lives.takeControlOnly(at).catch(fatal),
    fatal,
  }).catch((error: unknown) => {
    throw away(error)
  })

  return {
    start: lives.start,
    pause: lives.pause,
    resume: lives.resume,
    bounds: bounds.of,
    publishPosition: async (partition, offset) => {
      if (lives.has(partition) && !isClosing) await positions.publish(partition, offset)
    },
    close: async () => {
      isClosing = true
      await membership.leave()
      await lives.end()
      await bounds.close()
    },
  }
}

function membershipOptions(settings: Settings): MembershipOptions {
  return {
    topics: [settings.topic],
    partitionsAtOnce: settings.partitionsAtOnce,
    config: {
      groupId: settings.groupId,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      heartbeatInterval: settings.heartbeatMs,
      maxWaitTimeInMs: settings.maxWaitMs,
      maxBytesPerPartition: settings.maxBytesPerPartition,
    },
  }
}

function away(error: unknown): Unavailable {
  const said = error instanceof Error ? error.message : 'unknown'
  return new Unavailable(`Kafka is away: ${said}`)
}
