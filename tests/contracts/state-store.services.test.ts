import { Redis } from 'ioredis'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkRedis } from '../../src/adapters/redis-check.ts'
import { createRedis, whenReady, type RedisClient } from '../../src/adapters/redis-options.ts'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import { IncompleteState, Unavailable } from '../../src/core/ports.ts'
import { createDropProxy } from '../support/drop-proxy.ts'
import {
  describeWithOwnRedis,
  describeWithRedis,
  redisUrl,
  startRedis,
  uniqueName,
} from '../support/services.ts'
import { FIRST, stateStoreContract } from './state-store.ts'

const connected = async (url = redisUrl(), isCluster = false): Promise<RedisClient> => {
  const client = createRedis({ url, isCluster })
  onTestFinished(() => client.disconnect())
  await whenReady(client)
  return client
}

describeWithRedis('the Redis store', () => {
  stateStoreContract('Redis', async () => createRedisStore(await connected(), uniqueName('test')))
})

const next = (version: number) => ({ offset: 10 + version, version, writer: 'w1' })

describeWithRedis('the Redis store under faults', () => {
  const behindProxy = async (namespace: string) => {
    const { hostname, port } = new URL(redisUrl())
    const proxy = await createDropProxy(hostname, Number(port || 6_379))
    onTestFinished(() => proxy.close())
    const client = await connected(`redis://127.0.0.1:${proxy.port}`)
    return { proxy, client, store: createRedisStore(client, namespace) }
  }

  test('a commit whose reply is lost: unavailable, and sent again it shows its own cursor', async () => {
    const { proxy, client, store } = await behindProxy(uniqueName('test'))
    await store.commit(0, { ...FIRST, next: next(1) })
    proxy.dropNextReply()
    const commit = { ...FIRST, expected: next(1), next: next(2), dueAdded: [[1, 'M1']] } as const
    await expect(store.commit(0, commit)).rejects.toThrow(Unavailable)
    await whenReady(client)
    expect(await store.commit(0, commit)).toEqual({ kind: 'refused', current: next(2) })
    expect((await store.due(0, 1)).value).toEqual([{ bucket: 1, accounts: ['M1'] }])
  })

  test('a server that does not answer: unavailable within the command time-out', async () => {
    const { proxy, store } = await behindProxy(uniqueName('test'))
    await store.commit(0, { ...FIRST, next: next(1) })
    proxy.blackHole(true)
    const started = performance.now()
    await expect(store.load(0)).rejects.toThrow(Unavailable)
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  test('a server that is away: unavailable at once, and it works again when it is back', async () => {
    const { proxy, client, store } = await behindProxy(uniqueName('test'))
    await store.commit(0, { ...FIRST, next: next(1) })
    proxy.dropNextReply()
    await expect(store.load(0)).rejects.toThrow(Unavailable)
    await expect(store.load(0)).rejects.toThrow(Unavailable)
    await whenReady(client)
    expect((await store.load(0))?.cursor).toEqual(next(1))
  })

  test('scripts that the server has forgotten are loaded again', async () => {
    const client = await connected()
    const store = createRedisStore(client, uniqueName('test'))
    await store.commit(0, { ...FIRST, next: next(1) })
    await client.script('FLUSH')
    expect(await store.commit(0, { ...FIRST, expected: next(1), next: next(2) })).toEqual({
      kind: 'done',
    })
  })

  test('a key of another type: an error that is a bug, without payload, and nothing is written', async () => {
    const client = await connected()
    const namespace = uniqueName('test')
    const store = createRedisStore(client, namespace)
    await client.set(`{p0.${namespace}}:a`, 'not a hash')
    const secret = new TextEncoder().encode('4111111111111111')
    const failed = await store
      .commit(0, { ...FIRST, fields: [['a', secret]], dueAdded: [[1, 'M1']] })
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(Error)
    expect(failed).not.toBeInstanceOf(Unavailable)
    expect(failed).toMatchObject({ message: expect.stringContaining('MISFIT') })
    expect(Object.keys(failed as Error)).toEqual([])
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed))).not.toContain('4111')
    expect(await client.keys(`{p0.${namespace}}*`)).toEqual([`{p0.${namespace}}:a`])
  })

  test('a torn commit refuses to load, and the same commit sent again heals it', async () => {
    const client = await connected()
    const namespace = uniqueName('test')
    const store = createRedisStore(client, namespace)
    await store.commit(0, { ...FIRST, next: next(1) })
    await client.hset(`{p0.${namespace}}:m`, 'intent', '12|2|w1')
    await expect(store.load(0)).rejects.toThrow('torn')
    await expect(store.read(0, ['a'])).rejects.toThrow(IncompleteState)
    await store.commit(0, { ...FIRST, expected: next(1), next: next(2) })
    expect((await store.load(0))?.cursor).toEqual(next(2))
  })

  test('all keys of a partition share one hash tag', async () => {
    const client = await connected()
    const namespace = uniqueName('test')
    const store = createRedisStore(client, namespace)
    await store.commit(7, {
      ...FIRST,
      fields: [['a', Uint8Array.of(1)]],
      dueAdded: [[480_000, '}M1{']],
    })
    const keys = await client.keys(`*${namespace}*`)
    const tag = `{p7.${namespace}}`
    const names = [':a', ':c', ':d', ':d:480000', ':m'].map((key) => tag + key)
    expect(keys.toSorted()).toEqual(names)
  })
})

describeWithOwnRedis('the Redis store and a Redis of its own', () => {
  test('full memory, and a replica: unavailable, and nothing is written', async () => {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    const client = await connected(server.url)
    const store = createRedisStore(client)
    await store.commit(0, { ...FIRST, next: next(1) })
    const commit = { ...FIRST, expected: next(1), next: next(2) }

    await client.config('SET', 'maxmemory', '1')
    await expect(store.commit(0, commit)).rejects.toThrow(/OOM/)
    await client.config('SET', 'maxmemory', '0')
    expect((await store.load(0))?.cursor).toEqual(next(1))

    await client.replicaof('127.0.0.1', 1)
    const readOnly = store.commit(0, commit)
    await expect(readOnly).rejects.toThrow(Unavailable)
    await expect(readOnly).rejects.toThrow(/READONLY/)
  })

  test('what is wrong with it is said, with the remedy', async () => {
    const server = await startRedis({ appendonly: true })
    onTestFinished(() => server.stop())
    const client = await connected(server.url)
    expect(await checkRedis(client)).toEqual([])
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await client.config('SET', 'appendonly', 'no')
    await client.replicaof('127.0.0.1', 1)
    const findings = await checkRedis(client)
    expect(findings.map(({ kind, remedy }) => [kind, remedy])).toEqual([
      ['fault', 'redis-cli CONFIG SET maxmemory-policy noeviction'],
      ['fault', 'connect to 127.0.0.1'],
      ['note', 'redis-cli CONFIG SET appendonly yes'],
    ])
  })
})

describeWithOwnRedis('the Redis store in a cluster of one node', () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  beforeAll(async () => {
    server = await startRedis({
      args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    })
    const admin = new Redis(server.url)
    await admin.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot))
    while (!(await admin.cluster('INFO')).includes('cluster_state:ok')) await setImmediate()
    admin.disconnect()
  })
  afterAll(() => server.stop())

  stateStoreContract('Redis Cluster', async () =>
    createRedisStore(await connected(server.url, true), uniqueName('test')),
  )
})
