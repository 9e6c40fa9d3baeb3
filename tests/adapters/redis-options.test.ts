import { Cluster, Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createRedis } from '../../src/adapters/redis-options.ts'

test('a client never repeats a command and never waits without an end', () => {
  const extra = { lazyConnect: true, maxRetriesPerRequest: 20, enableOfflineQueue: true }
  const client = createRedis({ url: 'redis://127.0.0.1:1', extra })
  onTestFinished(() => client.disconnect())
  expect(client.options).toMatchObject({
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    commandTimeout: 2_000,
    socketTimeout: 5_000,
    connectTimeout: 5_000,
    protocol: 2,
    lazyConnect: true,
  })
})

test('after READONLY it reconnects, and does not send the command again', () => {
  const client = createRedis({ url: 'redis://127.0.0.1:1', extra: { lazyConnect: true } })
  onTestFinished(() => client.disconnect())
  if (!(client instanceof Redis)) throw new Error('not a single server')
  const { reconnectOnError } = client.options
  expect(
    reconnectOnError?.(new Error("READONLY You can't write against a read only replica.")),
  ).toBe(1)
  expect(reconnectOnError?.(new Error('OOM command not allowed'))).toBe(false)
})

test('it tries again within two seconds, for ever', () => {
  const client = createRedis({ url: 'redis://127.0.0.1:1', extra: { lazyConnect: true } })
  onTestFinished(() => client.disconnect())
  if (!(client instanceof Redis)) throw new Error('not a single server')
  const delays = [1, 2, 5, 10, 100_000].map((n) => client.options.retryStrategy?.(n))
  expect(delays).toEqual([100, 200, 1_600, 2_000, 2_000])
})

test('the nodes of a cluster have the same options, and the password of the address', () => {
  const client = createRedis({ url: 'redis://me:p%40ss@127.0.0.1:1', isCluster: true })
  onTestFinished(() => client.disconnect())
  if (!(client instanceof Cluster)) throw new Error('not a cluster')
  expect(client.options.enableOfflineQueue).toBe(false)
  expect(client.options.redisOptions).toMatchObject({
    username: 'me',
    password: 'p@ss',
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 2_000,
  })
})

test('a refused connection is told as a word', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const client = createRedis({ url: 'redis://127.0.0.1:1' }, resolve)
  onTestFinished(() => client.disconnect())
  expect(await promise).toBe('ECONNREFUSED')
})
