import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packEntry, packIds, unpackEntry, unpackIds } from '../../src/adapters/redis-packing.ts'
import type { OutboxEntry } from '../../src/core/ports.ts'

const bytes = fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw))
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const entries = fc.record({
  sequence: fc.nat(),
  topic: fc.constantFrom('warnings', 'standing', 'deadLetters'),
  id: text,
  key: bytes,
  value: fc.option(bytes, { nil: undefined }),
  headers: fc.array(fc.tuple(text, bytes), { maxLength: 5 }),
})

test('an entry comes back as it was', () => {
  fc.assert(
    fc.property(entries, (entry: OutboxEntry) => {
      expect(unpackEntry(entry.sequence, packEntry(entry))).toEqual(entry)
    }),
  )
})

test('an entry of a version to come is refused, not guessed at', () => {
  const packed = packEntry({
    sequence: 1,
    topic: 'warnings',
    id: 'w1',
    key: Buffer.from('M1'),
    value: undefined,
    headers: [],
  })
  packed[0] = 2
  expect(() => unpackEntry(1, packed)).toThrow('newer version')
})

test('lists of ids are appended to each other', () => {
  fc.assert(
    fc.property(fc.array(text), fc.array(text), (some, others) => {
      const packed = Buffer.concat([packIds(some), packIds(others)])
      expect(unpackIds(packed)).toEqual([...some, ...others])
    }),
  )
})

test('an id of usual length costs one byte more than itself', () => {
  expect(packIds(['M00012345']).length).toBe(10)
  expect(packIds(['x'.repeat(128)]).length).toBe(130)
  expect(() => packIds(['x'.repeat(40_000)])).toThrow(RangeError)
})

test('a list that was cut ends where it was cut', () => {
  const whole = packIds(['M1', 'x'.repeat(200), 'M3'])
  for (const [length, ids] of [
    [0, 0],
    [2, 0],
    [3, 1],
    [4, 1],
    [5, 1],
    [204, 1],
    [205, 2],
    [208, 3],
  ] as const) {
    expect(unpackIds(whole.subarray(0, length))).toHaveLength(ids)
  }
})
