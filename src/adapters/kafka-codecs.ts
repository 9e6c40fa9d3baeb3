/** All codecs of Kafka, each with a bound on what a batch may become: a sender can lie about that. */
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { gunzip, zstdCompress, zstdDecompress } from 'node:zlib'
import kafkajs from 'kafkajs'
import { unpackLz4 } from './kafka-lz4.ts'

const require = createRequire(import.meta.url)
const snappy = (require('kafkajs-snappy') as () => Codec)()
const lz4 = require('lz4js') as { compress: (bytes: Uint8Array) => Uint8Array }

export type Codec = Readonly<{
  compress: (encoder: Readonly<{ buffer: Buffer }>) => Promise<Buffer>
  decompress: (bytes: Buffer) => Promise<Buffer>
}>

/** A megabyte on the wire, the broker's default, compressed sixty-four times. */
const BATCH_BYTES_MAX = 64 * 2 ** 20

/** Of the type that a batch names; undefined for one that Kafka has not. */
export function codecOf(type: number): Codec | undefined {
  const codecs = kafkajs.CompressionCodecs as unknown as Readonly<Record<number, () => Codec>>
  return codecs[type]?.()
}

/** Replaces kafkajs's own gzip, which is unbounded, too. For the whole process. */
export function registerCodecs(bytesMax = BATCH_BYTES_MAX): void {
  const { CompressionCodecs: codecs, CompressionTypes: types } = kafkajs
  const gzip = codecOf(types.GZIP)
  const bounded: readonly (readonly [number, Codec | undefined])[] = [
    [types.GZIP, gzip && { ...gzip, decompress: gunzipBounded(bytesMax) }],
    [types.ZSTD, zstdCodec(bytesMax)],
    [types.Snappy, snappyCodec(bytesMax)],
    [types.LZ4, lz4Codec(bytesMax)],
  ]
  for (const [type, codec] of bounded) Object.assign(codecs, { [type]: () => codec })
}

function gunzipBounded(maxOutputLength: number): Codec['decompress'] {
  const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)
  return (bytes) => inflate(bytes, { maxOutputLength })
}

function zstdCodec(maxOutputLength: number): Codec {
  const compress = promisify<Buffer, Buffer>(zstdCompress)
  const decompress = promisify<Buffer, { maxOutputLength: number }, Buffer>(zstdDecompress)
  return {
    compress: ({ buffer }) => compress(buffer),
    decompress: (bytes) => decompress(bytes, { maxOutputLength }),
  }
}

const XERIAL = Buffer.from([130, 83, 78, 65, 80, 80, 89, 0])

/** Snappy says its length first, and Java's framing is a list of such blocks: add them up before. */
function snappyCodec(bytesMax: number): Codec {
  const claimed = (bytes: Buffer): number => {
    if (!bytes.subarray(0, 8).equals(XERIAL)) return snappyLength(bytes)
    let sum = 0
    for (let at = 16; at + 4 <= bytes.length;) {
      const size = bytes.readUInt32BE(at)
      sum += snappyLength(bytes.subarray(at + 4, at + 4 + size))
      at += 4 + size
    }
    return sum
  }
  return {
    compress: snappy.compress,
    decompress: async (bytes) => {
      if (claimed(bytes) > bytesMax) throw tooLarge(bytesMax)
      return snappy.decompress(bytes)
    },
  }
}

function snappyLength(block: Buffer): number {
  let length = 0
  for (const [i, byte] of block.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return length
  }
  throw new Error('a snappy block has no length')
}

function lz4Codec(bytesMax: number): Codec {
  return {
    compress: async ({ buffer }) => Buffer.from(lz4.compress(buffer)),
    decompress: async (bytes) => unpackLz4(bytes, bytesMax),
  }
}

function tooLarge(bytesMax: number): Error {
  return new Error(`the batch is larger than ${bytesMax} bytes`)
}
