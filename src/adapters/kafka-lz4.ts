/**
 * LZ4 frames (lz4 frame format 1.6) to bytes. lz4js believes what a frame says of itself: it reads and
 * writes past both ends, for seconds where a length is damaged. Here every length is checked first.
 */

const MAGIC = 0x184d2204
const VERSION = 1
const BLOCK_SUMMED = 0x10
const SIZE_TOLD = 0x08
const DICTIONARY_TOLD = 0x01
const UNCOMPRESSED = 0x80000000
const LENGTH_MAX = 15
const MATCH_MIN = 4

type Block = Readonly<{ start: number; end: number; isCompressed: boolean }>

/** Raises an error where the frame is damaged, and before it takes more than `bytesMax`. */
export function unpackLz4(frame: Uint8Array, bytesMax: number): Buffer {
  const blocks = blocksOf(frame)
  let size = 0
  for (const block of blocks) {
    size += block.isCompressed ? measure(frame, block) : block.end - block.start
    if (size > bytesMax) throw new RangeError(`the batch is larger than ${bytesMax} bytes`)
  }
  const out = Buffer.allocUnsafe(size)
  let at = 0
  for (const block of blocks) at = unpack(frame, block, out, at)
  return out
}

function blocksOf(frame: Uint8Array): readonly Block[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged('magic number')
  const flags = view.getUint8(4)
  if (flags >> 6 !== VERSION) throw damaged('version')
  const told = ((flags & SIZE_TOLD) > 0 ? 8 : 0) + ((flags & DICTIONARY_TOLD) > 0 ? 4 : 0)
  const blocks: Block[] = []
  for (let at = 7 + told; ;) {
    if (at + 4 > frame.length) throw damaged('end')
    const length = view.getUint32(at, true)
    if (length === 0) return blocks
    const start = at + 4
    const end = start + (length % UNCOMPRESSED)
    if (end > frame.length) throw damaged('block')
    blocks.push({ start, end, isCompressed: length < UNCOMPRESSED })
    at = end + ((flags & BLOCK_SUMMED) > 0 ? 4 : 0)
  }
}

/** What the block becomes, from its lengths alone. */
function measure(from: Uint8Array, { start, end }: Block): number {
  let size = 0
  for (let at = start; at < end;) {
    const token = from[at++] as number
    let literals = token >> 4
    if (literals === LENGTH_MAX) {
      const more = lengthAt(from, at, end)
      literals += more
      at += bytesOfLength(more)
    }
    size += literals
    at += literals
    if (at > end) throw damaged('literals')
    if (at === end) break
    at += 2
    if (at > end) throw damaged('distance')
    let match = (token & LENGTH_MAX) + MATCH_MIN
    if (match === LENGTH_MAX + MATCH_MIN) {
      const more = lengthAt(from, at, end)
      match += more
      at += bytesOfLength(more)
    }
    size += match
  }
  return size
}

/** Of a block that was measured. Returns where the output ends. */
function unpack(from: Uint8Array, block: Block, to: Buffer, outAt: number): number {
  const { start, end } = block
  let out = outAt
  if (!block.isCompressed) return out + copy(from, start, end, to, out)
  for (let at = start; at < end;) {
    const token = from[at++] as number
    let literals = token >> 4
    if (literals === LENGTH_MAX) {
      const more = lengthAt(from, at, end)
      literals += more
      at += bytesOfLength(more)
    }
    out += copy(from, at, at + literals, to, out)
    at += literals
    if (at === end) break
    const back = (from[at] as number) | ((from[at + 1] as number) << 8)
    at += 2
    let match = (token & LENGTH_MAX) + MATCH_MIN
    if (match === LENGTH_MAX + MATCH_MIN) {
      const more = lengthAt(from, at, end)
      match += more
      at += bytesOfLength(more)
    }
    if (back === 0 || back > out) throw damaged('distance')
    // Byte by byte: a match may run over what it has just written.
    for (const stop = out + match; out < stop; out++) to[out] = to[out - back] as number
  }
  return out
}

function copy(from: Uint8Array, start: number, end: number, to: Buffer, at: number): number {
  to.set(from.subarray(start, end), at)
  return end - start
}

/** The rest of a length: bytes of 255 and one that is less. */
function lengthAt(from: Uint8Array, start: number, end: number): number {
  let length = 0
  for (let at = start; at < end; at++) {
    const byte = from[at] as number
    length += byte
    if (byte < 255) return length
  }
  throw damaged('length')
}

function bytesOfLength(length: number): number {
  return Math.floor(length / 255) + 1
}

function damaged(what: string): Error {
  return new Error(`an LZ4 frame with an invalid ${what}`)
}
