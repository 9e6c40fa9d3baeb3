/** A batch of records as a broker keeps it, sound or not: what no producer's library would send. */
import { crc32c } from '../../src/adapters/kafka-crc.ts'

export type BatchRecord = Readonly<{
  key?: Uint8Array
  /** Undefined: null. */
  value?: Uint8Array
  headers?: readonly (readonly [name: string, value: Uint8Array])[]
  /** By default the place in the batch. */
  offsetDelta?: number
}>

export type BatchShape = Readonly<{
  firstOffset?: number
  /** Of all records. */
  timestampMs?: number
  /** Bits of the attributes: the codec, 8 append time, 16 transactional, 32 control. */
  attributes?: number
  pack?: (records: Buffer) => Buffer
  /** By default what is in the batch. */
  count?: number
  lastOffsetDelta?: number
}>

export function encodeBatch(records: readonly BatchRecord[], shape: BatchShape = {}): Buffer {
  const { timestampMs = 1_781_057_164_250, attributes = 0, pack = (it) => it } = shape
  const plain = Buffer.concat(records.map(encodeRecord))
  const packed = pack(plain)
  const batch = Buffer.alloc(61 + packed.length)
  batch.writeBigInt64BE(BigInt(shape.firstOffset ?? 0), 0)
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt8(2, 16)
  batch.writeInt16BE(attributes, 21)
  batch.writeInt32BE(shape.lastOffsetDelta ?? Math.max(0, records.length - 1), 23)
  batch.writeBigInt64BE(BigInt(timestampMs), 27)
  batch.writeBigInt64BE(BigInt(timestampMs), 35)
  batch.writeBigInt64BE(-1n, 43)
  batch.writeInt16BE(-1, 51)
  batch.writeInt32BE(-1, 53)
  batch.writeInt32BE(shape.count ?? records.length, 57)
  packed.copy(batch, 61)
  return summed(batch)
}

/** With the checksum that its bytes have now. */
export function summed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return batch
}

function encodeRecord({ key, value, headers = [], offsetDelta }: BatchRecord, at: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(0),
    varint(offsetDelta ?? at),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, its]) => [sized(Buffer.from(name)), sized(its)]),
  ])
  return Buffer.concat([varint(body.length), body])
}

function sized(bytes: Uint8Array | undefined): Buffer {
  return bytes === undefined ? varint(-1) : Buffer.concat([varint(bytes.length), bytes])
}

/** Zigzag, seven bits to a byte. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value < 0 ? -value * 2 - 1 : value * 2
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}
