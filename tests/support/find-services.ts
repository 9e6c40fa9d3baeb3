import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { hasDocker, startKafkaContainer, startRedisContainer } from './docker-services.ts'
import type { Container } from './docker-services.ts'
import { answersGroups, findKafka, startKafka } from './kafka-process.ts'
import { findRedis, startRedis } from './redis-process.ts'

/** A server that all suites of a run share. */
export type Service = Readonly<{
  /** Brokers, `host:port,…`, or a Redis URL. */
  address: string
  /** For the line that says what was tested with. */
  about: string
  stop: () => Promise<void>
}>

/** What was found, or why nothing was. `ownMissing`: why no *private* server can be started either. */
export type Found = Readonly<{
  service: Service | undefined
  why: string
  ownMissing: string | undefined
}>

type Environment = Readonly<Record<string, string | undefined>>

const GIVEN_MAX_MS = 30_000

/** An address given, else a container, else a process of this machine. */
export async function findKafkaService(env: Environment): Promise<Found> {
  const own = await findKafka()
  const ownMissing = 'missing' in own ? own.missing : undefined
  const given = env['FOREWARN_TEST_KAFKA']
  const why = `FOREWARN_TEST_KAFKA unset, no Docker engine, ${ownMissing ?? ''}`
  const service =
    (await atAddress('FOREWARN_TEST_KAFKA', given, answersGroups)) ??
    (await inContainer('Kafka', startKafkaContainer)) ??
    ('missing' in own ? undefined : await asProcess('Kafka', () => startKafka({ server: own })))
  if (service !== undefined) await until(() => answersGroups(service.address), service.about)
  return { service, why, ownMissing }
}

export async function findRedisService(env: Environment): Promise<Found> {
  const own = await findRedis()
  const ownMissing = 'missing' in own ? own.missing : undefined
  const given = env['FOREWARN_TEST_REDIS']
  const why = `FOREWARN_TEST_REDIS unset, no Docker engine, ${ownMissing ?? ''}`
  const service =
    (await atAddress('FOREWARN_TEST_REDIS', given, isOpen)) ??
    (await inContainer('Redis', startRedisContainer)) ??
    ('missing' in own ? undefined : await asProcess('Redis', () => startRedis({ server: own })))
  return { service, why, ownMissing }
}

/** An address is somebody's word that a server is there: silence is an error, not a skip. */
async function atAddress(
  name: string,
  address: string | undefined,
  answers: (address: string) => Promise<boolean>,
): Promise<Service | undefined> {
  if (!address) return undefined
  await until(() => answers(address), `${name}=${address}`)
  return { address, about: `at ${name}`, stop: async () => undefined }
}

async function inContainer(name: string, start: () => Promise<Container>) {
  if (!(await hasDocker())) return undefined
  try {
    const { address, version, stop } = await start()
    return { address, about: `${name} ${version} in a container at ${address}`, stop }
  } catch (error) {
    // An engine that may not pull images is like none.
    console.warn(`Docker could not start ${name}: ${String(error)}`)
    return undefined
  }
}

type Process = Readonly<{ version: string; stop: () => Promise<void> }> &
  (Readonly<{ brokers: string }> | Readonly<{ url: string }>)

async function asProcess(name: string, start: () => Promise<Process>): Promise<Service> {
  const running = await start()
  const address = 'url' in running ? running.url : running.brokers
  const about = `${name} ${running.version}, a process of its own, at ${address}`
  return { address, about, stop: running.stop }
}

/** By the client itself, since an address may hold a password or ask for TLS. */
async function isOpen(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = performance.now() + GIVEN_MAX_MS
  while (!(await isTrue())) {
    if (performance.now() > giveUpAt) throw new Error(`${what} does not answer`)
    await sleep(100)
  }
}
