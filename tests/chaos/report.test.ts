import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { faultsOf, reportText, rowsOf } from './report.ts'
import type { Findings } from './report.ts'

const at = (id: string, atMs: number) => ({ id, group: 'M1', isAbsence: false, atMs })
const CLEAN = compare([], [])
const exercise = (name: string, fromMs: number, toMs: number) => {
  return { name, fromMs, toMs, recoveryMs: toMs - fromMs, records: 10, failure: undefined }
}

function findings(more: Partial<Findings>): Findings {
  return {
    versions: { kafka: '4.3.1', redis: '7.0.15', node: 'v26.10.0' },
    ...{ brokers: 1, seed: 7, seconds: 60, records: 100, wrongState: [], lastWords: [] },
    warnings: { committed: CLEAN, uncommitted: CLEAN },
    deadLetters: { committed: CLEAN, uncommitted: CLEAN },
    kills: { instance: 2, redis: 1, broker: 0 },
    exercises: [exercise('a', 0, 1_000), exercise('a', 5_000, 8_000), exercise('b', 7_000, 9_000)],
    ...{ endings: [], termMaxMs: undefined, incidents: [], wrongIncidents: [] },
    ...more,
  }
}

const heard = (...instants: readonly number[]): Findings['warnings'] => {
  const copies = instants.map((atMs) => at('x', atMs))
  return { committed: compare([at('x', 0)], [at('x', 0), ...copies]), uncommitted: CLEAN }
}

test.each([
  [500, ['a'], 'while it lasted'],
  [7_500, ['a', 'b'], 'while two lasted'],
  [3_000, ['a'], 'after it: the last one begun'],
  [9_500, ['b'], 'after both'],
])('a copy written at %i is blamed on %j (%s)', (atMs, blamed, _shows) => {
  const rows = rowsOf(findings({ warnings: heard(atMs) }))
  expect(rows.filter(({ duplicates }) => duplicates === 1).map(({ fault }) => fault)).toEqual(
    blamed,
  )
})

test('a row holds how often, and how long it took to go on', () => {
  expect(rowsOf(findings({}))[0]).toEqual({
    ...{ fault: 'a', times: 2, records: 20, missing: 0, duplicates: 0 },
    ...{ medianMs: 3_000, maxMs: 3_000 },
  })
})

test.each([
  [{}, [], 'nothing is wrong'],
  [{ warnings: heard(500) }, ['warnings, read committed: 1 duplicates: x'], 'a copy'],
  [{ wrongState: ['account M1 differs'] }, ['account M1 differs'], 'another state'],
  [{ wrongIncidents: ['no incident'] }, ['no incident'], 'damage that was not noticed'],
  [
    { exercises: [{ ...exercise('a', 0, 1), recoveryMs: undefined }] },
    ['a: some partition did not move again'],
    'a partition that stands still',
  ],
  [
    { exercises: [{ ...exercise('a', 0, 1), failure: 'no Redis' }] },
    ['a: could not be exercised: no Redis'],
    'a fault that was none',
  ],
])('%j fails with %j (%s)', (more: Partial<Findings>, expected, _shows) => {
  expect(faultsOf(findings(more))).toEqual(expected)
})

test('the text has the versions, a row for each fault, and the totals', () => {
  const text = reportText(findings({ warnings: heard(500) }))
  expect(text).toContain('Kafka 4.3.1 (1 broker), Redis 7.0.15, Node v26.10.0; seed 7')
  expect(text).toContain('| a | 2 | 20 | 0 | 1 | 3.0 | 3.0 |')
  expect(text).toContain('kills: 3 (instances 2, Redis 1, brokers 0)')
  expect(text).toContain('missing 0, duplicates 1, false absence warnings 0')
})
