/**
 * A batch of records of format 2, not compressed, in one buffer of its exact size. kafkajs lets three
 * zeroed ones grow to the next power of two, and sums the bytes one by one.
 */
import { crc32c } from './kafka-crc.ts'
import type { EncodedRecord } from './kafka-record-writer.ts'

/** A number of 64 bits, as kafkajs passes it: its `Long` is read by its text. */
type Wide = Readonly<{ toString: () => string }>

/** What kafkajs asks to be encoded. Times are in milliseconds since 1970. */
export type BatchParts = Readonly<{
  compression?: number
  firstOffset?: Wide
  firstTimestamp?: Wide
  maxTimestamp?: Wide
  partitionLeaderEpoch?: number
  lastOffsetDelta?: number
  transactional?: boolean
  producerId?: Wide
  producerEpoch?: number
  firstSequence?: number
  records?: readonly EncodedRecord[]
}>

const HEAD_BYTES = 61
const LENGTH_END = 12
const MAGIC = 2
const TRANSACTIONAL = 0x10
/** What stands before is the broker's own. */
const SUMMED_FROM = 21

/** Undefined where it is for kafkajs to do it: a batch to be compressed, or one without its times. */
export function encodeBatch(parts: BatchParts): EncodedRecord | undefined {
  const { compression = 0, records = [], firstTimestamp, maxTimestamp } = parts
  if (compression !== 0 || firstTimestamp === undefined || maxTimestamp === undefined) {
    return undefined
  }
  let size = HEAD_BYTES
  for (const { buffer } of records) size += buffer.length
  const bytes = Buffer.allocUnsafe(size)
  bytes.writeBigInt64BE(wide(parts.firstOffset ?? 0), 0)
  bytes.writeInt32BE(size - LENGTH_END, 8)
  bytes.writeInt32BE(parts.partitionLeaderEpoch ?? 0, LENGTH_END)
  bytes[16] = MAGIC
  bytes.writeInt16BE(parts.transactional === true ? TRANSACTIONAL : 0, SUMMED_FROM)
  bytes.writeInt32BE(parts.lastOffsetDelta ?? 0, 23)
  bytes.writeBigInt64BE(wide(firstTimestamp), 27)
  bytes.writeBigInt64BE(wide(maxTimestamp), 35)
  bytes.writeBigInt64BE(wide(parts.producerId ?? -1), 43)
  bytes.writeInt16BE(parts.producerEpoch ?? 0, 51)
  bytes.writeInt32BE(parts.firstSequence ?? 0, 53)
  bytes.writeInt32BE(records.length, 57)
  let at = HEAD_BYTES
  for (const { buffer } of records) {
    bytes.set(buffer, at)
    at += buffer.length
  }
  bytes.writeUInt32BE(crc32c(bytes.subarray(SUMMED_FROM)), 17)
  return { buf: bytes, buffer: bytes, size: () => size }
}

function wide(value: Wide): bigint {
  return BigInt(value.toString())
}
