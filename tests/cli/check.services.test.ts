/** `check` and `topics` against a real broker: what is wrong, what to type, and that typing it helps. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, describe, onTestFinished, test } from 'vitest'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { forewarn } from '../support/forewarn-process.ts'
import { createTopicAt } from '../support/kafka-process.ts'
import { freePorts } from '../support/server-process.ts'
import {
  describeWithBoth,
  kafkaBrokers,
  redisUrl,
  startRedis,
  uniqueName,
} from '../support/services.ts'

const OK = 0
const FAILED = 1
const PROBLEMS = 3

type Given = Readonly<{ file: string; name: string }>

/** Settings of a deployment whose topics nobody has made yet. */
function given(brokers: string, redis: string): Given {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-check-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const name = uniqueName('fw')
  const topics = {
    events: `${name}.events`,
    warnings: `${name}.warnings`,
    standing: `${name}.standing`,
    deadLetters: `${name}.dlq`,
  }
  const file = join(folder, 'forewarn.yaml')
  const http = { console: '127.0.0.1:0', metrics: '127.0.0.1:0' }
  const kafka = { brokers: brokers.split(','), groupId: name, topics }
  writeFileSync(file, JSON.stringify({ kafka, redis: { url: redis, namespace: name }, http }))
  return { file, name }
}

const faultsOf = (stdout: string): string[] => {
  return stdout.split('\n').filter((line) => line.startsWith('FAULT'))
}

describeWithBoth('forewarn check', () => {
  test('names the topics that are missing, and `topics create` makes them', async () => {
    const { file, name } = given(kafkaBrokers(), redisUrl())
    const before = await forewarn('check', '--config', file)
    expect(before.code).toBe(PROBLEMS)
    expect(faultsOf(before.stdout)).toHaveLength(4)
    expect(before.stdout).toContain(
      `→ kafka-topics.sh --bootstrap-server ${kafkaBrokers()} --create`,
    )
    expect(before.stdout.match(/--partitions 12 --replication-factor 1 /g)).toHaveLength(4)

    const started = await forewarn('run', '--config', file)
    expect(started.code).toBe(FAILED)
    expect(started.stderr).toContain('there is no such topic')

    const made = await forewarn('topics', 'create', '--partitions', '2', '--config', file)
    expect(made).toMatchObject({ code: OK, stderr: '' })
    expect(made.stdout.match(/: created$/gm)).toHaveLength(4)
    const again = await forewarn('topics', 'create', '--config', file)
    expect(again.stdout.match(/: exists, left as it is$/gm)).toHaveLength(4)

    const after = await forewarn('check', '--config', file)
    expect({ code: after.code, faults: faultsOf(after.stdout) }).toEqual({ code: OK, faults: [] })
    expect(after.stdout).toContain(`${name}.events, 2 partitions`)
  })

  test('tells of a topic that is not as it must be', async () => {
    const { file, name } = given(kafkaBrokers(), redisUrl())
    await createTopicAt(kafkaBrokers(), `${name}.events`, 1, { compact: true })
    await forewarn('topics', 'create', '--config', file)
    const { code, stdout } = await forewarn('check', '--config', file)
    expect(code).toBe(PROBLEMS)
    expect(faultsOf(stdout)).toEqual([expect.stringContaining('it must not be compacted')])
    expect(stdout).toContain(`--entity-name ${name}.events --add-config cleanup.policy=delete`)
  })

  test('tells of a broker and a Redis that do not answer', async () => {
    const [kafka, redis] = await freePorts(2)
    const { file } = given(`127.0.0.1:${kafka}`, `redis://127.0.0.1:${redis}`)
    const { code, stdout } = await forewarn('check', '--config', file)
    expect(code).toBe(PROBLEMS)
    expect(faultsOf(stdout)).toEqual([
      expect.stringContaining(`127.0.0.1:${kafka} cannot be reached`),
      expect.stringContaining(`127.0.0.1:${redis} cannot be reached`),
    ])
  })
})

describe.runIf(inject('kafka') !== undefined && inject('ownRedis'))('forewarn check', () => {
  test('tells of a Redis that may delete accounts', async () => {
    await using redis = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] })
    const { file } = given(kafkaBrokers(), redis.url)
    await forewarn('topics', 'create', '--config', file)
    const { code, stdout } = await forewarn('check', '--config', file)
    expect(code).toBe(PROBLEMS)
    expect(faultsOf(stdout)).toEqual([expect.stringContaining('maxmemory-policy is allkeys-lru')])
    expect(stdout).toContain('→ redis-cli CONFIG SET maxmemory-policy noeviction')
  })
})

describeWithBoth('forewarn topics print', () => {
  test('prints a command per topic, and makes none', async () => {
    const { file, name } = given(kafkaBrokers(), redisUrl())
    const size = ['--partitions', '3', '--replication-factor', '2']
    const { code, stdout } = await forewarn('topics', 'print', '--past', ...size, '--config', file)
    expect(code).toBe(OK)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe(
      `kafka-topics.sh --bootstrap-server ${kafkaBrokers()} --create --topic ${name}.events ` +
        '--partitions 3 --replication-factor 2 --config cleanup.policy=delete ' +
        '--config message.timestamp.type=CreateTime --config retention.ms=-1',
    )
    const { kafka } = createKafka({ brokers: kafkaBrokers().split(',') })
    const admin = kafka.admin()
    await admin.connect()
    onTestFinished(() => admin.disconnect())
    expect(await admin.listTopics()).not.toContain(`${name}.events`)
  })
})
