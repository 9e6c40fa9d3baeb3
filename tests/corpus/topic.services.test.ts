/**
 * The corpus through a real topic into a running service: each bad record refused by its code, every
 * good one around it applied, and how long the good ones behind the bad ones waited.
 */
import kafkajs from 'kafkajs'
import type { Producer } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { deploy } from '../support/deployment.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'
import { CLASS_IDS, inputsOfClass } from './classes.ts'
import { goodSale, isDead } from './input.ts'
import type { Input } from './input.ts'
import { messageOf, startLive } from './live.ts'
import type { Live } from './live.ts'

/** Large values are packed; a broker takes what they come to only where it is told to. */
const CONFIG = {
  'max.message.bytes': `${32 * 2 ** 20}`,
  'message.timestamp.after.max.ms': `${Number.MAX_SAFE_INTEGER}`,
}
const SEND_RECORDS = 5_000
/** The aim is a second, on a machine that does nothing else; a stall would be minutes. */
const DELAY_MAX_MS = 20_000

describeWithBoth('the corpus in a topic', () => {
  let live: Live
  let producer: Producer
  const sent: Input[] = []
  const delays = new Map<string, number>()

  beforeAll(async () => {
    const services = { brokers: kafkaBrokers(), redis: redisUrl() }
    live = await startLive(services, await deploy(services, 1, []), CONFIG)
    const { kafka } = createKafka({ brokers: kafkaBrokers().split(',') })
    const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
    producer = kafka.producer({ createPartitioner })
    await producer.connect()
  }, 120_000)

  afterAll(async () => {
    await producer?.disconnect()
    await live?.[Symbol.asyncDispose]()
  })

  async function send(inputs: readonly Input[]): Promise<void> {
    const topic = live.deployment.topics.events
    for (let at = 0; at < inputs.length; at += SEND_RECORDS) {
      const messages = inputs.slice(at, at + SEND_RECORDS).map(messageOf)
      await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP })
    }
    sent.push(...inputs)
  }

  const expected = () => ({
    applied: sent.filter((it) => it.expected === 'ok' || it.expected === 'clamp').length,
    dead: sent.filter((it) => isDead(it.expected)).length,
    duplicate: 0,
    'unknown-type': sent.filter((it) => it.expected === 'ignore').length,
  })

  // The flood last: whoever comes behind it waits for good records.
  const order = [...CLASS_IDS.filter((id) => id !== 'EV60'), 'EV60']
  test.each(order)('%s', { timeout: 120_000 }, async (id) => {
    const inputs = inputsOfClass(id)
    await send([goodSale(`${id}-before`), ...inputs])
    await send([goodSale(`${id}-after`)])
    const started = performance.now()
    await live.until((so) => sum(so) >= sent.length)
    delays.set(id, performance.now() - started)
    expect(await live.outcomes()).toEqual(expected())
    expect(live.process.isAlive()).toBe(true)
  })

  test('each bad record is in the dead letters, once, with its code; nothing else is', async () => {
    const planned = sent.flatMap(({ expected: its }, offset) =>
      isDead(its) ? [`0:${offset} ${its.replace('dead-letter:', '')}`] : [],
    )
    expect(await live.refused(planned.length)).toEqual(planned)
    expect(planned.length).toBeGreaterThan(1_500)
  })

  test('a good record behind bad ones does not wait for them', () => {
    const waited = [...delays].filter(([id]) => id !== 'EV60').toSorted(([, a], [, b]) => b - a)
    const told = waited.slice(0, 5).map(([id, ms]) => `${id} ${Math.round(ms)} ms`)
    console.log(`longest delays of ${waited.length} classes: ${told.join(', ')}`)
    expect(waited.filter(([, ms]) => ms > DELAY_MAX_MS)).toEqual([])
  })

  test('it ends as asked, without an error in its log', async () => {
    const ended = await live.stop()
    expect(ended).toMatchObject({ code: 0, signal: undefined })
    expect(ended.stderr).not.toMatch(/"level":"(error|fatal)"/)
  })
})

function sum(so: Readonly<Record<string, number>>): number {
  return Object.values(so).reduce((total, count) => total + count, 0)
}
