/** `forewarn demo`: the whole service in one process, fed by a fleet whose days last a moment. */
import { createServer } from 'node:net'
import { createMemoryLog } from '../adapters/memory.ts'
import type { MemoryLog } from '../adapters/memory.ts'
import { createSystemClock } from '../adapters/system-clock.ts'
import type { Observer } from '../core/observer.ts'
import type { Clock } from '../core/ports.ts'
import { NOMINAL_DAY_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import { parseInstant } from '../events/time-text.ts'
import { hashOfId } from '../events/hash.ts'
import { simulate } from '../fleet/simulate.ts'
import { EXIT } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { createLiveView } from './live-view.ts'
import type { LiveView } from './live-view.ts'
import { spanMs, wholeNumber } from './numbers.ts'
import { loadSettings } from './settings.ts'
import type { Settings } from './settings.ts'

export type DemoOptions = Readonly<{
  for?: string
  merchants: string
  seed: string
  daysPerSecond: string
  port: string
}>

// One: what is said on the screen comes in the order of its dates.
const PARTITIONS = 1
const DAYS = 400
const TICK_MS = 50
const DRAW_EVERY_TICKS = 5

export async function demo(io: Io, options: DemoOptions): Promise<ExitCode> {
  const merchants = wholeNumber(io, '--merchants', options.merchants)
  const seed = wholeNumber(io, '--seed', options.seed, 0)
  const daysPerSecond = wholeNumber(io, '--days-per-second', options.daysPerSecond)
  const port = wholeNumber(io, '--port', options.port, 0)
  const forMs = options.for === undefined ? Infinity : spanMs(io, '--for', options.for)
  if (merchants === undefined || seed === undefined || forMs === undefined) return EXIT.usage
  if (daysPerSecond === undefined || port === undefined) return EXIT.usage
  const settings = loadSettings(io, {})
  if (settings === undefined) return EXIT.config

  const view = createLiveView(io, { zone: settings.service.defaults.zone })
  const feed = createFeed(simulate({ merchants, days: DAYS, seed }).lines)
  const counts = { events: 0, open: 0 }
  const { startEmbedded } = await io.services()
  const running = await startEmbedded(io, await withPorts(settings, port), {
    input: feed.log,
    clock: feed.clock,
    listen: (observer) => listening(observer, view, counts),
  })
  view.line(`Forewarn demo: ${merchants} simulated merchants, ${daysPerSecond} days a second.`)
  view.line(
    `Page ${running.urls.console}  ·  metrics ${running.urls.metrics}/metrics  ·  Ctrl-C ends it.`,
  )
  view.line('')

  const startedMs = performance.now()
  const tick = () => {
    const spentMs = performance.now() - startedMs
    feed.advance((spentMs / 1_000) * daysPerSecond * NOMINAL_DAY_MS)
    return spentMs
  }
  for (let ticks = 0; !io.stopping.aborted; ticks++) {
    const spentMs = tick()
    if (ticks % DRAW_EVERY_TICKS === 0) {
      const eventsPerSecond = (counts.events / Math.max(spentMs, 1)) * 1_000
      view.progress({ simulatedMs: feed.clock.nowMs(), eventsPerSecond, ...counts })
    }
    if (spentMs >= forMs) break
    await feed.clock.sleep(TICK_MS, io.stopping)
  }
  await running.stop()
  view.close()
  const until = new Date(feed.clock.nowMs()).toISOString().slice(0, 10)
  view.line(`Up to ${until}: ${counts.events} events, ${counts.open} warnings still open.`)
  return EXIT.ok
}

type Feed = Readonly<{
  log: MemoryLog
  /** Its wall is simulated: everything that arrived by it has been produced. */
  clock: Clock
  /** Produces what arrives up to so long after the first event. */
  advance: (elapsedMs: number) => void
}>

const RECEIVED = /"receivedat":"([^"]+)"/
const SUBJECT = /"subject":"([^"]+)"/

function createFeed(lines: Iterable<string>): Feed {
  const log = createMemoryLog({ topic: 'terminal.events', partitionCount: PARTITIONS })
  const iterator = lines[Symbol.iterator]()
  const arrivalOf = (line: string): EpochMs => parseInstant(RECEIVED.exec(line)?.[1] ?? '') ?? NaN
  let held = iterator.next()
  const firstMs = held.done === true ? 0 : arrivalOf(held.value)
  let nowMs = firstMs

  function advance(elapsedMs: number): void {
    const untilMs = firstMs + elapsedMs
    while (held.done !== true) {
      const timestampMs = arrivalOf(held.value)
      if (timestampMs > untilMs) break
      const key = SUBJECT.exec(held.value)?.[1] ?? ''
      const value = Buffer.from(held.value)
      log.produce(hashOfId('', key) % PARTITIONS, {
        ...{ key: Buffer.from(key), value, headers: [], timestampMs },
      })
      held = iterator.next()
    }
    nowMs = Math.max(nowMs, Math.floor(untilMs))
  }
  return { log, clock: { ...createSystemClock(), nowMs: () => nowMs }, advance }
}

function listening(
  observer: Observer,
  view: LiveView,
  counts: { events: number; open: number },
): Observer {
  return {
    ...observer,
    consumed: (records, bytes) => {
      counts.events += records
      observer.consumed(records, bytes)
    },
    warning: (record, leadMs) => {
      if (record.reason === 'opened') counts.open++
      if (record.reason === 'resolved' || record.reason === 'retracted') counts.open--
      view.warning(record)
      observer.warning(record, leadMs)
    },
  }
}

/** The ports asked for, or any that are free where somebody else has them. */
async function withPorts(settings: Settings, port: number): Promise<Settings> {
  const { http } = settings.service
  const console = { host: http.console.host, port: await freePort(http.console.host, port) }
  const metricsPort = await freePort(http.metrics.host, port === 0 ? 0 : http.metrics.port)
  const metrics = { host: http.metrics.host, port: metricsPort }
  return { ...settings, service: { ...settings.service, http: { console, metrics } } }
}

async function freePort(host: string, port: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const probe = createServer()
  probe.once('error', () => resolve(0))
  probe.listen(port, host, () => probe.close(() => resolve(port)))
  return promise
}
