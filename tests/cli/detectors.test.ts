import { expect, test } from 'vitest'
import { detectors } from '../../src/cli/detectors.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { given } from '../support/command.ts'
import { folderOfFiles } from '../support/config.ts'
import { policyFile } from '../support/policies.ts'

const names = DETECTORS.map(({ name }) => name)

test('the table has every detector in the order of the list, a line for each of its clocks', async () => {
  const { io, out } = given()
  expect(await detectors(io, {})).toBe(0)
  const [head = '', ...lines] = out().trimEnd().split('\n')
  expect(head).toMatch(/^DETECTOR +KIND +CLOCK +NOTICE .* SOURCE +PROFILES +WARNS WHEN$/)
  const column = (word: string) => head.indexOf(word)
  const first = lines.map((it) => it.slice(0, column('KIND')).trim()).filter((it) => it !== '')
  expect(new Set(first)).toEqual(new Set(names))
  expect(first.filter((it, at) => it !== first[at - 1])).toEqual(names)
  const idle = lines.findIndex((it) => it.startsWith('terminal-inactivity'))
  expect(lines[idle]).toMatch(/deadline +reverify +-30d +-14d +-3d +0d +CN1 +.*takes no payment/)
  expect(lines[idle + 1]).toMatch(/^ +stop +-60d +-30d +-7d +0d$/)
})

test('as JSON it has limits and ladders, and says which profiles share them', async () => {
  const { io, out } = given()
  await detectors(io, { json: true })
  const rows: { name: string; source: string; profiles: string[] }[] = JSON.parse(out())
  expect([...new Set(rows.map(({ name }) => name))]).toEqual(names)
  expect(rows.find(({ name }) => name === 'never-activated')).toEqual({
    ...{ name: 'never-activated', version: 1, kind: 'deadline', armed: true, source: 'E18e' },
    warnsWhen: 'a delivered terminal is not used',
    ...{ profiles: ['cn', 'default'], limits: { dueDays: 90 } },
    ladders: {
      ladder: {
        ...{ notice: '+14d', warning: '+45d', 'final-warning': '+80d', 'consequence-due': '0d' },
      },
    },
  })
})

test('a profile with limits of its own has a row of its own, also one that is switched off', async () => {
  using folder = folderOfFiles()
  const off = policyFile('never-activated: { armed: false }')
  folder.write('own.yaml', off.replace('calendar', 'select: { tenant: [a] }\ncalendar'))
  folder.write('own2.yaml', policyFile('').replace('own', 'other'))
  const { io, out } = given({ FOREWARN_DEFAULTS__PROFILE: 'other' })
  expect(await detectors(io, { policy: folder.path })).toBe(0)
  const lines = out()
    .split('\n')
    .filter((it) => it.startsWith('never-activated'))
  expect(lines.map((it) => /E18e +(.*?) {2}/.exec(it)?.[1])).toEqual(['own (off)', 'other'])
})
