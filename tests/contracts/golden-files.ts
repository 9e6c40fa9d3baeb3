/** Which records are kept as golden files, and how a record is written into one. */
import type { OutputTopic } from '../../src/core/ports.ts'
import { emittedRecords } from './golden-records.ts'
import type { Emitted } from './golden-records.ts'

/** One record of a topic. `value` is its bytes as one line of JSON, members in the order sent. */
export type Golden = Readonly<{
  topic: string
  key: string
  /** UTF-8 text, but for those named in `base64`. */
  headers: Readonly<Record<string, string>>
  base64?: readonly string[]
  /** Null: a tombstone. */
  value?: unknown
  /** In place of `value`: bytes that are not exactly what `JSON.stringify` would write. */
  valueText?: string
}>

type Choice = readonly [name: string, topic: OutputTopic, from: Readonly<Record<string, unknown>>]

const CHOSEN: readonly Choice[] = [
  ['warning-opened-deadline', 'warnings', { detector: 'fee-due-soon', reason: 'opened' }],
  ['warning-opened-absence', 'warnings', { detector: 'terminal-inactivity', reason: 'opened' }],
  ['warning-opened-burst', 'warnings', { detector: 'decline-burst-card', reason: 'opened' }],
  ['warning-opened-history', 'warnings', { detector: 'volume-spike', reason: 'opened' }],
  ['warning-raised-deadline', 'warnings', { detector: 'fee-overdue', stage: 'warning' }],
  ['warning-raised-absence', 'warnings', { merchantId: 'M-idle', stage: 'consequence-due' }],
  ['warning-raised-burst', 'warnings', { detector: 'decline-burst-card', reason: 'raised' }],
  ['warning-resolved-superseded', 'warnings', { resolution: 'superseded' }],
  ['warning-resolved-deadline', 'warnings', { detector: 'fee-overdue', resolution: 'cleared' }],
  ['warning-resolved-burst', 'warnings', { detector: 'decline-burst-card', reason: 'resolved' }],
  ['warning-retracted-absence', 'warnings', { merchantId: 'M-late', reason: 'retracted' }],
  ['warning-retracted-history', 'warnings', { merchantId: 'M-undone', reason: 'retracted' }],
  ['standing-with-clocks', 'standing', { merchantId: 'M-fees', sequence: 1 }],
  ['standing-idle', 'standing', { merchantId: 'M-idle', sequence: 3 }],
  ['standing-quiet', 'standing', { merchantId: 'M-busy', sequence: 0 }],
  ['standing-suspended', 'standing', { state: 'suspended' }],
  ['standing-tombstone', 'standing', { state: undefined }],
  ['dead-letter-json-invalid', 'deadLetters', { code: 'json-invalid' }],
  ['dead-letter-key-mismatch', 'deadLetters', { code: 'key-mismatch' }],
  ['dead-letter-field-invalid', 'deadLetters', { code: 'field-invalid' }],
  ['dead-letter-card-data', 'deadLetters', { code: 'card-data' }],
  ['dead-letter-too-large', 'deadLetters', { code: 'currency-unknown' }],
  ['dead-letter-id-reused', 'deadLetters', { code: 'id-reused' }],
]
const STRUCTURED: readonly Choice[] = [
  ['structured-opened', 'warnings', { reason: 'opened' }],
  ['structured-raised', 'warnings', { reason: 'raised' }],
  ['structured-resolved', 'warnings', { reason: 'resolved' }],
  ['structured-retracted', 'warnings', { reason: 'retracted' }],
]
const DEAD: Choice = ['dead-letter', 'deadLetters', { code: 'field-invalid' }]

export const GOLDEN_FOLDER = 'tests/contracts/golden'

/** By name, each as made now. */
export async function goldenFiles(): Promise<ReadonlyMap<string, Golden>> {
  const binary = await emittedRecords()
  const structured = await emittedRecords({ mode: 'structured' })
  const connect = await emittedRecords({ headerStyle: 'connect' })
  const spring = await emittedRecords({ headerStyle: 'spring' })
  return new Map([
    ...CHOSEN.map((choice) => chosen(choice, binary)),
    ...STRUCTURED.map((choice) => chosen(choice, structured)),
    [`${DEAD[0]}-connect`, chosen(DEAD, connect)[1]],
    [`${DEAD[0]}-spring`, chosen(DEAD, spring)[1]],
  ])
}

function chosen([name, topic, from]: Choice, sent: readonly Emitted[]): [string, Golden] {
  const wanted = Object.entries(from)
  const found = sent.find(
    (it) => it.topic === topic && wanted.every(([member, value]) => it.from[member] === value),
  )
  if (found === undefined) throw new Error(`the golden history gives no record for ${name}`)
  return [name, written(found)]
}

const TOPICS: Readonly<Record<OutputTopic, string>> = {
  warnings: 'account.warnings',
  standing: 'account.standing',
  deadLetters: 'terminal.events.dlq',
}

function written({ topic, record: { key, value, headers } }: Emitted): Golden {
  const pairs = headers.map(([name, bytes]) => [name, textOf(bytes), bytes] as const)
  const base64 = pairs.filter(([, text]) => text === undefined).map(([name]) => name)
  const named = pairs.map(([name, text, bytes]) => [
    name,
    text ?? Buffer.from(bytes).toString('base64'),
  ])
  if (new Set(named.map(([name]) => name)).size < named.length) throw new Error('a header repeats')
  return {
    topic: TOPICS[topic],
    key: Buffer.from(key).toString(),
    headers: Object.fromEntries(named) as Record<string, string>,
    ...(base64.length === 0 ? {} : { base64 }),
    ...valueOf(value),
  }
}

/** Undefined for bytes that are no text: control characters are none. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString()
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\ufffd]/.test(text) ? undefined : text
}

function valueOf(bytes: Uint8Array | undefined): Pick<Golden, 'value' | 'valueText'> {
  if (bytes === undefined) return { value: null }
  const valueText = Buffer.from(bytes).toString()
  if (!Buffer.from(valueText).equals(bytes)) throw new Error('a value is no UTF-8')
  try {
    const value: unknown = JSON.parse(valueText)
    return JSON.stringify(value) === valueText ? { value } : { valueText }
  } catch {
    return { valueText }
  }
}
