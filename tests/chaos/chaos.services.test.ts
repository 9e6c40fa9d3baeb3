/**
 * The chaos itself, short. In full: `npm run chaos -- --minutes 20`. Five minutes of it are for CI only,
 * a few seconds are for everybody, to see that the harness works and would find what is wrong.
 */
import { expect, test } from 'vitest'
import { isCi, leftToCi } from '../support/ci.ts'
import { describeWithOwnBoth } from '../support/services.ts'
import { faultsOf, reportText, rowsOf } from './report.ts'
import { DEFAULTS } from './options.ts'
import { runChaos } from './run.ts'
import type { World } from './world.ts'

leftToCi('five minutes of chaos')

const SEED = Number(process.env['SEED'] ?? 7)
const SHORT = { timeout: 180_000 }
const LONG = { timeout: 1_200_000 }
/** With its start, the last judgement and the damage at the end it is some five. */
const MINUTES = 2.5

/** One warning's bytes once more, behind all others. */
async function plantCopy({ kafka, names }: World): Promise<void> {
  const topic = names.topics.warnings
  const consumer = kafka.consumer({ groupId: `copier-${crypto.randomUUID()}` })
  const producer = kafka.producer()
  await Promise.all([consumer.connect(), producer.connect()])
  const planted = Promise.withResolvers<void>()
  await consumer.subscribe({ topic, fromBeginning: true })
  let isDone = false
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers = {} }, partition }) => {
      if (isDone) return
      isDone = true
      await producer.send({ topic, messages: [{ key, value, headers, partition }] })
      planted.resolve()
    },
  })
  await planted.promise
  await Promise.all([consumer.disconnect(), producer.disconnect()])
}

describeWithOwnBoth('chaos', () => {
  test('a few seconds of it: nothing is wrong, and a planted copy is found', SHORT, async () => {
    const options = {
      ...{ ...DEFAULTS, seed: SEED, minutes: 0.1, perSecond: 500, grace: '2s' },
      ...{ faults: ['all instances killed', 'link to redis: reset'], hasLastPhase: false },
    }
    const findings = await runChaos(
      options,
      () => {},
      async ({ world, look }) => {
        await plantCopy(world)
        const { warnings } = await look()
        expect(warnings.committed.duplicates).toHaveLength(1)
        expect(warnings.uncommitted.duplicates).toHaveLength(1)
      },
    )
    expect(faultsOf(findings)).toEqual([])
    expect(rowsOf(findings).map(({ fault }) => fault)).toEqual(
      expect.arrayContaining(['all instances killed', 'link to Redis: reset']),
    )
    expect(findings.warnings.committed.expected).toBeGreaterThan(0)
    expect(findings.deadLetters.committed.expected).toBeGreaterThan(0)
  })

  test.runIf(isCi)('minutes of it: nothing is lost, doubled or false', LONG, async () => {
    const findings = await runChaos({ ...DEFAULTS, seed: SEED, minutes: MINUTES }, () => {})
    console.log(reportText(findings))
    expect(faultsOf(findings)).toEqual([])
    expect(findings.kills.instance).toBeGreaterThan(0)
  })
})
