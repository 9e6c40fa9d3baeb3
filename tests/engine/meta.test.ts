import { expect, test } from 'vitest'
import { STATE_VERSION } from '../../src/core/codec.ts'
import { fingerprintOf } from '../../src/engine/fingerprint.ts'
import { decodeMeta, encodeMeta } from '../../src/engine/meta.ts'

const META = {
  partitionCount: 12,
  origin: 7,
  sequence: 99,
  mark: '0:41',
  fingerprint: { offset: 40, hash: 2 ** 47 + 1 },
  policy: { hash: '9f2c41d07ab3', offset: 12, atMs: 1_750_000_000_000, isPending: true },
  memory: new Uint8Array([1, 2, 3]),
}

test('survives encoding, also as a view of a larger buffer', () => {
  const bytes = encodeMeta(META)
  const wide = new Uint8Array(bytes.length + 9)
  wide.set(bytes, 4)
  expect(decodeMeta(wide.subarray(4, 4 + bytes.length))).toEqual(META)
})

test('keeps what is absent absent', () => {
  const bare = { ...META, mark: undefined, fingerprint: undefined, policy: undefined }
  expect(decodeMeta(encodeMeta(bare))).toEqual(bare)
})

test('refuses what a newer version wrote', () => {
  const bytes = encodeMeta(META)
  bytes[0] = 2
  expect(() => decodeMeta(bytes)).toThrow('another version')
})

test('refuses what holds sections of a newer version, and reads what does not say', () => {
  const text = (notes: object) => {
    const json = new TextEncoder().encode(JSON.stringify(notes))
    return new Uint8Array([1, json.length, 0, 0, 0, ...json])
  }
  const notes = { partitionCount: 3, origin: 0, sequence: 0 }
  expect(decodeMeta(text(notes))).toMatchObject(notes)
  expect(decodeMeta(text({ ...notes, stateVersion: STATE_VERSION }))).toMatchObject(notes)
  const newer = { ...notes, stateVersion: STATE_VERSION + 1 }
  expect(() => decodeMeta(text(newer))).toThrow('run a newer one')
})

test.each<[part: string, key: string | undefined, value: string | undefined]>([
  ['another value', 'k', 'w'],
  ['another key', 'l', 'v'],
  ['no key', undefined, 'v'],
  ['an empty key', '', 'v'],
  ['a byte moved from value to key', 'kv', ''],
])('a fingerprint tells %s', (_part, key, value) => {
  const bytes = (text?: string) => (text === undefined ? undefined : new TextEncoder().encode(text))
  const hashOf = (k?: string, v?: string) =>
    fingerprintOf({ offset: 1, key: bytes(k), value: bytes(v), headers: [], timestampMs: 0 }).hash
  expect(hashOf('k', 'v')).toBe(hashOf('k', 'v'))
  expect(hashOf(key, value)).not.toBe(hashOf('k', 'v'))
  expect(hashOf(key, value)).toBeLessThan(2 ** 48)
})
