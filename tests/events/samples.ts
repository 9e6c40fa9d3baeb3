import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { EventType } from '../../src/events/event.ts'
import type { LogRecord } from '../../src/events/record.ts'
import { DATA_SCHEMAS } from '../../src/events/schemas.ts'

type Members = Record<string, unknown>

/** One of these fits every member of every type. */
const CANDIDATES: readonly unknown[] = [
  'x-1',
  120,
  1,
  true,
  '0200',
  'CNY',
  'CN',
  '2026-06-10',
  '2026-06-10T10:06:04.250+08:00',
  'Asia/Shanghai',
  ['a', 'b'],
  [{ days: ['mon', 'sun'], from: '17:00', to: '02:00' }],
  { lat: 30.26, lon: 120.13, accuracyM: 5, source: 'gps' },
  { kind: 'card', amount: 5, currency: 'CNY', period: 'day' },
  { version: '5', expiresAt: '2027-01-01' },
]

export const TYPES = Object.keys(DATA_SCHEMAS) as EventType[]

export function shapeOf(type: EventType): Record<string, z.ZodType> {
  return DATA_SCHEMAS[type].shape
}

/** A value that the member takes. */
export function sampleOf(schema: z.ZodType): unknown {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema
  if (inner instanceof z.ZodEnum) return inner.options[0]
  // What a tolerant object would only half take is no sample of it.
  return CANDIDATES.find((candidate) =>
    isDeepStrictEqual(schema.safeParse(candidate).data, candidate),
  )
}

/** `data` of the type with every member that the schema knows. */
export function fullData(type: EventType): Members {
  const members = Object.entries(shapeOf(type))
  return Object.fromEntries(members.map(([name, schema]) => [name, sampleOf(schema)]))
}

export const AUTHORISATION: Members = {
  transactionId: 'tx-7001',
  terminalId: 'T1',
  mti: '0200',
  amount: 12850,
  currency: 'CNY',
  responseCode: '00',
  approved: true,
  stan: '004211',
  rrn: '616110004211',
  entryMode: 'chip',
  cvm: 'pin',
  cardToken: 'h1:5f0c9a',
  cardKeyId: 'k7',
  last4: '4821',
  cardType: 'credit',
  issuerId: 'I2',
  channel: 'unionpay',
  offline: false,
}

export const ENVELOPE: Members = {
  specversion: '1.0',
  id: 'e-88213',
  source: 'urn:switch:1',
  type: 'card.authorisation',
  subject: 'M1000234',
  time: '2026-06-10T10:06:04.250+08:00',
  tenantid: 'acq-a',
  schemaversion: 1,
  sequence: '884213',
  data: AUTHORISATION,
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** A record whose value is the envelope with these members instead; undefined leaves one out. */
export function recordOf(members: Members = {}, record: Partial<LogRecord> = {}): LogRecord {
  return recordOfText(JSON.stringify({ ...ENVELOPE, ...members }), record)
}

export function recordOfText(text: string, record: Partial<LogRecord> = {}): LogRecord {
  const key = utf8('M1000234')
  return { offset: 17, key, value: utf8(text), headers: [], timestampMs: 1781057164250, ...record }
}

/** A record whose `data` is the usual authorisation with these members instead. */
export function recordOfData(members: Members, type: EventType = 'card.authorisation'): LogRecord {
  const data = type === 'card.authorisation' ? { ...AUTHORISATION, ...members } : members
  return recordOf({ type, data })
}

/** Units of a text that mean something to JSON, to UTF-8, or to a number. */
export const ODD_UNITS = [...'ab"\\/09{}[]:, \n\0\u2028\u7ec8\u{1f600}\u00e9-.eE+u']
