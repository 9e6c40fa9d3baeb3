/** How this process talks to Redis: an error after two seconds, and nothing is ever sent twice. */
import { Cluster, Redis, type RedisOptions } from 'ioredis'

/**
 * ioredis by default repeats what was not answered, so a write whose reply was lost happens twice,
 * and waits for ever on a server that stopped. Here every command ends in an answer or an error, and
 * an error means "unknown": only the compare-and-set of the store decides what happened.
 */
export const REDIS_OPTIONS = {
  // A command that was written and not answered is answered with an error when the connection ends.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // Nothing waits in a queue without a bound for a server that is away.
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  // A stopped server keeps its sockets open: only this notices.
  commandTimeout: 2_000,
  socketTimeout: 5_000,
  connectTimeout: 5_000,
  keepAlive: 5_000,
  // The replies of version 2 of the protocol, which 6.2 and every proxy speak.
  protocol: 2,
  retryStrategy: (attempts: number) => Math.min(50 * 2 ** Math.min(attempts, 6), 2_000),
  // After a failover the old master answers READONLY: reconnect, but do not send the command again.
  reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 1 : false),
} satisfies RedisOptions

export type RedisClient = Redis | Cluster

export type RedisAddress = Readonly<{
  url: string
  isCluster?: boolean
  /** Credentials, TLS and the like. It cannot undo the options above. */
  extra?: Omit<RedisOptions, 'replyMapping' | 'keyPrefix'>
}>

/** `onError` is told of lost and refused connections, as a word without payload. */
export function createRedis(
  address: RedisAddress,
  onError: (word: string) => void = () => {},
): RedisClient {
  const { url, isCluster = false, extra = {} } = address
  const options = { ...extra, ...REDIS_OPTIONS }
  const client = isCluster ? createCluster(url, options) : new Redis(url, options)
  client.on('error', (error: NodeJS.ErrnoException) => onError(error.code ?? error.name))
  return client
}

/** A cluster takes some options only beside those of its nodes; there they are ignored silently. */
function createCluster(url: string, options: Omit<RedisOptions, 'replyMapping'>): Cluster {
  const { enableOfflineQueue = false, retryStrategy: _, ...redisOptions } = options
  const { username, password, protocol } = new URL(url)
  const credentials = {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  }
  return new Cluster([url], {
    redisOptions: { ...credentials, ...redisOptions },
    enableOfflineQueue,
    enableAutoPipelining: false,
    // A slot that moves is followed at once; what is still unclear is an error like any other.
    maxRedirections: 4,
    clusterRetryStrategy: REDIS_OPTIONS.retryStrategy,
  })
}

/** Resolves when commands can be sent, rejects after `timeoutMs`. */
export async function whenReady(client: RedisClient, timeoutMs = 10_000): Promise<void> {
  if (client.status === 'ready') return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error('Redis does not answer')), timeoutMs)
  client.once('ready', resolve)
  await promise.finally(() => {
    clearTimeout(timer)
    client.off('ready', resolve)
  })
}
