/** What kafkajs delivers, as records and as stretches that could not be read. */
import type { Batch, KafkaMessage } from 'kafkajs'
import type { RawRecord } from '../core/ports.ts'
import { unreadableOf } from './kafka-batches.ts'

/** A run of records, or a gap in what can be read; `next` is the position after it. */
export type Stretch =
  | Readonly<{ kind: 'records'; records: readonly RawRecord[]; next: number }>
  | Readonly<{ kind: 'unreadable'; from: number; next: number; why: string }>

/** In offset order. The last one ends where the batch ends, records of control included. */
export function stretchesOf(batch: Batch): readonly Stretch[] {
  const stretches: Stretch[] = []
  let records: RawRecord[] = []
  for (const message of batch.messages) {
    const unreadable = unreadableOf(message)
    if (unreadable === undefined) records.push(recordOf(message))
    else {
      if (records.length > 0) stretches.push({ kind: 'records', records, next: unreadable.from })
      stretches.push({ kind: 'unreadable', ...unreadable })
      records = []
    }
  }
  const next = nextOffset(batch.lastOffset())
  const isRest = records.length > 0 || (stretches.at(-1)?.next ?? 0) < next
  if (isRest) stretches.push({ kind: 'records', records, next })
  return stretches
}

/** The offset after one in kafkajs's decimal text. Beyond 2^53 numbers would lie: that is an error. */
export function nextOffset(last: string): number {
  const next = Number(last) + 1
  if (!Number.isSafeInteger(next)) throw new RangeError(`offset ${last} is not a safe integer`)
  return next
}

const NONE: RawRecord['headers'] = []

/** The bytes are those of the fetch: to be copied by whoever keeps them longer than the batch. */
export function recordOf(message: KafkaMessage): RawRecord {
  const timestampMs = Number(message.timestamp)
  return {
    offset: Number(message.offset),
    key: message.key ?? undefined,
    value: message.value ?? undefined,
    headers: headersOf(message.headers),
    timestampMs: timestampMs < 0 ? undefined : timestampMs,
  }
}

function headersOf(headers: KafkaMessage['headers']): RawRecord['headers'] {
  const all = Object.entries(headers ?? {})
  if (all.length === 0) return NONE
  return all.flatMap(([name, values]) =>
    [values].flat().map((value): [string, Uint8Array] => [name, Buffer.from(value ?? '')]),
  )
}
