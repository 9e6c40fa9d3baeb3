/** 48 bits that tell whether the log still holds the very record that was folded last. */
import type { RawRecord } from '../core/ports.ts'

export type Fingerprint = Readonly<{ offset: number; hash: number }>

export function fingerprintOf(record: RawRecord): Fingerprint {
  const { offset, key, value } = record
  const high = mixed(mixed(0x9747b28c, key), value) & 0xffff
  const low = mixed(mixed(0x3c6ef372, key), value)
  return { offset, hash: high * 2 ** 32 + low }
}

/** All of an event. An unpacked value may have 64 MB, which would take seconds. */
const HASHED_BYTES_MAX = 262_144

/** FNV-1a over length and bytes; an absent part differs from an empty one. */
function mixed(seed: number, bytes: Uint8Array | undefined): number {
  let hash = Math.imul(seed ^ (bytes === undefined ? 0xffffffff : bytes.length), 0x01000193)
  const hashed = bytes?.subarray(0, HASHED_BYTES_MAX) ?? []
  for (const byte of hashed) hash = Math.imul(hash ^ byte, 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 0
}
