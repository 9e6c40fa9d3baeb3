/** The real service is told of another policy: by SIGHUP in the middle of a stream, and by a wrong file. */
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createRedis, whenReady } from '../../src/adapters/redis-options.ts'
import { createRedisStore } from '../../src/adapters/redis-store.ts'
import { decodeMeta } from '../../src/engine/meta.ts'
import type { PolicyMark } from '../../src/engine/policy-mark.ts'
import type { Status } from '../../src/console/status.ts'
import { deploy } from '../support/deployment.ts'
import type { Deployment } from '../support/deployment.ts'
import { startForewarn } from '../support/forewarn-process.ts'
import { history, merged } from '../support/history.ts'
import { readOutputs } from '../support/outputs.ts'
import { policyFile, policyWith } from '../support/policies.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'
import { idsOfChanged } from './changed-fold.ts'

/** What stands of the idle ends, and a terminal unused beside another is spoken of earlier. */
const OTHER = `terminal-inactivity:
  ladders:
    reverify: { notice: -75d, warning: -20d, consequence-due: 0d }
    stop: { notice: -60d, warning: -30d, final-warning: -7d, consequence-due: 0d }
  source: own
merchant-inactivity: { armed: false }`

const DAY_MS = 86_400_000
const START_MS = Date.parse('2026-01-01T00:00:00+08:00')
/** Of the stream: the idle are warned of by then, and there is enough left for a process to be met. */
const PLACE = 0.65
const DAYS = 120
const PATIENCE_MS = 30_000

/** Adds settings to those of a deployment: its policy, as a file of its own, and known ports. */
function withPolicy({ configFile }: Deployment, more: object = {}) {
  const file = join(dirname(configFile), 'own.yaml')
  const write = (lines: string): void => writeFileSync(file, policyFile(lines))
  const settings = JSON.parse(readFileSync(configFile, 'utf8')) as object
  const defaults = { profile: 'own' }
  writeFileSync(configFile, JSON.stringify({ ...settings, policies: [file], defaults, ...more }))
  write('')
  return { file, write }
}

/** Fifty merchants who sell all day long, on one of two terminals, and ten who stop after five days. */
function trade(): string[] {
  const shops = Array.from({ length: 60 }, (_, n) => {
    const shop = history({ merchantId: `M${n}` })
    shop.registers('2026-01-01T08:00')
    shop.activates('2026-01-01T09:00')
    if (n < 50) shop.activates('2026-02-01T09:00', 'T2')
    for (let day = 0; day < (n < 50 ? DAYS : 5); day++) {
      const date = Temporal.PlainDate.from('2026-01-02').add({ days: day }).toString()
      for (let hour = 10; hour < 18; hour++) shop.sells(`${date}T${hour}:${10 + (n % 50)}`)
    }
    return shop.lines()
  })
  return merged(...shops)
}

