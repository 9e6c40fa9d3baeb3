/**
 * Three repairs of kafkajs 2.2.4, which is no longer developed, made while it runs. Each is guarded
 * by the version and the very source text it replaces; where that differs it stays as it came.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

/** Which repairs are in force. */
export type KafkaPatches = Readonly<{
  /** An idle connection sleeps, instead of waking every millisecond (3-4 % of a core each). */
  idleTimer: boolean
  /** End offsets are high watermarks, instead of the first record of an open transaction. */
  endOffsets: boolean
  /** A batch that cannot be decoded is a record marked unreadable, instead of the end of the consumer. */
  unreadable: boolean
}>

/** Offsets [from, next) that could not be decoded. */
export type Unreadable = Readonly<{ from: number; next: number; why: string }>

const VERSION = '2.2.4'
const require = createRequire(import.meta.url)
const UNREADABLE = Symbol('unreadable')
/** More cannot come from a batch of a sensible size; the count is the sender's claim. */
const RECORDS_MAX = 250_000

let patches: KafkaPatches | undefined

/** Once per process, before the first client is made; later calls answer the same. */
export function patchKafkajs(): KafkaPatches {
  const { version } = require('kafkajs/package.json') as { version: string }
  const isKnown = version === VERSION
  patches ??= {
    idleTimer: isKnown && patchIdleTimer(),
    endOffsets: isKnown && patchListOffsets(),
    unreadable: isKnown && patchBatchDecoder(),
  }
  return patches
}

/** What a message of kafkajs stands for when it is not a message. */
export function unreadableOf(message: object): Unreadable | undefined {
  return (message as { [UNREADABLE]?: Unreadable })[UNREADABLE]
}

function isText(code: unknown, sha256: string): boolean {
  if (typeof code !== 'function') return false
  return createHash('sha256').update(code.toString()).digest('hex').startsWith(sha256)
}

type RequestQueue = {
  throttledUntil: number
  pending: unknown[]
  scheduleCheckPendingRequests: () => void
}

function patchIdleTimer(): boolean {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue
  }
  const original = prototype.scheduleCheckPendingRequests
  if (!isText(original, '04347ea969c6f2e3')) return false
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    const isIdle = this.pending.length === 0 && this.throttledUntil <= Date.now()
    if (!isIdle) original.call(this)
  }
  return true
}

type Broker = { listOffsets: (request: object) => Promise<unknown> }

function patchListOffsets(): boolean {
  const { prototype } = require('kafkajs/src/broker/index.js') as { prototype: Broker }
  const original = prototype.listOffsets
  if (!isText(original, 'c68b741874e9b4d3')) return false
  prototype.listOffsets = function (this: Broker, request) {
    return original.call(this, { ...request, isolationLevel: 0 })
  }
  return true
}

type Decoder = { buffer: Buffer; offset: number; forward: (bytes: number) => void }
type BatchDecoder = (decoder: Decoder) => Promise<object>

function patchBatchDecoder(): boolean {
  const isTooLate = Object.keys(require.cache).some((path) => path.endsWith('/decodeMessages.js'))
  const path = require.resolve('kafkajs/src/protocol/recordBatch/v0/decoder.js')
  const original = require(path) as BatchDecoder
  const module = require.cache[path]
  if (isTooLate || module === undefined || !isText(original, '77acebbb995191c1')) return false
  module.exports = (decoder: Decoder) => decodeGuarded(original, decoder)
  return true
}

async function decodeGuarded(original: BatchDecoder, decoder: Decoder): Promise<object> {
  const { buffer, offset } = decoder
  const length = buffer.readInt32BE(offset + 8)
  const isWhole = buffer.length >= offset + 12 + length && length >= 49
  if (isWhole && buffer.readInt32BE(offset + 57) > RECORDS_MAX) {
    decoder.forward(12 + length)
    return placeholder(buffer, offset, `more than ${RECORDS_MAX} records in one batch`)
  }
  try {
    return await original(decoder)
  } catch (error) {
    const isError = error instanceof Error
    if (!isWhole || (isError && error.name === 'KafkaJSPartialMessageError')) throw error
    // The original has moved on by the length of the batch before it looked inside.
    return placeholder(buffer, offset, isError ? error.message : 'unknown')
  }
}

/** A batch of one record at the last offset of the one at `at`, as kafkajs would have decoded it. */
function placeholder(buffer: Buffer, at: number, why: string): object {
  const first = buffer.readBigInt64BE(at)
  const last = first + BigInt(Math.max(0, buffer.readInt32BE(at + 23)))
  const attributes = buffer.readInt16BE(at + 21)
  const context = {
    firstOffset: String(first),
    maxTimestamp: String(buffer.readBigInt64BE(at + 35)),
    producerId: String(buffer.readBigInt64BE(at + 43)),
    inTransaction: (attributes & 0x10) > 0,
    isControlBatch: (attributes & 0x20) > 0,
  }
  const unreadable: Unreadable = { from: Number(first), next: Number(last) + 1, why }
  const record = {
    magicByte: 2,
    offset: String(last),
    timestamp: context.maxTimestamp,
    key: null,
    value: null,
    headers: {},
    isControlRecord: context.isControlBatch,
    batchContext: context,
    [UNREADABLE]: unreadable,
  }
  return { ...context, records: [record] }
}
