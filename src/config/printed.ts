/** Settings and profiles in the words of their files, defaults included and secrets left out. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts'
import { ONLY_LADDER } from '../core/detector.ts'
import type { Entry } from './effective-profile.ts'
import type { LoadedProfile } from './load-policy.ts'
import type { Service } from './service-schema.ts'

type Plain = Readonly<Record<string, unknown>>

/** What holds. `said` is the file with what came before it: it has the paths of what was read since. */
export function printedService(service: Service, said: unknown): Plain {
  const { kafka, redis, policies, defaults, clock, http, ...rest } = service
  const { ssl, sasl, topics, ...connection } = kafka
  const { graceMs, untilMs } = clock
  return {
    kafka: {
      ...connection,
      // Files by their paths, as they were given: a key is a secret.
      ssl: typeof ssl === 'boolean' ? ssl : { ...sslSaid(said), ...verifying(ssl) },
      ...(sasl === undefined
        ? {}
        : { sasl: { mechanism: sasl.mechanism, username: sasl.username } }),
      topics,
    },
    redis: { ...redis, url: withoutPassword(redis.url) },
    ...(policies.length === 0 ? {} : { policies }),
    defaults,
    clock: { grace: spanText(graceMs), ...(untilMs === undefined ? {} : { until: iso(untilMs) }) },
    http: { console: addressText(http.console), metrics: addressText(http.metrics) },
    ...rest,
  }
}

/** One file that says it all: nothing is extended. It has the hash of the profile. */
export function printedProfile(profile: LoadedProfile): Plain {
  const { name, select, currency, zone, calendar, entries } = profile
  const detectors = Object.entries(entries).map(([detector, entry]) => [detector, printed(entry)])
  return {
    profile: name,
    ...(select === undefined ? {} : { select }),
    ...(currency === undefined ? {} : { currency }),
    zone,
    ...(calendar === undefined ? {} : { calendar }),
    detectors: Object.fromEntries(detectors),
  }
}

function printed({ armed, limits, ladders, source }: Entry): Plain {
  const only = ladders[ONLY_LADDER]
  return { armed, limits, ...(only === undefined ? { ladders } : { ladder: only }), source }
}

function sslSaid(said: unknown): Plain {
  const { kafka } = (said ?? {}) as { kafka?: { ssl?: unknown } }
  return typeof kafka?.ssl === 'object' && kafka.ssl !== null ? (kafka.ssl as Plain) : {}
}

const verifying = ({ rejectUnauthorized }: { rejectUnauthorized: boolean }): Plain => ({
  rejectUnauthorized,
})

function withoutPassword(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return `${url.split(':')[0]}://…`
  parsed.password = ''
  // Some servers take a password in their query.
  parsed.search = ''
  return parsed.href.replace(/\/$/, '')
}

function spanText(ms: number): string {
  for (const [unit, unitMs] of [
    ['h', HOUR_MS],
    ['m', MINUTE_MS],
    ['s', SECOND_MS],
  ] as const) {
    if (ms > unitMs && ms % unitMs === 0) return `${ms / unitMs}${unit}`
  }
  return ms % SECOND_MS === 0 ? `${ms / SECOND_MS}s` : `${ms}ms`
}

const iso = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString()

function addressText({ host, port }: Readonly<{ host: string; port: number }>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
