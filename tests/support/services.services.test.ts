import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startKafkaBrokers } from './kafka-brokers.ts'
import { QUICK_RESTART, createTopicAt, quietKafka } from './kafka-process.ts'
import {
  createTopic,
  describeWithKafka,
  describeWithOwnKafka,
  describeWithOwnRedis,
  describeWithRedis,
  kafkaBrokers,
  redisUrl,
  startKafka,
  startRedis,
  uniqueName,
} from './services.ts'

function redisAt(url: string): Redis {
  const client = new Redis(url)
  client.on('error', () => undefined)
  onTestFinished(() => client.disconnect())
  return client
}

async function endOf(brokers: string, topic: string): Promise<string | undefined> {
  const admin = quietKafka(brokers).admin()
  await admin.connect()
  onTestFinished(() => admin.disconnect())
  return (await admin.fetchTopicOffsets(topic))[0]?.high
}

async function send(brokers: string, topic: string, timestampMs: number): Promise<void> {
  const producer = quietKafka(brokers).producer()
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  const messages = [{ key: 'M1', value: 'one', timestamp: `${timestampMs}` }]
  await producer.send({ topic, acks: -1, messages })
}

describeWithKafka('the shared Kafka', () => {
  test('keeps the time stamps of a past stream where the topic asks for it', async () => {
    const topic = await createTopic('past', 1, { createTime: true })
    await send(kafkaBrokers(), topic, Date.UTC(2020, 0, 1))
    expect(await stampOfFirst(topic)).toBe(Date.UTC(2020, 0, 1))
  })

  test('stamps records at arrival elsewhere', async () => {
    const topic = await createTopic('live', 1)
    await send(kafkaBrokers(), topic, Date.UTC(2020, 0, 1))
    expect(await stampOfFirst(topic)).toBeGreaterThan(Date.UTC(2026, 0, 1))
  })

  async function stampOfFirst(topic: string): Promise<number> {
    const consumer = quietKafka(kafkaBrokers()).consumer({ groupId: uniqueName('group') })
    await consumer.connect()
    onTestFinished(() => consumer.disconnect())
    await consumer.subscribe({ topic, fromBeginning: true })
    const { promise, resolve } = Promise.withResolvers<number>()
    await consumer.run({
      eachMessage: async ({ message }) => resolve(Number(message.timestamp)),
    })
    return promise
  }
})

describeWithRedis('the shared Redis', () => {
  test('is new enough and never evicts', async () => {
    const client = redisAt(redisUrl())
    const version = /redis_version:(\d+\.\d+)/.exec(await client.info('server'))?.[1]
    expect(Number(version)).toBeGreaterThanOrEqual(6.2)
    expect(await client.config('GET', 'maxmemory-policy')).toContain('noeviction')
  })
})

describeWithOwnRedis('a Redis of its own', () => {
  test.each([
    [true, 'kept', 'an append-only file survives SIGKILL'],
    [false, null, 'without one nothing does'],
  ])('appendonly %s: %s (%s)', async (appendonly, expected, _shows) => {
    await using server = await startRedis({ appendonly, args: ['--appendfsync', 'always'] })
    await redisAt(server.url).set('word', 'kept')
    const before = server.pid()
    await server.kill()
    await server.restart()
    expect(server.pid()).not.toBe(before)
    expect(await redisAt(server.url).get('word')).toBe(expected)
  })

  test('leaves neither a process nor a folder', async () => {
    const server = await startRedis()
    server.pause()
    await server.stop()
    await server.stop()
    expect(existsSync(server.folder)).toBe(false)
    expect(() => process.kill(server.pid(), 0)).toThrow('ESRCH')
  })

  test('says why it did not start', async () => {
    await expect(startRedis({ args: ['--no-such-option', '1'] })).rejects.toThrow('no-such-option')
  })
})

describeWithOwnKafka('a Kafka of its own', () => {
  test('keeps what it acknowledged when it is killed', async () => {
    await using server = await startKafka({ properties: QUICK_RESTART })
    await createTopicAt(server.brokers, 'events', 1, { createTime: true })
    await send(server.brokers, 'events', Date.UTC(2020, 0, 1))
    await server.kill()
    await server.restart()
    expect(await endOf(server.brokers, 'events')).toBe('1')
  })
})

describeWithOwnKafka('several brokers', () => {
  test('a topic survives the death of a leader, whole', { timeout: 120_000 }, async () => {
    await using cluster = await startKafkaBrokers({ count: 3 })
    const topic = uniqueName('survivor')
    await createTopicAt(cluster.brokers, topic, 1, { replicas: 3 })
    for (let n = 0; n < 20; n++) await send(cluster.brokers, topic, 0)
    const killed = await cluster.leaderOf(topic, 0)
    await cluster.kill(killed)
    await expect.poll(() => cluster.leaderOf(topic, 0), { timeout: 30_000 }).not.toBe(killed)
    for (let n = 0; n < 20; n++) await send(cluster.brokers, topic, 0)
    await cluster.start(killed)
    expect(await endOf(cluster.brokers, topic)).toBe('40')
  })
})

describe('the run', () => {
  test('gives every suite names of its own', () => {
    expect(uniqueName('a')).not.toBe(uniqueName('a'))
  })
})
