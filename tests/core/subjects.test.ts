import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subjectOf } from '../../src/core/subjects.ts'

test.each<['terminal' | 'invoice', string, string | undefined, string, string]>([
  ['terminal', 'T2', undefined, 'terminal:T2', 'a kind and an id'],
  ['terminal', 'T2', 'reverify', 'terminal:T2:reverify', 'with a clock'],
  ['invoice', 'a:b', undefined, 'invoice:a%3Ab', 'the separator'],
  ['invoice', '5%', undefined, 'invoice:5%25', 'the mark of an encoding'],
  ['terminal', 'a\n\tb\u007f', 'stop', 'terminal:a%0A%09b%7F:stop', 'control characters'],
  ['invoice', '发票 7/é', undefined, 'invoice:发票 7/é', 'everything else as it is'],
])('%s %j %s → %s (%s)', (kind, id, clock, expected) => {
  expect(subjectOf(kind, id, clock)).toBe(expected)
})

test('two ids are never one subject, whatever they hold', () => {
  const id = fc.string({ unit: fc.constantFrom(...'a:%3A\n2580'), maxLength: 6 })
  fc.assert(
    fc.property(id, id, (a, b) => {
      expect(subjectOf('invoice', a) === subjectOf('invoice', b)).toBe(a === b)
      const [, encoded = ''] = subjectOf('invoice', a).split(':')
      expect(decodeURIComponent(encoded)).toBe(a)
    }),
    { seed: 1, numRuns: 500 },
  )
})
