/**
 * The output topics, by kafkajs. Input partition N writes to partition N modulo count of each topic,
 * so one partition of each has to be read back. One connection writes for all input partitions.
 */
import type { Kafka } from 'kafkajs'
import type {
  OpenedOutput,
  OutputTopic,
  RawRecord,
  ReadBackMark,
  WarningLog,
} from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import { deadLetterIdOf } from '../events/dead-letter-headers.ts'
import { createBounds } from './kafka-bounds.ts'
import { createCluster, type Cluster } from './kafka-cluster.ts'
import { createFencedProducer, type FencedProducer } from './kafka-fenced-producer.ts'
import { createReadBack } from './kafka-read-back.ts'

export type KafkaWarningLogOptions = Readonly<{
  /** The group of the input: names the writers and the group that reads back. */
  groupId: string
  topics: Readonly<Record<OutputTopic, string>>
  /** A fence or an `append` that takes longer raises `Unavailable`. */
  patienceMs?: number
}>

/** Topics whose ids are looked for before anything is sent. */
export const READ_BACK = ['warnings', 'deadLetters'] as const
type ReadBackTopic = (typeof READ_BACK)[number]
/** In a partition of the topic, the first offset to read again. */
type Place = Readonly<{ partition: number; offset: number }>
type Places = Record<ReadBackTopic, Place>
type Bounded = Readonly<{ topic: string; partition: number; earliest: number; end: number }>
type Fenced = Readonly<{ producer: FencedProducer; ends: Readonly<Record<OutputTopic, Bounded>> }>

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
  let cluster: Cluster | undefined

  async function partitionFor(name: OutputTopic, input: number): Promise<Bounded> {
    const all = await bounds[name].all()
    const partition = input % Math.max(1, all.size)
    const found = all.get(partition)
    if (found === undefined) throw new Unavailable(`topic ${topics[name]} has no partitions`)
    return { topic: topics[name], partition, ...found }
  }

  /** Connected, and with the leaders of the moment. */
  async function connected(): Promise<Cluster> {
    const made = (cluster ??= createCluster(kafka))
    await made.connect()
    // Named one by one: what is given may hold more topics, and those need not exist.
    const outputs = [topics.warnings, topics.standing, topics.deadLetters]
    await made.addMultipleTargetTopics(outputs)
    await made.refreshMetadata()
    return made
  }

  async function partitionsFor(input: number): Promise<Record<OutputTopic, Bounded>> {
    const [warnings, standing, deadLetters] = await Promise.all([
      partitionFor('warnings', input),
      partitionFor('standing', input),
      partitionFor('deadLetters', input),
    ])
    return { warnings, standing, deadLetters }
  }

  /** The producer, and where the outputs end behind its marker. */
  async function fence(input: number, isGivenUp: () => boolean): Promise<Fenced> {
    producers.get(input)?.end()
    const before = await partitionsFor(input)
    const name = `forewarn-${groupId}-${input}`
    const producer = await createFencedProducer(await connected(), name, before, isGivenUp)
    const after = await partitionsFor(input)
    for (const { topic, end } of Object.values(before)) {
      const isFenced = Object.values(after).some((it) => it.topic === topic && it.end > end)
      // A coordinator that has just started may leave out a marker it finds no leader for.
      if (!isFenced) throw new Unavailable(`no marker has come to ${topic}`)
    }
    producers.set(input, producer)
    return { producer, ends: after }
  }

  async function open(input: number, mark: ReadBackMark | undefined): Promise<OpenedOutput> {
    let isGivenUp = false
    const { producer, ends } = await within(
      patienceMs,
      fence(input, () => isGivenUp),
      () => (isGivenUp = true),
    )
    const since = mark === undefined ? undefined : placesFrom(mark)
    const present = new Set<string>()
    for (const name of READ_BACK) {
      const { topic, partition, end } = ends[name]
      const from = fromOf(since?.[name], ends[name])
      await readBack.read({ topic, partition, from, to: end }, (record) => {
        const id = idOf(name, record)
        if (id !== undefined) present.add(id)
      })
    }
    const { warnings, deadLetters } = ends
    return opened(producer, present, {
      warnings: { partition: warnings.partition, offset: warnings.end },
      deadLetters: { partition: deadLetters.partition, offset: deadLetters.end },
    })
  }

  function opened(
    producer: FencedProducer,
    present: ReadonlySet<string>,
    places: Places,
  ): OpenedOutput {
    const written = (topic: OutputTopic, offset: number): void => {
      if (topic !== 'standing') places[topic] = { ...places[topic], offset }
    }
    return {
      present,
      mark: JSON.stringify(places),
      markNow: () => JSON.stringify(places),
      append: (entries) => {
        if (entries.length === 0) return Promise.resolve()
        return within(patienceMs, producer.append(entries, written), () => producer.end())
      },
    }
  }

  return {
    open,
    close: async () => {
      for (const producer of producers.values()) producer.end()
      await cluster?.disconnect().catch(() => {})
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

/** Undefined: not of ours. */
export function idOf(name: ReadBackTopic, { headers, value }: RawRecord): string | undefined {
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

/** Every error of the client is one of a dependency: what it did is unknown. */
async function within<T>(ms: number, work: Promise<T>, giveUp: () => unknown): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([work, promise])
  } catch (error) {
    giveUp()
    if (error instanceof Unavailable) throw error
    const said = error instanceof Error ? error.message : 'unknown'
    throw new Unavailable(`Kafka did not take the output: ${said}`)
  } finally {
    clearTimeout(timer)
  }
}
