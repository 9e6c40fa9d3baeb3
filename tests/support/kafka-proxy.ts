/**
 * A proxy before a broker that reads Kafka's frames: it can put another error code into the answers
 * of an API. The broker must tell its clients the proxy's address as its own.
 */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { APIS, codePlaces } from './kafka-frames.ts'
import type { Api } from './kafka-frames.ts'

export type Rule = Readonly<{
  api: Api
  /** Of these, so many answers: the next ones. */
  times: number
  /** Written over the code, whatever it was. */
  with: number
}>

export type KafkaProxy = Readonly<{
  /** Of 127.0.0.1, where it listens. */
  port: number
  /** In place of all rules before. */
  set: (rules: readonly Rule[]) => void
  /** How many answers of an API the present rules have met. */
  met: (api: Api) => number
  close: () => Promise<void>
}>

type Waiting = Readonly<{ api: Api | undefined; version: number }>

const NAMES = new Map<number, Api>(
  Object.entries(APIS).map(([name, key]): [number, Api] => [key, name as Api]),
)

/** `port`: the broker's. It may be there later than the proxy. */
export async function createKafkaProxy(port: number): Promise<KafkaProxy> {
  const sockets = new Set<Socket>()
  let rules: { rule: Rule; left: number; met: number }[] = []

  function passed({ api, version }: Waiting, answer: Buffer): Buffer {
    const found = rules.find(({ rule, left }) => rule.api === api && left > 0)
    if (found === undefined || api === undefined) return answer
    const body = answer.subarray(4)
    const places = codePlaces(api, version, body)
    // An answer about nothing has no code: it does not count.
    if (places.length === 0) return answer
    found.left -= 1
    found.met += 1
    for (const place of places) body.writeInt16BE(found.rule.with, place)
    return answer
  }

  const server = createServer((client) => {
    const broker = connect(port, '127.0.0.1')
    const waiting = new Map<number, Waiting>()
    const destroy = (): void => {
      client.destroy()
      broker.destroy()
    }
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket
        .setNoDelay(true)
        .on('error', destroy)
        .on('close', () => {
          sockets.delete(socket)
          destroy()
        })
    }
    const requests = createFramer((frame) => {
      const api = NAMES.get(frame.readInt16BE(4))
      waiting.set(frame.readInt32BE(8), { api, version: frame.readInt16BE(6) })
      broker.write(frame)
    })
    const answers = createFramer((frame) => {
      const id = frame.readInt32BE(4)
      const asked = waiting.get(id) ?? { api: undefined, version: 0 }
      waiting.delete(id)
      client.write(passed(asked, frame))
    })
    client.on('data', requests)
    broker.on('data', answers)
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise

  return {
    port: (server.address() as AddressInfo).port,
    set: (its) => {
      rules = its.map((rule) => ({ rule, left: rule.times, met: 0 }))
    },
    met: (api) => rules.reduce((sum, { rule, met }) => sum + (rule.api === api ? met : 0), 0),
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Whole frames, each with the four bytes of its length, in a buffer of its own. */
function createFramer(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let kept = Buffer.alloc(0)
  return (chunk) => {
    kept = Buffer.concat([kept, chunk])
    while (kept.length >= 4 && kept.length >= 4 + kept.readInt32BE(0)) {
      const size = 4 + kept.readInt32BE(0)
      take(Buffer.from(kept.subarray(0, size)))
      kept = kept.subarray(size)
    }
  }
}
