/**
 * The connection below kafkajs's producers. Its public ones cannot send idempotently under an id of
 * our own choice, and their transactions can be lost with the broker: a commit is acknowledged
 * before its marker is in the partition. So the few requests needed are made here, one by one.
 */
import type { Kafka } from 'kafkajs'
import type { RecordParts } from './kafka-record-writer.ts'

export type ProducerId = Readonly<{ producerId: string; producerEpoch: number }>
export type Place = Readonly<{ topic: string; partition: number }>

type InTransaction = ProducerId & Readonly<{ transactionalId: string }>
type Partitions = readonly Readonly<{ topic: string; partitions: readonly number[] }>[]
type Written = Readonly<{
  topics: readonly Readonly<{
    topicName: string
    partitions: readonly Readonly<{ partition: number; baseOffset: string }>[]
  }>[]
}>

/** What is used of kafkajs's own, which has no types. Every method raises kafkajs's errors. */
export type Broker = Readonly<{
  initProducerId: (
    request: Readonly<{ transactionalId: string; transactionTimeout: number }>,
  ) => Promise<ProducerId>
  addPartitionsToTxn: (request: InTransaction & { topics: Partitions }) => Promise<unknown>
  endTxn: (request: InTransaction & { transactionResult: boolean }) => Promise<unknown>
  produce: (
    request: ProducerId &
      Readonly<{
        acks: -1
        timeout: number
        topicData: readonly Readonly<{
          topic: string
          partitions: readonly Readonly<{
            partition: number
            firstSequence: number
            messages: readonly RecordParts[]
          }>[]
        }>[]
      }>,
  ) => Promise<Written>
}>

export type Cluster = Readonly<{
  connect: () => Promise<void>
  disconnect: () => Promise<void>
  refreshMetadata: () => Promise<void>
  addMultipleTargetTopics: (topics: readonly string[]) => Promise<void>
  findGroupCoordinator: (
    of: Readonly<{ groupId: string; coordinatorType: number }>,
  ) => Promise<Broker>
  findLeaderForPartitions: (
    topic: string,
    partitions: readonly number[],
  ) => Readonly<Record<string, readonly number[]>>
  findBroker: (of: Readonly<{ nodeId: string }>) => Promise<Broker>
}>

const CREATE = 'private:Kafka:createCluster'
const METADATA_AGE_MS = 300_000

/** Throws where kafkajs is another version than the one this was written for. */
export function createCluster(kafka: Kafka): Cluster {
  const create = Object.getOwnPropertySymbols(kafka).find((it) => it.description === CREATE)
  if (create === undefined)
    throw new Error('this version of kafkajs is not known: it must be 2.2.4')
  const made = kafka as unknown as Record<symbol, (options: object) => Cluster>
  const cluster = made[create]?.({ metadataMaxAge: METADATA_AGE_MS, allowAutoTopicCreation: false })
  if (cluster === undefined) throw new Error('kafkajs made no cluster')
  return cluster
}
