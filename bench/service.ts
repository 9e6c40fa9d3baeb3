/** The real service on the order's topics, as `forewarn run --until` runs it, in this process. */
import { Redis } from 'ioredis'
import { startService } from '../src/app.ts'
import { loadSettings } from '../src/cli/settings.ts'
import type { Io, Running } from '../src/cli/io.ts'
import { createMeter } from './meter.ts'
import { recordsIn } from './stage.ts'
import type { StageOrder, StageResult } from './stage.ts'

/** How often the cursors in Redis are looked at. */
const POLL_MS = 50

export async function serve(order: StageOrder): Promise<StageResult> {
  const redis = new Redis(order.redisUrl, { protocol: 2 })
  const cursors = order.shares.map(({ partition }) => `{p${partition}.${order.name}}:c`)
  const total = recordsIn(order.shares)
  const meter = createMeter(total)
  const isCommitted = async () => {
    const done = committedOf(await redis.mget(cursors))
    meter.at(done)
    return done >= total
  }
  const running = await startService(io(), settingsFor(order), order.untilMs)
  meter.begin()
  await untilCommitted(running, isCommitted)
  meter.done()
  const committedMs = performance.now()
  await running.done
  const publishedMs = performance.now()
  const spent = meter.spent()
  const metrics = await (await fetch(`${running.urls.metrics}/metrics`)).text()
  await running.stop()
  redis.disconnect()
  return {
    ...spent,
    figures: { ...figuresOf(metrics), publishedAfterSeconds: (publishedMs - committedMs) / 1_000 },
  }
}

/** Of a service that ends before its time, the reason. */
async function untilCommitted(
  { done }: Running,
  isCommitted: () => Promise<boolean>,
): Promise<void> {
  let hasEnded = false
  const ended = done.then(() => {
    hasEnded = true
  })
  while (!(await isCommitted())) {
    if (hasEnded) throw new Error('the service ended before it had committed everything')
    const pause = new Promise<void>((resolve) => setTimeout(resolve, POLL_MS))
    await Promise.race([pause, ended])
  }
}

function io(): Io {
  const { stdin, stdout, stderr } = process
  return {
    ...{ stdin, stdout, stderr, env: {}, version: 'bench' },
    stopping: new AbortController().signal,
    onHangUp: () => {},
    services: () => import('../src/app.ts'),
    onFatal: (error) => {
      throw error
    },
  }
}

function settingsFor({ brokers, topics, name, redisUrl }: StageOrder) {
  const settings = loadSettings(io(), {
    flags: {
      'kafka.brokers': brokers.join(','),
      'kafka.groupId': name,
      'kafka.topics.events': topics.events,
      'kafka.topics.warnings': topics.warnings,
      'kafka.topics.standing': topics.standing,
      'kafka.topics.deadLetters': topics.deadLetters,
      'redis.url': redisUrl,
      'redis.namespace': name,
      'http.console': '127.0.0.1:0',
      'http.metrics': '127.0.0.1:0',
      'log.level': 'error',
    },
  })
  if (settings === undefined) throw new Error('the service was given settings it refuses')
  return settings
}

/** A cursor is `offset|version|writer`. */
function committedOf(cursors: readonly (string | null)[]): number {
  return cursors.reduce((sum, its) => sum + Number(its?.split('|')[0] ?? 0), 0)
}

const FIGURES: Readonly<Record<string, RegExp>> = {
  commits: /^forewarn_commits_total\{outcome="committed"[^}]*\} (\S+)/gm,
  applied: /^forewarn_events_processed_total\{outcome="applied"[^}]*\} (\S+)/gm,
  deadLetters: /^forewarn_dead_letters_total\{[^}]*\} (\S+)/gm,
  warnings: /^forewarn_warning_records_total\{[^}]*\} (\S+)/gm,
  published: /^forewarn_relay_published_total\{[^}]*\} (\S+)/gm,
  storeErrors: /^forewarn_store_errors_total\{[^}]*\} (\S+)/gm,
  reloads: /^forewarn_reloads_total\{[^}]*\} (\S+)/gm,
}

function figuresOf(metrics: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(FIGURES).map(([name, pattern]) => {
      const values = [...metrics.matchAll(pattern)].map(([, value]) => Number(value))
      return [name, values.reduce((sum, it) => sum + it, 0)]
    }),
  )
}
