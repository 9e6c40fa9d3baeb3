/** One node of Apache Kafka, out of Maven Central: its storage, and the command that starts it. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { answerOf, fetchArtifacts } from './maven.ts'
import type { NoServer } from './redis-process.ts'

export type KafkaServer = Readonly<{
  /** A folder of jars. */
  jars: string
  version: string
}>

const VERSION = '4.3.1'
const JAVA_MIN = 17
const DISTRIBUTION = {
  name: `kafka-${VERSION}`,
  coordinates: [`org.apache.kafka:kafka_2.13:${VERSION}`, 'org.slf4j:slf4j-simple:1.7.36'],
  goal: ['copy-dependencies'],
} as const

/** For the Java on PATH. */
export async function findKafka(): Promise<KafkaServer | NoServer> {
  const java = /version "(\d+)/.exec((await answerOf('java', '-version')) ?? '')?.[1]
  if (java === undefined || Number(java) < JAVA_MIN) return { missing: `no Java ${JAVA_MIN}` }
  const jars = await fetchArtifacts(DISTRIBUTION)
  return jars === undefined ? { missing: 'no mvn to fetch it with' } : { jars, version: VERSION }
}

export function newClusterId(): string {
  return randomBytes(16).toString('base64url')
}

/** Before the first start of a node. `properties` is a file. */
export function formatStorage({ jars }: KafkaServer, properties: string, clusterId: string): void {
  const tool = ['-cp', join(jars, '*'), 'kafka.tools.StorageTool', 'format']
  const args = ['-XX:TieredStopAtLevel=1', ...tool, `--cluster-id=${clusterId}`, '-c', properties]
  execFileSync('java', args, { stdio: 'pipe' })
}

/** `brief`: for a short life, with the first compiler only. `properties` is a file. */
export function kafkaCommand(
  { jars }: KafkaServer,
  properties: string,
  { heapMb, brief }: Readonly<{ heapMb: number; brief: boolean }>,
): [command: string, ...args: string[]] {
  const quickStart = brief ? ['-XX:TieredStopAtLevel=1'] : []
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  const memory = [`-Xms${heapMb >> 1}m`, `-Xmx${heapMb}m`]
  return [
    'java',
    ...memory,
    ...quickStart,
    quiet,
    '-cp',
    join(jars, '*'),
    'kafka.Kafka',
    properties,
  ]
}
