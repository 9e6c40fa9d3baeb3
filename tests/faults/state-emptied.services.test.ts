/**
 * Redis is emptied, or loses single keys, while two instances fold a stream: what stands there afterwards is
 * what the log says, and the topic holds what `replay` says, each record once. How long a large state takes is measured by
 * `bench/rebuild.ts`.
 */
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import { dayFrom } from '../../src/fleet/civil.ts'
import { fleetOf } from '../../src/fleet/fleet.ts'
import { linesOf } from '../../src/fleet/stream.ts'
import { deploy } from '../support/deployment.ts'
import { readOutputs } from '../support/outputs.ts'
import { prng } from '../support/prng.ts'
import { startRedis } from '../support/redis-process.ts'
import { describeWithKafka, describeWithOwnRedis, kafkaBrokers } from '../support/services.ts'
import { expectEqual } from './expectations.ts'
import { LOSSES, loseKeys } from './lose-keys.ts'
import { replayed } from './stream.ts'
import type { Stream } from './stream.ts'

const FLEET = { merchants: 100, days: 120, seed: 11 }
const PARTITIONS = 4
const SLOW = { timeout: 300_000 }
/** Of the stream, as far as it was folded when Redis was emptied. */
const PLACES = [0.2, 0.4, 0.6]

describeWithKafka('an emptied Redis', () => {
  describeWithOwnRedis('under load', () => {
    let stream: Stream

    beforeAll(async () => {
      const fleet = fleetOf({ ...FLEET, fromDay: dayFrom('2025-01-01') })
      stream = await replayed([...linesOf(fleet)], fleet.untilMs)
    }, 120_000)

    test('comes back equal to the log, and the topic to `replay`', SLOW, async () => {
      await using redis = await startRedis({ appendonly: true })
      const services = { brokers: kafkaBrokers(), redis: redis.url }
      await using deployment = await deploy(services, PARTITIONS, stream.lines)
      const client = createRedis({ url: redis.url })
      await whenReady(client)
      const running = ['a', 'b'].map((name) => deployment.run(name, stream.until))
      let hits = 0
      for (const place of PLACES) {
        await deployment.until(({ records }) => records > place * stream.lines.length, ...running)
        if (running.every((it) => it.isAlive())) hits++
        await client.flushall()
        const { records } = await deployment.progress()
        expect(records).toBeLessThan(place * stream.lines.length)
      }
      // What holds nothing yet has nothing to compare.
      const store = createRedisStore(client, deployment.namespace)
      for (let partition = 0; partition < PARTITIONS;) {
        if ((await store.cursor(partition)) !== undefined) partition++
        else if (!running.some((it) => it.isAlive())) break
      }
      const beside = await deployment.command('state', 'verify')
      const exits = await Promise.all(running.map((it) => it.exited))
      client.disconnect()
      expect(exits.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual([
        [0, ''],
        [0, ''],
      ])
      expect(hits).toBe(PLACES.length)

      // Beside the service, wherever in the stream it was.
      expect(beside, `${beside.stdout}`).toMatchObject({ code: 0, stderr: '' })
      expect(offsetsIn(beside.stdout)).toBeLessThanOrEqual(stream.lines.length)
      const verified = await deployment.command('state', 'verify')
      expect(verified, `${verified.stdout}`).toMatchObject({ code: 0, stderr: '' })
      expect(offsetsIn(verified.stdout)).toBe(stream.lines.length)
      expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
    })

    test(
      'is folded anew, partition by partition, where only single keys are gone',
      SLOW,
      async () => {
        await using redis = await startRedis({ appendonly: true })
        const services = { brokers: kafkaBrokers(), redis: redis.url }
        await using deployment = await deploy(services, PARTITIONS, stream.lines)
        const client = createRedis({ url: redis.url })
        onTestFinished(() => client.disconnect())
        await whenReady(client)
        const { namespace } = deployment
        const running = ['a', 'b'].map((name) => deployment.run(name, stream.until))
        // The list of a bucket to come is missed when that is reached only, and an outbox is often empty.
        const losses = LOSSES.filter(
          (it) => it !== 'the list of a due bucket' && it !== 'the outbox',
        )
        for (const [at, loss] of losses.entries()) {
          const place = (0.5 * (at + 1)) / losses.length
          await deployment.until(({ records }) => records > place * stream.lines.length, ...running)
          // One that is just being folded anew has nothing to lose yet.
          for (let isLost = false; !isLost;) {
            expect(running.map((it) => it.isAlive())).toEqual([true, true])
            const lost = await loseKeys(client, namespace, at % PARTITIONS, prng(at), loss)
            isLost = lost !== undefined
          }
        }
        const exits = await Promise.all(running.map((it) => it.exited))
        // What a partition lost after its end was reached is missed by who takes it next.
        exits.push(await deployment.run('c', stream.until).exited)
        expect(exits.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual([
          [0, ''],
          [0, ''],
          [0, ''],
        ])
        const told = exits.flatMap(({ stderr }) => [
          ...stderr.matchAll(/its state was incomplete, and is folded anew/g),
        ])
        // Another loss may meet a partition that is being folded anew.
        expect(told.length).toBeGreaterThanOrEqual(PARTITIONS)

        expect(
          await loseKeys(client, namespace, 0, prng(1), 'the list of a due bucket'),
        ).toBeDefined()
        const incomplete = await deployment.command('state', 'verify', '--partition', '0')
        expect(incomplete.code).not.toBe(0)
        expect(incomplete.stdout).toContain('is incomplete: the list of a due bucket is missing')
        expect((await deployment.run('d', stream.until).exited).code).toBe(0)
        const verified = await deployment.command('state', 'verify')
        expect(verified, `${verified.stdout}`).toMatchObject({ code: 0, stderr: '' })
        expect(offsetsIn(verified.stdout)).toBe(stream.lines.length)
        expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
      },
    )
  })
})

/** The sum of what `verify` compared up to. */
function offsetsIn(stdout = ''): number {
  const offsets = [...stdout.matchAll(/as of offset (\d+) are what the log says/g)]
  expect(offsets).toHaveLength(PARTITIONS)
  return offsets.reduce((sum, [, offset]) => sum + Number(offset), 0)
}
