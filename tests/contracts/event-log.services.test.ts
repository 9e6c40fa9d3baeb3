import kafkajs, { type Kafka } from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { registerCodecs } from '../../src/adapters/kafka-codecs.ts'
import { createKafkaEventLog } from '../../src/adapters/kafka-event-log.ts'
import { patchKafkajs } from '../../src/adapters/kafka-patches.ts'
import type { LogReader } from '../../src/core/ports.ts'
import { createRecorder, type Recorder } from '../support/recorder.ts'
import { describeWithKafka, uniqueName } from '../support/services.ts'
import { eventLogContract } from './event-log.ts'
import { createTopic, produce, testKafka } from './kafka-under-test.ts'

const eventLog = (kafka: Kafka, topic: string, groupId = uniqueName('test')) =>
  createKafkaEventLog(kafka, { topic, groupId, heartbeatMs: 200 })

describeWithKafka('the Kafka log', () => {
  eventLogContract('Kafka', async (partitionCount) => {
    const kafka = testKafka()
    const topic = await createTopic(kafka, partitionCount)
    const groupId = uniqueName('test')
    return {
      member: () => eventLog(kafka, topic, groupId),
      produce: (partition, values) => produce(kafka, topic, partition, values),
    }
  })
})

describeWithKafka('the Kafka log and transactions', () => {
  const reading = async (recorder: Recorder, config = {}) => {
    const kafka = testKafka()
    const topic = await createTopic(kafka, 1, config)
    const reader: LogReader = await eventLog(kafka, topic).consume(recorder.listener)
    onTestFinished(() => reader.close())
    const producer = kafka.producer({ transactionalId: uniqueName('test'), maxInFlightRequests: 1 })
    await producer.connect()
    onTestFinished(() => producer.disconnect())
    return { kafka, topic, reader, producer }
  }

  test('the position passes a marker at the end, and meets the end of the log', async () => {
    const recorder = createRecorder()
    const { topic, reader, producer } = await reading(recorder)
    reader.start(0, 0)
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: 'v0' }] })
    await transaction.commit()
    await recorder.until(() => recorder.position(0) === 2)
    expect(await reader.bounds(0)).toEqual({ earliest: 0, end: 2 })
    expect(recorder.values(0)).toEqual(['v0'])
  })

  test('aborted records are not given, and the position passes them', async () => {
    const recorder = createRecorder()
    const { topic, reader, producer } = await reading(recorder)
    reader.start(0, 0)
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: 'v0' }, { value: 'v1' }] })
    await transaction.abort()
    await recorder.until(() => recorder.position(0) === 3)
    expect(recorder.values(0)).toEqual([])
    const next = await producer.transaction()
    await next.send({ topic, messages: [{ value: 'v3' }] })
    await next.commit()
    await recorder.until(() => recorder.position(0) === 5)
    expect(recorder.values(0)).toEqual(['v3'])
  })

  test('a start in the middle of markers', async () => {
    const recorder = createRecorder()
    const { topic, reader, producer } = await reading(recorder)
    for (const value of ['v0', 'v2', 'v4']) {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ value }] })
      await transaction.commit()
    }
    reader.start(0, 3)
    await recorder.until(() => recorder.position(0) === 6)
    expect(recorder.values(0)).toEqual(['v4'])
  })

  test('an open transaction counts for the end of the log: it holds the proof of absence back', async () => {
    const recorder = createRecorder()
    const { topic, reader, producer } = await reading(recorder)
    reader.start(0, 0)
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: 'v0' }, { value: 'v1' }] })
    expect((await reader.bounds(0)).end).toBe(2)
    expect(recorder.position(0)).toBe(0)
    await transaction.commit()
    await recorder.until(() => recorder.position(0) === 3)
  })
})

describeWithKafka('the Kafka log and compression', () => {
  test.for(['gzip', 'snappy', 'lz4', 'zstd'])('batches that the broker made: %s', async (codec) => {
    const kafka = testKafka()
    const topic = await createTopic(kafka, 1, { 'compression.type': codec })
    const values = Array.from({ length: 200 }, (_, i) => `${i} `.repeat(50))
    await produce(kafka, topic, 0, values)
    const recorder = createRecorder()
    const reader = await eventLog(kafka, topic).consume(recorder.listener)
    onTestFinished(() => reader.close())
    reader.start(0, 0)
    await recorder.until(() => recorder.position(0) === 200)
    expect(recorder.values(0)).toEqual(values)
  })

  test('a batch beyond the bound is one unreadable stretch, and what follows is read', async () => {
    const kafka = testKafka()
    onTestFinished(() => registerCodecs())
    registerCodecs(1_000_000)
    const topic = await createTopic(kafka, 1)
    await produce(kafka, topic, 0, ['v0', 'v1'])
    const producer = kafka.producer()
    await producer.connect()
    const compression = kafkajs.CompressionTypes.GZIP
    const bomb = [{ value: 'x' }, { value: '0'.repeat(2_000_000) }]
    await producer.send({ topic, messages: bomb, compression })
    await producer.disconnect()
    await produce(kafka, topic, 0, ['v4'])
    const recorder = createRecorder()
    const reader = await eventLog(kafka, topic).consume(recorder.listener)
    onTestFinished(() => reader.close())
    reader.start(0, 1)
    await recorder.until(() => recorder.position(0) === 5)
    expect(recorder.values(0)).toEqual(['v1', 'v4'])
    expect(recorder.batches.map((b) => [b.unreadable?.from, b.nextOffset])).toEqual([
      [undefined, 2],
      [2, 4],
      [undefined, 5],
    ])
    expect(recorder.errors).toEqual([])
  })
})

test('all repairs of kafkajs are in force', () => {
  expect(new Set(Object.values(patchKafkajs()))).toEqual(new Set([true]))
})
