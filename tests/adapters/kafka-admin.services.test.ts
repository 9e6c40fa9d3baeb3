import { expect, onTestFinished, test } from 'vitest'
import { connectKafkaAdmin } from '../../src/adapters/kafka-admin.ts'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { checkTopics, topicPlan } from '../../src/adapters/kafka-topics.ts'
import { describeWithKafka, kafkaBrokers, uniqueName } from '../support/services.ts'

describeWithKafka('the topics', () => {
  test('are made once, described as they are, and then without a finding', async () => {
    const { kafka } = createKafka({ brokers: kafkaBrokers().split(',') })
    const admin = await connectKafkaAdmin(kafka)
    onTestFinished(() => admin.close())
    const size = { partitions: 3, replicas: 1 }
    const plans = [
      topicPlan(uniqueName('events'), 'input', size),
      topicPlan(uniqueName('warnings'), 'output', size),
      topicPlan(uniqueName('standing'), 'latest', size),
    ]
    const names = plans.map((plan) => plan.topic)
    expect((await admin.describe(names)).size).toBe(0)
    expect(await admin.brokerCount()).toBe(1)
    expect(await admin.create(plans.slice(1))).toEqual(names.slice(1))
    expect(await admin.create(plans)).toEqual(names.slice(0, 1))
    expect(await admin.create(plans)).toEqual([])

    const states = await admin.describe(names)
    expect(checkTopics(plans, states, 'b:9092')).toEqual([])
    const [input = '', warnings = ''] = names
    expect(states.get(input)?.partitions).toBe(3)
    expect(states.get(input)?.config.get('message.timestamp.type')).toBe('LogAppendTime')
    expect(states.get(warnings)?.config.get('retention.ms')).toBe('34560000000')
  })
})
