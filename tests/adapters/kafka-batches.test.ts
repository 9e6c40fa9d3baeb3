import { createRequire } from 'node:module'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import kafkajs from 'kafkajs'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeBatches, newAllowance, unreadableOf } from '../../src/adapters/kafka-batches.ts'
import { codecOf, registerCodecs } from '../../src/adapters/kafka-codecs.ts'
import { prng } from '../support/prng.ts'
import { encodeBatch, summed } from '../support/record-batch.ts'
import type { BatchRecord, BatchShape } from '../support/record-batch.ts'

const require = createRequire(import.meta.url)
const utf8 = (text: string) => Buffer.from(text)
const decode = (bytes: Buffer) => decodeBatches(bytes, newAllowance())

beforeAll(() => registerCodecs())

/** Messages as `offset value`, records of control as `offset -`, stretches as `from..next why`. */
async function told(bytes: Buffer, allowance = newAllowance()): Promise<string[]> {
  return (await decodeBatches(bytes, allowance)).map((message) => {
    const unreadable = unreadableOf(message)
    if (unreadable !== undefined) {
      return `${unreadable.from}..${unreadable.next} ${unreadable.why}`
    }
    return `${message.offset} ${message.isControlRecord ? '-' : String(message.value)}`
  })
}

const records = (count: number): BatchRecord[] =>
  Array.from({ length: count }, (_, at) => ({ key: utf8('k'), value: utf8(`v${at}`) }))

describe('a sound batch', () => {
  test('as kafkajs itself writes it', async () => {
    const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js')
    const Record = require('kafkajs/src/protocol/recordBatch/record/v0/index.js')
    const headers = { plain: 'x', twice: [utf8('1'), utf8('2')], __proto__x: utf8('y') }
    const written = await RecordBatch({
      firstTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_900,
      firstOffset: 7_000_000_000,
      lastOffsetDelta: 1,
      records: [
        Record({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: 'first', headers }),
        Record({ offsetDelta: 1, timestampDelta: 900, key: null, value: null }),
      ],
    })
    const messages = await decode(written.buffer)
    expect(messages).toMatchObject([
      { offset: '7000000000', timestamp: '1700000000000', isControlRecord: false },
      { offset: '7000000001', timestamp: '1700000000900', key: null, value: null, headers: {} },
    ])
    expect([messages[0]?.key, messages[0]?.value].map(String)).toEqual(['k', 'first'])
    expect(Object.entries(messages[0]?.headers ?? {}).map(([k, v]) => `${k}=${String(v)}`)).toEqual(
      ['plain=x', 'twice=1,2', '__proto__x=y'],
    )
  })

  test.each(['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const)('packed by %s', async (name) => {
    const type = kafkajs.CompressionTypes[name]
    const plain = encodeBatch(records(500)).subarray(61)
    const packed = (await codecOf(type)?.compress({ buffer: plain })) ?? plain
    const batch = encodeBatch(records(500), { attributes: type, pack: () => packed })
    expect(await told(batch)).toEqual(records(500).map((_, at) => `${at} v${at}`))
  })

  test('the broker’s time stands for the sender’s', async () => {
    const batch = encodeBatch(records(2), { attributes: 8, timestampMs: 5 })
    expect(await told(batch)).toEqual(['0 v0', '1 v1'])
    expect((await decode(batch)).map(({ timestamp }) => timestamp)).toEqual(['5', '5'])
  })

  test('a header called __proto__ is a header', async () => {
    const [message] = await decode(encodeBatch([{ headers: [['__proto__', utf8('x')]] }]))
    expect(Object.keys(message?.headers ?? {})).toEqual(['__proto__'])
  })

  test('several, and the last one cut off', async () => {
    const [one, two] = [encodeBatch(records(2)), encodeBatch(records(1), { firstOffset: 2 })]
    expect(await told(Buffer.concat([one, two]))).toEqual(['0 v0', '1 v1', '2 v0'])
    const cut = Buffer.concat([one, two]).subarray(0, one.length + two.length - 1)
    expect(await told(cut)).toEqual(['0 v0', '1 v1'])
  })
})

describe('what compaction leaves', () => {
  test.each<[string, number[], BatchShape, string[]]>([
    ['a gap', [0, 3], {}, ['0 v', '3 v']],
    ['the end is gone', [0, 3], { lastOffsetDelta: 9 }, ['0 v', '3 v', '9 -']],
    ['all is gone', [], { lastOffsetDelta: 9 }, ['0 -', '9 -']],
    ['the only one is gone', [], {}, ['0 -']],
  ])('%s', async (_name, deltas, shape, expected) => {
    const left = deltas.map((offsetDelta) => ({ offsetDelta, value: utf8('v') }))
    const lastOffsetDelta = deltas.at(-1) ?? 0
    expect(await told(encodeBatch(left, { lastOffsetDelta, ...shape }))).toEqual(expected)
  })
})

