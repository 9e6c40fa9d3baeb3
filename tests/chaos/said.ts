/** What the service has said and stored, as it is found at the end. */
import type { KafkaMessage } from 'kafkajs'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import type { RedisClient } from '../../src/adapters/redis-options.ts'
import { SECTIONS } from '../../src/core/fold.ts'
import { firstDifference } from '../../src/engine/state-view.ts'
import { fieldOf, keyOfField } from '../../src/engine/stored-names.ts'
import type { Heard } from './compare.ts'
import { isAbsence } from './oracle.ts'
import type { Oracle } from './oracle.ts'
import { readAll } from '../support/read-all.ts'
import type { ReadOptions } from '../support/read-all.ts'

export async function readWarnings(options: ReadOptions): Promise<readonly Heard[]> {
  return read(options, ({ headers, value, timestamp }) => {
    const { detector } = JSON.parse(String(value)) as { detector: string }
    return {
      id: String(headers?.['ce_id']),
      group: `${String(headers?.['ce_tenantid'])} ${String(headers?.['ce_subject'])}`,
      isAbsence: isAbsence(detector),
      atMs: Number(timestamp),
    }
  })
}

export async function readDeadLetters(options: ReadOptions): Promise<readonly Heard[]> {
  return read(options, ({ headers, timestamp }) => {
    const [code, ...place] = ['code', 'topic', 'partition', 'offset'].map((it) => {
      return String(headers?.[`dlq.${it}`])
    })
    const id = `${code} ${place.join('-')}`
    return { id, group: id, isAbsence: false, atMs: Number(timestamp) }
  })
}

async function read(
  options: ReadOptions,
  heardOf: (message: KafkaMessage) => Heard,
): Promise<readonly Heard[]> {
  const heard: Heard[] = []
  await readAll(options, (_partition, messages) => {
    for (const message of messages) heard.push(heardOf(message))
  })
  return heard
}

/** Where the state is another than the oracle's, in words. */
export async function wrongState(
  redis: RedisClient,
  namespace: string,
  ends: readonly number[],
  { accounts, fold }: Oracle,
): Promise<readonly string[]> {
  const store = createRedisStore(redis, namespace)
  const wrong: string[] = []
  for (const [partition, expected] of accounts.entries()) {
    const offset = (await store.cursor(partition))?.offset ?? 0
    const end = ends[partition]
    if (offset !== end) wrong.push(`partition ${partition}: the cursor is at ${offset} of ${end}`)
    for await (const [key, sections] of stored(partition)) {
      const its = expected.get(key)
      const [tenant = '', id = ''] = key.split('\n')
      const [is, ought] = [sections, its ?? []].map((it) => fold.decodeAccount(tenant, id, it))
      const other = is && ought && firstDifference(is, ought)
      if (other !== undefined) {
        const { member, stored, recomputed } = other
        wrong.push(`partition ${partition}: ${id}: ${member} is ${stored}, not ${recomputed}`)
      }
    }
  }
  return wrong

  /** Each account once. */
  async function* stored(
    partition: number,
  ): AsyncGenerator<readonly [string, readonly (Uint8Array | undefined)[]]> {
    const seen = new Set<string>(accounts[partition]?.keys())
    let from: string | undefined
    do {
      const { value: slice } = await store.fields(partition, from)
      for (const field of slice.fields) seen.add(keyOfField(field))
      from = slice.next
    } while (from !== undefined)
    for (const key of seen) {
      const fields = SECTIONS.map((it) => fieldOf(key, it))
      yield [key, (await store.read(partition, fields)).value]
    }
  }
}
