import { expect, test } from 'vitest'
import { loadPolicy } from '../../src/config/load-policy.ts'
import type { LoadedPolicy } from '../../src/config/load-policy.ts'
import type { Wrong } from '../../src/config/problem.ts'
import { folderOfFiles, OPTIONS, RIGHT, STAND_INS } from '../support/config.ts'

type Files = Readonly<Record<string, string>>

/** Files in a folder `policies/` of their own; `base.yaml` is right unless it is given. */
function load(
  given: Files,
  named = 'policies',
): Readonly<{ said: string[]; it: LoadedPolicy | Wrong }> {
  using folder = folderOfFiles()
  for (const [name, text] of Object.entries({ 'policies/base.yaml': RIGHT, ...given })) {
    folder.write(name, text)
  }
  const it = loadPolicy([`${folder.path}/${named}`], STAND_INS, OPTIONS)
  return { said: folder.textOf(it), it }
}

function right(given: Files = {}, named = 'policies'): LoadedPolicy {
  const { said, it } = load(given, named)
  if (it.kind === 'wrong') throw new Error(said.join('\n'))
  return it
}

const AT = 'policies/base.yaml'

test.each<[from: string, to: string, problems: string[]]>([
  ['', '', []],
  [
    'limitRatio: 0.3',
    'limitRatio: 3',
    [`${AT}:16: detectors.odd-hours.limits.limitRatio: Too big: expected number to be <=1`],
  ],
  [
    'limitRatio: 0.3',
    'limitRatio: on',
    [
      `${AT}:16: detectors.odd-hours.limits.limitRatio: Invalid input: expected number, received string`,
    ],
  ],
  [
    'countMin',
    'coutnMin',
    [
      `${AT}:15: detectors.odd-hours.limits.countMin: is missing: expected number`,
      `${AT}:17: detectors.odd-hours.limits.coutnMin: unknown key (did you mean "countMin"?)`,
    ],
  ],
  [
    'odd-hours',
    'od-hours',
    [
      `${AT}:3: detectors: says nothing of odd-hours: give its limits, ladder and source`,
      `${AT}:14: detectors.od-hours: there is no such detector (did you mean "odd-hours"?)`,
    ],
  ],
  [
    'odd-hours',
    'constructor',
    [
      `${AT}:3: detectors: says nothing of odd-hours: give its limits, ladder and source`,
      `${AT}:14: detectors.constructor: there is no such detector`,
    ],
  ],
  [
    '    source: S1\n',
    '',
    [`${AT}:4: detectors.licence-expiry: limits and ladders are given without their source`],
  ],
  [
    'source: S1',
    'soucre: S1',
    [`${AT}:7: detectors.licence-expiry.soucre: unknown key (did you mean "source"?)`],
  ],
  [
    '    source: S1',
    '    armed: maybe\n    source: S1',
    [`${AT}:7: detectors.licence-expiry.armed: Invalid input: expected boolean, received string`],
  ],
  [
    'ladder: { notice: -30d',
    'ladder: { notice: -3d',
    [`${AT}:6: detectors.licence-expiry.ladder.warning: does not come after notice`],
  ],
  [
    'ladder: { notice: -30d',
    'ladders: { notice: -30d',
    [
      `${AT}:4: detectors.licence-expiry.ladder: is missing`,
      `${AT}:6: detectors.licence-expiry.ladders.notice: licence-expiry has no such ladder (it has one: "ladder")`,
      `${AT}:6: detectors.licence-expiry.ladders.warning: licence-expiry has no such ladder (it has one: "ladder")`,
    ],
  ],
  [
    'stop: { notice: +1d',
    'stpo: { notice: +1d',
    [
      `${AT}:10: detectors.till-idle.ladders.stop: is missing`,
      `${AT}:12: detectors.till-idle.ladders.stpo: till-idle has no such ladder (did you mean "stop"?)`,
    ],
  ],
  ['calendar: default\n', '', [`${AT}:1: calendar: is missing`]],
  [
    'calendar: default',
    'calendar: defautl',
    [`${AT}:2: calendar: there is no calendars/defautl.yaml (did you mean "default"?)`],
  ],
  [
    'calendar: default',
    'calendar: ../x',
    [`${AT}:2: calendar: expected a name of small letters, digits and hyphens`],
  ],
  [
    'calendar: default',
    'calendar: default\nzone: Asia/Shangai',
    [`${AT}:3: zone: is no IANA zone; did you mean "Asia/Shanghai"?`],
  ],
  [
    'calendar: default',
    'calendar: default\nzone: Etc/../x',
    [`${AT}:3: zone: is no IANA zone; Asia/Shanghai is one`],
  ],
  [
    'calendar: default',
    'calendar: default\ncurrency: cny',
    [`${AT}:3: currency: is no ISO 4217 currency, as CNY is one`],
  ],
  ['calendar: default', 'calendar: default\nselect: {}', [`${AT}:3: select: names nobody`]],
  [
    'calendar: default',
    'calendar: default\nselect: { mcc: [5411, 0100-0099], country: [cn] }',
    [
      `${AT}:3: select.country.0: expected a country of two capitals (ISO 3166-1), as CN`,
      `${AT}:3: select.mcc.0: Invalid input: expected string, received number (put it in quotes)`,
      `${AT}:3: select.mcc.1: a range rises`,
    ],
  ],
  [
    'calendar: default',
    'calendar: default\nextends: bsae',
    [`${AT}:3: extends: there is no profile "bsae" (did you mean "base"?)`],
  ],
  ['profile: base', 'profile: base\nprofile: base', [`${AT}:2: the key "profile" is given twice`]],
  [
    'detectors:',
    'detectors: 3\nx:',
    [
      `${AT}:3: detectors: Invalid input: expected record, received number`,
      `${AT}:4: x: unknown key`,
    ],
  ],
])('%j → %j', (from, to, problems) => {
  expect(load({ [AT]: RIGHT.replace(from, to) }).said).toEqual(problems)
})

