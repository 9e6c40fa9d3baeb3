/** A record that cannot be folded, as it goes to the dead-letter topic: whole, or described. */
import { textBytesHoldCard } from './card-data.ts'
import { headersOf, type Place } from './dead-letter-headers.ts'
import type { DeadReason } from './event.ts'
import type { Header, LogRecord } from './record.ts'

export type DeadLetter = Readonly<{
  /** `topic-partition-offset` of the record: the same however often it is written. */
  id: string
  key: Uint8Array
  value: Uint8Array | undefined
  headers: readonly Header[]
}>

/** Of the value, of the key, and of the headers together: it all has to pass the store. */
export const CARRIED_BYTES_MAX = 64 * 1024

const ENCODER = new TextEncoder()
const EMPTY = new Uint8Array(0)
const NO_HEADERS: readonly Header[] = []

type Sha256 = (bytes: Uint8Array) => string

/**
 * Key, value and headers byte for byte, then ours. Where card data was found its bytes are left
 * out, and what is too large is; the value then tells length, hash (hexadecimal) and coordinates.
 */
export function deadLetter(
  reason: DeadReason,
  record: LogRecord,
  place: Place,
  sha256: Sha256,
): DeadLetter {
  const isKeyFit = isShort(record.key) && !(reason.hasCardData && holdsCard(record.key))
  const areHeadersFit = !reason.hasCardData && bytesOf(record.headers) <= CARRIED_BYTES_MAX
  const isWhole = !reason.hasCardData && isShort(record.value) && isKeyFit && areHeadersFit
  const isValueFit = !reason.hasCardData && isShort(record.value)
  const ours = headersOf(reason, record, { ...place, isReplayable: isWhole })
  return {
    id: `${place.topic}-${place.partition}-${record.offset}`,
    key: isKeyFit ? (record.key ?? EMPTY) : EMPTY,
    value: isValueFit ? record.value : described(reason, record, place, sha256),
    headers: [...(areHeadersFit ? record.headers : NO_HEADERS), ...ours],
  }
}

function described(
  reason: DeadReason,
  record: LogRecord,
  place: Place,
  sha256: Sha256,
): Uint8Array {
  const value = record.value ?? EMPTY
  return ENCODER.encode(
    JSON.stringify({
      leftOut: reason.hasCardData ? 'card-data' : 'too-large',
      topic: place.topic,
      partition: place.partition,
      offset: record.offset,
      valueBytes: value.length,
      valueSha256: sha256(value),
    }),
  )
}

function isShort(bytes: Uint8Array | undefined): boolean {
  return bytes === undefined || bytes.length <= CARRIED_BYTES_MAX
}

function holdsCard(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && textBytesHoldCard(bytes)
}

function bytesOf(headers: readonly Header[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
}
