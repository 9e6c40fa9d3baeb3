import type { Kafka } from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { createKafkaEventLog } from '../../src/adapters/kafka-event-log.ts'
import { createKafkaWarningLog } from '../../src/adapters/kafka-warning-log.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import { createRecorder } from '../support/recorder.ts'
import { describeWithKafka, uniqueName } from '../support/services.ts'
import { createTopic, testKafka } from './kafka-under-test.ts'
import { deadLetter, warning, warningLogContract, type Written } from './warning-log.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

async function readAll(kafka: Kafka, topic: string, partition: number): Promise<RawRecord[]> {
  const recorder = createRecorder()
  const log = createKafkaEventLog(kafka, { topic, groupId: uniqueName('test') })
  const reader = await log.consume(recorder.listener)
  const { end } = await reader.bounds(partition)
  reader.start(partition, 0)
  await recorder.until(() => recorder.position(partition) >= end)
  await reader.close()
  const seen = recorder.batches.filter((batch) => batch.partition === partition)
  return seen.flatMap((batch) => batch.records)
}

const written = ({ key, value, headers }: RawRecord): Written => ({
  key: text(key ?? Buffer.alloc(0)),
  value: value && text(value),
  headers: headers.map(([name, head]) => [name, text(head)] as const),
})

async function outputs(partitions: number) {
  const kafka = testKafka()
  const topics = {
    warnings: await createTopic(kafka, partitions),
    standing: await createTopic(kafka, partitions, { 'cleanup.policy': 'compact' }),
    deadLetters: await createTopic(kafka, partitions),
  }
  const groupId = uniqueName('test')
  return { kafka, topics, log: () => createKafkaWarningLog(testKafka(), { groupId, topics }) }
}

describeWithKafka('the Kafka outputs', () => {
  warningLogContract('Kafka', async () => {
    const { kafka, topics, log } = await outputs(1)
    return { log, written: async (topic) => (await readAll(kafka, topics[topic], 0)).map(written) }
  })

  test('input partition N writes to partition N modulo count, whatever the key', async () => {
    const { kafka, topics, log } = await outputs(2)
    const made = log()
    onTestFinished(() => made.close())
    for (const input of [0, 1, 2, 3]) {
      const output = await made.open(input, undefined)
      await output.append([warning(input), deadLetter(10 + input, input)])
    }
    for (const partition of [0, 1]) {
      const values = (await readAll(kafka, topics.warnings, partition)).map((r) => written(r).value)
      expect(values).toEqual([`{"n":${partition}}`, `{"n":${partition + 2}}`])
    }
    const again = log()
    onTestFinished(() => again.close())
    expect([...(await again.open(3, undefined)).present].toSorted()).toEqual([
      'terminal.events-0-1',
      'terminal.events-0-3',
      'w1',
      'w3',
    ])
  })

  test('an id in a structured event is found, and what others wrote there is passed over', async () => {
    const { kafka, topics, log } = await outputs(1)
    const producer = kafka.producer()
    await producer.connect()
    const values = ['{"specversion":"1.0","id":"w9"}', 'not json', '[1]', 'null']
    await producer.send({ topic: topics.warnings, messages: values.map((value) => ({ value })) })
    await producer.disconnect()
    const made = log()
    onTestFinished(() => made.close())
    expect([...(await made.open(0, undefined)).present]).toEqual(['w9'])
  })

  test('a mark of another partition or of a longer topic is no mark: everything is told', async () => {
    const { log } = await outputs(1)
    const made = log()
    onTestFinished(() => made.close())
    const output = await made.open(0, undefined)
    await output.append([warning(1)])
    const place = (partition: number, offset: number) =>
      JSON.stringify({ warnings: { partition, offset }, deadLetters: { partition, offset } })
    expect([...(await made.open(0, place(5, 1))).present]).toEqual(['w1'])
    expect([...(await made.open(0, place(0, 1_000))).present]).toEqual(['w1'])
  })
})
