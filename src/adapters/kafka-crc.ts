/** CRC-32C (Castagnoli), which every batch of records carries. Of node:zlib comes only the other one. */

const POLYNOMIAL = 0x82f63b78
/** Eight bytes at a time, each with a table of its own: four times as fast as one by one. */
const TABLES = tables()

function tables(): readonly Uint32Array[] {
  const all = Array.from({ length: 8 }, () => new Uint32Array(256))
  const [first = new Uint32Array(256)] = all
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    first[byte] = crc
  }
  for (let at = 1; at < 8; at++) {
    const [table, before] = [all[at] ?? first, all[at - 1] ?? first]
    for (let byte = 0; byte < 256; byte++) {
      const crc = before[byte] as number
      table[byte] = (crc >>> 8) ^ (first[crc & 0xff] as number)
    }
  }
  return all
}

/** Of all the bytes, as an integer of 32 bits without sign. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as readonly [
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  ]
  const byteAt = (at: number): number => bytes[at] as number
  const entry = (table: Uint32Array, byte: number): number => table[byte & 0xff] as number
  let crc = -1
  let at = 0
  for (; at + 8 <= bytes.length; at += 8) {
    crc ^= byteAt(at) | (byteAt(at + 1) << 8) | (byteAt(at + 2) << 16) | (byteAt(at + 3) << 24)
    crc =
      entry(t7, crc) ^
      entry(t6, crc >>> 8) ^
      entry(t5, crc >>> 16) ^
      entry(t4, crc >>> 24) ^
      entry(t3, byteAt(at + 4)) ^
      entry(t2, byteAt(at + 5)) ^
      entry(t1, byteAt(at + 6)) ^
      entry(t0, byteAt(at + 7))
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ entry(t0, crc ^ byteAt(at))
  return ~crc >>> 0
}
