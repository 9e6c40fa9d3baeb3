/** The service as it is deployed: processes, topics, a group and keys that nobody else has. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { createKafkaFeed } from '../../src/adapters/kafka-feed.ts'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import { startForewarn } from './forewarn-process.ts'
import type { Exit, ForewarnProcess } from './forewarn-process.ts'
import { removeMember } from './group-member.ts'
import { readTopic } from './read-topic.ts'

export type Services = Readonly<{ brokers: string; redis: string }>

export type Progress = Readonly<{
  /** Records of the input that lie below the stored cursors. */
  records: number
  /** Offsets taken in the topic of warnings. */
  written: number
}>

export type Deployment = Readonly<{
  configFile: string
  namespace: string
  topics: Readonly<Record<'events' | 'warnings' | 'standing' | 'deadLetters', string>>
  /** `forewarn <args> --config …`, to its end. */
  command: (...args: readonly string[]) => Promise<Exit>
  /** `forewarn run --until …`, by the name of an instance. */
  run: (instance: string, until: string) => ForewarnProcess
  /**
   * SIGKILL. False: it was over before. The group is told that the instance is gone; until then the
   * others stand still, or a short stream would be at its end before many are killed.
   */
  kill: (instance: string, process: ForewarnProcess) => Promise<boolean>
  progress: () => Promise<Progress>
  /** Waits until it is so, or until one of those that work at it has ended. */
  until: (
    isSo: (progress: Progress) => boolean,
    ...workers: readonly ForewarnProcess[]
  ) => Promise<void>
  /** Ids of warnings that are in their topic and, for the store, still on their way. */
  writtenUnknown: () => Promise<readonly string[]>
  /** What all processes have written so far that are over. */
  logs: () => Promise<string>
  [Symbol.asyncDispose]: () => Promise<void>
}>

const POLL_MS = 2

/** Its topics are made, for a past stream, and hold `lines`. */
export async function deploy(
  services: Services,
  partitions: number,
  lines: readonly string[],
): Promise<Deployment> {
  const name = `fw-${randomBytes(6).toString('hex')}`
  const topics = {
    events: `${name}.events`,
    warnings: `${name}.warnings`,
    standing: `${name}.standing`,
    deadLetters: `${name}.dlq`,
  }
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-deployment-'))
  const configFile = join(folder, 'forewarn.yaml')
  writeFileSync(configFile, configOf(services, name, topics))
  const env = { FOREWARN_REDIS__URL: services.redis }
  const started: ForewarnProcess[] = []
  const redis = createRedis({ url: services.redis })
  await whenReady(redis)
  const store = createRedisStore(redis, name)
  const { kafka } = createKafka({ brokers: services.brokers.split(',') })
  const admin = kafka.admin()
  await admin.connect()

  function start(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const process = startForewarn([...args, '--config', configFile], { ...env, ...more })
    started.push(process)
    return process
  }

  const each = <T>(ask: (partition: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: partitions }, (_, partition) => ask(partition)))

  async function progress(): Promise<Progress> {
    const offsets = await admin.fetchTopicOffsets(topics.warnings)
    return {
      records: (await each(store.cursor)).reduce((sum, it) => sum + (it?.offset ?? 0), 0),
      written: offsets.reduce((sum, { high }) => sum + Number(high), 0),
    }
  }

  const until: Deployment['until'] = async (isSo, ...workers) => {
    const isOver = () => workers.some((it) => !it.isAlive())
    while (!isOver() && !isSo(await progress())) await sleep(POLL_MS)
  }

  async function writtenUnknown(): Promise<readonly string[]> {
    const pending = (await each(store.load)).flatMap((it) => it?.outbox ?? []).map(({ id }) => id)
    const written = await readTopic(services.brokers, topics.warnings)
    return written.map(({ headers }) => headers['ce_id'] ?? '').filter((id) => pending.includes(id))
  }

  const deployment: Deployment = {
    ...{ configFile, namespace: name, topics, progress, until, writtenUnknown },
    command: (...args) => start(args).exited,
    run: (instance, until) =>
      start(['run', '--until', until], { FOREWARN_KAFKA__CLIENT_ID: instance }),
    kill: async (instance, process) => {
      const others = started.filter((it) => it !== process && it.send('SIGSTOP'))
      const isHit = process.send('SIGKILL')
      await process.exited
      if (isHit) await removeMember(services.brokers, name, instance)
      for (const it of others) it.send('SIGCONT')
      return isHit
    },
    logs: async () => {
      const over = started.filter((it) => !it.isAlive())
      const exits = await Promise.all(over.map((it) => it.exited))
      return exits.map(({ stdout, stderr }) => stdout + stderr).join('')
    },
    [Symbol.asyncDispose]: async () => {
      for (const it of started) it.send('SIGKILL')
      redis.disconnect()
      await admin.disconnect()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const made = await deployment.command(
    'topics',
    'create',
    '--past',
    '--partitions',
    `${partitions}`,
  )
  if (made.code !== 0) throw new Error(`the topics could not be made: ${made.stderr}`)
  await feed(kafka, topics.events, lines)
  return deployment
}

const FEED_LINES = 2_000

async function feed(kafka: Kafka, topic: string, lines: readonly string[]): Promise<void> {
  await using to = await createKafkaFeed(kafka, topic)
  for (let at = 0; at < lines.length; at += FEED_LINES) {
    await to.send(lines.slice(at, at + FEED_LINES))
  }
}

function configOf({ brokers }: Services, name: string, topics: Deployment['topics']): string {
  return JSON.stringify({
    kafka: { brokers: brokers.split(','), groupId: name, topics },
    redis: { namespace: name },
    http: { console: '127.0.0.1:0', metrics: '127.0.0.1:0' },
  })
}
