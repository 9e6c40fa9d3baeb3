/** Redis answers, and refuses: a worker waits with what it has, skips nothing, and goes on soon after. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import type { RedisClient } from '../../src/adapters/redis-options.ts'
import { deploy } from '../support/deployment.ts'
import { readOutputs } from '../support/outputs.ts'
import type { RedisProcess } from '../support/redis-process.ts'
import { freePorts } from '../support/server-process.ts'
import { kafkaBrokers, startRedis } from '../support/services.ts'
import { expectEqual } from './expectations.ts'
import { createStream } from './stream.ts'
import type { Stream } from './stream.ts'

const PARTITIONS = 3
const REFUSED_MS = 3_000
const RESUME_MAX_MS = 10_000
const FAULTING = { timeout: 120_000 }
/** A replica of nobody: it serves what it has, and takes nothing. */
const NOBODY = await freePorts(1)

type Fault = Readonly<{
  begin: (redis: RedisClient, server: RedisProcess) => Promise<unknown>
  end: (redis: RedisClient) => Promise<unknown>
  /** Word in the log. */
  felt: RegExp
}>

/** A script without an end, asked over a connection of its own. */
async function loop(redis: RedisClient, server: RedisProcess): Promise<void> {
  await redis.call('CONFIG', 'SET', 'lua-time-limit', '100')
  const other = createRedis({ url: server.url })
  await whenReady(other)
  other
    .eval('while true do end', 0)
    .catch(() => {})
    .finally(() => other.disconnect())
}

/** It ends a moment after it was told to. */
async function killScript(redis: RedisClient): Promise<void> {
  await redis.call('SCRIPT', 'KILL')
  const isBusy = (): Promise<boolean> =>
    redis.ping().then(
      () => false,
      () => true,
    )
  while (await isBusy()) await sleep(5)
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'has no memory left': {
    begin: (redis) => redis.call('CONFIG', 'SET', 'maxmemory', '1'),
    end: (redis) => redis.call('CONFIG', 'SET', 'maxmemory', '0'),
    felt: /OOM/,
  },
  'became a replica': {
    begin: (redis) => redis.call('REPLICAOF', '127.0.0.1', `${NOBODY[0]}`),
    end: (redis) => redis.call('REPLICAOF', 'NO', 'ONE'),
    felt: /READONLY|did not answer/,
  },
  'runs a long script': {
    begin: loop,
    end: killScript,
    felt: /BUSY|did not answer/,
  },
  'wants a password that nobody told us': {
    begin: async (redis) => {
      await redis.call('CONFIG', 'SET', 'requirepass', 'secret')
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    },
    end: (redis) => redis.call('CONFIG', 'SET', 'requirepass', ''),
    felt: /NOAUTH|did not answer/,
  },
  'took our rights away': {
    begin: (redis) => redis.call('ACL', 'SETUSER', 'default', '-evalsha', '-hmget'),
    end: (redis) => redis.call('ACL', 'SETUSER', 'default', '+@all'),
    felt: /NOPERM/,
  },
}

const hasBoth = inject('kafka') !== undefined && inject('ownRedis')

describe.runIf(hasBoth)('a worker whose Redis', () => {
  let stream: Stream

  beforeAll(async () => {
    stream = await createStream({ merchants: 40, days: 60, seed: 7 })
  })

  test.each(Object.entries(FAULTS))('%s', FAULTING, async (_what, { begin, end, felt }) => {
    await using server = await startRedis()
    const services = { brokers: kafkaBrokers(), redis: server.url }
    await using deployment = await deploy(services, PARTITIONS, stream.lines)
    const redis = createRedis({ url: server.url })
    await using _ = { [Symbol.asyncDispose]: async () => redis.disconnect() }
    await whenReady(redis)
    /** Records below the cursors. */
    async function folded(): Promise<number> {
      const keys = Array.from({ length: PARTITIONS }, (_it, at) => {
        return `{p${at}.${deployment.namespace}}:c`
      })
      const cursors = await Promise.all(keys.map((key) => redis.get(key)))
      return cursors.reduce((sum, cursor) => sum + Number(cursor?.split('|')[0] ?? 0), 0)
    }

    const running = deployment.run('a', stream.until)
    await deployment.until(({ records }) => records > stream.lines.length / 4, running)
    await begin(redis, server)
    await sleep(REFUSED_MS)
    expect(running.isAlive()).toBe(true)
    await end(redis)
    const before = await folded()
    const from = performance.now()
    while ((await folded()) === before && running.isAlive()) await sleep(20)
    expect(performance.now() - from).toBeLessThan(RESUME_MAX_MS)
    const { code, stderr } = await running.exited
    expect({ code, before: before < stream.lines.length }).toEqual({ code: 0, before: true })
    expect(stderr).toMatch(felt)
    expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
  })
})
