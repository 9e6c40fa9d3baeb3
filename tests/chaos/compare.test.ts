import { expect, test } from 'vitest'
import { compare, isClean } from './compare.ts'
import type { Compared } from './compare.ts'

const record = (id: string, more: object = {}) => {
  return { id, group: 'M1', isAbsence: false, atMs: 0, ...more }
}
const EXPECTED = ['a', 'b', 'c'].map((id) => record(id))

const counts = ({ missing, duplicates, extra, falseAbsence, disordered }: Compared) =>
  [missing, duplicates, extra, falseAbsence, disordered].map((it) => it.length)

test.each([
  [['a', 'b', 'c'], [0, 0, 0, 0, 0], 'the same, each once'],
  [['a', 'b', 'c', 'a'], [0, 1, 0, 0, 0], 'a planted copy'],
  [['a', 'b', 'c', 'a', 'a'], [0, 2, 0, 0, 0], 'each further copy counts'],
  [['a', 'c'], [1, 0, 0, 0, 0], 'a planted loss'],
  [[], [3, 0, 0, 0, 0], 'nothing said'],
  [['a', 'b', 'c', 'x'], [0, 0, 1, 0, 0], 'one invented'],
  [['b', 'a', 'c'], [0, 0, 0, 0, 1], 'in another order'],
  [['a', 'a', 'c', 'x'], [1, 1, 1, 0, 0], 'all at once'],
])(
  '%j: missing, duplicates, extra, false absence, disordered are %j (%s)',
  (ids, found, _shows) => {
    const compared = compare(
      EXPECTED,
      ids.map((id) => record(id)),
    )
    expect(counts(compared)).toEqual(found)
    expect(isClean(compared)).toBe(found.every((it) => it === 0))
  },
)

test('an invented absence is one of the extra', () => {
  const heard = [...EXPECTED, record('x', { isAbsence: true })]
  expect(counts(compare(EXPECTED, heard))).toEqual([0, 0, 1, 1, 0])
})

test('between accounts no order is promised', () => {
  const [a, b] = [record('a'), record('b', { group: 'M2' })]
  expect(isClean(compare([a, b], [b, a]))).toBe(true)
})
