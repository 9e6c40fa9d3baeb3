/** The one place that knows every concrete thing: read it to know the whole service. */
import { hash } from 'node:crypto'
import { createKafka } from './adapters/kafka-client.ts'
import { createKafkaEventLog } from './adapters/kafka-event-log.ts'
import { createKafkaWarningLog } from './adapters/kafka-warning-log.ts'
import { createLog } from './adapters/log.ts'
import type { Log } from './adapters/log.ts'
import { tellPhases } from './adapters/log-phases.ts'
import { createMemoryStore } from './adapters/memory-store.ts'
import { createMemoryWarningLog } from './adapters/memory.ts'
import { createMetrics } from './adapters/metrics.ts'
import { accountsInHeap, countBuffersAsHeap } from './adapters/heap.ts'
import { createRedis, whenReady } from './adapters/redis-options.ts'
import { createRedisStore } from './adapters/redis-store.ts'
import { createSystemClock, createSystemRandom } from './adapters/system-clock.ts'
import { kafkaOptions } from './cli/kafka-options.ts'
import { createReloader } from './cli/reload.ts'
import type { Reloaded } from './cli/reload.ts'
import type { Settings } from './cli/settings.ts'
import type { Embedded, Io, Running } from './cli/io.ts'
import { printedService } from './config/printed.ts'
import { createConsole } from './console/console.ts'
import { createProbes } from './console/probes.ts'
import { createRecentWarnings } from './console/recent-warnings.ts'
import { serve } from './console/server.ts'
import { createFold } from './core/fold.ts'
import type { Observer } from './core/observer.ts'
import type { Clock, EventLog, StateStore, WarningLog } from './core/ports.ts'
import { createRenderer } from './core/record.ts'
import type { EpochMs } from './core/time.ts'
import { DETECTORS } from './detectors/index.ts'
import { ENGINE_DEFAULTS } from './engine/dependencies.ts'
import type { EngineOptions } from './engine/dependencies.ts'
import { createEngine } from './engine/engine.ts'
import { aliveOf, incidentsOf, readyOf, startedOf } from './engine/health.ts'
import { createWording } from './engine/wording.ts'
import { decode } from './events/decode.ts'

type Ports = Readonly<{ eventLog: EventLog; store: StateStore; output: WarningLog; clock: Clock }>
type Wiring = Readonly<{
  io: Io
  settings: Settings
  log: ServiceLog
  options?: Partial<EngineOptions>
  /** Listens beside the metrics. */
  listen?: (observer: Observer) => Observer
}>

/** The real service. Raises `Unavailable` when Kafka or Redis cannot be reached at the start. */
export async function startService(
  io: Io,
  settings: Settings,
  untilMs?: EpochMs,
): Promise<Running> {
  // Lets go in reverse order, in stop() and in a start that fails half-way.
  await using stack = new AsyncDisposableStack()
  countBuffersAsHeap()
  const { service } = settings
  const log = createServiceLog(io, service.log.level)
  const redis = stack.adopt(
    createRedis({ url: service.redis.url, isCluster: service.redis.cluster }, (word) =>
      log.logger.warn({ word }, 'redis connection'),
    ),
    (it) => it.disconnect(),
  )
  await whenReady(redis)
  const { kafka, patches } = createKafka({
    ...kafkaOptions(service),
    // Nearly all of it is tried again within milliseconds; what lasts is told by whoever waited.
    onLog: (_level, message) => log.logger.debug({ client: 'kafkajs' }, message),
  })
  if (!patches.idleTimer)
    log.logger.warn('kafkajs is not the version we repair: idle CPU is higher')
  const { groupId, topics } = service.kafka
  const ports: Ports = {
    eventLog: createKafkaEventLog(kafka, { topic: topics.events, groupId }),
    store: createRedisStore(redis, service.redis.namespace),
    output: stack.adopt(createKafkaWarningLog(kafka, { groupId, topics }), (it) => it.close()),
    clock: createSystemClock(),
  }
  const running = await start(stack, ports, { io, settings, log, options: { untilMs } })
  log.logger.info(
    { version: io.version, topic: topics.events, groupId, ...running.urls, until: untilMs },
    'forewarn runs',
  )
  return running
}

const HASH_DIGITS = 12
// Simulated days pass quickly: a proof every half second would be days late.
const PROOF_MS = 50

/** The same service on the embedded adapters; records are produced into `input`. */
export async function startEmbedded(io: Io, settings: Settings, given: Embedded): Promise<Running> {
  await using stack = new AsyncDisposableStack()
  const store = createMemoryStore()
  const output = createMemoryWarningLog()
  const log = createServiceLog(io, 'warn')
  const ports = { eventLog: given.input.member(), store, output, clock: given.clock }
  const options = { proofBusyMs: PROOF_MS, proofIdleMs: PROOF_MS }
  return await start(stack, ports, { io, settings, log, options, listen: given.listen })
}

