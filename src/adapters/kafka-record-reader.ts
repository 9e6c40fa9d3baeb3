/** Records of one batch, unpacked, to messages as kafkajs gives them. Every length is checked. */

/** A header without a value is one of no bytes. */
export type MessageHeaders = Readonly<Record<string, Buffer | Buffer[]>>

/** What kafkajs, and we behind it, read of a message. */
export type Message = Readonly<{
  magicByte: 2
  offset: string
  timestamp: string
  key: Buffer | null
  value: Buffer | null
  headers: MessageHeaders
  isControlRecord: boolean
  batchContext: BatchContext
  /** Why this record alone cannot be taken. */
  refused: string | undefined
}>

export type BatchContext = Readonly<{
  firstOffset: string
  firstTimestamp: string
  maxTimestamp: string
  producerId: string
  inTransaction: boolean
  isControlBatch: boolean
}>

/** How the offsets and the instants of a batch's records are found. */
export type Frame = Readonly<{
  firstOffset: number
  /** Of the batch, its records taken out or not. */
  lastOffset: number
  firstTimestamp: number
  /** Where the broker stamped the batch, the instant of all its records. */
  appendedMs: number | undefined
  context: BatchContext
}>

/** A record with more headers, or more bytes in them, is refused. */
export const HEADERS_MAX = 16_384
export const HEADER_BYTES_MAX = 1_048_576
/** Of all records of a batch: what they take in memory is a multiple of their bytes. */
export const BATCH_HEADERS_MAX = 250_000

/** `offset`: of the record read last. */
type Reader = { readonly bytes: Buffer; at: number; offset: number }
type Headers = Readonly<{ count: number; headers: MessageHeaders; refused: string | undefined }>

/** Raises an error where the bytes are no `count` records, or hold too many headers in all. */
export function readRecords(
  bytes: Buffer,
  count: number,
  frame: Frame,
): Readonly<{ messages: readonly Message[]; headerCount: number }> {
  const reader: Reader = { bytes, at: 0, offset: frame.firstOffset - 1 }
  const messages: Message[] = []
  let headerCount = 0
  for (let i = 0; i < count; i++) {
    const length = readLength(reader)
    const end = reader.at + length
    if (length < 0 || end > bytes.length) throw new Error('a record ends behind its batch')
    headerCount += pushMessage(messages, reader, end, frame)
    if (headerCount > BATCH_HEADERS_MAX) {
      throw new Error(`more than ${BATCH_HEADERS_MAX} headers in one batch`)
    }
    reader.at = end
  }
  return { messages, headerCount }
}

/** Returns the number of its headers. */
function pushMessage(messages: Message[], reader: Reader, end: number, frame: Frame): number {
  const { firstOffset, lastOffset, firstTimestamp, appendedMs, context } = frame
  // Attributes of a record: nothing uses them.
  reader.at++
  const sentMs = firstTimestamp + readVarint(reader)
  const offset = firstOffset + readLength(reader)
  // A reader would lose its place in the log.
  if (offset <= reader.offset || offset > lastOffset) {
    throw new Error('a record with a wrong offset')
  }
  reader.offset = offset
  const key = readBytes(reader, end)
  const value = readBytes(reader, end)
  const { count, headers, refused } = readHeaders(reader, end)
  messages.push({
    magicByte: 2,
    offset: String(offset),
    timestamp: String(appendedMs ?? sentMs),
    key,
    value,
    headers,
    isControlRecord: context.isControlBatch,
    batchContext: context,
    refused,
  })
  return count
}

const NO_HEADERS: Headers = { count: 0, headers: {}, refused: undefined }

function readHeaders(reader: Reader, end: number): Headers {
  const count = readLength(reader)
  if (count === 0) return NO_HEADERS
  // A header takes two bytes at least.
  if (count < 0 || count > (end - reader.at) / 2) throw new Error('a record with a wrong length')
  if (count > HEADERS_MAX) return { ...NO_HEADERS, refused: `more than ${HEADERS_MAX} headers` }
  if (end - reader.at > HEADER_BYTES_MAX) {
    return { ...NO_HEADERS, refused: `more than ${HEADER_BYTES_MAX} bytes of headers` }
  }
  const found = new Map<string, Buffer | Buffer[]>()
  for (let i = 0; i < count; i++) {
    const name = readBytes(reader, end)?.toString() ?? ''
    const value = readBytes(reader, end) ?? EMPTY
    const before = found.get(name)
    if (before === undefined) found.set(name, value)
    else if (Array.isArray(before)) before.push(value)
    else found.set(name, [before, value])
  }
  // Not by assignment: a header may be called `__proto__`.
  return { count, headers: Object.fromEntries(found), refused: undefined }
}

const EMPTY = Buffer.alloc(0)

/** Null where its length is −1. A view on the batch. */
function readBytes(reader: Reader, end: number): Buffer | null {
  const length = readLength(reader)
  if (length === -1) return null
  const start = reader.at
  if (length < 0 || start + length > end) throw new Error('a record with a wrong length')
  reader.at = start + length
  return reader.bytes.subarray(start, reader.at)
}

/** A zigzag varint of at most 32 bits. */
function readLength(reader: Reader): number {
  const length = readVarint(reader)
  if (length !== (length | 0)) throw new Error('a record with a wrong length')
  return length
}

/** A zigzag varint, in most cases of one or two bytes. Exact up to 2^53. */
function readVarint(reader: Reader): number {
  const { bytes } = reader
  let byte = bytes[reader.at++] as number
  if (byte < 0x80) return byte & 1 ? -((byte + 1) >> 1) : byte >> 1
  let value = byte & 0x7f
  for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
    if (factor > 2 ** 63 || reader.at >= bytes.length) throw new Error('a number without end')
    byte = bytes[reader.at++] as number
    value += (byte & 0x7f) * factor
  }
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}
