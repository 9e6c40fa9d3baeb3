/** `forewarn incidents`: what stopped a partition, and an operator's decision to go on. */
import { userInfo } from 'node:os'
import { createKafka } from '../adapters/kafka-client.ts'
import { createKafkaLook } from '../adapters/kafka-look.ts'
import { createLog } from '../adapters/log.ts'
import { createRedis, whenReady } from '../adapters/redis-options.ts'
import { createRedisStore } from '../adapters/redis-store.ts'
import { createSystemClock, createSystemRandom } from '../adapters/system-clock.ts'
import { createFold } from '../core/fold.ts'
import { Unavailable } from '../core/ports.ts'
import { ENGINE_DEFAULTS } from '../engine/dependencies.ts'
import { acceptIncident } from '../engine/incident-accept.ts'
import type { AcceptFate, AcceptPorts } from '../engine/incident-accept.ts'
import { checkPartition } from '../engine/incident-check.ts'
import { isIncidentKind } from '../engine/incident.ts'
import { createRest } from '../engine/pace.ts'
import { acceptedText, INCIDENT_WORDS, partitionText } from './incident-words.ts'
import type { Found } from './incident-words.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { kafkaOptions } from './kafka-options.ts'
import { loadSettings } from './settings.ts'
import type { Settings } from './settings.ts'

export type ListOptions = Readonly<{ config?: string; json?: boolean }>
export type AcceptOptions = Readonly<{
  config?: string
  kind?: string
  from: string
  yes?: boolean
}>

const KAFKA_RETRIES = 18
const PATIENCE_MS = 10_000

export async function listIncidents(io: Io, { config, json }: ListOptions): Promise<ExitCode> {
  const settings = loadSettings(io, { config })
  if (settings === undefined) return EXIT.config
  const found = await looking(io, settings, async (ports) => {
    const count = await ports.look.partitionCount()
    const all = Array.from({ length: count }, (_, partition) => foundAt(ports, partition))
    return Promise.all(all)
  })
  if (found === undefined) return EXIT.failed
  const isWrong = found.some((it) => it.incident !== undefined || it.unreadable !== undefined)
  io.stdout.write(json === true ? jsonOf(found) : textOf(found, isWrong))
  return isWrong ? EXIT.problems : EXIT.ok
}

/** A state that cannot be read must not hide the other partitions. */
async function foundAt(ports: AcceptPorts, partition: number): Promise<Found> {
  try {
    return { ...(await checkPartition(ports, partition)), unreadable: undefined }
  } catch (error) {
    if (error instanceof Unavailable || !(error instanceof Error)) throw error
    const none = { accepted: [], incident: undefined }
    return { partition, ...none, unreadable: error.message }
  }
}

function textOf(found: readonly Found[], isWrong: boolean): string {
  const texts = found.map(partitionText).filter((text) => text !== '')
  if (!isWrong) texts.push(`No incident: ${found.length} partitions are as they were folded.`)
  return `${texts.join('\n\n')}\n`
}

function jsonOf(found: readonly Found[]): string {
  const incidents = found.flatMap(({ incident }) => {
    return incident === undefined ? [] : [{ ...incident, ...INCIDENT_WORDS[incident.kind] }]
  })
  const unreadable = found.flatMap(({ partition, unreadable: why }) =>
    why === undefined ? [] : [{ partition, why }],
  )
  const accepted = found.flatMap(({ partition, accepted: its }) =>
    its.map((it) => ({ partition, ...it })),
  )
  return `${JSON.stringify({ incidents, unreadable, accepted }, undefined, 2)}\n`
}

export async function acceptOne(
  io: Io,
  number: string,
  { config, kind, from, yes }: AcceptOptions,
): Promise<ExitCode> {
  const partition = wholeFrom(number)
  const offset = from === 'earliest' ? undefined : wholeFrom(from)
  const wrong = [
    ...(partition === undefined ? [`${number} is no partition`] : []),
    ...(from !== 'earliest' && offset === undefined ? [`--from ${from} is no offset`] : []),
    ...(kind === undefined || isIncidentKind(kind) ? [] : [`--kind ${kind} is none`]),
    ...(yes === true ? [] : ['what is lost stays lost: look at `incidents list`, then say --yes']),
  ]
  for (const text of wrong) say(io, `forewarn incidents accept: ${text}`)
  if (wrong.length > 0 || partition === undefined) return EXIT.usage
  const settings = loadSettings(io, { config })
  if (settings === undefined) return EXIT.config
  const by = userName()
  const fate = await looking(io, settings, async (ports) => {
    const count = await ports.look.partitionCount()
    if (partition >= count) return 'no-partition'
    const decided = kind !== undefined && isIncidentKind(kind) ? kind : undefined
    return acceptIncident(ports, partition, { kind: decided, from: offset, by })
  })
  if (fate === undefined) return EXIT.failed
  if (fate !== 'no-partition') return told(io, partition, fate)
  say(io, `forewarn incidents accept: the topic has no partition ${partition}`)
  return EXIT.usage
}

function told(io: Io, partition: number, fate: AcceptFate): ExitCode {
  switch (fate.kind) {
    case 'accepted': {
      const { logger } = createLog({ level: 'info', out: io.stderr, nowMs: Date.now })
      const { acceptance, cursor } = fate
      const { kind: incident, ...its } = acceptance
      logger.warn({ partition, incident, ...its, version: cursor.version }, 'incident accepted')
      io.stdout.write(`${acceptedText(partition, acceptance)}\n`)
      return EXIT.ok
    }
    case 'no-incident':
      say(io, `partition ${partition} has no incident: nothing was changed`)
      return EXIT.ok
    case 'refused':
      say(io, `partition ${partition} (${fate.incident.kind}): not accepted: ${fate.why}`)
      return EXIT.problems
    case 'overtaken':
      say(
        io,
        `partition ${partition}: the state changed meanwhile, nothing was written: look again`,
      )
      return EXIT.failed
  }
}

/** Undefined: Kafka or Redis did not answer, and it was said. */
async function looking<T>(
  io: Io,
  { service, loaded }: Settings,
  work: (ports: AcceptPorts) => Promise<T>,
): Promise<T | undefined> {
  const { redis: at, kafka: input } = service
  const client = createRedis({ url: at.url, isCluster: at.cluster })
  const { kafka } = createKafka({ ...kafkaOptions(service), retries: KAFKA_RETRIES })
  const look = createKafkaLook(kafka, input)
  const clock = createSystemClock()
  try {
    await whenReady(client, PATIENCE_MS)
    return await work({
      ...{ store: createRedisStore(client, at.namespace), clock, look },
      ...{ options: ENGINE_DEFAULTS, rest: createRest(clock, io.stopping) },
      ...{ fold: createFold(loaded.policy), random: createSystemRandom() },
    })
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer'
    say(io, `forewarn incidents: ${why}`)
    return undefined
  } finally {
    client.disconnect()
    await look.close()
  }
}

function wholeFrom(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A container may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'a user without a name'
  }
}
