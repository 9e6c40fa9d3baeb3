/**
 * Reading stretches of the output topics again. kafkajs reads in groups only, so this is a group of
 * one member, all of whose partitions are paused but while somebody waits for one.
 */
import { randomBytes } from 'node:crypto'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { RawRecord } from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import { createLives, type Lives } from './kafka-lives.ts'
import { joinGroup, type Membership } from './kafka-membership.ts'

export type Span = Readonly<{ topic: string; partition: number; from: number; to: number }>

type Job = Span & {
  position: number
  stall: NodeJS.Timeout
  take: (record: RawRecord) => void
  done: (error?: Error) => void
}

type Reading = Readonly<{ membership: Promise<Membership>; lives: ReadonlyMap<string, Lives> }>

/** An open transaction of another writer holds a reader back until the broker ends it. */
const STALL_MS = 30_000

/**
 * Records of committed transactions in [from, to), each given to `take`. One span at a time, however
 * long it takes; without any progress for half a minute it raises `Unavailable`.
 */
export function createReadBack(kafka: Kafka, groupId: string, topics: readonly string[]) {
  const jobs = new Map<string, Job>()
  const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`
  let reading: Reading | undefined
  let turn: Promise<unknown> = Promise.resolve()

  function fail(error: unknown): void {
    const said = error instanceof Error ? error.message : 'unknown'
    const ended = reading
    reading = undefined
    void ended?.membership.then((membership) => membership.leave()).catch(() => {})
    for (const job of jobs.values()) job.done(new Unavailable(`reading back failed: ${said}`))
  }

  function advance(topic: string, partition: number, records: readonly RawRecord[], next: number) {
    const job = jobs.get(keyOf(topic, partition))
    if (job === undefined) return
    for (const record of records) if (record.offset < job.to) job.take(record)
    job.position = next
    job.stall.refresh()
    if (next >= job.to) job.done()
  }

  function livesOf(topic: string, consumer: () => Consumer | undefined): Lives {
    const listener = {
      // After a rebalance what was being read goes on where it was.
      assigned: (partitions: readonly number[]) => {
        for (const partition of partitions) {
          const job = jobs.get(keyOf(topic, partition))
          if (job !== undefined) reading?.lives.get(topic)?.start(partition, job.position)
        }
      },
      batch: async (partition: number, records: readonly RawRecord[], next: number) =>
        advance(topic, partition, records, next),
      unreadable: async (partition: number, _from: number, next: number) =>
        advance(topic, partition, [], next),
    }
    return createLives(topic, consumer, listener, fail)
  }

  function start(): Reading {
    let consumer: Consumer | undefined
    const lives = new Map(topics.map((topic) => [topic, livesOf(topic, () => consumer)]))
    const take = async (payload: EachBatchPayload): Promise<void> => {
      const isTaken = await lives.get(payload.batch.topic)?.takeBatch(payload)
      if (isTaken === true) payload.resolveOffset(payload.batch.lastOffset())
    }
    const name = `${groupId}-readback-${randomBytes(6).toString('hex')}`
    const config = { groupId: name, sessionTimeout: 10_000, maxWaitTimeInMs: 50 }
    const membership = joinGroup(
      kafka,
      { topics, config, partitionsAtOnce: 4 },
      {
        made: (made) => {
          consumer = made
        },
        assigned: (partitions) => {
          for (const topic of topics) lives.get(topic)?.assign(partitions[topic] ?? [])
        },
        batch: (payload) => take(payload).catch(fail),
        controlOnly: (at) => void lives.get(at.topic)?.takeControlOnly(at).catch(fail),
        fatal: fail,
      },
    )
    return { membership, lives }
  }

  async function read(span: Span, take: (record: RawRecord) => void): Promise<void> {
    if (span.from >= span.to) return
    const current = (reading ??= start())
    try {
      await current.membership
    } catch (error) {
      fail(error)
      throw new Unavailable('reading back failed: the group could not be joined')
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const key = keyOf(span.topic, span.partition)
    const stall = setTimeout(() => done(new Unavailable('reading back made no progress')), STALL_MS)
    const done = (error?: Error): void => {
      clearTimeout(stall)
      jobs.delete(key)
      current.lives.get(span.topic)?.pause(span.partition)
      if (error === undefined) resolve()
      else reject(error)
    }
    jobs.set(key, { ...span, position: span.from, stall, take, done })
    current.lives.get(span.topic)?.start(span.partition, span.from)
    return promise
  }

  return {
    read: (span: Span, take: (record: RawRecord) => void): Promise<void> => {
      const mine = turn.then(() => read(span, take))
      turn = mine.catch(() => {})
      return mine
    },
    close: async (): Promise<void> => {
      const ended = reading
      fail(new Error('closed'))
      await ended?.membership.then((membership) => membership.leave()).catch(() => {})
    },
  }
}
