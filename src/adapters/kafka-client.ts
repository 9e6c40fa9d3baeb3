/** One way to make a kafkajs client: repaired, with all codecs, quiet, and patient with a broker. */
import { Kafka, logLevel, type KafkaConfig, type RetryOptions } from 'kafkajs'
import { registerCodecs } from './kafka-codecs.ts'
import { patchKafkajs, type KafkaPatches } from './kafka-patches.ts'

export type KafkaClientOptions = Readonly<
  Pick<KafkaConfig, 'brokers' | 'clientId' | 'ssl' | 'sasl'> & {
    /** kafkajs's own warnings and errors. They hold group and topic names, never a record. */
    onLog?: (level: 'warn' | 'error', message: string) => void
    /** How often what failed is tried again. By default `KAFKA_RETRY` says it. */
    retries?: number
  }
>

/**
 * Some 40 s in all: a broker that restarts is waited for, and no exit loop is shorter. Quick at
 * first: a transaction that begins before the markers of the last are written is refused for
 * milliseconds, and the defaults would sleep a third of a second each time.
 */
export const KAFKA_RETRY: RetryOptions = {
  initialRetryTime: 10,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 1.5,
  retries: 50,
}

export function createKafka(
  options: KafkaClientOptions,
): Readonly<{ kafka: Kafka; patches: KafkaPatches }> {
  const { onLog = () => {}, retries, ...config } = options
  const patches = patchKafkajs()
  registerCodecs()
  const kafka = new Kafka({
    clientId: 'forewarn',
    ...config,
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    retry: retries === undefined ? KAFKA_RETRY : { ...KAFKA_RETRY, retries },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log }) =>
        onLog(level === logLevel.ERROR ? 'error' : 'warn', log.message),
  })
  return { kafka, patches }
}
