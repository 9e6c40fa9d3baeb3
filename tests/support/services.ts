/**
 * A real Kafka and a real Redis for a suite named `*.services.test.ts`. They are found once per run
 * and shared: a suite uses topics and key tags of its own. Where there is none, its suites are skipped.
 */
import { randomBytes } from 'node:crypto'
import { describe, inject } from 'vitest'
import { createTopicAt } from './kafka-process.ts'
import type { TopicOptions } from './kafka-process.ts'

export { startKafka } from './kafka-process.ts'
export { startRedis } from './redis-process.ts'

/** The shared brokers, `host:port,…`. */
export function kafkaBrokers(): string {
  return given('kafka')
}

/** The shared Redis. Nobody flushes it. */
export function redisUrl(): string {
  return given('redis')
}

/** A name that no other suite and no earlier run has: for a topic, a group, a key tag. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`
}

/** Creates a topic on the shared brokers and returns its name. */
export async function createTopic(
  prefix: string,
  partitions: number,
  options: TopicOptions = {},
): Promise<string> {
  const topic = uniqueName(prefix)
  await createTopicAt(kafkaBrokers(), topic, partitions, options)
  return topic
}

const hasKafka = inject('kafka') !== undefined
const hasRedis = inject('redis') !== undefined

/** `describe`, where the run has what the name says. */
export const describeWithKafka = describe.runIf(hasKafka)
export const describeWithRedis = describe.runIf(hasRedis)
export const describeWithBoth = describe.runIf(hasKafka && hasRedis)
/** Where `startKafka` and `startRedis` work: for suites that kill what they use. */
export const describeWithOwnKafka = describe.runIf(inject('ownKafka'))
export const describeWithOwnRedis = describe.runIf(inject('ownRedis'))
export const describeWithOwnBoth = describe.runIf(inject('ownKafka') && inject('ownRedis'))

function given(name: 'kafka' | 'redis'): string {
  const address = inject(name)
  if (address === undefined) throw new Error(`this run has no ${name}`)
  return address
}
