/**
 * Writers of one input partition, each a process of its own, are stopped or killed at seeded moments
 * of a send, another takes over, the stopped one goes on: each id is in the topic once, for readers
 * of either isolation level. A hundred and more, also over changes of leader, by
 * `tests/faults/takeovers-main.ts`, or here by `TAKEOVERS=100`.
 */
import { expect, test } from 'vitest'
import { isCi, leftToCi } from '../support/ci.ts'
import { startKafkaBrokers } from '../support/kafka-brokers.ts'
import { deploy } from '../support/deployment.ts'
import { readOutputs } from '../support/outputs.ts'
import {
  describeWithBoth,
  describeWithKafka,
  describeWithOwnKafka,
  kafkaBrokers,
  redisUrl,
} from '../support/services.ts'
import { expectEqual } from './expectations.ts'
import { createLeaderTrouble } from './leader-trouble.ts'
import { countOutputs, createOutputs } from './takeover-outputs.ts'
import type { WriterOptions } from './takeover-entries.ts'
import { createStream } from './stream.ts'
import { runTakeovers } from './takeovers.ts'
import { runThroughTakeovers } from './whole-takeovers.ts'

const TAKEOVERS = Number(process.env['TAKEOVERS'] ?? 12)
const SEED = Number(process.env['SEED'] ?? 1)
/** Of twelve takeovers each. */
const ROUNDS_MAX = 10
const WHOLE = Math.max(3, TAKEOVERS >> 3)
const MOVED = Math.max(2, TAKEOVERS >> 3)
const PATIENCE = { timeout: 60_000 + TAKEOVERS * 20_000 }
const NONE = { duplicates: 0, missing: 0 }
leftToCi('takeovers on three brokers')

describeWithKafka('takeovers of a partition', () => {
  async function ranWith(planted: WriterOptions['planted'], takeovers: number, seed = SEED) {
    const writer = await createOutputs(kafkaBrokers(), 1, planted)
    const ran = await runTakeovers({ writer, takeovers, seed })
    return { ran, ...(await countOutputs(writer, ran.sent)) }
  }

  test('leave each id once, for readers of either isolation level', PATIENCE, async () => {
    const { ran, committed, uncommitted } = await ranWith('nothing', TAKEOVERS)
    expect({ committed, uncommitted }, `seed ${SEED}`).toMatchObject({
      committed: NONE,
      uncommitted: NONE,
    })
    expect(ran.stopped + ran.killed).toBe(TAKEOVERS)
    expect(ran.found).toBeGreaterThan(0)
  })

  test.each(['no fence', 'no reading back'] as const)(
    'with a planted defect they leave ids twice: %s',
    PATIENCE,
    async (planted) => {
      // Whether the one that goes on was in the midst of a send is chance, and rare on a quick machine.
      let duplicates: readonly number[] = []
      for (let round = 0; round < ROUNDS_MAX && !duplicates.some((it) => it > 0); round++) {
        const { committed, uncommitted } = await ranWith(planted, 12, SEED + round)
        duplicates = [committed.duplicates, uncommitted.duplicates]
      }
      for (const found of duplicates) expect(found).toBeGreaterThan(0)
      expect(duplicates).toHaveLength(2)
    },
  )
})

describeWithBoth('takeovers among whole services', () => {
  test('leave in the topic what replay says, each once', PATIENCE, async () => {
    const stream = await createStream({ merchants: 100, days: 120, seed: 7 })
    const services = { brokers: kafkaBrokers(), redis: redisUrl() }
    await using deployment = await deploy(services, 1, stream.lines)
    const chance = { takeovers: WHOLE, seed: SEED }
    const ran = await runThroughTakeovers(services.brokers, deployment, stream, chance)
    expect(ran.codes).toEqual([0, 0])
    // A machine that is quick, or busy, may be through with the stream before the last of them.
    expect(ran.takenOver).toBeGreaterThan(0)
    expectEqual(await readOutputs(services.brokers, deployment), stream)
  })
})

describeWithOwnKafka('takeovers of a partition on three brokers', () => {
  /** Killed first, and stopped by turns from the fourth takeover on. */
  test.runIf(isCi)('whose leader changes leave each id once', PATIENCE, async () => {
    await using cluster = await startKafkaBrokers({ count: 3 })
    const writer = await createOutputs(cluster.brokers, 3)
    const trouble = createLeaderTrouble(cluster, writer.topics.warnings, SEED)
    const { befall } = trouble
    const ran = await runTakeovers({ writer, takeovers: MOVED, seed: SEED, befall })
    expect(trouble.counts().moved).toBe(MOVED >> 1)
    expect(await countOutputs(writer, ran.sent), `seed ${SEED}`).toMatchObject({
      committed: NONE,
      uncommitted: NONE,
    })
  })
})
