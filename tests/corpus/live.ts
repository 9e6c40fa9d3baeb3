/** A running service on topics of its own, and what it says of itself while records come in. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigResourceTypes } from 'kafkajs'
import type { Message } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import type { Deployment, Services } from '../support/deployment.ts'
import { startForewarn } from '../support/forewarn-process.ts'
import type { Exit, ForewarnProcess } from '../support/forewarn-process.ts'
import { freePorts } from '../support/server-process.ts'
import { readTopic } from '../support/read-topic.ts'
import type { Input } from './input.ts'

/** What became of the records so far. */
export type Outcomes = Readonly<{
  applied: number
  dead: number
  duplicate: number
  'unknown-type': number
}>

export type Live = Readonly<{
  deployment: Deployment
  process: ForewarnProcess
  outcomes: () => Promise<Outcomes>
  /** Waits until it is so, and answers how long that took, in milliseconds. */
  until: (isSo: (so: Outcomes) => boolean) => Promise<number>
  /** The first `count` that were refused, at least: `<partition>:<offset> <code>`, in their order. */
  refused: (count: number) => Promise<readonly string[]>
  /** Pages of metrics and of status. */
  pages: () => Promise<string>
  /** Most memory it has held so far, in bytes; undefined where the system does not tell. */
  memoryPeak: () => number | undefined
  /** SIGTERM, to its end. */
  stop: () => Promise<Exit>
  [Symbol.asyncDispose]: () => Promise<void>
}>

const POLL_MS = 20
const PATIENCE_MS = 60_000

/** Setting some of it takes the rest away. */
const PAST = { 'message.timestamp.type': 'CreateTime', 'retention.ms': '-1' }

/** `config`: of the input, set once the service runs; it would not start on some of it. */
export async function startLive(
  services: Services,
  deployment: Deployment,
  config: Readonly<Record<string, string>> = {},
): Promise<Live> {
  const [metrics = 0, page = 0] = await freePorts(2)
  const process = startForewarn(['run', '--config', deployment.configFile], {
    FOREWARN_REDIS__URL: services.redis,
    FOREWARN_HTTP__METRICS: `127.0.0.1:${metrics}`,
    FOREWARN_HTTP__CONSOLE: `127.0.0.1:${page}`,
    FOREWARN_LOG__LEVEL: 'debug',
  })
  const get = async (port: number, path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  const outcomes = async () => outcomesOf(await get(metrics, '/metrics'))

  async function until(isSo: (so: Outcomes) => boolean): Promise<number> {
    const started = performance.now()
    let last: unknown
    while (performance.now() - started < PATIENCE_MS) {
      if (!process.isAlive()) throw new Error(`it ended: ${(await process.exited).stderr}`)
      const so = await outcomes().catch((error: unknown) => void (last = error))
      if (so !== undefined && isSo(so)) return performance.now() - started
      last = so ?? last
      await sleep(POLL_MS)
    }
    throw new Error(`it did not come to that: ${JSON.stringify(last)}`)
  }

  async function untilPublished(count: number): Promise<void> {
    const name = /^forewarn_relay_published_total\{topic="deadLetters"\} (\d+)/m
    for (const giveUpAt = performance.now() + PATIENCE_MS; performance.now() < giveUpAt;) {
      if (Number(name.exec(await get(metrics, '/metrics'))?.[1] ?? 0) >= count) return
      await sleep(POLL_MS)
    }
  }

  await until(() => true)
  await setConfig(services.brokers, deployment.topics.events, config)
  return {
    deployment,
    process,
    outcomes,
    until,
    refused: async (count) => {
      // They are committed first, and sent then.
      await untilPublished(count)
      const letters = await readTopic(services.brokers, deployment.topics.deadLetters)
      return letters.map(
        ({ headers: it }) => `${it['dlq.partition']}:${it['dlq.offset']} ${it['dlq.code']}`,
      )
    },
    pages: async () => `${await get(metrics, '/metrics')}\n${await get(page, '/')}`,
    memoryPeak: () => memoryPeakOf(process.pid),
    stop: () => {
      process.send('SIGTERM')
      return process.exited
    },
    [Symbol.asyncDispose]: async () => {
      process.send('SIGKILL')
      await deployment[Symbol.asyncDispose]()
    },
  }
}

function outcomesOf(page: string): Outcomes {
  const count = (outcome: string): number => {
    const line = new RegExp(
      `^forewarn_events_processed_total\\{outcome="${outcome}"\\} (\\d+)`,
      'm',
    )
    return Number(line.exec(page)?.[1] ?? 0)
  }
  const [applied, dead, duplicate] = [count('applied'), count('dead'), count('duplicate')]
  return { applied, dead, duplicate, 'unknown-type': count('unknown-type') }
}

/** Once the broker has it. */
export async function setConfig(
  brokers: string,
  topic: string,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  const configEntries = Object.entries({ ...PAST, ...config }).map(([name, value]) => ({
    name,
    value,
  }))
  const { kafka } = createKafka({ brokers: brokers.split(',') })
  const admin = kafka.admin()
  await admin.connect()
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configEntries }
  await admin.alterConfigs({ validateOnly: false, resources: [resource] })
  await admin.disconnect()
}

/** Linux tells it. */
function memoryPeakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

/** For partition 0. */
export function messageOf({
  key,
  value,
  headers,
  timestampMs,
}: Input): Message & { partition: number } {
  const all = Map.groupBy(headers, ([name]) => name)
  return {
    partition: 0,
    key: key === undefined ? null : Buffer.from(key),
    value: value === undefined ? null : Buffer.from(value),
    headers: Object.fromEntries(
      [...all].map(([name, pairs]) => [name, pairs.map(([, its]) => Buffer.from(its))]),
    ),
    timestamp: `${timestampMs ?? -1}`,
  }
}
