/** What `forewarn.yaml` may say, and what holds where it says nothing. */
import { z } from 'zod'
import { SILENCE_LIMITS } from '../core/silence-limits.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import { countryForm, nameForm, zoneForm } from './forms.ts'

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS }
// A proof of absence that waits longer than an hour is of no use to anybody.
const GRACE_MS_MAX = HOUR_MS

// Each date until then is counted, and stored with every commit.
const SILENT_DAYS_MAX = 120

/** A span of machine time, as `60s` or `500ms`. Civil spans are never written so. */
const graceForm = z.string().transform((text, context): number => {
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? []
  const ms = Number(digits) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  if (ms <= GRACE_MS_MAX) return ms
  context.addIssue('expected a span of at most 1h, as 60s')
  return z.NEVER
})

const instantForm = z.string().transform((text, context): EpochMs => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch {
    context.addIssue('expected an instant with its offset, as 2026-06-30T00:00:00+08:00')
    return z.NEVER
  }
})

const HOST_PORT = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/
const PORT_MAX = 65_535

function addressForm(portMin: number) {
  return z.string().refine((text) => {
    const port = Number(HOST_PORT.exec(text)?.[2] ?? Number.NaN)
    return port >= portMin && port <= PORT_MAX
  }, `expected host:port, a port of ${portMin} to ${PORT_MAX}`)
}

// Port 0 listens wherever there is room.
const listenForm = addressForm(0).transform((text) => {
  const [, host, port] = HOST_PORT.exec(text)!
  return { host: host!.replace(/^\[|\]$/g, ''), port: Number(port) }
})

const text = z.string().min(1)
const topicForm = z.string().regex(/^[a-zA-Z0-9._-]{1,249}$/, 'is no name of a topic')

const sslForm = z.strictObject({
  caFile: text.optional(),
  certFile: text.optional(),
  keyFile: text.optional(),
  rejectUnauthorized: z.boolean().default(true),
})

const saslForm = z.strictObject({
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
  username: text,
  password: text,
})

const topicsForm = z.strictObject({
  events: topicForm.default('terminal.events'),
  warnings: topicForm.default('account.warnings'),
  standing: topicForm.default('account.standing'),
  notices: topicForm.default('merchant.notices'),
  alerts: topicForm.default('operator.alerts'),
  deadLetters: topicForm.default('terminal.events.dlq'),
  audit: topicForm.default('forewarn.audit'),
  rekeyed: topicForm.default('forewarn.rekeyed'),
})

const kafkaForm = z.strictObject({
  brokers: z.array(addressForm(1)).min(1).default(['localhost:9092']),
  clientId: text.default('forewarn'),
  groupId: text.default('forewarn'),
  ssl: z.union([z.boolean(), sslForm], { error: 'expected true, false or files' }).default(false),
  sasl: saslForm.optional(),
  topics: topicsForm.prefault({}),
})

const redisForm = z.strictObject({
  url: z
    .string()
    .regex(/^rediss?:\/\/[^\s/]/, 'expected redis://… or rediss://…')
    .default('redis://localhost:6379'),
  // Braces would be a hash tag, and a colon ends the namespace.
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'expected letters, digits, _ or -')
    .default('fw'),
  cluster: z.boolean().default(false),
})

const defaultsForm = z.strictObject({
  tenant: text.default('default'),
  country: countryForm.default('CN'),
  zone: zoneForm.default('Asia/Shanghai'),
  profile: nameForm.default('default'),
})

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export const serviceForm = z
  .strictObject({
    kafka: kafkaForm.prefault({}),
    redis: redisForm.prefault({}),
    /** Empty: the policies that are shipped. */
    policies: z.array(text).default([]),
    defaults: defaultsForm.prefault({}),
    clock: z
      .strictObject({ grace: graceForm.prefault('60s'), until: instantForm.optional() })
      .prefault({}),
    silence: z
      .strictObject({
        accountsMin: z.int().min(2).default(SILENCE_LIMITS.accountsMin),
        shareOver: z.number().min(0).max(1).default(SILENCE_LIMITS.shareOver),
        afterDays: z.int().min(1).max(SILENT_DAYS_MAX).default(SILENCE_LIMITS.afterDays),
      })
      .prefault({}),
    http: z
      .strictObject({
        console: listenForm.prefault('127.0.0.1:8080'),
        metrics: listenForm.prefault('127.0.0.1:9464'),
      })
      .prefault({}),
    output: z
      .strictObject({
        name: text.default('default'),
        mode: z.enum(['binary', 'structured']).default('binary'),
      })
      .prefault({}),
    dlq: z
      .strictObject({ headerStyle: z.enum(['native', 'connect', 'spring']).default('native') })
      .prefault({}),
    log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
    production: z.boolean().default(false),
  })
  .superRefine(({ kafka, redis, production }, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: path.split('.'), message })
    if (kafka.sasl?.mechanism === 'plain' && kafka.ssl === false) {
      fault('kafka.sasl.mechanism', 'plain sends the password in the clear: it needs ssl')
    }
    const names = Object.entries(kafka.topics)
    for (const [key, name] of names) {
      const twin = names.find(([other, its]) => other < key && its === name)
      if (twin !== undefined) fault(`kafka.topics.${key}`, `is the topic of ${twin[0]}, too`)
    }
    if (!production) return
    if (kafka.ssl === false) fault('kafka.ssl', 'production needs TLS')
    if (kafka.ssl !== true && kafka.ssl !== false && !kafka.ssl.rejectUnauthorized) {
      fault('kafka.ssl.rejectUnauthorized', 'production verifies certificates')
    }
    if (redis.url.startsWith('redis:')) fault('redis.url', 'production needs TLS: rediss://')
  })

type Checked = z.output<typeof serviceForm>

/** Contents of PEM files in place of their paths; spans and instants in milliseconds. */
export type Service = Readonly<
  Omit<Checked, 'kafka' | 'clock'> & {
    kafka: Readonly<Omit<Checked['kafka'], 'ssl'> & { ssl: boolean | Tls }>
    clock: Readonly<{ graceMs: number; untilMs: EpochMs | undefined }>
  }
>
export type Tls = Readonly<{
  ca?: string
  cert?: string
  key?: string
  rejectUnauthorized: boolean
}>
