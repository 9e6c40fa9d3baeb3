import { expect, test } from 'vitest'
import { createReloader } from '../../src/cli/reload.ts'
import { readSettings } from '../../src/cli/settings.ts'
import { folderOfFiles } from '../support/config.ts'
import { policyFile } from '../support/policies.ts'

/** A service whose policy is `own.yaml` and whose settings are `forewarn.yaml`, in a folder. */
function running(folder: ReturnType<typeof folderOfFiles>) {
  const policy = (lines: string) => folder.write('own.yaml', policyFile(lines))
  const settings = (text: string) =>
    folder.write('forewarn.yaml', `policies: [${folder.path}/own.yaml]\n${text}`)
  policy('')
  const read = readSettings({}, { config: settings('') })
  if (read.kind === 'wrong') throw new Error('the test is wrong')
  const taken: string[] = []
  const told: boolean[] = []
  const reloader = createReloader({
    ...{ settings: read, nowMs: () => 1_000 },
    take: ({ loaded }) => taken.push(loaded.policy.hash),
    tell: ({ isOk }) => told.push(isOk),
  })
  return { ...reloader, policy, settings, taken, told, hash: read.loaded.policy.hash }
}

test('a right file takes over, and the same again does nothing', () => {
  using folder = folderOfFiles()
  const { policy, reload, taken, told, hash } = running(folder)
  expect(reload()).toMatchObject({ isOk: true, isChanged: false })
  expect(taken).toEqual([])
  policy('never-activated: { armed: false }')
  expect(reload()).toMatchObject({ isOk: true, isChanged: true, needsRestart: [] })
  expect(reload()).toMatchObject({ isOk: true, isChanged: false })
  expect(taken).toHaveLength(1)
  expect(taken[0]).not.toBe(hash)
  policy('')
  reload()
  expect(taken).toEqual([taken[0], hash])
  expect(told).toEqual([true, true, true, true])
})

test('a wrong file changes nothing, and is told with file and line', () => {
  using folder = folderOfFiles()
  const { policy, reload, last, taken, told } = running(folder)
  expect(last()).toBeUndefined()
  policy('never-activated:\n  limits: { dueDay: 3 }\n  source: own')
  const reloaded = reload()
  expect(reloaded).toMatchObject({ isOk: false, isChanged: false, atMs: 1_000 })
  expect(reloaded.problems.join('\n')).toMatch(/own\.yaml:6: detectors\.never-activated/)
  expect(last()).toBe(reloaded)
  expect([taken, told]).toEqual([[], [false]])
  policy('never-activated: { armed: false }')
  reload()
  expect(taken).toHaveLength(1)
  expect(last()?.problems).toEqual([])
})

test('what needs a restart is named, without its value, and the grace is kept', () => {
  using folder = folderOfFiles()
  const { settings, reload, taken } = running(folder)
  settings('kafka: { groupId: another-1 }\nclock: { grace: 90s }\nlog: { level: debug }\n')
  const { needsRestart, isChanged } = reload()
  expect(needsRestart).toEqual(['kafka.groupId', 'clock.grace', 'log.level'])
  expect(isChanged).toBe(false)
  settings('defaults: { country: DE }\n')
  expect(reload()).toMatchObject({ isChanged: true, needsRestart: [] })
  expect(taken).toHaveLength(1)
})
