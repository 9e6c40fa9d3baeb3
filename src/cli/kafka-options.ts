/** What kafkajs is told of the brokers, for every command that talks to them. */
import type { KafkaClientOptions } from '../adapters/kafka-client.ts'
import type { SASLOptions } from 'kafkajs'
import type { Service } from '../config/service-schema.ts'

export function kafkaOptions({ kafka }: Service): KafkaClientOptions {
  const { brokers, clientId, ssl, sasl } = kafka
  const tls = typeof ssl === 'boolean' ? ssl : { ...ssl }
  return {
    brokers,
    clientId,
    ssl: tls,
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
  }
}
