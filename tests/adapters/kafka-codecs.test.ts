import { gzipSync, zstdCompressSync } from 'node:zlib'
import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { registerCodecs } from '../../src/adapters/kafka-codecs.ts'

type Codec = {
  compress: (encoder: { buffer: Buffer }) => Promise<Buffer>
  decompress: (bytes: Buffer) => Promise<Buffer>
}
const { GZIP, LZ4, Snappy, ZSTD } = kafkajs.CompressionTypes
const names = [
  ['gzip', GZIP],
  ['snappy', Snappy],
  ['lz4', LZ4],
  ['zstd', ZSTD],
] as const

function codecOf(type: number, bytesMax: number): Codec {
  registerCodecs(bytesMax)
  const codec = (kafkajs.CompressionCodecs as unknown as Record<number, () => Codec>)[type]?.()
  if (codec === undefined) throw new Error('no such codec')
  return codec
}

const records = Buffer.from('a record of a terminal, and another one. '.repeat(500))

test.for(names)('%s gives back what it was given, up to the bound', async ([, type]) => {
  const codec = codecOf(type, records.length)
  const packed = await codec.compress({ buffer: records })
  expect(packed.length).toBeLessThan(records.length)
  expect(await codec.decompress(packed)).toEqual(records)
})

test.for(names)('%s refuses one byte more than the bound', async ([, type]) => {
  const codec = codecOf(type, records.length - 1)
  const packed = await codec.compress({ buffer: records })
  await expect(codec.decompress(packed)).rejects.toThrow(/larger than/)
})

const DAMAGED = /incorrect header|invalid|no length|Unknown frame|Destination|magic/i

test.for(names)('%s refuses what is damaged', async ([, type]) => {
  const codec = codecOf(type, 1_000_000)
  const noise = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 151 + 77) % 256))
  await expect(codec.decompress(noise)).rejects.toThrow(DAMAGED)
})

test('a bomb is stopped at the bound, not after it', async () => {
  const zeros = Buffer.alloc(50_000_000)
  const before = process.memoryUsage.rss()
  await expect(codecOf(GZIP, 1_000_000).decompress(gzipSync(zeros))).rejects.toThrow(/larger than/)
  await expect(codecOf(ZSTD, 1_000_000).decompress(zstdCompressSync(zeros))).rejects.toThrow(
    /larger than/,
  )
  expect(process.memoryUsage.rss() - before).toBeLessThan(40_000_000)
})

test("snappy in Java's framing counts all its blocks", async () => {
  const codec = codecOf(Snappy, 1_000)
  const block = await codec.compress({ buffer: Buffer.alloc(600, 'x') })
  const size = Buffer.alloc(4)
  size.writeUInt32BE(block.length)
  const magic = Buffer.from([130, 83, 78, 65, 80, 80, 89, 0, 0, 0, 0, 1, 0, 0, 0, 1])
  const one = Buffer.concat([magic, size, block])
  expect(await codec.decompress(one)).toEqual(Buffer.alloc(600, 'x'))
  await expect(codec.decompress(Buffer.concat([one, size, block]))).rejects.toThrow(/larger than/)
})
