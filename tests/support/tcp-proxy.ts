/**
 * A TCP proxy that makes a link bad: slow, narrow, silent, cut. What it holds back in silence is
 * kept and delivered afterwards, as a network does that was parted: late, and to whoever still listens.
 */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Toxics = Readonly<{
  /** Each way. */
  latencyMs: number
  /** Added to the latency, at random up to it. */
  jitterMs: number
  /** Each way, of each connection. */
  bytesPerSecond: number
  /** Which way nothing passes: nothing is closed either. */
  silent: 'none' | 'requests' | 'replies' | 'both'
}>

export type TcpProxy = Readonly<{
  /** Of 127.0.0.1. */
  port: number
  /**
   * From now on, for connections that stand and those to come; what is not named is healthy, and what
   * was still to be lost or cut is not.
   */
  set: (toxics: Partial<Toxics>) => void
  /** All connections end in a reset. Tells how many. */
  reset: () => number
  /** The next reply is not passed on; its connection ends in a reset instead. */
  loseNextReply: () => void
  /** After so many bytes more of requests, of one connection, that one ends in a reset. */
  cutRequestAfter: (bytes: number) => void
  /** Connections that stand. */
  connections: () => number
  close: () => Promise<void>
}>

export type ProxyOptions = Readonly<{
  host?: string
  port: number
  /** Where it listens; by default anywhere. */
  listen?: number
  /** In [0, 1): for the jitter. */
  fraction?: () => number
}>

type Way = 'requests' | 'replies'
type Pair = Readonly<{ client: Socket; upstream: Socket; wake: () => void; reset: () => void }>

const HEALTHY: Toxics = { latencyMs: 0, jitterMs: 0, bytesPerSecond: Infinity, silent: 'none' }

export async function createTcpProxy(options: ProxyOptions): Promise<TcpProxy> {
  const { host = '127.0.0.1', port, listen = 0, fraction = () => 0.5 } = options
  const pairs = new Set<Pair>()
  let toxics = HEALTHY
  let isLosing = false
  let cutAfter: number | undefined

  /** Whether a piece may pass; what cuts the link is used up by it. */
  function isCut(way: Way, bytes: number): boolean {
    if (way === 'replies') {
      const isLost = isLosing
      isLosing = false
      return isLost
    }
    if (cutAfter === undefined) return false
    cutAfter -= bytes
    if (cutAfter > 0) return false
    cutAfter = undefined
    return true
  }

  const isSilent = (way: Way): boolean => toxics.silent === 'both' || toxics.silent === way

  /** One way of one connection: pieces pass in order, each after its delay. */
  async function pump(way: Way, pair: () => Pair, woken: () => Promise<void>): Promise<void> {
    const { client, upstream, reset } = pair()
    const [from, to] = way === 'requests' ? [client, upstream] : [upstream, client]
    let lastMs = 0
    let passing: Promise<unknown> = Promise.resolve()
    for await (const piece of from as AsyncIterable<Buffer>) {
      while (isSilent(way) && !to.destroyed) await woken()
      if (isCut(way, piece.length)) return reset()
      const { latencyMs, jitterMs, bytesPerSecond } = toxics
      const nowMs = performance.now()
      const dueMs = nowMs + latencyMs + jitterMs * fraction()
      lastMs = Math.max(lastMs, dueMs) + (piece.length / bytesPerSecond) * 1_000
      const waitMs = lastMs - nowMs
      // In flight are as many as the latency allows; a narrow link takes no more than it passes on.
      passing = passing.then(() => passOn(to, piece, waitMs > 1 ? lastMs : 0))
      if (bytesPerSecond < Infinity || to.writableNeedDrain) await passing
    }
    await passing
    to.end()
  }

  const server = createServer((client) => {
    const upstream = connect(port, host)
    let woken = Promise.withResolvers<void>()
    const pair: Pair = {
      ...{ client, upstream },
      wake: () => {
        woken.resolve()
        woken = Promise.withResolvers<void>()
      },
      reset: () => {
        client.resetAndDestroy()
        upstream.resetAndDestroy()
      },
    }
    pairs.add(pair)
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      socket
        .on('error', () => {})
        .on('close', () => {
          const other = socket === client ? upstream : client
          // What was sent before the end is passed on first; what broke, breaks the other too.
          if (socket.errored !== null) other.destroy()
          if (client.destroyed && upstream.destroyed) pairs.delete(pair)
          pair.wake()
        })
    }
    for (const way of ['requests', 'replies'] as const) {
      pump(
        way,
        () => pair,
        () => woken.promise,
      ).catch(() => pair.reset())
    }
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(listen, '127.0.0.1', listening.resolve)
  await listening.promise

  function reset(): number {
    const all = [...pairs]
    for (const pair of all) pair.reset()
    return all.length
  }

  return {
    port: (server.address() as AddressInfo).port,
    set: (its) => {
      toxics = { ...HEALTHY, ...its }
      isLosing = false
      cutAfter = undefined
      for (const pair of pairs) pair.wake()
    },
    reset,
    loseNextReply: () => {
      isLosing = true
    },
    cutRequestAfter: (bytes) => {
      cutAfter = bytes
    },
    connections: () => pairs.size,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      reset()
      await closed
    },
  }
}

async function passOn(to: Socket, piece: Buffer, atMs: number): Promise<void> {
  if (atMs > 0) await sleep(Math.max(0, atMs - performance.now()))
  if (!to.destroyed) to.write(piece)
}
