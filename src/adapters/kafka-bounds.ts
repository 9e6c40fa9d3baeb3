/** Where the partitions of a topic begin and end, asked of the broker. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Admin, Kafka } from 'kafkajs'
import { Unavailable } from '../core/ports.ts'

type Bounds = Readonly<{ earliest: number; end: number }>
type Answer = ReadonlyMap<number, Bounds>

/** A leader that has just been named, or is being moved, does not answer yet. */
const MOVING = ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']
const ATTEMPTS_MAX = 10
const PAUSE_MS = 200

/**
 * One question at a time answers all partitions. A caller never shares a question that was asked
 * before its call: an end known from earlier would prove nothing about now.
 */
export function createBounds(kafka: Kafka, topic: string) {
  let admin: Promise<Admin> | undefined
  let running: Promise<unknown> = Promise.resolve()
  let waiting: Promise<Answer> | undefined

  async function connected(): Promise<Admin> {
    const made = kafka.admin()
    await made.connect()
    return made
  }

  async function ask(): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await askOnce()
      } catch (error) {
        // The next client looks up the leaders anew.
        await close()
        if (attempt >= ATTEMPTS_MAX || !isMoving(error)) {
          throw new Unavailable(`Kafka did not tell the offsets of ${topic}: ${nameOf(error)}`)
        }
        await pause(PAUSE_MS)
      }
    }
  }

  async function askOnce(): Promise<Answer> {
    admin ??= connected()
    const offsets = await (await admin).fetchTopicOffsets(topic)
    return new Map(
      offsets.map(({ partition, low, high }) => [
        partition,
        { earliest: Number(low), end: Number(high) },
      ]),
    )
  }

  async function close(): Promise<void> {
    const closing = admin
    admin = undefined
    await closing?.then((it) => it.disconnect()).catch(() => {})
  }

  function all(): Promise<Answer> {
    waiting ??= running.then(() => {
      waiting = undefined
      const answer = ask()
      running = answer.catch(() => {})
      return answer
    })
    return waiting
  }

  return {
    all,
    of: async (partition: number): Promise<Bounds> => {
      const bounds = (await all()).get(partition)
      if (bounds === undefined) throw new Error(`${topic} has no partition ${partition}`)
      return bounds
    },
    close,
  }
}

function isMoving(error: unknown): boolean {
  return error instanceof Error && 'type' in error && MOVING.includes(String(error.type))
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
