/** An LZ4 frame as Kafka wants it: of blocks that do not refer to each other, which lz4js does not write. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const lz4 = require('lz4js') as {
  compressBound: (length: number) => number
  compressBlock: (
    from: Uint8Array,
    to: Uint8Array,
    start: number,
    length: number,
    hashes: Uint32Array,
  ) => number
}
const { hash } = require('lz4js/xxh32.js') as {
  hash: (seed: number, bytes: Uint8Array, start: number, length: number) => number
}

const BLOCK_BYTES = 4 * 2 ** 20
const STORED = 0x80000000
/** Version 1, independent blocks; blocks of 4 MB. */
const DESCRIPTOR = [0x60, 0x70]

export function packLz4(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, ...DESCRIPTOR, sum()])]
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES)
    const packed = Buffer.alloc(lz4.compressBound(block.length))
    const length = lz4.compressBlock(block, packed, 0, block.length, new Uint32Array(65_536))
    const isStored = length === 0 || length >= block.length
    parts.push(
      isStored ? uint32(block.length + STORED) : uint32(length),
      isStored ? block : packed.subarray(0, length),
    )
  }
  return Buffer.concat([...parts, uint32(0)])
}

function sum(): number {
  return (hash(0, Buffer.from(DESCRIPTOR), 0, DESCRIPTOR.length) >> 8) & 0xff
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
