/**
 * Many takeovers, on one broker or on three of which the leader is killed or stopped meanwhile:
 *
 *     node tests/faults/takeovers-main.ts --takeovers 100 --brokers 3 --seed 1
 */
import { parseArgs } from 'node:util'
import { startKafkaBrokers } from '../support/kafka-brokers.ts'
import { createOutputs, countOutputs } from './takeover-outputs.ts'
import { createLeaderTrouble } from './leader-trouble.ts'
import { runTakeovers } from './takeovers.ts'

const { values } = parseArgs({
  options: {
    takeovers: { type: 'string', default: '100' },
    brokers: { type: 'string', default: '1' },
    planted: { type: 'string', default: 'nothing' },
    seed: { type: 'string', default: process.env['SEED'] ?? `${Date.now() % 1_000_000}` },
  },
})
const [takeovers, count, seed] = [values.takeovers, values.brokers, values.seed].map(Number)
if (!takeovers || !count || seed === undefined) throw new Error('numbers are needed')

/** `--planted 'no fence'`: then it must fail. */
const PLANTED = ['no fence', 'no reading back'] as const

await using cluster = await startKafkaBrokers({ count })
const planted = PLANTED.find((it) => it === values.planted) ?? 'nothing'
const writer = await createOutputs(cluster.brokers, Math.min(count, 3), planted)
const trouble = createLeaderTrouble(cluster, writer.topics.warnings, seed)
const started = performance.now()
const ran = await runTakeovers({
  ...{ writer, takeovers, seed },
  ...(count < 3 ? {} : { befall: trouble.befall }),
  onTakeover: (at) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${at} of ${takeovers} takeovers`)
  },
})
const seconds = Math.round((performance.now() - started) / 1_000)
const outputs = await countOutputs(writer, ran.sent)
const refused = Object.fromEntries(ran.refused)
const shown = { seed, brokers: count, seconds, ...ran, refused, leaders: trouble.counts(), outputs }
console.log(JSON.stringify(shown, undefined, 2))
const { committed, uncommitted } = outputs
const wrong = [committed, uncommitted].reduce((sum, it) => sum + it.duplicates + it.missing, 0)
process.exitCode = wrong === 0 ? 0 : 1
