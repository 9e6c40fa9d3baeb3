/** What the engine tells, as Prometheus metrics. No label ever names an account or a terminal. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Note, Observer } from '../core/observer.ts'
import { SECOND_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import { DEAD_CODES } from '../events/event.ts'
import { createBoundedSet, createClosedSet, errorCode } from './metrics-labels.ts'
import { createPartitionGauges } from './metrics-partitions.ts'
import { createSeries } from './metrics-series.ts'
import type { Series } from './metrics-series.ts'

export type MetricsOptions = Readonly<{
  version: string
  revision: string
  node: string
  tzdata: string
  /** The input topic. */
  topic: string
  /** Names of all detectors: the only values of that label. */
  detectors: readonly string[]
  /** Of the settings that hold until the next start. */
  configHash?: string
  nowMs: () => EpochMs
  /** Also CPU, memory, event loop and garbage collection of this process; default true. */
  isWithProcess?: boolean
}>

/** Asked at each scrape. */
export type MetricsSources = Readonly<{
  isReady: () => boolean
  /** Those open now: each has stopped its partition. */
  incidents: () => readonly Readonly<{ partition: number; kind: string }>[]
}>

export type Metrics = Readonly<{
  observer: Observer
  registry: Registry
  /** The exposition text and its content type. */
  scrape: () => Promise<Readonly<{ body: string; contentType: string }>>
  watch: (sources: MetricsSources) => void
  policyLoaded: (profiles: readonly Readonly<{ hash: string; armed: number }>[]) => void
  /** At the start, and at each attempt to reload. */
  configRead: (isOk: boolean) => void
  /** `route` is the template, never the path that was asked for. */
  requestAnswered: (route: string, method: string, code: number, ms: number) => void
  messageLogged: (level: string) => void
}>

// prom-client's names for these end in _total though they are gauges: promtool rejects them.
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

export function createMetrics(options: MetricsOptions): Metrics {
  const { version, revision, node, tzdata, topic, nowMs, isWithProcess = true } = options
  const { configHash: hash } = options
  const registry = new Registry()
  if (isWithProcess) collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  const series = createSeries(registry)
  series.buildInfo.set({ version, revision, node, tzdata }, 1)
  if (hash !== undefined) series.configInfo.set({ hash }, 1)
  startAtZero(series, topic)
  let sources: MetricsSources = { isReady: () => false, incidents: () => [] }
  addSourceGauges(registry, () => sources)
  const stopped = () => sources.incidents().map(({ partition }) => partition)
  const { outbox } = series
  const partitions = createPartitionGauges(registry, { topic, nowMs, stopped, outbox })
  const lastProcessed = new Gauge({
    name: 'forewarn_last_processed_timestamp_seconds',
    ...{ help: 'When records were last folded.', registers: [registry] },
  })

  return {
    observer: {
      ...partitions,
      ...judging(series, options.detectors),
      ...storing(series),
      consumed: (records, bytes) => {
        series.consumed.inc({ topic }, records)
        series.bytes.inc({ topic }, bytes)
      },
      outcome: (outcome, count) => {
        series.processed.inc({ outcome }, count)
        lastProcessed.set(nowMs() / SECOND_MS)
      },
      emptied: () => series.rebuilds.inc(),
      resumed: () => {},
      incident: ({ kind }) => series.incidents.inc({ kind: errorCode(kind) }),
      deadLetter: (code) => series.deadLetters.inc({ code: deadCode(code) }),
      eventDelay: (ms) => series.eventDelay.observe(ms / SECOND_MS),
      batch: (records, accounts) => {
        series.batchRecords.observe(records)
        series.batchAccounts.observe(accounts)
      },
    },
    registry,
    scrape: async () => ({ body: await registry.metrics(), contentType: registry.contentType }),
    watch: (now) => (sources = now),
    policyLoaded: (profiles) => {
      series.policyInfo.reset()
      for (const { hash } of profiles) series.policyInfo.set({ hash }, 1)
      series.detectorsArmed.set(Math.max(...profiles.map(({ armed }) => armed)))
    },
    configRead: (isOk) => {
      series.reloadOk.set(isOk ? 1 : 0)
      if (isOk) series.reloadedAt.set(nowMs() / SECOND_MS)
    },
    requestAnswered: (route, method, code, ms) => {
      series.httpRequests.inc({ route, method: httpMethod(method), code: `${code}` })
      series.httpDuration.observe({ route }, ms / SECOND_MS)
    },
    messageLogged: (level) => series.logMessages.inc({ level }),
  }
}

