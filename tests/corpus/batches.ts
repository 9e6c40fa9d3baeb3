/** Whole batches: what a sender packs, and what a disk makes of it. */
import { createRequire } from 'node:module'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { packLz4 } from '../support/pack-lz4.ts'
import { summed } from '../support/record-batch.ts'
import type { BatchRecord, BatchShape } from '../support/record-batch.ts'
import { goodSale, inputsOf, utf8 } from './input.ts'
import type { Expected } from './input.ts'

export type HostileBatch = Readonly<{
  /** `<class> <name>` */
  name: string
  /** Of all its records; `dead-letter:batch-unreadable` is one dead letter for all of them. */
  expected: Expected
  make: () => Readonly<{ records: readonly BatchRecord[]; shape?: BatchShape }>
  /** What befalls it in the log, as it lies there; its length stays. */
  damage?: (batch: Buffer) => void
}>

const require = createRequire(import.meta.url)
const snappy = require('snappyjs') as { compress: (bytes: Buffer) => Buffer }

const PACKERS: readonly (readonly [name: string, attributes: number, (bytes: Buffer) => Buffer])[] =
  [
    ['gzip', 1, gzipSync],
    ['snappy', 2, (bytes) => Buffer.from(snappy.compress(bytes))],
    ['lz4', 3, packLz4],
    ['zstd', 4, zstdCompressSync],
  ]

const UNREADABLE: Expected = 'dead-letter:batch-unreadable'
const BOMB_BYTES = 65 * 2 ** 20
const RECORDS_AT = 61

let sales = 0
/** Sales of accounts of their own. */
const goods = (count: number): BatchRecord[] =>
  Array.from({ length: count }, () => {
    const { key, value } = goodSale(`batch-${sales++}`)
    return { ...(key && { key }), ...(value && { value }) }
  })

const bombs = PACKERS.map(([name, attributes, pack]): HostileBatch => ({
  name: `KR2 a ${name} bomb`,
  expected: UNREADABLE,
  make: () => ({
    records: [{ key: utf8('M-KR2'), value: Buffer.alloc(BOMB_BYTES) }],
    shape: { attributes, pack },
  }),
}))

const codecs = PACKERS.map(([name, attributes, pack]): HostileBatch => ({
  name: `KR4 ${name}`,
  expected: 'ok',
  make: () => ({ records: goods(50), shape: { attributes, pack } }),
}))

const damagedPacks = PACKERS.map(([name, attributes, pack]): HostileBatch => ({
  name: `KR5 damaged ${name}`,
  expected: UNREADABLE,
  make: () => ({ records: goods(50), shape: { attributes, pack } }),
  damage: (batch) => {
    for (let at = RECORDS_AT; at < batch.length; at++) batch[at] = (at * 151 + 77) % 256
    summed(batch)
  },
}))

function flipped(name: string, at: (batch: Buffer) => number, isSummed: boolean): HostileBatch {
  return {
    name: `KR5 ${name}`,
    expected: UNREADABLE,
    make: () => ({ records: goods(3) }),
    damage: (batch) => {
      const place = at(batch)
      batch[place] = (batch[place] ?? 0) ^ 0xff
      if (isSummed) summed(batch)
    },
  }
}

function unknownCodec(): HostileBatch {
  return {
    name: 'KR4 a codec that Kafka has not',
    expected: UNREADABLE,
    make: () => ({ records: goods(3) }),
    damage: (batch) => {
      batch.writeInt16BE(5, 21)
      summed(batch)
    },
  }
}

/** Of a type we do not know: nothing comes of them, however many they are. */
function unheardOf(count: number): readonly BatchRecord[] {
  const of = inputsOf('KR10')
  const value = utf8(of.text({ type: 'coffee.served', data: {} }))
  return Array.from({ length: count }, () => ({ key: utf8('M-KR10'), value }))
}

const many: readonly HostileBatch[] = [
  {
    name: 'KR10 200,000 records',
    expected: 'ignore',
    make: () => ({ records: unheardOf(200_000), shape: { attributes: 1, pack: gzipSync } }),
  },
  {
    name: 'KR10 1,000,000 records of one byte',
    expected: UNREADABLE,
    make: () => ({
      records: Array.from({ length: 1_000_000 }, () => ({ value: utf8('1') })),
      shape: { attributes: 1, pack: gzipSync },
    }),
  },
  {
    name: 'KR10 5,000 records of one byte',
    expected: 'dead-letter:json-not-object',
    make: () => ({
      records: Array.from({ length: 5_000 }, () => ({ value: utf8('1') })),
      shape: { attributes: 1, pack: gzipSync },
    }),
  },
]

const headers: HostileBatch = {
  name: 'KR1 16,385 headers',
  expected: UNREADABLE,
  make: () => ({
    records: goods(1).map((it) => ({
      ...it,
      headers: Array.from({ length: 16_385 }, (_, at) => [`h${at}`, utf8('x')] as const),
    })),
  }),
}

/** Those that a test sends as they are, and damages where they lie. */
export const HOSTILE_BATCHES: readonly HostileBatch[] = [
  headers,
  ...bombs,
  ...codecs,
  unknownCodec(),
  ...damagedPacks,
  flipped('a flipped byte', (batch) => batch.length - 5, false),
  flipped('a damaged length of a record', () => RECORDS_AT, true),
  ...many,
]

/** What has to become of the batches of a class, those included that a test makes by other means. */
export const BATCHES: Readonly<Record<string, readonly Expected[]>> = {
  KR7: ['ignore'],
  KR8: ['ok'],
  KR12: ['ignore'],
  KR13: ['ok'],
  ...Object.fromEntries(
    [...Map.groupBy(HOSTILE_BATCHES, ({ name }) => name.split(' ')[0] ?? '')].map(([id, all]) => [
      id,
      all.map(({ expected }) => expected),
    ]),
  ),
}
