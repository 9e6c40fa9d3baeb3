import { createRequire } from 'node:module'
import { assert, bigInt, constant, dictionary, integer, oneof, property, record } from 'fast-check'
import { array, string, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { patchKafkajs } from '../../src/adapters/kafka-patches.ts'
import { encodeRecord, type RecordParts } from '../../src/adapters/kafka-record-writer.ts'

type Stock = (parts: RecordParts) => Readonly<{ buffer: Buffer }>

const require = createRequire(import.meta.url)
// Asked for before the first client, it stays what kafkajs brought.
const stock = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as Stock

const buffer = uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const content = oneof(buffer, string({ unit: 'binary', maxLength: 90 }))
const absent = oneof(constant(null), constant(undefined))
const parts = record({
  offsetDelta: integer({ min: 0, max: 1_000_000 }),
  timestampDelta: bigInt({ min: -(2n ** 50n), max: 2n ** 50n }).map(Number),
  key: oneof(content, absent),
  value: oneof(content, absent),
  headers: dictionary(string({ maxLength: 9 }), oneof(content, array(buffer, { maxLength: 3 }))),
})

test('the bytes are those of kafkajs', () => {
  assert(
    property(parts, (it) => {
      const ours = encodeRecord(it)
      expect(ours?.buffer.equals(stock(it).buffer)).toBe(true)
      expect(ours?.size()).toBe(stock(it).buffer.length)
    }),
    { numRuns: 500 },
  )
})

test('headers as a list, in views of other memory, are those of the object', () => {
  const lists = array(tuple(string({ maxLength: 9 }), uint8Array({ maxLength: 40 })))
  assert(
    property(parts, lists, (it, list) => {
      const headers: Record<string, Buffer[]> = {}
      for (const [name, value] of list) (headers[`h${name}`] ??= []).push(Buffer.from(value))
      // Names of one kind stand together in an object.
      const pairs = Object.entries(headers).flatMap(([name, values]) =>
        values.map((value) => [name, new Uint8Array([0, ...value]).subarray(1)] as const),
      )
      const expected = stock({ ...it, headers }).buffer
      expect(encodeRecord({ ...it, headers: pairs })?.buffer.equals(expected)).toBe(true)
    }),
  )
})

test('at the bounds of every number of bytes too', () => {
  for (const exponent of [6, 7, 13, 14, 20, 21, 27, 28, 30, 31, 34, 35, 41, 42, 48, 49]) {
    for (const timestampDelta of [-1, 0, 1].map((more) => 2 ** exponent + more)) {
      for (const delta of [timestampDelta, -timestampDelta]) {
        const it = { timestampDelta: delta, value: Buffer.alloc(exponent < 21 ? 2 ** exponent : 1) }
        expect(encodeRecord(it)?.buffer.equals(stock(it).buffer)).toBe(true)
      }
    }
  }
})

test('the record without anything', () => {
  expect(encodeRecord({})?.buffer).toEqual(Buffer.from([12, 0, 0, 0, 1, 1, 0]))
})

test.for<RecordParts>([
  { value: 7 },
  { headers: { name: null } },
  { headers: { name: [Buffer.alloc(1), undefined] } },
  { timestampDelta: 0.5 },
  { timestampDelta: Number.NaN },
  { timestampDelta: 2 ** 53 },
  { offsetDelta: 2 ** 31 },
])('what is not bytes or text is left to kafkajs: %j', (parts) => {
  expect(encodeRecord(parts)).toBeUndefined()
})

test('where kafkajs has its own in use already, that stays', () => {
  expect(patchKafkajs().recordEncoder).toBe(false)
})
