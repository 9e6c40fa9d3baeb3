/**
 * The records of a fetch, in place of kafkajs's decoder of them, which ends the consumer where a batch
 * is damaged, unpacks without a bound, checks no checksum, is quadratic in the headers of a record, and
 * fails at 125,000 records in one batch. Here whatever stands in a batch is a message, or a stretch
 * marked unreadable.
 */
import { codecOf } from './kafka-codecs.ts'
import { crc32c } from './kafka-crc.ts'
import { readRecords, type BatchContext, type Frame, type Message } from './kafka-record-reader.ts'

/** Offsets [from, next) that could not be decoded. */
export type Unreadable = Readonly<{ from: number; next: number; why: string }>

/** What may still be unpacked of one answer of a broker, in bytes of memory. */
export type Allowance = { left: number }

/** More cannot come from a batch of a sensible size; the count is the sender's claim. */
export const RECORDS_MAX = 250_000
/** Many batches of an answer, each within its bounds, would not be bounded together. */
const ANSWER_BYTES_MAX = 256 * 2 ** 20
/** What a record and a header take in memory beside their bytes. */
const RECORD_COST = 300
const HEADER_COST = 200

const HEAD_BYTES = 61
/** What stands before is the broker's own: the offset, the length, the leader's epoch. */
const SUMMED_FROM = 21
const COMPRESSION = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/** As often a batch with a wrong checksum is fetched again: the wire may have damaged it. */
const REFETCHES_MAX = 3
const DAMAGED_MAX = 1_000
const damaged = new Map<string, number>()
const UNREADABLE = Symbol('unreadable')

export function newAllowance(): Allowance {
  return { left: ANSWER_BYTES_MAX }
}

/** What a message of kafkajs stands for when it is not a message. */
export function unreadableOf(message: object): Unreadable | undefined {
  return (message as { [UNREADABLE]?: Unreadable })[UNREADABLE]
}

/**
 * Whole batches from the front, as far as the allowance goes; the rest is fetched again. Raises an
 * error only where the log has no batches at all, since nothing tells where the next would begin.
 */
export async function decodeBatches(bytes: Buffer, allowance: Allowance): Promise<Message[]> {
  const messages: Message[] = []
  for (let at = 0; at + HEAD_BYTES <= bytes.length && allowance.left > 0;) {
    const length = bytes.readInt32BE(at + 8)
    if (length < HEAD_BYTES - 12) throw new Error('the log holds a batch of an impossible length')
    const end = at + 12 + length
    // The broker cuts the last one off where the answer is full.
    if (end > bytes.length) break
    const batch = bytes.subarray(at, end)
    const isWhole = crc32c(batch.subarray(SUMMED_FROM)) === batch.readUInt32BE(17)
    if (!isWhole && isToFetchAgain(batch)) break
    for (const message of await decodeBatch(batch, isWhole, allowance)) messages.push(message)
    at = end
  }
  return messages
}

function isToFetchAgain(batch: Buffer): boolean {
  const name = batch.toString('latin1', 0, HEAD_BYTES)
  const times = (damaged.get(name) ?? 0) + 1
  if (damaged.size >= DAMAGED_MAX) damaged.clear()
  damaged.set(name, times)
  return times <= REFETCHES_MAX
}

async function decodeBatch(
  batch: Buffer,
  isWhole: boolean,
  allowance: Allowance,
): Promise<readonly Message[]> {
  const first = Number(batch.readBigInt64BE(0))
  const last = first + Math.max(0, batch.readInt32BE(23))
  const attributes = batch.readInt16BE(21)
  const context = contextOf(batch, attributes)
  try {
    if (!isWhole) throw new Error('its checksum is wrong')
    const frame: Frame = {
      firstOffset: first,
      lastOffset: last,
      firstTimestamp: Number(batch.readBigInt64BE(27)),
      appendedMs: (attributes & LOG_APPEND_TIME) > 0 ? Number(batch.readBigInt64BE(35)) : undefined,
      context,
    }
    const messages = await decodeRecords(batch, attributes, frame, allowance)
    return withEnd(messages.map(marked), { first, last }, context)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown'
    const blank = blankMessage(last, context)
    return [{ ...blank, isControlRecord: context.isControlBatch, ...mark(first, last, why) }]
  }
}

async function decodeRecords(
  batch: Buffer,
  attributes: number,
  frame: Frame,
  allowance: Allowance,
): Promise<readonly Message[]> {
  const count = batch.readInt32BE(57)
  if (count > RECORDS_MAX) throw new Error(`more than ${RECORDS_MAX} records in one batch`)
  const packed = batch.subarray(HEAD_BYTES)
  const bytes = count <= 0 ? packed : await unpack(attributes & COMPRESSION, packed)
  const { messages, headerCount } = readRecords(bytes, Math.max(0, count), frame)
  allowance.left -= bytes.length + messages.length * RECORD_COST + headerCount * HEADER_COST
  return messages
}

async function unpack(type: number, packed: Buffer): Promise<Buffer> {
  if (type === 0) return packed
  const codec = codecOf(type)
  if (codec === undefined) throw new Error(`an unknown codec, ${type}`)
  return await codec.decompress(packed)
}

/** A record that cannot be taken, as a stretch of its own. */
function marked(message: Message): Message {
  if (message.refused === undefined) return message
  const offset = Number(message.offset)
  const blank = { ...message, key: null, value: null, headers: {} }
  return { ...blank, ...mark(offset, offset, message.refused) }
}

function mark(first: number, last: number, why: string): { [UNREADABLE]: Unreadable } {
  return { [UNREADABLE]: { from: first, next: last + 1, why } }
}

/**
 * Compaction takes records out of a batch, in the end all of them. A record of control, which nobody
 * gets to see, stands for the last: otherwise kafkajs asks for the same batch again, offset by offset,
 * and for an empty one for ever.
 */
function withEnd(
  messages: readonly Message[],
  { first, last }: Readonly<{ first: number; last: number }>,
  context: BatchContext,
): readonly Message[] {
  if (Number(messages.at(-1)?.offset ?? -1) >= last) return messages
  const begin = messages.length > 0 || first === last ? [] : [blankMessage(first, context)]
  return [...messages, ...begin, blankMessage(last, context)]
}

function blankMessage(offset: number, batchContext: BatchContext): Message {
  return {
    magicByte: 2,
    offset: String(offset),
    timestamp: batchContext.maxTimestamp,
    key: null,
    value: null,
    headers: {},
    isControlRecord: true,
    batchContext,
    refused: undefined,
  }
}

function contextOf(batch: Buffer, attributes: number): BatchContext {
  return {
    firstOffset: String(batch.readBigInt64BE(0)),
    firstTimestamp: String(batch.readBigInt64BE(27)),
    maxTimestamp: String(batch.readBigInt64BE(35)),
    producerId: String(batch.readBigInt64BE(43)),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: (attributes & CONTROL) > 0,
  }
}
