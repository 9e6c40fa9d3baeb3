/**
 * Whole batches in a real log, read by a running service: packed by each codec, bombs, damaged where
 * they lie on the disk, aborted, compacted. What can be read is applied; what cannot is one dead letter.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import type { ProducerConfig } from 'kafkajs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { deploy } from '../support/deployment.ts'
import type { Deployment } from '../support/deployment.ts'
import type { KafkaProcess } from '../support/kafka-process.ts'
import { batchesIn, damageBatch } from '../support/log-segment.ts'
import { produceBatch } from '../support/raw-produce.ts'
import type { RedisProcess } from '../support/redis-process.ts'
import { describeWithOwnBoth, startKafka, startRedis, uniqueName } from '../support/services.ts'
import { HOSTILE_BATCHES } from './batches.ts'
import type { HostileBatch } from './batches.ts'
import { goodSale, inputsOf, isDead, utf8 } from './input.ts'
import { setConfig, startLive } from './live.ts'
import type { Live } from './live.ts'

const BROKER = ['log.cleaner.backoff.ms=100', 'log.retention.check.interval.ms=1000']
const LARGE = { 'max.message.bytes': `${32 * 2 ** 20}` }
/** A bomb of 65 MB four times over, a million records: refused without being held. */
const MEMORY_MAX = 900 * 2 ** 20
const PATIENCE_MS = 60_000
const LONG = { timeout: 180_000 }