describe('what cannot be read is one stretch, and what follows is read', () => {
  const after = encodeBatch(records(1), { firstOffset: 3 })
  const bomb = (pack: BatchShape['pack'], attributes: number) =>
    encodeBatch([{ value: Buffer.alloc(65 * 2 ** 20) }], {
      attributes,
      lastOffsetDelta: 2,
      ...(pack && { pack }),
    })
  const noise = Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 151 + 77) % 256))
  const packedWrong = (attributes: number) =>
    encodeBatch(records(3), { attributes, pack: () => noise })
  const many = (each: number) =>
    Array.from({ length: each }, (_, at): [string, Buffer] => [`h${at}`, utf8('x')])

  test.each<[string, () => Buffer, RegExp]>([
    ['KR2 a gzip bomb', () => bomb(gzipSync, 1), /larger than/],
    ['KR2 a zstd bomb', () => bomb(zstdCompressSync, 4), /larger than/],
    ['KR4 codec 5', () => packedWrong(5), /unknown codec/],
    ['KR4 codec 7', () => packedWrong(7), /unknown codec/],
    ['KR5 no gzip', () => packedWrong(1), /incorrect header/],
    ['KR5 no snappy', () => packedWrong(2), /Invalid|no length|larger than/],
    ['KR5 no lz4', () => packedWrong(3), /magic number/],
    ['KR5 no zstd', () => packedWrong(4), /Unknown frame/],
    ['KR10 too many records', () => encodeBatch(records(3), { count: 250_001 }), /250000 records/],
    [
      'more records than there are',
      () => encodeBatch(records(3), { count: 4 }),
      /behind its batch/,
    ],
    [
      'offsets that fall',
      () => encodeBatch([{ offsetDelta: 1 }, { offsetDelta: 0 }, { offsetDelta: 2 }]),
      /wrong offset/,
    ],
    [
      'an offset behind its batch',
      () => encodeBatch([{ offsetDelta: 9 }], { lastOffsetDelta: 2 }),
      /wrong offset/,
    ],
    [
      'headers of all records',
      () => encodeBatch(Array.from({ length: 18 }, () => ({ headers: many(15_000) }))),
      /250000 headers/,
    ],
  ])('%s', async (_name, make, why) => {
    const batch = make()
    const [stretch, ...rest] = await told(Buffer.concat([batch, after]))
    const last = batch.readInt32BE(23)
    expect(stretch).toMatch(new RegExp(`^0\\.\\.${last + 1} .*(?:${why.source})`))
    expect(rest).toEqual(['3 v0'])
  })

  test.each<[string, () => (readonly [string, Buffer])[], string]>([
    ['KR1 16,385 headers', () => many(16_385), 'more than 16384 headers'],
    ['a megabyte of headers', () => [['h', Buffer.alloc(2 ** 20)]], 'more than 1048576 bytes'],
  ])('%s: of that record alone', async (_name, headers, why) => {
    const batch = encodeBatch([{ value: utf8('a') }, { headers: headers() }, { value: utf8('b') }])
    const [first, stretch, last] = await told(batch)
    expect([first, last]).toEqual(['0 a', '2 b'])
    expect(stretch).toMatch(`1..2 ${why}`)
  })

  test('KR1 ten thousand headers are read, in no time that grows with their square', async () => {
    const started = performance.now()
    const [message] = await decode(encodeBatch([{ headers: many(10_000) }]))
    expect(Object.keys(message?.headers ?? {})).toHaveLength(10_000)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  test('200,000 records in one batch are read', async () => {
    expect(await decode(encodeBatch(records(200_000)))).toHaveLength(200_000)
  })

  test('a wrong checksum is fetched again three times, and then given up', async () => {
    const batch = encodeBatch(records(3), { firstOffset: 41_000 })
    batch[70] = (batch[70] ?? 0) ^ 1
    const all = Buffer.concat([encodeBatch(records(1), { firstOffset: 40_999 }), batch, after])
    for (let again = 0; again < 3; again++) expect(await told(all)).toEqual(['40999 v0'])
    expect(await told(all)).toEqual(['40999 v0', '41000..41003 its checksum is wrong', '3 v0'])
  })
})

test('an answer of a broker is unpacked as far as the allowance goes', async () => {
  const two = Buffer.concat([encodeBatch(records(3)), encodeBatch(records(1), { firstOffset: 3 })])
  const allowance = { left: 1 }
  expect(await told(two, allowance)).toEqual(['0 v0', '1 v1', '2 v2'])
  expect(await told(two, allowance)).toEqual([])
  expect(await told(two)).toHaveLength(4)
})

test('an impossible length is an error: nothing tells where to go on', async () => {
  const batch = encodeBatch(records(3))
  batch.writeInt32BE(5, 8)
  await expect(decode(batch)).rejects.toThrow(/impossible length/)
})

test('20,000 batches with damage that has the right checksum: no crash, no stall', async () => {
  const dice = prng(20_261)
  const sound = [0, 1, 2, 3, 4].map((attributes) => encodeBatch(records(20), { attributes }))
  for (const type of [1, 2, 3, 4]) {
    const plain = sound[0]?.subarray(61) ?? Buffer.alloc(0)
    const packed = (await codecOf(type)?.compress({ buffer: plain })) ?? plain
    sound[type] = encodeBatch(records(20), { attributes: type, pack: () => packed })
  }
  let longest = 0
  for (let round = 0; round < 20_000; round++) {
    const batch = Buffer.from(sound[round % 5] ?? [])
    for (let flips = 1 + dice.below(4); flips > 0; flips--) {
      batch[57 + dice.below(batch.length - 57)] = dice.below(256)
    }
    const started = performance.now()
    const messages = await decode(summed(batch))
    longest = Math.max(longest, performance.now() - started)
    expect(Number(messages.at(-1)?.offset)).toBe(19)
  }
  expect(longest).toBeLessThan(500)
}, 60_000)
