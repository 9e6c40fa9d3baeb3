import { expect, test } from 'vitest'
import { loadCohorts } from '../../src/config/cohorts.ts'
import { shippedPath } from '../../src/config/paths.ts'
import { folderOfFiles } from '../support/config.ts'

const TABLE = `version: '1'
cohorts:
  - { mcc: '0742', band: '<10000', count: 1 }
  - { mcc: '0742', band: '<100000', count: 2, sum: 20.5 }
  - { mcc: '0742', band: '>=100000' }
  - { mcc: '5411', band: any, count: 9 }
`

test.each<[mcc: string | undefined, scale: number | undefined, cohort: unknown, shows: string]>([
  ['0742', 0, { count: 1 }, 'the lowest band'],
  ['0742', 9_999.99, { count: 1 }, 'below its upper end'],
  ['0742', 10_000, { count: 2, sum: 20.5 }, 'the end is exclusive'],
  ['0742', 99_999, { count: 2, sum: 20.5 }, 'below the next'],
  ['0742', 100_000, {}, 'a row may have no figure'],
  ['0742', undefined, undefined, 'nothing declared, no row for any'],
  ['5411', 50, { count: 9 }, 'any stands in for a band'],
  ['5411', undefined, { count: 9 }, 'and for no scale'],
  ['9999', 50, undefined, 'no row'],
  [undefined, 50, undefined, 'no code'],
])('%s at %s → %j (%s)', (mcc, scale, cohort, _shows) => {
  using files = folderOfFiles()
  const loaded = loadCohorts(files.write('cohorts.yaml', TABLE))
  expect(loaded.kind === 'ok' && loaded.cohortOf(mcc, scale)).toEqual(cohort)
})

test.each<[from: string, to: string, problems: string[]]>([
  [
    "'0742'",
    '0742',
    [
      'cohorts.yaml:3: cohorts.0.mcc: Invalid input: expected string, received number (put it in quotes)',
    ],
  ],
  [
    'count: 9',
    'count: 0',
    ['cohorts.yaml:6: cohorts.3.count: Too small: expected number to be >0'],
  ],
  [
    'count: 9',
    'cuont: 9',
    ['cohorts.yaml:6: cohorts.3.cuont: unknown key (did you mean "count"?)'],
  ],
  ['<100000', '<10000', ['cohorts.yaml:4: cohorts.1: the same mcc and band stand above']],
])('%j → %j: %j', (from, to, problems) => {
  using files = folderOfFiles()
  const loaded = loadCohorts(files.write('cohorts.yaml', TABLE.replace(from, to)))
  expect(files.textOf(loaded)).toEqual(problems)
})

test('the shipped table has the groceries’ figures, and none for household appliances', () => {
  const loaded = loadCohorts(shippedPath('cohorts.yaml'))
  if (loaded.kind === 'wrong') throw new Error('the shipped table is right')
  expect(loaded.cohortOf('5411', 55_000)).toEqual({ count: 60, sum: 4_000 })
  expect(loaded.cohortOf('5722', undefined)).toEqual({})
})
