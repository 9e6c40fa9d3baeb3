/** What a race of two fences must not end in: that both writers believe in theirs. */
import { expect, onTestFinished, test } from 'vitest'
import { createCluster } from '../../src/adapters/kafka-cluster.ts'
import type { Broker, Cluster } from '../../src/adapters/kafka-cluster.ts'
import { createFencedProducer } from '../../src/adapters/kafka-fenced-producer.ts'
import type { FencedProducer } from '../../src/adapters/kafka-fenced-producer.ts'
import { createTopic, testKafka } from '../contracts/kafka-under-test.ts'
import { warning } from '../contracts/warning-log.ts'
import { describeWithKafka, uniqueName } from '../support/services.ts'

type Request = 'initProducerId' | 'addPartitionsToTxn' | 'endTxn'

/** Runs `meanwhile` once, before the request that has this number among those of its kind. */
function interrupted(
  cluster: Cluster,
  kind: Request,
  number: number,
  meanwhile: () => Promise<unknown>,
): Cluster {
  let asked = 0
  async function pass(asks: Request): Promise<void> {
    if (asks === kind && ++asked === number) await meanwhile()
  }
  const passing = (broker: Broker): Broker => ({
    initProducerId: (it) => pass('initProducerId').then(() => broker.initProducerId(it)),
    addPartitionsToTxn: (it) =>
      pass('addPartitionsToTxn').then(() => broker.addPartitionsToTxn(it)),
    endTxn: (it) => pass('endTxn').then(() => broker.endTxn(it)),
    produce: (it) => broker.produce(it),
  })
  return {
    connect: () => cluster.connect(),
    disconnect: () => cluster.disconnect(),
    refreshMetadata: () => cluster.refreshMetadata(),
    addMultipleTargetTopics: (it) => cluster.addMultipleTargetTopics(it),
    findGroupCoordinator: async (it) => passing(await cluster.findGroupCoordinator(it)),
    findLeaderForPartitions: (...it) => cluster.findLeaderForPartitions(...it),
    findBroker: (it) => cluster.findBroker(it),
  }
}

describeWithKafka('a fenced producer', () => {
  async function setUp() {
    const topic = await createTopic(testKafka(), 1)
    const place = { topic, partition: 0 }
    const outputs = { warnings: place, standing: place, deadLetters: place }
    const name = uniqueName('writer')
    const connected = async (): Promise<Cluster> => {
      const cluster = createCluster(testKafka())
      onTestFinished(() => cluster.disconnect())
      await cluster.connect()
      await cluster.addMultipleTargetTopics([topic])
      return cluster
    }
    const fence = (cluster: Cluster) => createFencedProducer(cluster, name, outputs, () => false)
    return { connected, fence }
  }

  const isTaken = (producer: FencedProducer | undefined): Promise<boolean> =>
    producer === undefined
      ? Promise.resolve(false)
      : producer
          .append([warning(1)], () => undefined)
          .then(
            () => true,
            () => false,
          )

  test.each([
    ['initProducerId', 1],
    ['addPartitionsToTxn', 1],
    ['endTxn', 1],
    ['initProducerId', 2],
  ] as const)(
    'is the only one that can write, though another fenced before its %s %i',
    async (kind, number) => {
      const { connected, fence } = await setUp()
      let other: FencedProducer | undefined
      const cluster = interrupted(await connected(), kind, number, async () => {
        other = await fence(await connected())
      })
      const made = await fence(cluster).catch(() => undefined)
      expect([await isTaken(other), await isTaken(made)].filter(Boolean)).toEqual([true])
    },
  )
})
