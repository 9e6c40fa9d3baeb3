/**
 * Every error code that a broker may answer, put into the answers to a running service: it goes on,
 * or ends with another code than 0. The worst would be a process that stays and does nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import { deploy } from '../support/deployment.ts'
import { startForewarn } from '../support/forewarn-process.ts'
import type { ForewarnProcess } from '../support/forewarn-process.ts'
import type { Api } from '../support/kafka-frames.ts'
import { startKafka } from '../support/kafka-process.ts'
import { createKafkaProxy } from '../support/kafka-proxy.ts'
import type { Rule } from '../support/kafka-proxy.ts'
import { freePorts } from '../support/server-process.ts'
import { startRedis } from '../support/redis-process.ts'

export type Case = Readonly<{ api: Api; code: number; times: number; when: 'start' | 'running' }>

export type Outcome = Case &
  Readonly<{
    /** `unasked`: the service never asked. `stuck`: a minute, and neither progress nor an end. */
    fate: 'progress' | 'exit' | 'unasked' | 'stuck'
    exitCode: number | undefined
    /** Answers that carried the code. */
    met: number
    seconds: number
    /** Why, where the process has ended. */
    said: string | undefined
  }>

/** As the broker's source names them for each request, and some that it should never answer. */
export const CODES: Readonly<Partial<Record<Api, readonly number[]>>> = {
  Fetch: [-1, 1, 2, 3, 5, 6, 7, 8, 9, 13, 29, 43, 56, 70, 71, 74, 75, 76, 78, 100],
  ListOffsets: [-1, 3, 5, 6, 7, 9, 29, 43, 56, 74, 75, 78],
  Metadata: [-1, 3, 5, 7, 17, 29, 72],
  FindCoordinator: [-1, 14, 15, 16, 24, 30, 53],
  JoinGroup: [-1, 14, 15, 16, 22, 23, 24, 25, 26, 27, 30, 79, 81, 82],
  SyncGroup: [-1, 14, 15, 16, 22, 23, 25, 27, 30, 82],
  Heartbeat: [-1, 14, 15, 16, 22, 25, 27, 30, 82],
  OffsetCommit: [-1, 3, 7, 12, 14, 15, 16, 22, 24, 25, 27, 28, 29, 30, 82],
  OffsetFetch: [-1, 3, 14, 15, 16, 25, 29, 30, 88],
  InitProducerId: [-1, 7, 14, 15, 16, 31, 42, 47, 48, 49, 50, 51, 53, 90],
  Produce: [
    -1, 2, 3, 5, 6, 7, 10, 13, 17, 18, 19, 20, 21, 29, 31, 32, 43, 45, 46, 47, 49, 56, 59, 87,
  ],
  AddPartitionsToTxn: [-1, 3, 14, 15, 16, 29, 47, 48, 49, 51, 53, 55, 90],
  EndTxn: [-1, 14, 15, 16, 47, 48, 49, 51, 52, 53, 90],
}
const AT_START: readonly Api[] = ['Metadata', 'FindCoordinator', 'JoinGroup', 'OffsetFetch']

export function allCases(): readonly Case[] {
  const cases = (Object.entries(CODES) as [Api, readonly number[]][]).flatMap(([api, codes]) => {
    const phases = AT_START.includes(api) ? (['running', 'start'] as const) : (['running'] as const)
    return phases.flatMap((when) =>
      codes.flatMap((code) => [1, 8].map((times): Case => ({ api, code, times, when }))),
    )
  })
  return cases
}

/** What makes a running service ask: a heartbeat that is answered so. */
const TRIGGERS: Readonly<Partial<Record<Api, number>>> = {
  JoinGroup: 27,
  SyncGroup: 27,
  OffsetFetch: 27,
  Metadata: 27,
  InitProducerId: 27,
  AddPartitionsToTxn: 27,
  EndTxn: 27,
  FindCoordinator: 16,
}
const LIMIT_MS = 60_000
/** Progress without having been asked for so long: the service does not ask. */
const UNASKED_MS = 30_000
const POLL_MS = 50
const SETTLE_MS = 500
const FEED_AGAIN_MS = 4_000

export type Rig = Readonly<{
  run: (its: Case) => Promise<Outcome>
  [Symbol.asyncDispose]: () => Promise<void>
}>

