import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import { createReader, createWriter } from '../../src/core/bytes.ts'
import { FACT_NAMES, TERMINAL_NAMES } from '../../src/core/codec-facts.ts'
import { NAMES, SHAPES } from '../../src/core/packed-names.ts'
import { pack, unpack } from '../../src/core/packed.ts'
import type { Packable } from '../../src/core/packed.ts'
import { terminalOf } from '../../src/core/terminals.ts'

function packed(value: Packable): Uint8Array {
  const writer = createWriter()
  pack(writer, value)
  return writer.take()
}
const unpacked = (bytes: Uint8Array) => unpack(createReader(bytes))

const word = fc.constantFrom(...NAMES.slice(0, 5), NAMES.at(-1)!, 'terminal:T9:stop', 'invoice:')
const leaf: fc.Arbitrary<Packable> = fc.oneof(
  fc.boolean(),
  fc.maxSafeInteger().map((it) => it + 0),
  fc.constantFrom(0, 36, 37, 65_535, 65_536, 2 ** 24 - 1, 2 ** 24, 2 ** 35, 2 ** 48 - 1, 2 ** 48),
  fc.constantFrom(Infinity, -Infinity, 0.5, -1),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  word,
)
const { value: any } = fc.letrec<{ value: Packable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}x$/), tie('value'), { maxKeys: 3 }),
    fc
      .uniqueArray(fc.tuple(word, tie('value')), { selector: ([key]) => key, maxLength: 3 })
      .map((entries) => new Map(entries)),
  ),
}))

test('what is packed is unpacked', () => {
  fc.assert(
    fc.property(any, (value) => {
      expect(unpacked(packed(value))).toEqual(value)
    }),
    { seed: 1, numRuns: 500 },
  )
})

const valueFor = (name: string): Packable => {
  if (/^(deliveries|activations|replacements)$/.test(name)) return [1, 2]
  return /(Ms|On|^on|^from|^to|^day|validTo|silentUntil)$/.test(name) ? 20_614 : 'x'
}

describe.each(SHAPES.map((names) => [names.join(' '), names] as const))('of %s', (_, names) => {
  const whole = Object.fromEntries(names.map((name) => [name, valueFor(name)]))

  test('no name is written, and the order of members does not matter', () => {
    const turned = Object.fromEntries(Object.entries(whole).toReversed())
    expect(unpacked(packed(turned))).toEqual(whole)
    expect(packed(turned)).toEqual(packed(whole))
    const named = packed({ ...whole, another: 1 })
    expect(packed(whole).length).toBeLessThan(named.length - names.length * 2)
  })

  test('what is not there is read as absent, and written as before', () => {
    const [gone = ''] = names
    const bytes = packed({ ...whole, [gone]: undefined })
    expect(unpacked(bytes)).toEqual({ ...whole, [gone]: undefined })
    expect(packed(unpacked(bytes))).toEqual(bytes)
  })
})

test.each<[Packable, number, string]>([
  [36, 1, 'a small number'],
  [20_614, 3, 'a larger one'],
  ['CNY', 1, 'a word'],
  ['10482231', 9, 'a short text'],
  ['terminal:10482231:stop', 11, 'a subject'],
  [[], 1, 'nothing'],
])('%o takes %i bytes (%s)', (value, size) => {
  expect(packed(value)).toHaveLength(size)
})

test.each([
  [[19], /unknown kind 19/],
  [[55], /record 35/],
  [[94, 0xff, 0x7f], /word 16383/],
  [[95, 0, 0], /text of unknown kind 0/],
])('%j is refused', (bytes, why) => {
  expect(() => unpacked(Uint8Array.from([...bytes, 0]))).toThrow(why)
})

describe('the lists', () => {
  test('of words and shapes say nothing twice, and shapes have their bytes', () => {
    expect(new Set(NAMES).size).toBe(NAMES.length)
    const shapes = SHAPES.map((names) => names.toSorted().join())
    expect(new Set(shapes).size).toBe(SHAPES.length)
    expect(SHAPES.length).toBeLessThanOrEqual(36)
  })

  test('of facts are of all there are', () => {
    const { facts } = newAccount('', '')
    expect([...FACT_NAMES, 'terminals'].toSorted()).toEqual(Object.keys(facts).toSorted())
    const inNow = ['activity', 'hasBacklog', 'activeArrivedMs']
    const terminal = Object.keys(terminalOf(new Map(), ''))
    expect([...TERMINAL_NAMES, ...inNow].toSorted()).toEqual(terminal.toSorted())
  })
})
