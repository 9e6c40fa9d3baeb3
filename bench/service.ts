/** The real service on the order's topics, as `forewarn run --until` runs it, in this process. */
import { Redis } from 'ioredis'
import { startService } from '../src/app.ts'
import type { Running } from '../src/app.ts'
import { loadSettings } from '../src/cli/settings.ts'
import type { Io } from '../src/cli/io.ts'
import { createMeter } from './meter.ts'
import { recordsIn } from './stage.ts'
import type { Share, StageOrder, StageResult } from './stage.ts'

const POLL_MS = 10

export async function serve(order: StageOrder): Promise<StageResult> {
  const redis = new Redis(order.redisUrl, { protocol: 2 })
  const meter = createMeter()
  meter.begin()
  const running = await startService(io(), settingsFor(order), order.untilMs)
  const cursors = order.shares.map(({ partition }) => `{p${partition}.${order.name}}:c`)

  // The last look at which nothing was folded: at most one poll before the first record.
  const isBegun = () => running.status().partitions.some(({ position = 0 }) => position > 0)
  await until(running, isBegun, meter.begin)
  await until(running, () => isFolded(running, order.shares))
  const isCommitted = async () => hasReached(await redis.mget(cursors), order.shares)
  await until(running, isCommitted)
  meter.done()
  const committedMs = performance.now()
  await running.done
  const publishedMs = performance.now()
  const spent = meter.spent(recordsIn(order.shares))
  const metrics = await (await fetch(`${running.urls.metrics}/metrics`)).text()
  await running.stop()
  redis.disconnect()
  return {
    spent,
    figures: { ...figuresOf(metrics), publishedAfterSeconds: (publishedMs - committedMs) / 1_000 },
  }
}

function io(): Io {
  const { stdin, stdout, stderr } = process
  const fail = (error: Error): never => {
    throw error
  }
  const stopping = new AbortController().signal
  return { stdin, stdout, stderr, env: {}, stopping, version: 'bench', onFatal: fail }
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
      'log.level': 'warn',
    },
  })
  if (settings === undefined) throw new Error('the service was given settings it refuses')
  return settings
}

/** A service that fails rejects here. */
async function until(
  running: Running,
  isSo: () => boolean | Promise<boolean>,
  otherwise = () => {},
): Promise<void> {
  const failed = running.done.then(() => undefined)
  while (!(await isSo())) {
    otherwise()
    const pause = new Promise<void>((resolve) => setTimeout(resolve, POLL_MS))
    await Promise.race([pause, failed.then(() => pause)])
  }
}

function isFolded(running: Running, shares: readonly Share[]): boolean {
  const { partitions } = running.status()
  const stopped = partitions.find(({ incident }) => incident !== undefined)
  if (stopped !== undefined) throw new Error(`stopped: ${JSON.stringify(stopped.incident)}`)
  const positions = new Map(partitions.map(({ partition, position = 0 }) => [partition, position]))
  return shares.every(({ partition, to }) => (positions.get(partition) ?? 0) >= to)
}

/** A cursor is `offset|version|writer`. */
function hasReached(cursors: readonly (string | null)[], shares: readonly Share[]): boolean {
  return shares.every(({ to }, at) => Number(cursors[at]?.split('|')[0] ?? 0) >= to)
}

const FIGURES: Readonly<Record<string, RegExp>> = {
  commits: /^forewarn_commits_total\{outcome="committed"[^}]*\} (\S+)/gm,
  applied: /^forewarn_events_processed_total\{outcome="applied"[^}]*\} (\S+)/gm,
  deadLetters: /^forewarn_dead_letters_total\{[^}]*\} (\S+)/gm,
  warnings: /^forewarn_warning_records_total\{[^}]*\} (\S+)/gm,
  published: /^forewarn_relay_published_total\{[^}]*\} (\S+)/gm,
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