const deadCode = createClosedSet(DEAD_CODES)
const httpMethod = createClosedSet(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])

/** Of words of the engine that this file does not know; a dozen are more than there are. */
const CAUSES_MAX = 12

function judging(
  { warnings, leadTime, suppressed, late, clamped, mismatches, withoutOriginal }: Series,
  detectors: readonly string[],
): Pick<Observer, 'warning' | 'note'> {
  const known = createClosedSet(detectors)
  const cause = createBoundedSet(CAUSES_MAX)
  function note(it: Note): void {
    switch (it.kind) {
      case 'late':
        return late.inc({ action: it.action })
      case 'clamped':
        return clamped.inc({ direction: 'future' })
      case 'currency-mismatch':
        return mismatches.inc()
      case 'no-original':
        return withoutOriginal.inc()
      case 'suppressed':
        return suppressed.inc({ detector: known(it.detector), cause: cause(it.cause) })
    }
  }
  return {
    note,
    warning: ({ detector, reason, stage, consequence }, leadMs) => {
      warnings.inc({ detector: known(detector), reason, stage })
      if (reason !== 'opened' || leadMs === undefined) return
      leadTime.observe({ consequence }, leadMs / SECOND_MS)
    },
  }
}

function storing(
  series: Series,
): Pick<
  Observer,
  'commit' | 'reload' | 'published' | 'alreadyPresent' | 'storeError' | 'publishError'
> {
  const cause = createBoundedSet(CAUSES_MAX)
  const operation = createBoundedSet(CAUSES_MAX)
  return {
    commit: (outcome, ms) => {
      series.commits.inc({ outcome })
      series.commitDuration.observe(ms / SECOND_MS)
    },
    reload: (why) => series.reloads.inc({ cause: cause(why) }),
    published: (topic, count) => series.published.inc({ topic }, count),
    alreadyPresent: (topic, count) => series.alreadyPresent.inc({ topic }, count),
    storeError: (op, text) => {
      series.storeErrors.inc({ op: operation(op), code: errorCode(text) })
    },
    publishError: (text) => series.produceFailures.inc({ code: errorCode(text) }),
  }
}

/** So that the first one of a kind is seen as a rise. */
function startAtZero(series: Series, topic: string): void {
  series.consumed.inc({ topic }, 0)
  series.bytes.inc({ topic }, 0)
  for (const outcome of ['applied', 'duplicate', 'replayed', 'dead', 'unknown-type']) {
    series.processed.inc({ outcome }, 0)
  }
  for (const code of DEAD_CODES) series.deadLetters.inc({ code }, 0)
  for (const outcome of ['committed', 'own', 'refused', 'unknown']) {
    series.commits.inc({ outcome }, 0)
  }
}

function addSourceGauges(registry: Registry, sources: () => MetricsSources): void {
  const registers = [registry]
  const ready: Gauge = new Gauge({
    name: 'forewarn_ready',
    ...{ help: '1: answers /readyz with 200.', registers },
    collect: () => ready.set(sources().isReady() ? 1 : 0),
  })
  const open: Gauge = new Gauge({
    name: 'forewarn_incidents_open',
    ...{ help: 'Incidents that stop a partition, by kind.', labelNames: ['kind'], registers },
    collect: () => {
      open.reset()
      for (const { kind } of sources().incidents()) open.inc({ kind })
    },
  })
}
