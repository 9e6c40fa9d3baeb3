/** The brokers under chaos: what can be done to each, and how each instance reaches them. */
import { startKafkaBrokers } from '../support/kafka-brokers.ts'
import { findKafka } from '../support/kafka-node.ts'
import { QUICK_RESTART, startKafka } from '../support/kafka-process.ts'
import { freePorts } from '../support/server-process.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'

export type Brokers = Readonly<{
  version: string
  count: 1 | 3
  /** `host:port,…`, past every proxy: for the load and for whoever looks. */
  brokers: string
  /** For an instance, through a link of its own. */
  brokersOf: (instance: number) => string
  /** By instance, and of each by broker. */
  links: readonly (readonly TcpProxy[])[]
  /** `node` counts from 0. */
  kill: (node: number) => Promise<void>
  /** Resolves when it answers again. */
  start: (node: number) => Promise<void>
  pause: (node: number) => void
  resume: (node: number) => void
  stop: () => Promise<void>
}>

type Processes = Omit<Brokers, 'links' | 'brokersOf'>

/** Where one broker listens, and as what it is reached. */
type Place = Readonly<{ port: number; links: readonly TcpProxy[]; listening: readonly number[] }>

const HEAP_MB = 768
const address = (port: number): string => `127.0.0.1:${port}`

/** Each broker has a listener for each instance, advertised as the address of a proxy. */
export async function startBrokers(
  count: 1 | 3,
  instances: number,
  fraction: () => number,
): Promise<Brokers> {
  await using stack = new AsyncDisposableStack()
  const places: Place[] = []
  for (let node = 0; node < count; node++) {
    const ports = await freePorts(1 + 2 * instances)
    const [port = 0, ...listening] = ports.slice(0, 1 + instances)
    const links = await Promise.all(
      ports.slice(1 + instances).map(async (listen, at) => {
        const link = await createTcpProxy({ port: listening[at] ?? 0, listen, fraction })
        return stack.adopt(link, () => link.close())
      }),
    )
    places.push({ port, links, listening })
  }
  const processes = count === 1 ? await startOne(places[0]!) : await startThree(places)
  stack.defer(() => processes.stop())
  const links = Array.from({ length: instances }, (_, at) => places.flatMap((it) => it.links[at]!))
  const held = stack.move()
  return {
    ...processes,
    links,
    brokersOf: (instance) => (links[instance] ?? []).map(({ port }) => address(port)).join(','),
    stop: () => held.disposeAsync(),
  }
}

/** The later line of two holds. */
function listenersOf({ port, links, listening }: Place, more: readonly string[]): string[] {
  const names = ['PLAINTEXT', ...listening.map((_, at) => `LINK${at}`)]
  const at = (ports: readonly number[]): string[] =>
    ports.map((it, index) => `${names[index]}://${address(it)}`)
  const protocols = ['CONTROLLER', ...names].map((name) => `${name}:PLAINTEXT`)
  return [
    `listeners=${[...at([port, ...listening]), ...more].join(',')}`,
    `advertised.listeners=${at([port, ...links.map((it) => it.port)]).join(',')}`,
    `listener.security.protocol.map=${protocols.join(',')}`,
    'inter.broker.listener.name=PLAINTEXT',
  ]
}

async function startOne(place: Place): Promise<Processes> {
  const [controller = 0] = await freePorts(1)
  const kafka = await startKafka({
    heapMb: HEAP_MB,
    advertised: address(place.port),
    properties: [
      ...listenersOf(place, [`CONTROLLER://${address(controller)}`]),
      `controller.quorum.voters=1@${address(controller)}`,
      ...QUICK_RESTART,
    ],
  })
  const { version, brokers, kill, restart, pause, resume, stop } = kafka
  return { count: 1, version, brokers, kill, start: restart, pause, resume, stop }
}

async function startThree(places: readonly Place[]): Promise<Processes> {
  const found = await findKafka()
  const cluster = await startKafkaBrokers({
    count: 3,
    settings: (id, port) => listenersOf({ ...places[id - 1]!, port }, []),
  })
  return {
    count: 3,
    version: 'missing' in found ? 'unknown' : found.version,
    brokers: cluster.brokers,
    kill: (node) => cluster.kill(node + 1),
    start: (node) => cluster.start(node + 1),
    pause: (node) => cluster.pause(node + 1),
    resume: (node) => cluster.resume(node + 1),
    stop: () => cluster[Symbol.asyncDispose](),
  }
}