export async function createErrorRig(): Promise<Rig> {
  await using stack = new AsyncDisposableStack()
  const [own = 0, proxied = 0, controller = 0] = await freePorts(3)
  const proxy = stack.adopt(await createKafkaProxy(proxied), (it) => it.close())
  const kafka = await startKafka({
    advertised: `127.0.0.1:${own}`,
    properties: propertiesOf({ own, proxied, controller, told: proxy.port }),
  })
  stack.defer(() => kafka.stop())
  const server = stack.adopt(await startRedis(), (it) => it.stop())
  const redis = stack.adopt(createRedis({ url: server.url }), (it) => it.disconnect())
  await whenReady(redis)
  const services = { brokers: `127.0.0.1:${proxy.port}`, redis: server.url }
  const deployment = stack.use(await deploy(services, 1, []))
  const { configFile, namespace, topics } = deployment
  const store = createRedisStore(redis, namespace)
  const client = createKafka({ brokers: [`127.0.0.1:${own}`] }).kafka
  const producer = client.producer()
  await producer.connect()
  stack.defer(() => producer.disconnect())
  let service: ForewarnProcess | undefined
  let fed = 0
  stack.defer(async () => {
    service?.send('SIGKILL')
    await service?.exited
  })

  /** What must be refused: with it comes a dead letter, for a record of which something has to be written. */
  async function feed(): Promise<void> {
    fed += 1
    await producer.send({ topic: topics.events, messages: [{ key: 'm', value: `{${fed}` }] })
  }

  async function isThrough(): Promise<boolean> {
    const loaded = await store.load(0)
    return loaded?.cursor.offset === fed && loaded.outbox.length === 0
  }

  function start(): ForewarnProcess {
    service = startForewarn(['run', '--config', configFile], { FOREWARN_REDIS__URL: server.url })
    return service
  }

  async function healthy(): Promise<ForewarnProcess> {
    proxy.set([])
    let it = service?.isAlive() === true ? service : start()
    await feed()
    const from = performance.now()
    while (!(await isThrough())) {
      // The last fault may end it late.
      if (!it.isAlive()) it = start()
      if (performance.now() - from > 2 * LIMIT_MS) {
        it.send('SIGKILL')
        throw new Error(`stuck without a fault: ${(await it.exited).stderr}`)
      }
      await sleep(POLL_MS)
    }
    return it
  }

  async function run(its: Case): Promise<Outcome> {
    const { api, code, times, when } = its
    const trigger = when === 'running' ? TRIGGERS[api] : undefined
    const rules: Rule[] = [{ api, times, with: code }]
    if (trigger !== undefined) rules.push({ api: 'Heartbeat', times: 2, with: trigger })
    let it = await healthy()
    if (when === 'start') {
      it.send('SIGTERM')
      await it.exited
      proxy.set(rules)
      it = start()
    } else proxy.set(rules)
    await feed()
    const from = performance.now()
    const since = (): number => performance.now() - from
    let fate: Outcome['fate'] = 'stuck'
    let isFedAgain = false
    let fedAgainMs = 0
    while (since() < LIMIT_MS && fate === 'stuck') {
      await sleep(POLL_MS)
      const isMet = proxy.met(api) > 0
      if (!it.isAlive()) fate = 'exit'
      else if (isMet && !isFedAgain) {
        // What is through by then may have been on its way before.
        await sleep(SETTLE_MS)
        await feed()
        isFedAgain = true
      } else if (isMet && (await isThrough())) fate = 'progress'
      // An output is opened anew only when something is to be written after the rejoin.
      else if (!isMet && since() > fedAgainMs + FEED_AGAIN_MS) {
        fedAgainMs = since()
        // The group that reads the outputs back has heartbeats too, and may have got the answer.
        proxy.set(rules)
        await feed()
      } else if (!isMet && since() > UNASKED_MS && (await isThrough())) fate = 'unasked'
    }
    const seconds = Math.round(since() / 100) / 10
    const met = proxy.met(api)
    proxy.set([])
    if (fate === 'stuck') it.send('SIGKILL')
    if (fate === 'progress' || fate === 'unasked') return outcome(undefined, undefined)
    const { code: exitCode, stderr } = await it.exited
    const said = stderr.split('\n').find((line) => line.startsWith('forewarn'))
    return outcome(exitCode, said?.slice(0, 200))

    function outcome(exit: number | undefined, said: string | undefined): Outcome {
      return { ...its, fate, exitCode: exit, met, seconds, said }
    }
  }

  const held = stack.move()
  return { run, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Of P19: progress, or an end that somebody sees. */
export function isGood({ fate, exitCode }: Outcome): boolean {
  return fate === 'progress' || (fate === 'exit' && exitCode !== 0)
}

function propertiesOf(
  ports: Readonly<Record<'own' | 'proxied' | 'controller' | 'told', number>>,
): string[] {
  const at = (name: string, port: number): string => `${name}://127.0.0.1:${port}`
  const own = at('PLAINTEXT', ports.own)
  return [
    // The later line of two holds.
    `listeners=${own},${at('LINK', ports.proxied)},${at('CONTROLLER', ports.controller)}`,
    `advertised.listeners=${own},${at('LINK', ports.told)}`,
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,LINK:PLAINTEXT',
    `controller.quorum.voters=1@127.0.0.1:${ports.controller}`,
    'inter.broker.listener.name=PLAINTEXT',
  ]
}
