/** The page of the corpus says of every class what its inputs say. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BATCHES } from './batches.ts'
import { CLASS_IDS, inputsOfClass } from './classes.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const ROWS = readFileSync(at('README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| (EV|KR)\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id = '', what = '', made = '', expected = '', why = '']) => {
    const words = [...expected.matchAll(/`([^`]+)`/g)].map(([, word]) => word)
    return { id, what, made, expected: words.toSorted(), why }
  })

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)

test('it has a row for each of 60 classes of values and 13 of records, each with a reason', () => {
  expect(ROWS.map(({ id }) => id)).toEqual([...numbered('EV', 60), ...numbered('KR', 13)])
  expect(ROWS.filter(({ what, why }) => what === '' || !why.endsWith('.'))).toEqual([])
})

test('every class has inputs, a batch, or a word why not', () => {
  const unmade = ROWS.filter(({ id }) => !CLASS_IDS.includes(id) && BATCHES[id] === undefined)
  expect(unmade.map(({ id, made }) => `${id} ${made}`)).toEqual(['EV58 of the decoder alone'])
})

test.each(ROWS.filter(({ made }) => made !== 'of the decoder alone'))(
  '$id: $expected',
  ({ id, expected, made }) => {
    const told = [...inputsOfClass(id).map((it) => it.expected), ...(BATCHES[id] ?? [])]
    expect([...new Set(told)].toSorted()).toEqual(expected)
    expect(made === 'files').toBe(existsSync(at(`fixtures/${id}`)))
  },
)

test('no folder of files is left out', () => {
  const unknown = readdirSync(at('fixtures')).filter((id) => !CLASS_IDS.includes(id))
  expect(unknown).toEqual([])
})
