import { expect, test } from 'vitest'
import { fingerprintOf } from '../../src/engine/fingerprint.ts'

const of = (key: string | undefined, value: Buffer | undefined) =>
  fingerprintOf({
    offset: 7,
    key: key === undefined ? undefined : Buffer.from(key),
    value,
    headers: [],
    timestampMs: 0,
  })
const MOST = 262_144

test('another key, value or absence is another fingerprint', () => {
  const hashes = [
    of('k', Buffer.from('v')),
    of('k', Buffer.from('w')),
    of('l', Buffer.from('v')),
    of(undefined, Buffer.from('v')),
    of('k', undefined),
    of('k', Buffer.alloc(0)),
  ].map(({ hash }) => hash)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashes.every((hash) => hash >= 0 && hash < 2 ** 48)).toBe(true)
})

test('of a value larger than any event its length and its first 256 kB tell', () => {
  const large = Buffer.alloc(MOST + 9, 'x')
  const changed = (at: number) => {
    const other = Buffer.from(large)
    other[at] = 0
    return of('k', other)
  }
  expect(changed(MOST - 1)).not.toEqual(of('k', large))
  expect(changed(MOST)).toEqual(of('k', large))
  expect(of('k', large.subarray(1))).not.toEqual(of('k', large))
})
