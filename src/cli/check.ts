/** `forewarn check`: configuration, Kafka and Redis, as a table; what to type where something is wrong. */
import { connectKafkaAdmin } from '../adapters/kafka-admin.ts'
import { createKafka } from '../adapters/kafka-client.ts'
import { checkTopics } from '../adapters/kafka-topics.ts'
import { checkRedis } from '../adapters/redis-check.ts'
import { createRedis, whenReady } from '../adapters/redis-options.ts'
import type { Service } from '../config/service-schema.ts'
import { DETECTORS } from '../detectors/index.ts'
import { kafkaOptions } from './kafka-options.ts'
import { EXIT } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { loadSettings } from './settings.ts'
import { topicPlans } from './topic-plans.ts'

export type Finding = Readonly<{
  kind: 'ok' | 'note' | 'fault'
  what: string
  text: string
  remedy?: string
}>

const PATIENCE_MS = 10_000
/** Of kafkajs: some ten seconds, too. */
const KAFKA_RETRIES = 18
/** Proposed for a topic that is missing, where there are as many brokers. */
const REPLICAS = 3

export async function check(io: Io, { config }: Readonly<{ config?: string }>): Promise<ExitCode> {
  const settings = loadSettings(io, { config })
  if (settings === undefined) return EXIT.config
  const { loaded, service } = settings
  const profiles = loaded.profiles.map(({ name, hash }) => `${name} ${hash}`).join(', ')
  const policy: Finding = {
    ...{ kind: 'ok', what: 'policy' },
    text: `${profiles}; ${DETECTORS.length} detectors`,
  }
  const findings = [policy, ...(await checkService(service, KAFKA_RETRIES))]
  for (const finding of findings) io.stdout.write(`${findingText(finding)}\n`)
  return findings.some(({ kind }) => kind === 'fault') ? EXIT.problems : EXIT.ok
}

const SIGNS = { ok: 'ok   ', note: 'note ', fault: 'FAULT' } as const
const WHAT_WIDTH = 8

export function findingText({ kind, what, text, remedy }: Finding): string {
  const line = `${SIGNS[kind]}  ${what.padEnd(WHAT_WIDTH)}  ${text}`
  return remedy === undefined ? line : `${line}\n${' '.repeat(17)}→ ${remedy}`
}

/**
 * Everything outside that the service needs. Never throws: what is away is a finding. A start waits
 * longer for a broker than a person does.
 */
export async function checkService(
  service: Service,
  kafkaRetries?: number,
): Promise<readonly Finding[]> {
  const [redis, kafka] = await Promise.all([
    redisFindings(service),
    kafkaFindings(service, kafkaRetries),
  ])
  return [...kafka, ...redis]
}

async function redisFindings({ redis: { url, cluster } }: Service): Promise<Finding[]> {
  const client = createRedis({ url, isCluster: cluster })
  const what = 'redis'
  try {
    await whenReady(client, PATIENCE_MS)
    const found = await checkRedis(client)
    const faults = found.map((it): Finding => ({ ...it, what }))
    const isGood = !found.some(({ kind }) => kind === 'fault')
    return isGood ? [{ kind: 'ok', what, text: `${hostOf(url)} answers` }, ...faults] : faults
  } catch (error) {
    return [unreachable(what, hostOf(url), error)]
  } finally {
    client.disconnect()
  }
}

async function kafkaFindings(service: Service, retries: number | undefined): Promise<Finding[]> {
  const what = 'kafka'
  const brokers = service.kafka.brokers.join(',')
  const { kafka } = createKafka({
    ...kafkaOptions(service),
    ...(retries === undefined ? {} : { retries }),
  })
  try {
    const admin = await connectKafkaAdmin(kafka)
    try {
      const replicas = Math.min(REPLICAS, await admin.brokerCount())
      const plans = topicPlans(service, { replicas })
      const states = await admin.describe(plans.map(({ topic }) => topic))
      const found = checkTopics(plans, states, brokers)
      const remarks = found.map(({ kind, topic, text, remedy }): Finding => ({
        ...{ kind, what: 'topic', text: `${topic}: ${text}`, remedy },
      }))
      const good = plans
        .filter(({ topic }) => !found.some((it) => it.topic === topic && it.kind === 'fault'))
        .map(({ topic }): Finding => {
          const count = states.get(topic)?.partitions ?? 0
          return { kind: 'ok', what: 'topic', text: `${topic}, ${count} partitions` }
        })
      return [{ kind: 'ok', what, text: `${brokers} answers` }, ...good, ...remarks]
    } finally {
      await admin.close()
    }
  } catch (error) {
    return [unreachable(what, brokers, error)]
  }
}

function unreachable(what: string, where: string, error: unknown): Finding {
  const why = error instanceof Error ? error.message : 'no answer'
  return { kind: 'fault', what, text: `${where} cannot be reached: ${why}` }
}

/** Without user and password. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'the address'
}
