/** What the outputs hold after takeovers, held against what was to be sent. */
import { randomBytes } from 'node:crypto'
import { createTopicAt } from '../support/kafka-process.ts'
import { readTopic } from '../support/read-topic.ts'
import { entryOf } from './takeover-entries.ts'
import type { WriterOptions } from './takeover-entries.ts'

export type Found = Readonly<{ records: number; duplicates: number; missing: number }>

const READ_BACK = ['warnings', 'deadLetters'] as const

/** Topics of one partition that nobody else has. */
export async function createOutputs(
  brokers: string,
  replicas: number,
  planted: WriterOptions['planted'] = 'nothing',
): Promise<WriterOptions> {
  const groupId = `takeovers-${randomBytes(6).toString('hex')}`
  const topics = {
    warnings: `${groupId}.warnings`,
    standing: `${groupId}.standing`,
    deadLetters: `${groupId}.dlq`,
  }
  for (const topic of [topics.warnings, topics.deadLetters]) {
    await createTopicAt(brokers, topic, 1, { replicas })
  }
  await createTopicAt(brokers, topics.standing, 1, { replicas, compact: true })
  return { brokers: brokers.split(','), groupId, topics, planted }
}

/** Of the sequences 0 to `sent`, exclusive; worst of the two isolation levels. */
export async function countOutputs(
  { brokers, topics }: WriterOptions,
  sent: number,
): Promise<Readonly<{ committed: Found; uncommitted: Found }>> {
  const expected = Array.from({ length: sent }, (_, sequence) => entryOf(sequence))
  async function count(readUncommitted: boolean): Promise<Found> {
    const found = { records: 0, duplicates: 0, missing: 0 }
    for (const topic of READ_BACK) {
      const records = await readTopic(brokers.join(','), topics[topic], { readUncommitted })
      const ids = new Set(records.map(({ headers }) => headers['ce_id']))
      const wanted = expected.filter((it) => it.topic === topic)
      found.records += records.length
      found.duplicates += records.length - ids.size
      found.missing += wanted.filter(({ id }) => !ids.has(id)).length
    }
    return found
  }
  return { committed: await count(false), uncommitted: await count(true) }
}
