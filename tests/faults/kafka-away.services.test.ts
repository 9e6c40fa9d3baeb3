/** Kafka dies, or stops answering, under a worker: it waits, goes on, and says what `replay` says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy } from '../support/deployment.ts'
import type { Deployment } from '../support/deployment.ts'
import { QUICK_RESTART } from '../support/kafka-process.ts'
import type { KafkaProcess } from '../support/kafka-process.ts'
import { readOutputs } from '../support/outputs.ts'
import { describeWithOwnBoth, startKafka, startRedis } from '../support/services.ts'
import type { RedisProcess } from '../support/redis-process.ts'
import { expectEqual } from './expectations.ts'
import { createStream } from './stream.ts'
import type { Stream } from './stream.ts'

const PAUSE_MS = 5_000
const STOP_MAX_MS = 10_000
const FAULTING = { timeout: 180_000 }

describeWithOwnBoth('a worker whose Kafka', () => {
  let stream: Stream
  let kafka: KafkaProcess
  let redis: RedisProcess

  beforeAll(async () => {
    ;[stream, kafka, redis] = await Promise.all([
      createStream({ merchants: 60, days: 90, seed: 7 }),
      startKafka({ properties: QUICK_RESTART }),
      startRedis(),
    ])
  }, FAULTING.timeout)

  afterAll(async () => {
    await Promise.all([kafka.stop(), redis.stop()])
  })

  const deployed = (): Promise<Deployment> =>
    deploy({ brokers: kafka.brokers, redis: redis.url }, 3, stream.lines)
  const aThird = ({ records }: Readonly<{ records: number }>): boolean =>
    records > stream.lines.length / 3

  test.each([
    [
      'is killed and comes back',
      async () => {
        await kafka.kill()
        await kafka.restart()
      },
    ],
    [
      'answers nothing for five seconds',
      async () => {
        kafka.pause()
        await sleep(PAUSE_MS)
        kafka.resume()
      },
    ],
  ])('%s', FAULTING, async (_what, befall) => {
    await using deployment = await deployed()
    const running = deployment.run('a', stream.until)
    await deployment.until(aThird, running)
    await befall()
    expect(running.isAlive()).toBe(true)
    expect(await running.exited).toMatchObject({ code: 0 })
    expectEqual(await readOutputs(kafka.brokers, deployment), stream)
  })

  test('does not answer at SIGTERM: ends within ten seconds all the same', FAULTING, async () => {
    await using deployment = await deployed()
    const running = deployment.run('a', stream.until)
    await deployment.until(aThird, running)
    kafka.pause()
    const sent = performance.now()
    running.send('SIGTERM')
    expect(await running.exited).toMatchObject({ code: 143, signal: undefined })
    expect(performance.now() - sent).toBeLessThan(STOP_MAX_MS)
    kafka.resume()
    expect(await deployment.run('b', stream.until).exited).toMatchObject({ code: 0 })
    expectEqual(await readOutputs(kafka.brokers, deployment), stream)
  })
})
