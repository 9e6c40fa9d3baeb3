/** Where a dead record lay and why it is dead, in the header style that the reader's tools know. */
import type { DeadReason } from './event.ts'
import type { Header, LogRecord } from './record.ts'

/** Ours, Kafka Connect's (KIP-298), or Spring for Apache Kafka's. */
export type HeaderStyle = 'native' | 'connect' | 'spring'

export type Place = Readonly<{
  topic: string
  partition: number
  group: string
  /** When it was first found dead; of a resend, still the first time. */
  firstFailedAtMs: number
  appVersion: string
  /** Native where it is not said. */
  headerStyle?: HeaderStyle
}>

type Told = Place & Readonly<{ isReplayable: boolean }>

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()
const CLASS_NAME = 'forewarn'

export function headersOf(reason: DeadReason, record: LogRecord, place: Told): readonly Header[] {
  const style = place.headerStyle ?? 'native'
  if (style === 'connect') return connectHeaders(reason, record, place)
  return style === 'spring' ? springHeaders(reason, record, place) : native(reason, record, place)
}

/** The id of a dead letter read back; undefined where the headers of this style are not there. */
export function deadLetterIdOf(
  headers: readonly Header[],
  style: HeaderStyle = 'native',
): string | undefined {
  // The last of a name: a record replayed from a dead letter may carry the earlier ones.
  const last = new Map(headers)
  const [topic, partition, offset] = ['topic', 'partition', 'offset'].map((name) =>
    last.get(`${COORDINATES[style]}${name}`),
  )
  if (topic === undefined || partition === undefined || offset === undefined) return undefined
  const text = style === 'spring' ? wholeNumber : (bytes: Uint8Array) => DECODER.decode(bytes)
  return `${DECODER.decode(topic)}-${text(partition)}-${text(offset)}`
}

const COORDINATES: Readonly<Record<HeaderStyle, string>> = {
  native: 'dlq.',
  connect: '__connect.errors.',
  spring: 'kafka_dlt-original-',
}

function native(reason: DeadReason, record: LogRecord, place: Told): Header[] {
  return texts('dlq.', {
    topic: place.topic,
    partition: place.partition,
    offset: record.offset,
    timestamp: record.timestampMs,
    group: place.group,
    stage: reason.stage,
    code: reason.code,
    path: reason.path,
    message: reason.message,
    'first-failed-at': Temporal.Instant.fromEpochMilliseconds(place.firstFailedAtMs).toString(),
    replayable: `${place.isReplayable}`,
    'app-version': place.appVersion,
  })
}

/** No stack trace: it may hold personal data. */
function connectHeaders(reason: DeadReason, record: LogRecord, place: Told): Header[] {
  return texts('__connect.errors.', {
    topic: place.topic,
    partition: place.partition,
    offset: record.offset,
    'connector.name': place.group,
    'task.id': place.partition,
    stage: reason.stage,
    'class.name': CLASS_NAME,
    'exception.class.name': reason.code,
    'exception.message': reason.message,
  })
}

/** Numbers big-endian, as its own publisher writes them: an int of four bytes, longs of eight. */
function springHeaders(reason: DeadReason, record: LogRecord, place: Told): Header[] {
  const prefix = 'kafka_dlt-'
  const numbers: Header[] = [
    [`${prefix}original-partition`, bigEndian(place.partition, 4)],
    [`${prefix}original-offset`, bigEndian(record.offset, 8)],
  ]
  if (record.timestampMs !== undefined) {
    numbers.push([`${prefix}original-timestamp`, bigEndian(record.timestampMs, 8)])
  }
  const words = texts(prefix, {
    'original-topic': place.topic,
    'original-consumer-group': place.group,
    'exception-fqcn': reason.code,
    'exception-message': reason.message,
  })
  return [...numbers, ...words]
}

function texts(prefix: string, words: Readonly<Record<string, string | number | undefined>>) {
  const headers: Header[] = []
  for (const [name, word] of Object.entries(words)) {
    if (word !== undefined) headers.push([`${prefix}${name}`, ENCODER.encode(`${word}`)])
  }
  return headers
}

function bigEndian(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  if (length === 4) view.setInt32(0, value)
  else view.setBigInt64(0, BigInt(value))
  return bytes
}

function wholeNumber(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}