describeWithOwnBoth('batches in a real log', () => {
  let kafka: KafkaProcess
  let redis: RedisProcess
  let count = 0

  beforeAll(async () => {
    ;[kafka, redis] = await Promise.all([startKafka({ properties: BROKER }), startRedis()])
  }, 120_000)

  afterAll(async () => {
    await Promise.all([kafka?.stop(), redis?.stop()])
  })

  const services = () => ({ brokers: kafka.brokers, redis: redis.url })
  const good = () => goodSale(`b-${count++}`)

  async function deployed(partitions = 1): Promise<Deployment> {
    const deployment = await deploy(services(), partitions, [])
    onTestFinished(() => deployment[Symbol.asyncDispose]())
    return deployment
  }

  async function started(deployment: Deployment): Promise<Live> {
    const live = await startLive(services(), deployment)
    onTestFinished(() => live[Symbol.asyncDispose]())
    return live
  }

  /** One good sale in a batch of its own. */
  async function sendGood(topic: string, partition = 0): Promise<number> {
    const { key, value } = good()
    const record = { ...(key && { key }), ...(value && { value }) }
    const shape = { timestampMs: Date.now() }
    const to = { topic, partition }
    const { error, firstOffset } = await produceBatch(kafka.brokers, to, [record], shape)
    expect(error).toBe(0)
    return firstOffset
  }

  async function sendHostile(topic: string, batch: HostileBatch) {
    const { records, shape } = batch.make()
    const sent = await produceBatch(kafka.brokers, { topic, partition: 0 }, records, shape)
    expect([batch.name, sent.error]).toEqual([batch.name, 0])
    const { firstOffset } = sent
    if (batch.damage !== undefined) {
      damageBatch({ folder: kafka.folder, topic, partition: 0 }, firstOffset, batch.damage)
    }
    return { ...batch, firstOffset, count: records.length }
  }

  const connected = async (config: ProducerConfig) => {
    const client = createKafka({ brokers: [kafka.brokers] }).kafka
    const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
    const producer = client.producer({ createPartitioner, maxInFlightRequests: 1, ...config })
    await producer.connect()
    onTestFinished(() => producer.disconnect())
    return producer
  }

  test('each of the corpus, good records around it', LONG, async () => {
    const deployment = await deployed()
    const { events: topic } = deployment.topics
    await setConfig(kafka.brokers, topic, LARGE)
    const sent: (HostileBatch & Readonly<{ firstOffset: number; count: number }>)[] = []
    await sendGood(topic)
    for (const batch of HOSTILE_BATCHES) {
      sent.push(await sendHostile(topic, batch))
      await sendGood(topic)
    }
    const countOf = (word: string): number =>
      sent.filter((it) => it.expected === word).reduce((sum, it) => sum + it.count, 0)
    const applied = 1 + sent.length + countOf('ok')
    const live = await started(deployment)
    const ms = await live.until((so) => so.applied === applied)
    const unreadable = sent.filter(({ expected }) => expected.endsWith('batch-unreadable'))
    const oneByOne = sent.filter((it) => isDead(it.expected) && !unreadable.includes(it))
    const planned = [
      ...unreadable.map(({ firstOffset }) => `0:${firstOffset} batch-unreadable`),
      ...oneByOne.flatMap(({ firstOffset, count: its, expected }) =>
        Array.from(
          { length: its },
          (_, at) => `0:${firstOffset + at} ${expected.replace('dead-letter:', '')}`,
        ),
      ),
    ]
    expect((await live.refused(planned.length)).toSorted()).toEqual(planned.toSorted())
    expect(await live.outcomes()).toMatchObject({
      applied,
      duplicate: 0,
      'unknown-type': countOf('ignore'),
      dead: [...unreadable, ...oneByOne].reduce((sum, it) => sum + it.count, 0),
    })
    const peak = live.memoryPeak()
    const megabytes = peak === undefined ? '?' : Math.round(peak / 2 ** 20)
    console.log(`${sent.length} batches read in ${Math.round(ms)} ms, ${megabytes} MB at most`)
    expect(peak ?? 0).toBeLessThan(MEMORY_MAX)
    expect(await live.stop()).toMatchObject({ code: 0, signal: undefined })
  })

  test('KR7: nothing of what was aborted, and the position passes markers', LONG, async () => {
    const deployment = await deployed()
    const { events: topic } = deployment.topics
    const live = await started(deployment)
    const producer = await connected({ transactionalId: uniqueName('corpus') })
    const aborted = inputsOf('KR7')
    for (const ending of ['abort', 'commit', 'abort'] as const) {
      await sendGood(topic)
      const transaction = await producer.transaction()
      const { key, value } = ending === 'abort' ? aborted.event('x', {}, 'ignore') : good()
      const message = { key: Buffer.from(key ?? []), value: Buffer.from(value ?? []) }
      await transaction.send({ topic, messages: [message, { ...message, value: '{bad' }] })
      await transaction[ending]()
    }
    await sendGood(topic)
    await live.until((so) => so.applied === 5 && so.dead === 1)
    expect(await live.refused(1)).toHaveLength(1)
    // The last marker is passed a moment after the last record: it comes when its writer has ended.
    await deployment.until(({ records }) => records >= 13, live.process)
    expect((await deployment.progress()).records).toBe(13)
  })

  test('KR8, KR12: what compaction took away is passed, an emptied batch too', LONG, async () => {
    const deployment = await deployed()
    const { events: topic } = deployment.topics
    const place = { folder: kafka.folder, topic, partition: 0 }
    await setConfig(kafka.brokers, topic, {
      'cleanup.policy': 'compact',
      'segment.ms': '1000',
      'min.cleanable.dirty.ratio': '0.0001',
      'max.compaction.lag.ms': '100',
    })
    const old = await connected({ idempotent: true })
    const sale = inputsOf('KR8').event('taken away', {}, 'ok')
    const message = { key: Buffer.from(sale.key ?? []), value: Buffer.from(sale.value ?? []) }
    // A sender that is still known keeps its last batch, if only as an empty one.
    await old.send({ topic, messages: [message, message, message] })
    for (const key of ['a', 'b', 'a', 'b', 'a', 'b', 'M-KR8']) {
      const value = utf8(inputsOf('KR8').text({ id: key, subject: key }))
      const shape = { timestampMs: Date.now() }
      const to = { topic, partition: 0 }
      await produceBatch(kafka.brokers, to, [{ key: utf8(key), value }], shape)
    }
    const giveUpAt = performance.now() + PATIENCE_MS
    const isEmptied = () => batchesIn(place).some(([, , left]) => left === 0)
    while (!isEmptied() && performance.now() < giveUpAt) {
      // Only a file that is full or old is compacted: this begins another one.
      await sleep(1_100)
      await sendGood(topic)
    }
    expect(batchesIn(place).filter(([, , left]) => left === 0)).not.toEqual([])
    await setConfig(kafka.brokers, topic, { 'cleanup.policy': 'delete' })
    const live = await started(deployment)
    const last = await sendGood(topic)
    await live.until((so) => so.applied > 0)
    await deployment.until(({ records }) => records === last + 1, live.process)
    expect(await live.outcomes()).toMatchObject({ dead: 0, duplicate: 0 })
    expect((await live.outcomes()).applied).toBeLessThan(last + 1)
    expect(await live.stop()).toMatchObject({ code: 0 })
  })

  test('KR13: a key in two partitions is folded in each', LONG, async () => {
    const deployment = await deployed(2)
    const { events: topic } = deployment.topics
    const live = await started(deployment)
    const of = inputsOf('KR13')
    for (const partition of [0, 1]) {
      const value = utf8(of.text())
      const record = { key: utf8(of.merchantId), value }
      await produceBatch(kafka.brokers, { topic, partition }, [record])
    }
    await live.until((so) => so.applied === 2)
    expect(await live.outcomes()).toMatchObject({ dead: 0, duplicate: 0 })
  })
})
