import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { freePorts } from './server-process.ts'

export type Container = Readonly<{ address: string; version: string; stop: () => Promise<void> }>

const SOCKET = '/var/run/docker.sock'
const KAFKA_VERSION = '4.3.1'
const VALKEY_VERSION = '8.1.10'
const ANSWER_MAX_MS = 2_000

/** `DOCKER_HOST` is taken at its word; a socket must answer, as a command line alone is no engine. */
export async function hasDocker(): Promise<boolean> {
  if (process.env['DOCKER_HOST']) return true
  return existsSync(SOCKET) && (await answers(SOCKET))
}

/** Imported where it is used: it takes a third of a second to load. */
export async function startKafkaContainer(): Promise<Container> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers')
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime
  // The broker tells clients where to connect, so the port outside is known before it starts.
  const [port = 0] = await freePorts(1)
  const address = `${host}:${port}`
  const container = await new GenericContainer(`apache/kafka:${KAFKA_VERSION}`)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${address}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
  return { address, version: KAFKA_VERSION, stop: async () => void (await container.stop()) }
}

export async function startRedisContainer(): Promise<Container> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(`valkey/valkey:${VALKEY_VERSION}-alpine`)
    .withCommand(['valkey-server', '--save', '', '--maxmemory-policy', 'noeviction'])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
  const address = `redis://${container.getHost()}:${container.getMappedPort(6379)}`
  return {
    address,
    version: `valkey ${VALKEY_VERSION}`,
    stop: async () => void (await container.stop()),
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: ANSWER_MAX_MS }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.on('timeout', () => ping.destroy())
    ping.on('error', () => resolve(false))
    ping.end()
  })
}
