import { createRequire } from 'node:module'
import { array, asyncProperty, assert, bigInt, boolean, integer, record } from 'fast-check'
import { uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBatch, type BatchParts } from '../../src/adapters/kafka-batch-writer.ts'
import { patchKafkajs } from '../../src/adapters/kafka-patches.ts'
import { encodeRecord } from '../../src/adapters/kafka-record-writer.ts'

type Stock = (parts: BatchParts) => Promise<Readonly<{ buffer: Buffer; size: () => number }>>

const require = createRequire(import.meta.url)
// Loaded before the first client, it stays what kafkajs brought.
require('kafkajs/src/protocol/requests/produce/v3/request.js')
const { RecordBatch: stock } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: Stock
}
const Long = require('kafkajs/src/utils/long.js') as { fromValue: (value: bigint) => object }

const int32 = integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const int64 = bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const encoded = uint8Array({ maxLength: 200 }).map((value) =>
  encodeRecord({ value: Buffer.from(value) })!,
)
const parts = record(
  {
    firstOffset: int64.map((value) => Long.fromValue(value)),
    partitionLeaderEpoch: int32,
    lastOffsetDelta: int32,
    transactional: boolean(),
    producerId: int64.map(String),
    producerEpoch: integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
    firstSequence: int32,
    records: array(encoded, { maxLength: 20 }),
  },
  { requiredKeys: [] },
)
const times = record({ firstTimestamp: int64.map(Number), maxTimestamp: int64.map(String) })

test('the bytes are those of kafkajs', async () => {
  await assert(
    asyncProperty(parts, times, async (some, { firstTimestamp, maxTimestamp }) => {
      // As a number it is exact only where it is one that dates have.
      const it = { ...some, firstTimestamp: Math.trunc(firstTimestamp / 2 ** 20), maxTimestamp }
      const theirs = await stock(it)
      const ours = encodeBatch(it)
      expect(ours?.buffer.equals(theirs.buffer)).toBe(true)
      expect(ours?.size()).toBe(theirs.size())
    }),
  )
})

test('what is to be compressed, and what has no times, is left to kafkajs', () => {
  const now = { firstTimestamp: 1, maxTimestamp: 2 }
  expect(encodeBatch({ ...now, compression: 1 })).toBeUndefined()
  expect(encodeBatch({ firstTimestamp: 1 })).toBeUndefined()
  expect(encodeBatch({ maxTimestamp: 1 })).toBeUndefined()
  expect(encodeBatch(now)?.size()).toBe(61)
})

test('where kafkajs has its own in use already, that stays', () => {
  expect(patchKafkajs().batchEncoder).toBe(false)
})
