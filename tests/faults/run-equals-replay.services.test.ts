/**
 * The service as processes, against a real Kafka and a real Redis, says what `replay` says of the
 * same lines: the same records, each once, whatever the number of partitions and however often a
 * process is killed. At the size of the issue (200 merchants, 400 days), by hand:
 *
 *     forewarn simulate --merchants 200 --days 400 --seed 7 > events.ndjson
 *     forewarn replay events.ndjson --until 2026-06-01T00:00:00Z > expected.ndjson
 *     forewarn topics create --past --partitions 8 --config forewarn.yaml
 *     forewarn simulate --merchants 200 --days 400 --seed 7 --to kafka --config forewarn.yaml
 *     forewarn run --until 2026-06-01T00:00:00Z --config forewarn.yaml    # twice at once; kill -9, again
 */
import { beforeAll, expect, test } from 'vitest'
import { deploy } from '../support/deployment.ts'
import type { Deployment } from '../support/deployment.ts'
import { readOutputs, storedText } from '../support/outputs.ts'
import { prng } from '../support/prng.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'
import { expectEqual, expectNoCard } from './expectations.ts'
import { runThroughKills, runThroughUnsureKills } from './kills.ts'
import { PLANTED, createStream } from './stream.ts'
import type { Stream } from './stream.ts'

const STOP_MAX_MS = 10_000
const KILLS = 10
/** Each kill costs a start. */
const KILLING = { timeout: 240_000 }

describeWithBoth('run --until', () => {
  let stream: Stream

  beforeAll(async () => {
    stream = await createStream({ merchants: 60, days: 90, seed: 7 })
  })

  const deployed = (partitions: number): Promise<Deployment> =>
    deploy({ brokers: kafkaBrokers(), redis: redisUrl() }, partitions, stream.lines)

  test('the stream has much to say, and holds what must be refused', () => {
    const detectors = new Set(stream.replayed.said.map(({ data }) => Object(data).detector))
    expect(stream.replayed.said.length).toBeGreaterThan(100)
    expect(detectors.size).toBeGreaterThanOrEqual(6)
    expect(stream.replayed.dead).toEqual(PLANTED)
  })

  test.each([1, 3, 8])('with %i partitions says what replay says', async (partitions) => {
    await using deployment = await deployed(partitions)
    const ended = await deployment.run('a', stream.until).exited
    expect(ended).toMatchObject({ code: 0, signal: undefined })
    const outputs = await readOutputs(kafkaBrokers(), deployment)
    expectEqual(outputs, stream)
    expectNoCard([outputs.text, await deployment.logs(), await storedText(redisUrl(), deployment)])
  })

  test.each([
    [1, 1, 'one instance'],
    [8, 2, 'two instances'],
  ])(
    '%i partitions, %i alive: ten times killed (%s)',
    KILLING,
    async (partitions, instances, _shows) => {
      await using deployment = await deployed(partitions)
      const killed = await runThroughKills(deployment, stream, {
        instances,
        kills: KILLS,
        seed: 11,
      })
      expect(killed).toEqual({ hits: KILLS, codes: Array.from({ length: instances }, () => 0) })
      const outputs = await readOutputs(kafkaBrokers(), deployment)
      expectEqual(outputs, stream)
      expectNoCard([
        outputs.text,
        await deployment.logs(),
        await storedText(redisUrl(), deployment),
      ])
    },
  )

  test('killed while the store does not know what is written already', KILLING, async () => {
    await using deployment = await deployed(1)
    expect(await runThroughUnsureKills(deployment, stream, 3)).toEqual({ hits: 3, codes: [0] })
    expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
  })

  test('SIGTERM under load: ends within ten seconds, goes on where it was', KILLING, async () => {
    await using deployment = await deployed(3)
    const dice = prng(5)
    for (const share of [0.1, 0.4, 0.7]) {
      const from = (await deployment.progress()).records
      const running = deployment.run('a', stream.until)
      const place = (share + dice.fraction() / 5) * stream.lines.length
      // It has folded something itself, so it listens.
      await deployment.until(({ records }) => records > Math.max(from, place), running)
      const sent = performance.now()
      expect(running.send('SIGTERM')).toBe(true)
      expect(await running.exited).toMatchObject({ code: 0 })
      expect(performance.now() - sent).toBeLessThan(STOP_MAX_MS)
    }
    expect((await deployment.progress()).records).toBeLessThan(stream.lines.length)
    expect(await deployment.run('a', stream.until).exited).toMatchObject({ code: 0 })
    expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
  })
})
