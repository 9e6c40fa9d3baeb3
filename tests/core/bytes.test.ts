import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReader, createWriter } from '../../src/core/bytes.ts'

const whole = fc.oneof(
  fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 48 - 1),
  fc.maxSafeNat(),
)
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'é'.repeat(64), '发'.repeat(500)),
)
const value = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), value: whole }),
  fc.record({ kind: fc.constant('signed' as const), value: fc.integer() }),
  fc.record({ kind: fc.constant('flag' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('text' as const), value: text }),
  fc.record({
    kind: fc.constant('optionalText' as const),
    value: fc.option(text, { nil: undefined }),
  }),
)

test('what is written is read again, in its order', () => {
  const writer = createWriter()
  fc.assert(
    fc.property(fc.array(value), (all) => {
      for (const it of all) {
        if (it.kind === 'count') writer.count(it.value)
        else if (it.kind === 'signed') writer.signed(it.value)
        else if (it.kind === 'flag') writer.flag(it.value)
        else if (it.kind === 'text') writer.text(it.value)
        else writer.optionalText(it.value)
      }
      const reader = createReader(writer.take())
      for (const it of all) expect(reader[it.kind]()).toBe(it.value)
      expect(() => reader.count()).toThrow(RangeError)
    }),
    { seed: 1, numRuns: 300 },
  )
})

describe('a number takes', () => {
  test.each([
    [127, 1],
    [128, 2],
    [16_383, 2],
    [16_384, 3],
    [2 ** 53 - 1, 8],
  ])('%i: %i bytes', (count, size) => {
    const writer = createWriter()
    writer.count(count)
    expect(writer.take()).toHaveLength(size)
  })

  test.each([
    [0, 0],
    [-1, 1],
    [1, 2],
    [-64, 127],
    [64, 128],
    [Number.MIN_SAFE_INTEGER / 2, undefined],
  ])('of either sign, %i', (signed, as) => {
    const writer = createWriter()
    writer.signed(signed)
    const bytes = writer.take()
    if (as !== undefined) expect(createReader(bytes).count()).toBe(as)
  })
})

test.each([[126], [127], [128], [129], [16_384]])('text of %i bytes', (size) => {
  const writer = createWriter()
  const given = 'x'.repeat(size)
  writer.text(given)
  writer.count(42)
  const bytes = writer.take()
  expect(bytes).toHaveLength(size + (size < 128 ? 1 : size < 16_384 ? 2 : 3) + 1)
  const reader = createReader(bytes)
  expect(reader.text()).toBe(given)
  expect(reader.count()).toBe(42)
})

test('what was taken is not changed by what is written next', () => {
  const writer = createWriter()
  writer.text('first')
  const first = writer.take()
  writer.text('other, and longer')
  writer.take()
  expect(createReader(first).text()).toBe('first')
  expect(writer.take()).toHaveLength(0)
})
