/**
 * Repairs of kafkajs 2.2.4, which is no longer developed, made while it runs. Each is guarded
 * by the version and the very source text it replaces; where that differs it stays as it came.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { decodeBatches, newAllowance, type Allowance } from './kafka-batches.ts'
import { encodeBatch, type BatchParts } from './kafka-batch-writer.ts'
import { encodeRecord, type RecordParts } from './kafka-record-writer.ts'

/** Which repairs are in force. */
export type KafkaPatches = Readonly<{
  /** An idle connection sleeps, instead of waking every millisecond (3-4 % of a core each). */
  idleTimer: boolean
  /** End offsets are high watermarks, instead of the first record of an open transaction. */
  endOffsets: boolean
  /** Batches are decoded by `kafka-batches.ts`: bounded, and a damaged one does not end the consumer. */
  unreadable: boolean
  /** What is produced is encoded by `kafka-record-writer.ts`, at a tenth of the cost. */
  recordEncoder: boolean
  /** And put together by `kafka-batch-writer.ts`. */
  batchEncoder: boolean
}>

const VERSION = '2.2.4'
const require = createRequire(import.meta.url)

let patches: KafkaPatches | undefined

/** Once per process, before the first client is made; later calls answer the same. */
export function patchKafkajs(): KafkaPatches {
  const { version } = require('kafkajs/package.json') as { version: string }
  const isKnown = version === VERSION
  patches ??= {
    idleTimer: isKnown && patchIdleTimer(),
    endOffsets: isKnown && patchListOffsets(),
    unreadable: isKnown && patchMessagesDecoder(),
    recordEncoder: isKnown && patchRecordEncoder(),
    batchEncoder: isKnown && patchBatchEncoder(),
  }
  return patches
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
type MessagesDecoder = (decoder: Decoder) => Promise<readonly object[]>

const MESSAGES_DECODER = 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js'
const MAGIC_AT = 16
const MAGIC = 2

function patchMessagesDecoder(): boolean {
  const found = notYetUsed<MessagesDecoder>(MESSAGES_DECODER, '1b27174fb8b38bbd')
  if (found === undefined) return false
  const { module, original } = found
  const allowances = new WeakMap<Buffer, Allowance>()
  module.exports = async (decoder: Decoder) => {
    const { buffer, offset } = decoder
    const start = offset + 4
    const bytes = buffer.subarray(start, start + Math.max(0, buffer.readInt32BE(offset)))
    // Only brokers before version 0.11 write, and only before 4.0 hold, another format.
    if (bytes.length > MAGIC_AT && bytes[MAGIC_AT] !== MAGIC) return original(decoder)
    decoder.forward(4 + bytes.length)
    // One answer of a broker is one buffer, whatever the number of partitions in it.
    const allowance = allowances.get(buffer) ?? newAllowance()
    allowances.set(buffer, allowance)
    return decodeBatches(bytes, allowance)
  }
  return true
}

type RecordEncoder = (parts: RecordParts) => unknown

const RECORD_ENCODER = 'kafkajs/src/protocol/recordBatch/record/v0/index.js'

function patchRecordEncoder(): boolean {
  const found = notYetUsed<RecordEncoder>(RECORD_ENCODER, '88bfde961fa73b1c')
  if (found === undefined) return false
  const { module, original } = found
  module.exports = (parts: RecordParts) => encodeRecord(parts) ?? original(parts)
  return true
}

type BatchEncoder = (parts: BatchParts) => Promise<unknown>

const BATCH_ENCODER = 'kafkajs/src/protocol/recordBatch/v0/index.js'
/** Takes the encoder out of its module when it is loaded itself. */
const PRODUCE_REQUEST = 'kafkajs/src/protocol/requests/produce/v3/request.js'

function patchBatchEncoder(): boolean {
  if (require.cache[require.resolve(PRODUCE_REQUEST)] !== undefined) return false
  const exported = require(BATCH_ENCODER) as { RecordBatch: BatchEncoder }
  const original = exported.RecordBatch
  if (!isText(original, '5aa61460f1ea2e0a')) return false
  exported.RecordBatch = async (parts) => encodeBatch(parts) ?? original(parts)
  return true
}

/** A module that exports one function. Whoever has asked for it before keeps the original: too late. */
function notYetUsed<T>(
  name: string,
  sha256: string,
): Readonly<{ module: NodeJS.Module; original: T }> | undefined {
  const path = require.resolve(name)
  if (require.cache[path] !== undefined) return undefined
  const original = require(path) as T
  const module = require.cache[path]
  return module !== undefined && isText(original, sha256) ? { module, original } : undefined
}
