import fc from 'fast-check'
import { Command } from 'ioredis'
import { expect, test } from 'vitest'
import { frameOf } from '../../src/adapters/redis-frame.ts'

const text = fc.string({ unit: 'binary', maxLength: 150 })
const bytes = fc.uint8Array({ maxLength: 150 }).map((raw) => Buffer.from(raw))

/** As the client writes it. */
function framedByClient(name: string, args: readonly (string | Buffer)[]): Buffer {
  return Buffer.from(new Command(name, [...args]).toWritable({}))
}

test('a command is the bytes that the client would have made', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, bytes), { maxLength: 20 }), (args) => {
      expect(frameOf(['EVALSHA', ...args]).equals(framedByClient('EVALSHA', args))).toBe(true)
    }),
  )
})

test.for([0, 9, 10, 99, 100, 999, 1_000, 65_536])('with arguments of %d bytes', (length) => {
  const args = ['x'.repeat(length), Buffer.alloc(length, 1), 'ä'.repeat(length >> 1), '€']
  expect(frameOf(['SET', ...args]).equals(framedByClient('SET', args))).toBe(true)
})

test('and with very many', () => {
  const args = Array.from({ length: 120_000 }, (_, at) => String(at))
  expect(frameOf(['HSET', ...args]).equals(framedByClient('HSET', args))).toBe(true)
})
