/** How this process talks to Redis: an error after two seconds, and nothing is ever sent twice. */
import { Redis, type RedisOptions } from 'ioredis'

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

/**
 * `onError` is told of lost and refused connections, as a word without payload. `extra` is for
 * credentials, TLS and the like; it cannot undo the options above.
 */
export function createRedis(
  url: string,
  onError: (word: string) => void = () => {},
  extra: Omit<RedisOptions, 'replyMapping'> = {},
): Redis {
  const client = new Redis(url, { ...extra, ...REDIS_OPTIONS })
  client.on('error', (error: NodeJS.ErrnoException) => onError(error.code ?? error.name))
  return client
}

/** Resolves when commands can be sent, rejects after `timeoutMs`. */
export async function whenReady(client: Redis, timeoutMs = 10_000): Promise<void> {
  if (client.status === 'ready') return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error('Redis does not answer')), timeoutMs)
  client.once('ready', resolve)
  await promise.finally(() => {
    clearTimeout(timer)
    client.off('ready', resolve)
  })
}
