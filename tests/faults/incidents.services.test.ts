/** The log is not what was folded: that partition stops, says which offsets, and goes on when a person says so. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { createKafkaFeed } from '../../src/adapters/kafka-feed.ts'
import { deploy } from '../support/deployment.ts'
import type { Deployment } from '../support/deployment.ts'
import { fleetLines } from '../support/fleet-lines.ts'
import { startForewarn } from '../support/forewarn-process.ts'
import type { ForewarnProcess } from '../support/forewarn-process.ts'
import { readOutputs } from '../support/outputs.ts'
import { readTopic } from '../support/read-topic.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'
import { replayLines } from './replay-lines.ts'

const FAULTING = { timeout: 180_000 }
const SOON_MS = 60_000
const POLL_MS = 250
/** Of decisions compared: the last hours before the end are not through in a run that ends there. */
const MARGIN_MS = 6 * 3_600_000

type Incident = Readonly<Record<'kind', string>> &
  Readonly<Record<'partition' | 'fromOffset' | 'toOffset', number>>

describeWithBoth('an incident', () => {
  let lines: readonly string[]
  let endMs: number
  let kafka: Kafka

  beforeAll(() => {
    const fleet = fleetLines({ merchants: 40, days: 90, seed: 11 })
    lines = fleet.lines
    endMs = fleet.untilMs
    kafka = createKafka({ brokers: kafkaBrokers().split(',') }).kafka
  })

  /** The first lines are folded and told of; the service has ended. */
  async function begun(first: readonly string[]): Promise<Deployment> {
    const services = { brokers: kafkaBrokers(), redis: redisUrl() }
    const deployment = await deploy(services, 2, first)
    const until = /"receivedat":"([^"]+)"/.exec(first.at(-1) ?? '')?.[1] ?? ''
    expect(await deployment.run('a', until).exited).toMatchObject({ code: 0 })
    return deployment
  }

  async function feed(deployment: Deployment, rest: readonly string[]): Promise<void> {
    await using to = await createKafkaFeed(kafka, deployment.topics.events)
    await to.send(rest)
  }

  /** Without an end of its own: it waits for a decision. */
  function serve({ configFile }: Deployment): ForewarnProcess {
    const env = { FOREWARN_REDIS__URL: redisUrl() }
    const service = startForewarn(['run', '--config', configFile], env)
    onTestFinished(() => void service.send('SIGKILL'))
    return service
  }

  async function admin<T>(ask: (it: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const it = kafka.admin()
    await it.connect()
    try {
      return await ask(it)
    } finally {
      await it.disconnect()
    }
  }

  async function lists(deployment: Deployment): Promise<readonly Incident[]> {
    const { code, stdout, stderr } = await deployment.command('incidents', 'list', '--json')
    const { incidents } = JSON.parse(stdout) as { incidents: readonly Incident[] }
    expect({ code, stderr }).toEqual({ code: incidents.length === 0 ? 0 : 3, stderr: '' })
    return incidents.map(({ partition, kind, fromOffset, toOffset }) => {
      return { partition, kind, fromOffset, toOffset }
    })
  }

  /** Committed positions by partition, once it is so; how many seconds that took. */
  async function reached(
    { topics: { events: topic }, namespace: groupId }: Deployment,
    isSo: (positions: readonly number[]) => boolean,
  ): Promise<number> {
    const from = performance.now()
    for (;;) {
      const [its] = await admin((it) => it.fetchOffsets({ groupId, topics: [topic] }))
      const sorted = (its?.partitions ?? []).toSorted((a, b) => a.partition - b.partition)
      if (isSo(sorted.map(({ offset }) => Number(offset)))) break
      if (performance.now() - from > SOON_MS) throw new Error(`not within ${SOON_MS} ms`)
      await sleep(POLL_MS)
    }
    return (performance.now() - from) / 1_000
  }

  async function ends({ topics }: Deployment): Promise<number[]> {
    const all = await admin((it) => it.fetchTopicOffsets(topics.events))
    return all.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high))
  }

  /** Those decided long enough before the end of the stream. */
  function idsOf(said: readonly Readonly<Record<string, unknown>>[]): string[] {
    const before = said.filter(({ time }) => Date.parse(String(time)) < endMs - MARGIN_MS)
    return before.map(({ id }) => String(id)).toSorted()
  }

  async function expectSaid(deployment: Deployment, given: readonly string[]): Promise<void> {
    const { warnings } = await readOutputs(kafkaBrokers(), deployment)
    const expected = await replayLines(given, new Date(endMs).toISOString())
    expect(idsOf(warnings)).toEqual(idsOf(expected))
    expect(expected.length).toBeGreaterThan(20)
  }

  async function stopped(service: ForewarnProcess): Promise<string> {
    service.send('SIGTERM')
    const { code, stderr } = await service.exited
    expect(code).toBe(0)
    return stderr
  }

  test(
    'records dropped before they were read: the exact range, and then on',
    FAULTING,
    async () => {
      const half = lines.length >> 1
      await using deployment = await begun(lines.slice(0, half))
      const [from = 0, otherFrom = 0] = await ends(deployment)
      await feed(deployment, lines.slice(half))
      const all = await readTopic(kafkaBrokers(), deployment.topics.events)
      const to = from + 200
      const partitions = [{ partition: 0, offset: String(to) }]
      await admin(async (it) => {
        const { events: topic } = deployment.topics
        // Only then it knows who leads the partitions.
        await it.fetchTopicOffsets(topic)
        await it.deleteTopicRecords({ topic, partitions })
      })
      const [end = 0, otherEnd = 0] = await ends(deployment)
      expect(otherEnd).toBeGreaterThan(otherFrom)

      const service = serve(deployment)
      await reached(deployment, ([, other]) => other === otherEnd)
      const gap = { partition: 0, kind: 'retention-gap', fromOffset: from, toOffset: to }
      expect(await lists(deployment)).toEqual([gap])
      const plain = await deployment.command('incidents', 'list')
      expect(plain.stdout).toContain(`partition 0  retention-gap  offsets [${from}, ${to})`)

      const accept = ['incidents', 'accept', '0']
      const accepted = await deployment.command(...accept, '--kind', 'retention-gap', '--yes')
      expect(accepted.code).toBe(0)
      expect(JSON.parse(accepted.stderr)).toMatchObject({
        ...{ level: 'warn', partition: 0, incident: 'retention-gap' },
        ...{ fromOffset: from, toOffset: to, continuedAt: to, by: expect.any(String) },
      })
      expect(await reached(deployment, ([its]) => its === end)).toBeLessThan(30)
      expect(await lists(deployment)).toEqual([])
      const log = await stopped(service)
      expect(log.match(/a partition stopped/g)).toHaveLength(1)
      expect(log).toContain('a stopped partition goes on')
      const known = await deployment.command('incidents', 'list')
      expect(known.stdout).toContain(`accepted retention-gap [${from}, ${to}): on at ${to}`)
      const isKept = ({ partition, offset }: (typeof all)[number]): boolean =>
        partition !== 0 || offset < from || offset >= to
      const lost = new Set(all.filter((it) => !isKept(it)).map(({ value }) => value))
      const given = lines.filter((line) => !lost.has(line))
      expect(given).toHaveLength(lines.length - 200)
      await expectSaid(deployment, given)
    },
  )

  test('a topic made anew: each partition goes on when it is accepted', FAULTING, async () => {
    const third = Math.floor(lines.length / 3)
    await using deployment = await begun(lines.slice(0, third))
    const { events: topic } = deployment.topics
    const [first = 0, second = 0] = await ends(deployment)
    await admin((it) => it.deleteTopics({ topics: [topic] }))
    const again = await deployment.command('topics', 'create', '--past', '--partitions', '2')
    expect(again).toMatchObject({ code: 0 })
    await feed(deployment, lines.slice(third))
    const [firstEnd = 0, secondEnd = 0] = await ends(deployment)

    const service = serve(deployment)
    const at = (partition: number, offset: number): Incident => {
      return { partition, kind: 'recreated', fromOffset: offset - 1, toOffset: offset }
    }
    expect(await lists(deployment)).toEqual([at(0, first), at(1, second)])
    expect(await deployment.command('incidents', 'accept', '1', '--yes')).toMatchObject({ code: 0 })
    await reached(deployment, ([, its]) => its === secondEnd)
    expect(await lists(deployment)).toEqual([at(0, first)])
    expect(await deployment.command('incidents', 'accept', '0', '--yes')).toMatchObject({ code: 0 })
    await reached(deployment, ([its]) => its === firstEnd)
    expect(await lists(deployment)).toEqual([])
    await stopped(service)
    await expectSaid(deployment, lines)
  })
})
