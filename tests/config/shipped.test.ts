import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCalendar } from '../../src/config/calendar.ts'
import { loadCohorts } from '../../src/config/cohorts.ts'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { loadService } from '../../src/config/load-service.ts'
import { shippedPath } from '../../src/config/paths.ts'
import { problemText } from '../../src/config/problem.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { OPTIONS } from '../support/config.ts'

const DEFAULTS = { country: 'CN', zone: 'Asia/Shanghai', profile: 'default' }

function shipped() {
  const loaded = loadPolicy([], DETECTORS, { ...OPTIONS, defaults: DEFAULTS })
  if (loaded.kind === 'wrong') throw new Error(loaded.problems.map(problemText).join('\n'))
  return loaded
}

test('the shipped policies arm every detector of the list, each with a source', () => {
  const { profiles, calendarOf } = shipped()
  expect(profiles.map(({ name }) => name)).toEqual(['cn', 'default'])
  for (const { armed } of profiles) {
    expect(armed.map(({ name }) => name)).toEqual(DETECTORS.map(({ name }) => name))
    expect(armed.every(({ source }) => source !== '')).toBe(true)
  }
  expect([calendarOf('cn')?.name, calendarOf('default')?.name]).toEqual(['cn', 'default'])
})

test('China has its own profile and everybody else the default', () => {
  const loaded = loadPolicy([], DETECTORS, {
    ...OPTIONS,
    defaults: { zone: 'UTC', profile: 'default' },
  })
  if (loaded.kind === 'wrong') throw new Error('the shipped policies are right')
  const of = (country: string) => loaded.policy.profileOf({ tenant: 't', country, mcc: '5411' })
  expect(of('CN')).toMatchObject({ name: 'cn', currency: 'CNY', zone: 'Asia/Shanghai' })
  expect(of('DE')).toMatchObject({ name: 'default', currency: undefined, zone: 'UTC' })
  expect(of('DE').cohortOf('5411', undefined)).toEqual({ count: 60, sum: 4_000 })
})

test('both have the same ladders and sources, so far', () => {
  const [cn, standard] = shipped().profiles
  for (const [at, armed] of cn!.armed.entries()) {
    const other = standard!.armed[at]!
    expect(armed.source).toBe(other.source)
    for (const name of armed.ladders ?? [undefined]) {
      expect(armed.ladderOf(name)).toEqual(other.ladderOf(name))
    }
  }
})

/** Every file of the folder has somebody who reads it. */
const READERS: readonly (readonly [RegExp, (path: string) => Readonly<{ kind: string }>])[] = [
  [/^policies\//, (path) => loadPolicy([path], DETECTORS, { ...OPTIONS, defaults: DEFAULTS })],
  [/^calendars\//, loadCalendar],
  [/^cohorts\.yaml$/, loadCohorts],
  [/^forewarn\.yaml$/, (file) => loadService({ file, env: {} })],
]

test.each(globSync('**/*.yaml', { cwd: shippedPath() }))('config/%s is right', (name) => {
  const reader = READERS.find(([form]) => form.test(name))
  // What others read has its own tests.
  if (reader === undefined) return expect(name).toMatch(/^(i18n|prometheus|grafana)\//)
  expect(reader[1](shippedPath(name))).toMatchObject({ kind: 'ok' })
})

test('the service file shows every key, the optional ones in comments', () => {
  const text = readFileSync(shippedPath('forewarn.yaml'), 'utf8')
  const keys = ['brokers', 'clientId', 'groupId', 'ssl', 'sasl', 'topics', 'events', 'warnings']
  keys.push('standing', 'notices', 'alerts', 'deadLetters', 'audit', 'rekeyed', 'url', 'namespace')
  keys.push('cluster', 'policies', 'tenant', 'country', 'zone', 'profile', 'grace', 'until')
  keys.push('console', 'metrics', 'name', 'mode', 'headerStyle', 'level', 'production')
  expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(text))).toEqual([])
})
