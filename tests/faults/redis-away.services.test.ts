/** Redis dies, or stops answering, under a worker: it waits, goes on, and says what `replay` says. */
import { globSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, inject, describe, test } from 'vitest'
import { deploy } from '../support/deployment.ts'
import { readOutputs } from '../support/outputs.ts'
import type { RedisProcess } from '../support/redis-process.ts'
import { kafkaBrokers, startRedis } from '../support/services.ts'
import { expectEqual } from './expectations.ts'
import { createStream } from './stream.ts'
import type { Stream } from './stream.ts'

const PAUSE_MS = 5_000
const FAULTING = { timeout: 120_000 }

async function killed(redis: RedisProcess): Promise<void> {
  await redis.kill()
  await redis.restart()
}

/** Of the last writes nothing is left: what an fsync once a second may lose, and more. */
async function rolledBack(redis: RedisProcess): Promise<void> {
  await redis.kill()
  const [file] = globSync(join(redis.folder, '{appendonlydir/*.incr.aof,appendonly.aof}'))
  if (file === undefined) throw new Error('this Redis keeps its append-only file elsewhere')
  truncateSync(file, Math.floor(statSync(file).size / 2))
  await redis.restart()
}

async function paused(redis: RedisProcess): Promise<void> {
  redis.pause()
  await sleep(PAUSE_MS)
  redis.resume()
}

const hasBoth = inject('kafka') !== undefined && inject('ownRedis')

describe.runIf(hasBoth)('a worker whose Redis', () => {
  let stream: Stream

  beforeAll(async () => {
    stream = await createStream({ merchants: 60, days: 90, seed: 7 })
  })

  test.each([
    ['is killed and comes back with its append-only file', killed],
    ['is killed and comes back with half of it', rolledBack],
    ['answers nothing for five seconds', paused],
  ])('%s', FAULTING, async (_what, befall) => {
    await using redis = await startRedis({ appendonly: true })
    const services = { brokers: kafkaBrokers(), redis: redis.url }
    await using deployment = await deploy(services, 3, stream.lines)
    const running = deployment.run('a', stream.until)
    await deployment.until(({ records }) => records > stream.lines.length / 3, running)
    await befall(redis)
    expect(running.isAlive()).toBe(true)
    const { code, stderr } = await running.exited
    expect({ code, isFelt: stderr.includes('the store did not answer') }).toEqual({
      code: 0,
      isFelt: true,
    })
    expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
  })
})
