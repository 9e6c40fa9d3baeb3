/**
 * `npm run bench`: what the service costs and how fast it is on a real Kafka and a real Redis, beside
 * what kafkajs alone does and what one writes first. Data on stdout, progress on stderr.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { patchKafkajs } from '../src/adapters/kafka-patches.ts'
import { createProgress } from '../src/cli/progress.ts'
import { readOptions } from './options.ts'
import type { Options } from './options.ts'
import { createOutputs, deleteTopics, preload } from './preload.ts'
import type { Preloaded } from './preload.ts'
import { costsOf } from './profile.ts'
import type { CpuProfile } from './profile.ts'
import { costsText, summaryOf, tableOf } from './report.ts'
import type { Measured } from './report.ts'
import { deleteFromRedis } from './redis-size.ts'
import { findServers } from './servers.ts'
import type { Servers } from './servers.ts'
import { TITLES } from './stage.ts'
import type { StageName } from './stage.ts'
import { measureStage } from './measure.ts'
import { createStream } from './stream.ts'

type Bench = Readonly<{
  options: Options
  servers: Servers
  name: string
  loaded: Preloaded
  untilMs: number
}>

/** Past the last record: what it makes due at once is judged too. */
const AFTER_MS = 1_000

async function main(options: Options): Promise<void> {
  const { records, merchants, seed, partitions } = options
  // Before the first client, or the idle timer of kafkajs makes Node warn.
  patchKafkajs()
  note('starting Kafka and Redis')
  await using servers = await findServers(process.env)
  const name = `bench-${randomBytes(4).toString('hex')}`
  const stream = createStream({ records, merchants, seed })
  const progress = createProgress(process, { label: 'preload', total: records, unit: 'records' })
  try {
    const { brokers } = servers
    const loaded = await preload(stream, { brokers, name, partitions, onSent: progress.at })
    progress.done()
    const bench = { options, servers, name, loaded, untilMs: stream.endMs + AFTER_MS }
    await measureAll(bench)
  } finally {
    await deleteFromRedis(servers.redis, `${name}*`)
    await deleteTopics(servers.brokers, name)
  }
}

async function measureAll(bench: Bench): Promise<void> {
  const { options, servers, loaded } = bench
  const conditions = conditionsOf(options, servers, loaded)
  print(
    Object.entries(conditions)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
  )
  const rounds: Measured[] = []
  for (let round = 0; round < options.rounds; round++) {
    for (const stage of options.stages)
      rounds.push(await measure(bench, stage, `${stage}-${round}`))
  }
  print('', tableOf(rounds), '', summaryOf(rounds))
  const costs = options.isProfiled ? await profile(bench) : undefined
  if (options.jsonFile === undefined) return
  const result = { conditions, options, rounds, ...(costs === undefined ? {} : { costs }) }
  writeFileSync(options.jsonFile, `${JSON.stringify(result, undefined, 2)}\n`)
}

async function measure(
  { options, servers, name, loaded, untilMs }: Bench,
  stage: StageName,
  suffix: string,
  profileTo?: string,
): Promise<Measured> {
  note(TITLES[stage])
  const { partitions, merchants, records } = options
  const own = `${name}-${suffix}`
  const { perBatch, perMessage } = options
  const sliced = {
    ...{ 'per-batch': perBatch, 'per-message': perMessage, 'per-message-one': perMessage },
  }
  const size = stage in sliced ? sliced[stage as keyof typeof sliced] : undefined
  const topics = await createOutputs(servers.brokers, own, loaded.topic, partitions)
  const order = {
    ...{ stage, name: own, topics, untilMs, redisUrl: servers.redisUrl },
    brokers: servers.brokers.split(','),
    shares: size === undefined ? loaded.all : loaded.slice(size),
    ...(profileTo === undefined ? {} : { profileTo }),
  }
  return measureStage(servers, order, Math.min(merchants, records >> 1))
}

/** A round of its own: to sample costs time, which the table must not show. */
async function profile(bench: Bench) {
  const file = join(tmpdir(), `forewarn-${bench.name}.cpuprofile`)
  await measure(bench, 'forewarn', 'profiled', file)
  const costs = costsOf(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile)
  print('', `CPU profile of the worker: ${file}`, costsText(costs))
  return { ...costs, functions: costs.functions.slice(0, 40) }
}

function conditionsOf(options: Options, servers: Servers, loaded: Preloaded) {
  const { records, merchants, partitions, seed, rounds } = options
  const load = loadavg().map((it) => it.toFixed(1))
  return {
    stream: `${records} records, ${loaded.megabytes.toFixed(0)} MB, ${merchants} merchants (Zipf 1.0), ${partitions} partitions, seed ${seed}; preloaded in ${loaded.seconds.toFixed(1)} s`,
    services: `Kafka ${servers.about.kafka}; Redis ${servers.about.redis}; Node ${process.version}`,
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, shared by load, broker, Redis and worker; load average ${load.join(' ')}`,
    run: `${rounds} ${rounds === 1 ? 'round' : 'rounds of which the median is shown'}`,
  }
}

function note(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text} …\n`)
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

const options = readOptions(process.argv.slice(2))
if (options === undefined) process.exitCode = 2
else await main(options)
