/** The topics looked at from outside: single records, ends, and what was said. Fences nobody, joins no group of the service. */
import type { Kafka } from 'kafkajs'
import { Unavailable } from '../core/ports.ts'
import type { LogReader, RawRecord } from '../core/ports.ts'
import { createBounds } from './kafka-bounds.ts'
import { createReadBack } from './kafka-read-back.ts'
import { idOf, READ_BACK } from './kafka-warning-log.ts'

export type KafkaLook = Pick<LogReader, 'bounds'> &
  Readonly<{
    partitionCount: () => Promise<number>
    /** Undefined: none stands there. `offset` lies below the end of the partition. */
    recordAt: (partition: number, offset: number) => Promise<RawRecord | undefined>
    /** Whether the outputs that input partition writes to hold an id of ours. */
    hasSpoken: (partition: number) => Promise<boolean>
    close: () => Promise<void>
  }>

export type KafkaLookOptions = Readonly<{
  groupId: string
  topics: Readonly<Record<'events' | 'warnings' | 'deadLetters', string>>
}>

/** Every method raises `Unavailable` when Kafka does not answer. */
export function createKafkaLook(kafka: Kafka, { groupId, topics }: KafkaLookOptions): KafkaLook {
  const { events, warnings, deadLetters } = topics
  const bounds = {
    events: createBounds(kafka, events),
    warnings: createBounds(kafka, warnings),
    deadLetters: createBounds(kafka, deadLetters),
  }
  const reader = createReadBack(kafka, groupId, [events, warnings, deadLetters])

  async function hasSpoken(input: number): Promise<boolean> {
    for (const name of READ_BACK) {
      const all = await bounds[name].all()
      const partition = input % Math.max(1, all.size)
      const found = all.get(partition)
      if (found === undefined) throw new Unavailable(`topic ${topics[name]} has no partitions`)
      let isFound = false
      const span = { topic: topics[name], partition, from: found.earliest, to: found.end }
      await reader.read(span, (record) => (isFound ||= idOf(name, record) !== undefined))
      if (isFound) return true
    }
    return false
  }

  return {
    bounds: bounds.events.of,
    partitionCount: async () => (await bounds.events.all()).size,
    recordAt: async (partition, offset) => {
      let found: RawRecord | undefined
      const span = { topic: events, partition, from: offset, to: offset + 1 }
      await reader.read(span, (record) => (found = record))
      return found
    },
    hasSpoken,
    close: async () => {
      await reader.close()
      await Promise.all(Object.values(bounds).map((it) => it.close()))
    },
  }
}
