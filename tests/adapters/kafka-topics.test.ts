import { expect, test } from 'vitest'
import { checkTopics, createCommand, topicPlan } from '../../src/adapters/kafka-topics.ts'
import type { TopicState } from '../../src/adapters/kafka-topics.ts'

const size = { partitions: 12, replicas: 3 }
const input = topicPlan('terminal.events', 'input', size)
const warnings = topicPlan('account.warnings', 'output', size)
const standing = topicPlan('account.standing', 'latest', size)
const DAY_MS = 86_400_000

const state = (topic: string, config: Record<string, string>): TopicState => ({
  topic,
  ...{ partitions: 12, replicas: 3 },
  config: new Map(Object.entries(config)),
})

const sound = {
  'terminal.events': {
    'cleanup.policy': 'delete',
    'retention.ms': `${7 * DAY_MS}`,
    'message.timestamp.type': 'LogAppendTime',
    'message.timestamp.after.max.ms': '9223372036854775807',
  },
  'account.warnings': { 'cleanup.policy': 'delete', 'retention.ms': `${7 * DAY_MS}` },
  'account.standing': { 'cleanup.policy': 'compact' },
}

function findings(changes: Partial<Record<keyof typeof sound, Record<string, string>>>) {
  const states = Object.entries(sound).map(([topic, config]) => {
    const change = changes[topic as keyof typeof sound]
    return [topic, state(topic, { ...config, ...change })] as const
  })
  return checkTopics([input, warnings, standing], new Map(states), 'b:9092')
}

test('sound topics have no findings', () => {
  expect(findings({})).toEqual([])
})

test('a missing topic is answered with the command that makes it', () => {
  const found = checkTopics([warnings], new Map(), 'b1:9092,b2:9092')
  expect(found.map((f) => f.remedy)).toEqual([
    'kafka-topics.sh --bootstrap-server b1:9092,b2:9092 --create --topic account.warnings ' +
      '--partitions 12 --replication-factor 3 --config cleanup.policy=delete ' +
      '--config retention.ms=34560000000',
  ])
  expect(createCommand(input, 'b:9092')).toContain('--config message.timestamp.type=LogAppendTime')
})

const alter = 'kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics'

test.for([
  ['terminal.events', { 'cleanup.policy': 'compact' }, 'cleanup.policy=delete'],
  ['terminal.events', { 'cleanup.policy': 'compact,delete' }, 'cleanup.policy=delete'],
  ['account.warnings', { 'cleanup.policy': 'compact' }, 'cleanup.policy=delete'],
  ['account.standing', { 'cleanup.policy': 'delete' }, 'cleanup.policy=compact'],
  ['account.warnings', { 'retention.ms': `${7 * DAY_MS - 1}` }, `retention.ms=${400 * DAY_MS}`],
  [
    'terminal.events',
    { 'message.timestamp.type': 'CreateTime' },
    'message.timestamp.after.max.ms=3600000',
  ],
] as const)('%s with %o: %s', ([topic, config, setting]) => {
  expect(findings({ [topic]: config }).map((f) => [f.topic, f.remedy])).toEqual([
    [topic, `${alter} --entity-name ${topic} --add-config ${setting}`],
  ])
})

test.for<[number, number, number]>([
  [1, 3, 1],
  [1, 1, 0],
  [2, 3, 0],
])('%i replicas where %i are wanted: %i notes', ([replicas, wanted, notes]) => {
  const its = { ...state('account.standing', sound['account.standing']), replicas }
  const plan = { ...standing, replicas: wanted }
  const found = checkTopics([plan], new Map([[its.topic, its]]), 'b:9092')
  expect(found.map(({ kind }) => kind)).toEqual(Array.from({ length: notes }, () => 'note'))
})

test('what is sound in another way', () => {
  const stamps = { 'message.timestamp.type': 'CreateTime' }
  const after = { 'message.timestamp.after.max.ms': '3600000' }
  expect(findings({ 'terminal.events': { ...stamps, ...after } })).toEqual([])
  expect(findings({ 'account.warnings': { 'retention.ms': '-1' } })).toEqual([])
  expect(findings({ 'account.standing': { 'cleanup.policy': 'compact,delete' } })).toEqual([])
})

test('an input that is kept for ever asks the same of what is read back', () => {
  const found = findings({ 'terminal.events': { 'retention.ms': '-1' } })
  expect(found.map((f) => f.remedy)).toEqual([
    `${alter} --entity-name account.warnings --add-config retention.ms=-1`,
  ])
})