async function start(
  stack: AsyncDisposableStack,
  ports: Ports,
  { io, settings, log, options = {}, listen = (it) => it }: Wiring,
): Promise<Running> {
  const { service } = settings
  let { loaded } = settings
  const { clock, eventLog } = ports
  const startedMs = Date.now()
  const topic = eventLog.topic
  const metrics = createMetrics({
    ...{ version: io.version, revision: io.env['FOREWARN_REVISION'] ?? 'unknown', topic },
    ...{ node: process.version, tzdata: process.versions['tz'] ?? 'unknown' },
    detectors: DETECTORS.map(({ name }) => name),
    ...{ configHash: configHash(settings), nowMs: clock.nowMs },
  })
  log.count = metrics.messageLogged
  const recent = createRecentWarnings(metrics.observer)
  const renderer = createRenderer(loaded.policy.zoneOf, service.output.name)
  const wording = createWording(renderer, {
    ...{ mode: service.output.mode, inputTopic: topic, group: service.kafka.groupId },
    source: `urn:forewarn:${service.output.name}`,
    ...{ appVersion: io.version, headerStyle: service.dlq.headerStyle, nowMs: clock.nowMs },
    sha256: (bytes) => hash('sha256', bytes, 'hex'),
  })
  const engine = createEngine({
    ...wording,
    ...ports,
    fold: createFold(loaded.policy),
    decode,
    random: createSystemRandom(),
    observer: listen(logging(log, tellPhases(log.logger, recent.observer))),
    options: { ...ENGINE_DEFAULTS, cachedAccountsMax: accountsInHeap(), ...options },
  })

  const ready = () => readyOf(engine.status())
  const policy = () => loaded.profiles.map(({ name, hash: its }) => ({ profile: name, hash: its }))
  const tellPolicy = (): void => {
    const all = loaded.profiles.map(({ hash: its, armed }) => ({ hash: its, armed: armed.length }))
    metrics.policyLoaded(all)
  }
  tellPolicy()
  metrics.configRead(true)
  const reloader = createReloader({
    ...{ settings, nowMs: Date.now },
    take: (next) => {
      loaded = next.loaded
      engine.judgeBy(createFold(loaded.policy))
      tellPolicy()
    },
    tell: (reloaded) => {
      metrics.configRead(reloaded.isOk)
      logReload(log, reloaded, loaded.policy.hash)
    },
  })
  metrics.watch({ isReady: () => ready().ok, incidents: () => incidentsOf(engine.status()) })
  const page = createConsole({
    status: {
      ...{ version: io.version, topic, policy, startedMs, nowMs: clock.nowMs, ready, recent },
      reload: reloader.last,
      partitions: () => engine.status().partitions,
    },
    reload: reloader.reload,
    onRequest: metrics.requestAnswered,
  })
  const probes = createProbes({
    alive: () => aliveOf(engine.status()),
    ready,
    started: () => startedOf(engine.status()),
    scrape: metrics.scrape,
  })
  const { http } = service
  const shown = stack.adopt(await serve({ ...http.console, app: page }), (it) => it.close())
  const probed = stack.adopt(await serve({ ...http.metrics, app: probes }), (it) => it.close())
  stack.adopt(engine, (it) => it.stop())
  await engine.start()
  const held = stack.move()
  return {
    urls: { console: shown.url, metrics: probed.url },
    done: engine.done,
    reload: reloader.reload,
    stop: async () => {
      log.logger.info('stopping: finishing the batch, committing, publishing')
      await held.disposeAsync()
    },
  }
}

/** Lines are counted once there are metrics. */
type ServiceLog = Log & { count: (level: string) => void }

function createServiceLog(io: Io, level: string): ServiceLog {
  const isColoured = io.stderr.isTTY === true && (io.env['NO_COLOR'] ?? '') === ''
  const onLine = (its: string) => log.count(its)
  const made = createLog({ level, out: io.stderr, nowMs: Date.now, isColoured, onLine })
  const log: ServiceLog = { ...made, count: () => {} }
  return log
}

/** Without secrets: nobody should be able to try passwords against it. */
function configHash({ service, said }: Settings): string {
  return hash('sha256', JSON.stringify(printedService(service, said)), 'hex').slice(0, HASH_DIGITS)
}

function logReload(
  { logger }: Log,
  { isOk, isChanged, problems, needsRestart }: Reloaded,
  policy: string,
): void {
  if (!isOk) return logger.error({ problems, policy }, 'not reloaded: the policy before goes on')
  const what = isChanged ? 'another policy judges from now on' : 'reloaded: the policy is the same'
  logger.info({ policy }, what)
  if (needsRestart.length > 0) logger.warn({ settings: needsRestart }, 'these need a restart')
}

/** What an operator has to read when it happens. */
function logging({ logger }: Log, observer: Observer): Observer {
  return {
    ...observer,
    incident: (what) => {
      const { message, ...where } = what
      logger.error(where, `a partition stopped: ${message}`)
      observer.incident(what)
    },
    resumed: (what) => {
      logger.warn(what, 'a stopped partition goes on: its incident was accepted')
      observer.resumed(what)
    },
    emptied: (what) => {
      const { partition, why } = what
      logger.error({ partition }, `its state was incomplete, and is folded anew: ${why}`)
      observer.emptied(what)
    },
    reload: (cause) => {
      logger.warn({ cause }, 'a partition is read again from the store')
      observer.reload(cause)
    },
    storeError: (operation, code) => {
      logger.warn({ operation, code }, 'the store did not answer as it should')
      observer.storeError(operation, code)
    },
    publishError: (code) => {
      logger.warn({ code }, 'the output topics did not take what was sent')
      observer.publishError(code)
    },
  }
}
