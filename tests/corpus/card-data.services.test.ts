/** Planted card data through a real topic: in nothing that leaves a running service, and in no store. */
import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { deploy } from '../support/deployment.ts'
import { readOutputs, storedText } from '../support/outputs.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'
import { PLANTED, canariesIn } from './canaries.ts'
import { goodSale } from './input.ts'
import { messageOf, startLive } from './live.ts'

const CONFIG = { 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': `${32 * 2 ** 20}` }
const SEND_RECORDS = 1_000
const N = PLANTED.length

describeWithBoth('planted card data', () => {
  test(`0 of ${N} in topics, log, metrics, status page, store`, { timeout: 240_000 }, async () => {
    const services = { brokers: kafkaBrokers(), redis: redisUrl() }
    await using live = await startLive(services, await deploy(services, 1, []), CONFIG)
    const { kafka } = createKafka({ brokers: services.brokers.split(',') })
    const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
    const producer = kafka.producer({ createPartitioner })
    await producer.connect()
    const topic = live.deployment.topics.events
    // Sales behind each planted record: there is more to say than refusals.
    const inputs = PLANTED.flatMap(({ input }, at) => [input, goodSale(`card-${at % 50}-${at}`)])
    for (let at = 0; at < inputs.length; at += SEND_RECORDS) {
      const messages = inputs.slice(at, at + SEND_RECORDS).map(messageOf)
      await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP })
    }
    await producer.disconnect()
    await live.until(({ applied, dead }) => applied + dead >= inputs.length)
    expect(await live.outcomes()).toMatchObject({ applied: N, dead: N, 'unknown-type': 0 })
    expect(await live.refused(N)).toHaveLength(N)
    const places = {
      metricsAndStatus: await live.pages(),
      store: await storedText(services.redis, live.deployment),
      topics: (await readOutputs(services.brokers, live.deployment)).text,
      log: await live.stop().then(({ stdout, stderr }) => `${stdout}\n${stderr}`),
    }
    const found = Object.entries(places).map(([place, text]) => [place, [...canariesIn(text)]])
    expect(Object.fromEntries(found)).toEqual({
      ...{ metricsAndStatus: [], store: [], topics: [], log: [] },
    })
    expect(places.topics.length).toBeGreaterThan(N * 100)
    expect(places.log).toContain('forewarn runs')
  })
})
