/** What a deployment has said, as a reader of committed records hears it, beside what `replay` says. */
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import type { Deployment } from './deployment.ts'
import { readTopic } from './read-topic.ts'
import type { ReadRecord } from './read-topic.ts'

/** A warning record without what only the sending knows. */
export type Said = Readonly<Record<string, unknown>>

export type Outputs = Readonly<{
  /** In the order of each partition, doubles included. */
  warnings: readonly Said[]
  /** `<code> <topic>-<partition>-<offset>`, sorted, doubles included. */
  deadLetters: readonly string[]
  /** The latest of each account, without its position. */
  standing: ReadonlyMap<string, unknown>
  /** All bytes of the output topics, as text. */
  text: string
}>

export async function readOutputs(brokers: string, { topics }: Deployment): Promise<Outputs> {
  const warnings = await readTopic(brokers, topics.warnings)
  const deadLetters = await readTopic(brokers, topics.deadLetters)
  const standing = await readTopic(brokers, topics.standing)
  const all = [...warnings, ...deadLetters, ...standing]
  return {
    warnings: warnings.map(saidOf),
    deadLetters: deadLetters.map(({ headers }) => deadOf(headers)).toSorted(),
    standing: new Map(standing.map(({ key = '', value }) => [key, standingOf(value)])),
    text: all.map(({ key, headers, value }) => [key, JSON.stringify(headers), value]).join('\n'),
  }
}

/** Of a line of `replay`, or of a structured record. */
export function withoutEmission(record: Readonly<Record<string, unknown>>): Said {
  const { recordedtime: _, data, ...attributes } = record
  const { emitted: __, ...rest } = data as Record<string, unknown>
  return { ...attributes, data: rest }
}

function saidOf({ headers, value = '' }: ReadRecord): Said {
  const attributes = Object.entries(headers).map(([name, text]): [string, unknown] => {
    if (name === 'content-type') return ['datacontenttype', text]
    return [name.replace(/^ce_/, ''), name === 'ce_severitynumber' ? Number(text) : text]
  })
  return withoutEmission({ ...Object.fromEntries(attributes), data: JSON.parse(value) })
}

function deadOf(headers: ReadRecord['headers']): string {
  const [code, ...place] = ['code', 'topic', 'partition', 'offset'].map(
    (it) => headers[`dlq.${it}`],
  )
  return `${code} ${place.join('-')}`
}

function standingOf(value: string | undefined): unknown {
  if (value === undefined) return undefined
  const { cursor: _, ...rest } = JSON.parse(value) as Record<string, unknown>
  return rest
}

/** Everything that stands in Redis under a deployment's keys, as text. */
export async function storedText(url: string, { namespace }: Deployment): Promise<string> {
  const redis = createRedis({ url })
  await whenReady(redis)
  try {
    const keys = await redis.keys(`{p*.${namespace}}*`)
    const texts = await Promise.all(keys.map(async (key) => textAt(key)))
    return texts.join('\n')
  } finally {
    redis.disconnect()
  }

  async function textAt(key: string): Promise<string> {
    const type = await redis.type(key)
    if (type === 'string') return (await redis.get(key)) ?? ''
    if (type === 'hash') return JSON.stringify(await redis.hgetall(key))
    return (await redis.zrange(key, '0', '-1')).join('\n')
  }
}
