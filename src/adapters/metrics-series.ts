/** Every counter, histogram and plain gauge by its published name, without a value yet. */
import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const HOUR = 3_600
const DAY = 24 * HOUR
const EVENT_TIME_SECONDS = [1, 5, 15, 60, 300, 900, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY]
const LEAD_TIME_SECONDS = [
  HOUR,
  6 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  60 * DAY,
  90 * DAY,
]
const BATCH_SIZES = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000]

export type Series = ReturnType<typeof createSeries>

export function createSeries(registry: Registry) {
  const named = (name: string, help: string, labelNames: readonly string[]) => ({
    name: `forewarn_${name}`,
    ...{ help, labelNames: [...labelNames], registers: [registry] },
  })
  const counter = (name: string, help: string, ...labels: string[]) =>
    new Counter(named(name, help, labels))
  const gauge = (name: string, help: string, ...labels: string[]) =>
    new Gauge(named(name, help, labels))
  const histogram = (name: string, buckets: number[], help: string, ...labels: string[]) =>
    new Histogram({ ...named(name, help, labels), buckets })

  return {
    ...input(counter, histogram),
    ...commits(counter, gauge, histogram),
    ...product(counter, histogram),
    buildInfo: gauge(
      'build_info',
      'What runs here; always 1.',
      ...['version', 'revision', 'node', 'tzdata'],
    ),
    configInfo: gauge('config_info', 'The settings that hold; always 1.', 'hash'),
    reloadOk: gauge('config_last_reload_successful', '0: the last file was wrong, the old holds.'),
    reloadedAt: gauge(
      'config_last_reload_success_timestamp_seconds',
      'When settings and policy were last read without a mistake.',
    ),
    policyInfo: gauge('policy_info', 'The policy that judges; always 1.', 'hash'),
    detectorsArmed: gauge('detectors_armed', 'Detectors that judge at least some accounts.'),
    httpRequests: counter(
      'http_requests_total',
      'HTTP requests answered, by route template.',
      ...['route', 'method', 'code'],
    ),
    httpDuration: histogram(
      'http_request_duration_seconds',
      LATENCY_SECONDS,
      'Time to answer an HTTP request.',
      'route',
    ),
    logMessages: counter('log_messages_total', 'Lines logged.', 'level'),
  }
}

type NewCounter = (name: string, help: string, ...labels: string[]) => Counter
type NewGauge = (name: string, help: string, ...labels: string[]) => Gauge
type NewHistogram = (name: string, at: number[], help: string, ...labels: string[]) => Histogram

function input(counter: NewCounter, histogram: NewHistogram) {
  return {
    consumed: counter('events_consumed_total', 'Records taken from the input.', 'topic'),
    bytes: counter('events_bytes_total', 'Bytes of values taken from the input.', 'topic'),
    processed: counter('events_processed_total', 'Records by what became of them.', 'outcome'),
    deadLetters: counter('dead_letters_total', 'Records refused, by code.', 'code'),
    eventDelay: histogram(
      'event_delay_seconds',
      EVENT_TIME_SECONDS,
      'Arrival minus event time, of a sample of the events.',
    ),
    late: counter('late_events_total', 'Late events, by what they could still enter.', 'action'),
    clamped: counter('clamped_timestamps_total', 'Event times out of bounds.', 'direction'),
    mismatches: counter('currency_mismatches_total', 'Amounts not in the account’s currency.'),
    withoutOriginal: counter('unmatched_voids_total', 'Voids whose sale is not known.'),
    batchRecords: histogram('batch_records', BATCH_SIZES, 'Records folded at once.'),
    batchAccounts: histogram('batch_accounts', BATCH_SIZES, 'Accounts touched by a batch.'),
  }
}

function commits(counter: NewCounter, gauge: NewGauge, histogram: NewHistogram) {
  return {
    commits: counter('commits_total', 'Compare-and-set commits, by outcome.', 'outcome'),
    commitDuration: histogram(
      'commit_duration_seconds',
      LATENCY_SECONDS,
      'From sending a commit to its answer.',
    ),
    rebuilds: counter(
      'state_rebuilds_total',
      'Partitions emptied to be folded anew, for keys of their state were gone.',
    ),
    reloads: counter('reloads_total', 'Partitions loaded anew, by cause.', 'cause'),
    outbox: gauge('outbox_entries', 'Entries not yet acknowledged.', 'topic', 'partition'),
    published: counter('relay_published_total', 'Records written to an output.', 'topic'),
    alreadyPresent: counter(
      'relay_already_present_total',
      'Records that reading back found in an output: not written again.',
      'topic',
    ),
    produceFailures: counter('produce_failures_total', 'Failed openings and sendings.', 'code'),
    storeErrors: counter('store_errors_total', 'Failed store operations.', 'op', 'code'),
    incidents: counter('incidents_total', 'Partitions stopped, by why.', 'kind'),
  }
}

function product(counter: NewCounter, histogram: NewHistogram) {
  return {
    warnings: counter(
      'warning_records_total',
      'Warning records decided; of an end, the stage last told.',
      ...['detector', 'reason', 'stage'],
    ),
    leadTime: histogram(
      'warning_lead_time_seconds',
      LEAD_TIME_SECONDS,
      'From the first warning of an episode to its consequence.',
      'consequence',
    ),
    suppressed: counter(
      'suppressed_total',
      'Stages reached and held back, by cause.',
      ...['detector', 'cause'],
    ),
  }
}
