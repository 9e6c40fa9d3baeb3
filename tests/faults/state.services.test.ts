/** `forewarn state` against a real Kafka and a real Redis: out, in, compared, emptied, refused. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import type { RedisClient } from '../../src/adapters/redis-options.ts'
import { createStateKeys } from '../../src/adapters/redis-state.ts'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import { checkSnapshot, readSnapshot } from '../../src/cli/state-file.ts'
import { decodeMeta } from '../../src/engine/meta.ts'
import { partLine } from '../../src/engine/state-snapshot.ts'
import { deploy } from '../support/deployment.ts'
import type { Deployment } from '../support/deployment.ts'
import { readOutputs, storedText } from '../support/outputs.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'
import { expectEqual } from './expectations.ts'
import { createStream } from './stream.ts'
import type { Stream } from './stream.ts'

const PARTITIONS = 3
const SLOW = { timeout: 120_000 }

async function redisOf(): Promise<RedisClient> {
  const redis = createRedis({ url: redisUrl() })
  onTestFinished(() => redis.disconnect())
  await whenReady(redis)
  return redis
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describeWithBoth('forewarn state', () => {
  let stream: Stream
  /** In the midst of the stream. */
  let middle: string

  beforeAll(async () => {
    stream = await createStream({ merchants: 40, days: 60, seed: 7 })
    const line = stream.lines
      .slice(stream.lines.length >> 1)
      .find((it) => it.includes('receivedat'))
    middle = String((JSON.parse(line ?? '') as { receivedat: string }).receivedat)
  })

  const deployed = (): Promise<Deployment> =>
    deploy({ brokers: kafkaBrokers(), redis: redisUrl() }, PARTITIONS, stream.lines)

  async function runs(deployment: Deployment, until = stream.until): Promise<void> {
    expect(await deployment.run('a', until).exited).toMatchObject({ code: 0 })
  }

  async function verifies(deployment: Deployment): Promise<void> {
    const verified = await deployment.command('state', 'verify')
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout.match(/are what the log says/g)).toHaveLength(PARTITIONS)
  }

  test('an older export, brought into an emptied store, is folded on', SLOW, async () => {
    await using deployment = await deployed()
    const folder = emptyFolder()
    await runs(deployment, middle)
    await verifies(deployment)
    const exported = await deployment.command('state', 'export', '--out', folder)
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    const files = readdirSync(folder).map((it) => join(folder, it))
    expect(files).toHaveLength(PARTITIONS)
    await runs(deployment)

    const occupied = await deployment.command('state', 'import', ...files)
    expect(occupied).toMatchObject({ code: 1, stdout: '' })
    expect(occupied.stderr).toContain('is not empty')
    const emptied = await deployment.command('state', 'rebuild', '--to-import', '--yes')
    expect(emptied.code).toBe(0)
    expect(await storedText(redisUrl(), deployment)).toBe('')

    expect(await deployment.command('state', 'import', ...files)).toMatchObject({ code: 0 })
    const again = emptyFolder()
    expect((await deployment.command('state', 'export', '--out', again)).code).toBe(0)
    for (const it of readdirSync(folder)) {
      expect(await partsOf(join(again, it))).toEqual(await partsOf(join(folder, it)))
    }
    await verifies(deployment)
    await runs(deployment)
    await verifies(deployment)
    expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
  })

  test(
    'an import cut off half-way is refused by the service, and made whole by another',
    SLOW,
    async () => {
      await using deployment = await deployed()
      const file = join(emptyFolder(), 'p0.gz')
      await runs(deployment)
      const asked = ['--partition', '0']
      expect((await deployment.command('state', 'export', ...asked, '--out', file)).code).toBe(0)
      expect((await deployment.command('state', 'rebuild', ...asked, '--yes')).code).toBe(0)
      const keys = createStateKeys(await redisOf(), deployment.namespace)
      const { sha256 } = await checkSnapshot(file)
      const half = { fields: [['acq\nM1\nn', new Uint8Array([1])]], outbox: [], due: [] } as const
      expect(await keys.begin(0, sha256)).toBe(true)
      expect(await keys.put(0, sha256, half)).toBe(true)

      const refused = await deployment.run('a', stream.until).exited
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('an import into partition 0 was not finished')
      expect(await keys.begin(0, 'another')).toBe(false)
      expect(await keys.put(0, 'another', half)).toBe(false)
      expect(await keys.clear(0, '41|7|somebody')).toBe(false)
      expect(await keys.storedCursor(0)).toContain('import')

      expect((await deployment.command('state', 'rebuild', ...asked, '--yes')).code).toBe(0)
      expect(await keys.begin(0, sha256)).toBe(true)
      expect(await deployment.command('state', 'import', file)).toMatchObject({ code: 0 })
      await verifies(deployment)
    },
  )

  test('rebuilt from the log: asks first, then all is as before', SLOW, async () => {
    await using deployment = await deployed()
    const running = deployment.run('a', stream.until)
    await deployment.until(({ records }) => records > 0.2 * stream.lines.length, running)
    expect(running.send('SIGTERM')).toBe(true)
    await running.exited
    const unsure = await deployment.command('state', 'rebuild')
    expect(unsure).toMatchObject({ code: 2, stdout: '' })
    expect((await deployment.progress()).records).toBeGreaterThan(0)

    expect((await deployment.command('state', 'rebuild', '--yes')).code).toBe(0)
    expect((await deployment.progress()).records).toBe(0)
    const none = await deployment.command('state', 'verify')
    expect(none.code).toBe(1)
    expect(none.stdout).toContain('no state is stored')
    await runs(deployment)
    await verifies(deployment)
    expectEqual(await readOutputs(kafkaBrokers(), deployment), stream)
  })

  test('nothing is emptied while an instance is in the group', SLOW, async () => {
    const services = { brokers: kafkaBrokers(), redis: redisUrl() }
    await using deployment = await deploy(services, 1, stream.lines.slice(0, 10))
    const running = deployment.run('a', '2099-01-01T00:00:00Z')
    await deployment.until(({ records }) => records === 10, running)
    const refused = await deployment.command('state', 'rebuild', '--yes')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('the service runs')
    expect(running.send('SIGTERM')).toBe(true)
    await running.exited
    expect((await deployment.progress()).records).toBe(10)
  })

  test('verify names the account that was changed', SLOW, async () => {
    await using deployment = await deployed()
    await runs(deployment)
    await verifies(deployment)

    const redis = await redisOf()
    const key = `{p1.${deployment.namespace}}:a`
    const [first = '', second = ''] = (await redis.hkeys(key)).filter((it) => it.endsWith('\nn'))
    await redis.hset(key, second, (await redis.hgetBuffer(key, first)) ?? '')
    const verified = await deployment.command('state', 'verify', '--json')
    expect(verified.code).toBe(3)
    const found = verified.stdout
      .trim()
      .split('\n')
      .flatMap((line) => JSON.parse(line).differences)
    expect(found).toHaveLength(1)
    expect(found[0].merchantId).toBe(second.split('\n')[1])
  })

  test('a state of a newer version is refused before anything is written', SLOW, async () => {
    await using deployment = await deployed()
    await runs(deployment, middle)
    const redis = await redisOf()
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const key = `{p${partition}.${deployment.namespace}}:m`
      const meta = (await redis.hgetBuffer(key, 'meta')) ?? Buffer.alloc(0)
      const newer = meta.toString('latin1').replace(/"stateVersion":\d/, '"stateVersion":9')
      await redis.hset(key, 'meta', Buffer.from(newer, 'latin1'))
    }
    const before = await storedText(redisUrl(), deployment)
    const refused = await deployment.run('a', stream.until).exited
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('the stored state is of version 9')
    const after = await storedText(redisUrl(), deployment)
    expect(new Set(fieldsOf(after))).toEqual(new Set(fieldsOf(before)))
    const loaded = await createRedisStore(redis, deployment.namespace).load(0)
    expect(() => decodeMeta(loaded?.meta ?? new Uint8Array())).toThrow('run a newer one')
  })
})

/** In an order of their own. */
async function partsOf(path: string): Promise<readonly string[]> {
  const parts = await Array.fromAsync(readSnapshot(path))
  expect(parts.length).toBeGreaterThan(10)
  return parts.map(partLine).toSorted()
}

/** A server names the fields of a hash in any order. */
function fieldsOf(text: string): readonly string[] {
  return text.split(/\n|","/)
}
