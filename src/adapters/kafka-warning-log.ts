/**
 * The output topics, by kafkajs. Input partition N writes to partition N modulo count of each topic,
 * so one partition of each has to be read back. kafkajs cannot send idempotently with an id of its
 * own choice, so each append is a transaction: each id once for readers of committed records.
 */
import type { Kafka } from 'kafkajs'
import type {
  OpenedOutput,
  OutboxEntry,
  OutputTopic,
  RawRecord,
  ReadBackMark,
  WarningLog,
} from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import { deadLetterIdOf } from '../events/dead-letter-headers.ts'
import { createBounds } from './kafka-bounds.ts'
import {
  createFencedProducer,
  type Destination,
  type FencedProducer,
} from './kafka-fenced-producer.ts'
import { createReadBack } from './kafka-read-back.ts'

export type KafkaWarningLogOptions = Readonly<{
  /** The group of the input: names the writers and the group that reads back. */
  groupId: string
  topics: Readonly<Record<OutputTopic, string>>
  /** A fence or an `append` that takes longer raises `Unavailable`. */
  patienceMs?: number
}>

const READ_BACK = ['warnings', 'deadLetters'] as const
type ReadBackTopic = (typeof READ_BACK)[number]
/** In a partition of the topic, the first offset to read again. */
type Place = Readonly<{ partition: number; offset: number }>
type Places = Record<ReadBackTopic, Place>

export function createKafkaWarningLog(kafka: Kafka, options: KafkaWarningLogOptions): WarningLog {
  const { groupId, topics, patienceMs = 30_000 } = options
  const bounds = {
    warnings: createBounds(kafka, topics.warnings),
    standing: createBounds(kafka, topics.standing),
    deadLetters: createBounds(kafka, topics.deadLetters),
  }
  const names = READ_BACK.map((name) => topics[name])
  const readBack = createReadBack(kafka, groupId, names)
  const producers = new Map<number, FencedProducer>()

  async function partitionFor(name: OutputTopic, input: number) {
    const all = await bounds[name].all()
    const partition = input % Math.max(1, all.size)
    const found = all.get(partition)
    if (found === undefined) throw new Unavailable(`topic ${topics[name]} has no partitions`)
    return { partition, ...found }
  }

  async function fence(input: number): Promise<FencedProducer> {
    // A producer that was refused is stuck: always a new one.
    void producers.get(input)?.close()
    const [warnings, standing, deadLetters] = await Promise.all([
      partitionFor('warnings', input),
      partitionFor('standing', input),
      partitionFor('deadLetters', input),
    ])
    const partitions = { warnings, standing, deadLetters }
    const destinationOf = ({ topic }: OutboxEntry): Destination => ({
      topic: topics[topic],
      partition: partitions[topic].partition,
    })
    const made = await createFencedProducer(kafka, `forewarn-${groupId}-${input}`, destinationOf)
    producers.set(input, made)
    return made
  }

  async function open(input: number, mark: ReadBackMark | undefined): Promise<OpenedOutput> {
    const producer = await within(patienceMs, fence(input), () => {})
    const since = mark === undefined ? undefined : placesFrom(mark)
    const present = new Set<string>()
    const places: Partial<Places> = {}
    for (const name of READ_BACK) {
      // Asked after the fence: what an earlier writer could still write is behind this end.
      const { partition, earliest, end } = await partitionFor(name, input)
      const from = fromOf(since?.[name], { partition, earliest, end })
      await readBack.read({ topic: topics[name], partition, from, to: end }, (record) => {
        const id = idOf(name, record)
        if (id !== undefined) present.add(id)
      })
      places[name] = { partition, offset: end }
    }
    return opened(producer, present, places as Places)
  }

  function opened(
    producer: FencedProducer,
    present: ReadonlySet<string>,
    places: Places,
  ): OpenedOutput {
    const written = (topic: string, offset: number): void => {
      for (const name of READ_BACK) {
        if (topics[name] === topic) places[name] = { ...places[name], offset }
      }
    }
    return {
      present,
      mark: JSON.stringify(places),
      markNow: () => JSON.stringify(places),
      append: (entries) => {
        if (entries.length === 0) return Promise.resolve()
        return within(patienceMs, producer.append(entries, written), () => producer.close())
      },
    }
  }

  return {
    open: (input, mark) =>
      within(patienceMs, open(input, mark), () => producers.get(input)?.close()),
    close: async () => {
      await Promise.all([...producers.values()].map((producer) => producer.close()))
      await readBack.close()
      await Promise.all(Object.values(bounds).map((it) => it.close()))
    },
  }
}

/** The whole partition where the mark is of another one, or beyond the end: the topic was made anew. */
function fromOf(
  place: Place | undefined,
  now: Readonly<{ partition: number; earliest: number; end: number }>,
): number {
  const isOf = place !== undefined && place.partition === now.partition && place.offset <= now.end
  return isOf ? Math.max(place.offset, now.earliest) : now.earliest
}

function placesFrom(mark: ReadBackMark): Partial<Places> {
  return JSON.parse(mark) as Partial<Places>
}

function idOf(name: ReadBackTopic, { headers, value }: RawRecord): string | undefined {
  if (name === 'deadLetters') {
    const styles = ['native', 'connect', 'spring'] as const
    return styles.map((style) => deadLetterIdOf(headers, style)).find((id) => id !== undefined)
  }
  const header = headers.find(([key]) => key === 'ce_id')
  if (header !== undefined) return Buffer.from(header[1]).toString()
  return structuredId(value)
}

/** Of a CloudEvent in structured mode. What others have written there has no id of ours. */
function structuredId(value: Uint8Array | undefined): string | undefined {
  try {
    const event: unknown = JSON.parse(Buffer.from(value ?? []).toString())
    const isNamed = typeof event === 'object' && event !== null && 'id' in event
    return isNamed ? String(event.id) : undefined
  } catch {
    return undefined
  }
}

async function within<T>(ms: number, work: Promise<T>, giveUp: () => unknown): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Unavailable(`Kafka did not answer within ${ms} ms`))
    void giveUp()
  }, ms)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
