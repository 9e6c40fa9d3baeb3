import kafkajs from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { connectKafkaAdmin } from '../../src/adapters/kafka-admin.ts'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { createKafkaEventLog } from '../../src/adapters/kafka-event-log.ts'
import { topicPlan } from '../../src/adapters/kafka-topics.ts'
import { createKafkaWarningLog } from '../../src/adapters/kafka-warning-log.ts'
import { Unavailable, type LogReader, type OpenedOutput } from '../../src/core/ports.ts'
import { warning } from '../contracts/warning-log.ts'
import { createRecorder } from '../support/recorder.ts'
import { describeWithOwnKafka, startKafka } from '../support/services.ts'

describeWithOwnKafka('a broker that dies and comes back', () => {
  // The broker is taken back only when its old session is over.
  test(
    'the input goes on where it was, the output after it is opened anew',
    { timeout: 120_000 },
    async () => {
      const server = await startKafka()
      onTestFinished(() => server.stop())
      const { kafka } = createKafka({ brokers: [server.brokers] })
      const admin = await connectKafkaAdmin(kafka)
      const size = { partitions: 1, replicas: 1 }
      await admin.create(
        ['events', 'warnings', 'standing', 'dlq'].map((t) => topicPlan(t, 'output', size)),
      )
      await admin.close()
      const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
      const producer = kafka.producer({ createPartitioner })
      await producer.connect()
      onTestFinished(() => producer.disconnect())
      const send = (value: string) => producer.send({ topic: 'events', messages: [{ value }] })

      let reader: LogReader | undefined
      const recorder = createRecorder(undefined, (partitions) => {
        // As the engine: a partition assigned again starts where it has got to.
        queueMicrotask(() => partitions.forEach((p) => reader?.start(p, recorder.position(p))))
      })
      const log = createKafkaEventLog(kafka, { topic: 'events', groupId: 'g' })
      const joined = await log.consume(recorder.listener)
      onTestFinished(() => joined.close())
      reader = joined
      reader.start(0, 0)
      const topics = { warnings: 'warnings', standing: 'standing', deadLetters: 'dlq' }
      const outputs = createKafkaWarningLog(kafka, { groupId: 'g', topics, patienceMs: 3_000 })
      onTestFinished(() => outputs.close())
      const output = await outputs.open(0, undefined)
      await send('v0')
      await output.append([warning(1)])
      await recorder.until(() => recorder.position(0) === 1)

      await server.kill()
      await expect(output.append([warning(2)])).rejects.toThrow(Unavailable)
      await server.restart()
      await send('v1')
      await recorder.until(() => recorder.values(0).length === 2)
      expect(recorder.values(0)).toEqual(['v0', 'v1'])
      expect((await reader.bounds(0)).end).toBe(2)
      const again = await untilOpen(() => outputs.open(0, output.mark))
      const isThere = again.present.has('w2')
      expect(again.present.has('w1')).toBe(true)
      if (!isThere) await again.append([warning(2)])
      const last = await outputs.open(0, output.mark)
      expect([...last.present].toSorted()).toEqual(['w1', 'w2'])
      expect(recorder.errors).toEqual([])
    },
  )
})

/** As the relay does: what is away is asked again. */
async function untilOpen(open: () => Promise<OpenedOutput>): Promise<OpenedOutput> {
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
    }
  }
}