async function markOf({ namespace }: Deployment): Promise<PolicyMark | undefined> {
  const redis = createRedis({ url: redisUrl() })
  await whenReady(redis)
  const loaded = await createRedisStore(redis, namespace).load(0)
  redis.disconnect()
  return loaded === undefined ? undefined : decodeMeta(loaded.meta).policy
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What is asked for, as soon as the claim holds of it. */
async function eventually<T>(ask: () => Promise<T>, isSo: (it: T) => boolean): Promise<T> {
  const sinceMs = performance.now()
  for (;;) {
    const found = await ask().catch(() => undefined)
    if (found !== undefined && isSo(found)) return found
    if (performance.now() - sinceMs > PATIENCE_MS) throw new Error(JSON.stringify(found))
    await sleep(20)
  }
}

describeWithBoth('a change of policy', () => {
  test('by SIGHUP in a stream: nothing is lost or said twice, and the place is known', async () => {
    const lines = trade()
    const untilMs = START_MS + (DAYS + 60) * DAY_MS
    await using deployment = await deploy({ brokers: kafkaBrokers(), redis: redisUrl() }, 1, lines)
    const { write } = withPolicy(deployment)
    const running = deployment.run('a', new Date(untilMs).toISOString())
    await deployment.until(({ records }) => records > PLACE * lines.length, running)
    write(OTHER)
    expect(running.send('SIGHUP')).toBe(true)
    const { code, stderr } = await running.exited
    expect({ code, isTold: stderr.includes('another policy judges from now on') }).toEqual({
      ...{ code: 0, isTold: true },
    })

    const mark = await markOf(deployment)
    const { warnings } = await readOutputs(kafkaBrokers(), deployment)
    expect(mark).toMatchObject({ hash: hashIn(stderr), isPending: false })
    expect(mark?.offset).toBeGreaterThan(PLACE * lines.length)
    expect(mark?.offset).toBeLessThan(lines.length)
    const [before, after] = [policyWith(''), policyWith(OTHER)]
    const expected = idsOfChanged({ lines, untilMs, before, after, mark: mark! })
    const said = warnings.map(({ id }) => String(id))
    expect(said.toSorted()).toEqual(expected.toSorted())
    const changed = warnings.filter((it) => Date.parse(String(it['time'])) === mark?.atMs)
    // Which, depends on the day that the change met.
    expect(changed.length).toBeGreaterThan(0)
  })

  test('a wrong file keeps the old one, and log, metric and page say so; a POST mends it', async () => {
    await using deployment = await deploy({ brokers: kafkaBrokers(), redis: redisUrl() }, 2, [])
    const [page, metrics] = [await freePort(), await freePort()]
    const http = { console: `127.0.0.1:${page}`, metrics: `127.0.0.1:${metrics}` }
    const { file, write } = withPolicy(deployment, { http })
    const env = { FOREWARN_REDIS__URL: redisUrl() }
    const running = startForewarn(['run', '--config', deployment.configFile], env)
    try {
      const status = async () =>
        (await (await fetch(`http://${http.console}/api/status`)).json()) as Status
      const metric = async (name: string) => {
        const text = await (await fetch(`http://${http.metrics}/metrics`)).text()
        return Number(new RegExp(`^forewarn_${name} (.*)$`, 'm').exec(text)?.[1])
      }
      const started = await eventually(status, ({ ready }) => ready.ok)
      expect(await metric('config_last_reload_successful')).toBe(1)

      write('never-activated:\n  limits: { dueDay: 3 }\n  source: own')
      running.send('SIGHUP')
      const refused = await eventually(status, ({ reload }) => reload?.isOk === false)
      expect(refused.policy).toEqual(started.policy)
      expect(refused.reload?.problems.join()).toContain(`${file}:6: detectors.never-activated`)
      expect(await metric('config_last_reload_successful')).toBe(0)
      expect(await (await fetch(`http://${http.console}/`)).text()).toContain('Reload failed')

      write(OTHER)
      const answer = await fetch(`http://${http.console}/-/reload`, { method: 'POST' })
      expect(await answer.json()).toMatchObject({ status: 'ok', changed: true, needsRestart: [] })
      expect(await metric('config_last_reload_successful')).toBe(1)
      const after = await eventually(status, ({ partitions }) => {
        return partitions.every(
          (it) => it.policy !== started.partitions[0]?.policy && it.waitsFor.length === 0,
        )
      })
      expect(after.policy).not.toEqual(started.policy)
      expect(await (await fetch(`http://${http.console}/`)).text()).not.toContain('Reload failed')
    } finally {
      running.send('SIGTERM')
    }
    const { code, stderr } = await running.exited
    expect(code).toBe(0)
    expect(stderr).toContain('not reloaded: the policy before goes on')
    expect(stderr).toContain('never-activated')
  })
})

/** As the log tells it. */
function hashIn(stderr: string): string | undefined {
  const line = stderr.split('\n').find((it) => it.includes('another policy judges'))
  return line === undefined ? undefined : (JSON.parse(line) as { policy: string }).policy
}
