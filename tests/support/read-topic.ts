/** All that a topic holds, as a reader of committed records sees it, or one of all records. */
import type { KafkaMessage } from 'kafkajs'
import { readAll } from './read-all.ts'

export type ReadRecord = Readonly<{
  partition: number
  offset: number
  key: string | undefined
  headers: Readonly<Record<string, string>>
  value: string | undefined
}>

/** In order per partition. Rejects when nothing has come for a minute. */
export async function readTopic(
  brokers: string,
  topic: string,
  { readUncommitted = false }: Readonly<{ readUncommitted?: boolean }> = {},
): Promise<readonly ReadRecord[]> {
  const records: ReadRecord[] = []
  await readAll({ brokers, topic, isUncommitted: readUncommitted }, (partition, messages) => {
    for (const message of messages) records.push(recordOf(partition, message))
  })
  return records
}

function recordOf(
  partition: number,
  { offset, key, value, headers = {} }: KafkaMessage,
): ReadRecord {
  const texts = Object.entries(headers).map(([name, text]) => [name, String(text)])
  return {
    partition,
    offset: Number(offset),
    key: key?.toString(),
    headers: Object.fromEntries(texts),
    value: value?.toString(),
  }
}