test('tells every mistake of every file at once, those of a base only once', () => {
  const base = RIGHT.replace('dueDays: 90', 'dueDays: 0').replace('+8d', '+1bd')
  const shop = "profile: shop\nextends: base\nselect: { mcc: ['5411'] }\nzone: nowhere\n"
  const { said } = load({ [AT]: base, 'policies/shop.yaml': shop, 'cohorts.yaml': 'version: x\n' })
  expect(said.map((it) => it.slice(0, it.indexOf(': ')))).toEqual([
    'cohorts.yaml:1',
    `${AT}:5`,
    `${AT}:12`,
    'policies/shop.yaml:4',
  ])
})

test.each<[files: Files, problems: string[], shows: string]>([
  [
    {
      'policies/a.yaml': 'profile: a\nextends: b\n',
      'policies/b.yaml': 'profile: b\nextends: a\n',
    },
    [
      'policies/a.yaml:2: extends: goes round: a → b → a',
      'policies/b.yaml:2: extends: goes round: b → a → b',
    ],
    'a circle has no base',
  ],
  [
    { 'policies/a.yaml': 'profile: base\nextends: base\n' },
    [
      'policies/a.yaml:2: extends: goes round: base → base',
      `${AT}:1: profile: "base" stands in policies/a.yaml:1 already`,
    ],
    'one name, one profile',
  ],
  [
    {
      'policies/a.yaml': 'profile: a\nextends: base\nselect: { country: [CN, DE] }\n',
      'policies/b.yaml': 'profile: b\nextends: base\nselect: { country: [DE] }\n',
    },
    ['policies/b.yaml:3: select: an account may be named here and in policies/a.yaml alike'],
    'a tie',
  ],
  [
    {
      'policies/a.yaml': "profile: a\nextends: base\nselect: { mcc: ['5000-5411'] }\n",
      'policies/b.yaml': "profile: b\nextends: base\nselect: { mcc: ['5411-6000'] }\n",
    },
    ['policies/b.yaml:3: select: an account may be named here and in policies/a.yaml alike'],
    'ranges that touch',
  ],
  [
    {
      'policies/a.yaml': 'profile: a\nextends: base\nselect: { country: [DE] }\n',
      'policies/b.yaml': "profile: b\nextends: base\nselect: { mcc: ['5411'], country: [DE] }\n",
    },
    [],
    'more is named: no tie',
  ],
  [
    { 'policies/a.yaml': 'profile: a\nextends: gone\n', 'policies/gone.yaml': 'profile: [\n' },
    [
      'policies/gone.yaml:2: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    'what cannot be read is not called missing',
  ],
  [
    {
      'policies/a.yaml': 'profile: a\nextends: base\ncalendar: mine\n',
      'calendars/mine.yaml': 'calendar: mine\n',
    },
    [
      'calendars/mine.yaml:1: source: is missing: expected string',
      'calendars/mine.yaml:1: version: is missing: expected string',
      'calendars/mine.yaml:1: weekend: is missing: expected array',
      'calendars/mine.yaml:1: years: is missing: expected record',
    ],
    'a calendar beside the policies',
  ],
])('%j → %j (%s)', (files, problems, _shows) => {
  expect(load(files).said).toEqual(problems)
})

test('points into the file that said it, be it the profile or its base', () => {
  const limits = '{ countMin: 2.5 }'
  const odd = `detectors:\n  odd-hours:\n    limits: ${limits}\n    source: MINE\n`
  expect(load({ 'policies/shop.yaml': `profile: shop\nextends: base\n${odd}` }).said).toEqual([
    'policies/shop.yaml:5: detectors.odd-hours.limits.countMin: Invalid input: expected int, received number',
  ])
})

test('names paths that lead nowhere, and a fallback that is none', () => {
  using folder = folderOfFiles()
  folder.write('empty/readme.txt', '')
  folder.write('p/base.yaml', RIGHT)
  const paths = [`${folder.path}/none.yaml`, `${folder.path}/empty`]
  expect(folder.textOf(loadPolicy(paths, STAND_INS, OPTIONS))).toEqual([
    'empty: holds no .yaml file',
    'none.yaml: there is no such file',
  ])
  const options = { ...OPTIONS, defaults: { zone: 'UTC', profile: 'bse' } }
  expect(folder.textOf(loadPolicy([`${folder.path}/p`], STAND_INS, options))).toEqual([
    `p: defaults.profile: there is no profile "bse" (did you mean "base"?)`,
  ])
})

test('arms what is armed, in the order of the list', () => {
  const { profiles } = right({ [AT]: RIGHT.replace('source: S2', 'source: S2\n    armed: false') })
  expect(profiles[0]!.armed.map(({ name, source }) => `${name} ${source}`)).toEqual([
    'licence-expiry S1',
    'odd-hours S3',
  ])
})

test('a profile changes what it gives and keeps the rest', () => {
  const shop = `profile: shop
extends: base
currency: EUR
zone: Europe/Berlin
detectors:
  till-idle:
    ladders: { stop: { notice: +2d } }
    source: MINE
  odd-hours: { armed: false }
`
  const { profiles } = right({ 'policies/shop.yaml': shop })
  const [base, own] = [profiles[0]!, profiles[1]!]
  expect(own).toMatchObject({ name: 'shop', currency: 'EUR', zone: 'Europe/Berlin' })
  expect(base).toMatchObject({ name: 'base', currency: undefined, zone: 'UTC' })
  expect(own.armed.map(({ name, source }) => `${name} ${source}`)).toEqual([
    'licence-expiry S1',
    'till-idle MINE',
  ])
  expect(own.armed[1]!.ladderOf('stop')).toEqual({ notice: [{ kind: 'after', days: 2 }] })
  expect(own.armed[1]!.ladderOf('reverify')).toEqual(base.armed[1]!.ladderOf('reverify'))
})

test('a single file brings what it extends, and judges every account', () => {
  const files = {
    'policies/shop.yaml': 'profile: shop\nextends: base\nselect: { country: [US] }\n',
  }
  const { policy, profiles } = right(files, 'policies/shop.yaml')
  expect(profiles.map(({ name }) => name)).toEqual(['shop'])
  expect(policy.profileOf({ tenant: 't', country: 'DE', mcc: undefined }).name).toBe('shop')
})

test('the hash is of what a profile says, not of how it is written', () => {
  const hashOf = (text: string) => right({ [AT]: text }).profiles[0]!.hash
  const hash = hashOf(RIGHT)
  expect(hash).toMatch(/^[0-9a-f]{12}$/)
  const reordered = RIGHT.replace(
    'limitRatio: 0.3\n      countMin: 20',
    'countMin: 20\n      limitRatio: 0.30',
  )
  expect(hashOf(reordered)).toBe(hash)
  expect(hashOf(RIGHT.replace('countMin: 20', 'countMin: 21'))).not.toBe(hash)
  expect(hashOf(RIGHT.replace('-7d', '-6d'))).not.toBe(hash)
  expect(hashOf(RIGHT.replace('S3', 'S4'))).not.toBe(hash)
})

const CHOOSING = {
  'policies/cn.yaml': 'profile: cn\nextends: base\nselect: { country: [CN] }\n',
  'policies/food.yaml': "profile: food\nextends: base\nselect: { mcc: ['5411', '5800-5899'] }\n",
  'policies/acme.yaml': 'profile: acme\nextends: base\nselect: { tenant: [acme] }\n',
  'policies/acme-food.yaml':
    "profile: acme-food\nextends: base\nselect: { tenant: [acme], mcc: ['5411'] }\n",
}

test.each<
  [
    tenant: string,
    country: string | undefined,
    mcc: string | undefined,
    profile: string,
    shows: string,
  ]
>([
  ['x', 'DE', '7011', 'base', 'nobody names it'],
  ['x', 'CN', '7011', 'cn', 'by country'],
  ['x', undefined, undefined, 'cn', 'the default country stands in'],
  ['x', 'CN', '5411', 'food', 'a code outweighs a country'],
  ['x', 'DE', '5799', 'base', 'before the range'],
  ['x', 'DE', '5800', 'food', 'its first'],
  ['x', 'DE', '5899', 'food', 'its last'],
  ['x', 'DE', '5900', 'base', 'after it'],
  ['x', 'DE', '58000', 'base', 'no code'],
  ['acme', 'CN', '5812', 'acme', 'a tenant outweighs all'],
  ['acme', 'CN', '5411', 'acme-food', 'a tenant and a code outweigh it'],
  ['', 'DE', '', 'base', 'empty is nobody'],
])('%s %s %s → %s (%s)', (tenant, country, mcc, profile, _shows) => {
  const { profileOf } = right(CHOOSING).policy
  const who = { tenant, country, mcc }
  expect(profileOf(who).name).toBe(profile)
  expect(profileOf(who)).toBe(profileOf({ ...who }))
})
