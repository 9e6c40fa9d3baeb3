/** The README says how a detector is added, and which files that touches: it is done here, in a copy. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { history } from './support/history.ts'
import { NAME, STEPS } from './support/recipe-detector.ts'
import type { Edit } from './support/recipe-detector.ts'

const COPIED = ['src', 'config', 'tests', 'docs', 'schemas', 'package.json', 'vitest.config.ts']
const copy = realpathSync(mkdtempSync(join(tmpdir(), 'forewarn-recipe-')))

for (const path of COPIED) cpSync(path, join(copy, path), { recursive: true })
symlinkSync(realpathSync('node_modules'), join(copy, 'node_modules'))
const before = contents()

afterAll(() => rmSync(copy, { recursive: true, force: true }))

function contents(): ReadonlyMap<string, string> {
  const files = globSync('{src,config,tests,docs,schemas}/**/*.*', { cwd: copy })
  return new Map(files.map((file) => [file, readFileSync(join(copy, file), 'utf8')]))
}

/** Files that the recipe's steps name, each up to the first stop: what comes behind is explanation. */
function filesNamed(): string[][] {
  const [, text = ''] = readFileSync('README.md', 'utf8').split('\n## Add a detector\n')
  const [recipe = ''] = text.split('\n## ')
  const steps = recipe.split(/\n\d\. /).slice(1)
  return steps.map((step) => {
    const [head = ''] = step.split(/[:;](?=\s)|\.\s/)
    const named = [...head.matchAll(/`([^`]+\.(?:ts|yaml|md))`/g)].map(([, file = '']) => file)
    // A name alone is of the folder named before it.
    return named.map((file) => {
      const folder = named[0]?.replace(/[^/]*$/, '')
      return (file.includes('/') ? file : `${folder}${file}`).replace('<name>', NAME)
    })
  })
}

function follow(step: number): void {
  for (const edit of STEPS[step - 1] ?? []) apply(edit)
}

function apply({ file, text, after }: Edit): void {
  const path = join(copy, file)
  const was = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const place = after === undefined ? was.length : was.indexOf(after) + after.length
  if (after !== undefined && !was.includes(after)) throw new Error(`${file} has no ${after}`)
  writeFileSync(path, was.slice(0, place) + text + was.slice(place))
}

/** In the copy, as a process of its own. */
function run(...args: readonly string[]) {
  const { VITEST: _, VITEST_WORKER_ID: __, NODE_OPTIONS: ___, ...env } = process.env
  const options = { cwd: copy, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options)
  return { status, stdout, text: stdout + stderr }
}

const tested = (...args: readonly string[]) =>
  run('node_modules/vitest/vitest.mjs', 'run', '--project', 'pure', ...args)

/** A merchant with one terminal too many. */
function replayed() {
  const shop = history()
  shop.registers('2026-03-01T08:00')
  for (let at = 1; at <= 6; at++) shop.activates(`2026-03-0${at}T08:00`, `T${at}`)
  writeFileSync(join(copy, 'stream.ndjson'), `${shop.lines().join('\n')}\n`)
  return run('src/main.ts', 'replay', 'stream.ndjson')
}

const LISTED = ['tests/tidy.test.ts', '-t', 'the list of detectors']

describe('the recipe, step by step', () => {
  test('1: what is written is not yet in the list, nor in the docs', { timeout: 60_000 }, () => {
    follow(1)
    const { status, text } = tested(...LISTED)
    expect(status).not.toBe(0)
    expect(text).toMatch(/× .*has every detector file/)
    expect(text).toMatch(/× .*is the list of docs\/detectors\.md/)
    expect(text).toContain(`+   "${NAME}"`)
  })

  test('2: without limits nothing starts', { timeout: 60_000 }, () => {
    follow(2)
    const { status, text } = replayed()
    expect(status).not.toBe(0)
    const says = `says nothing of ${NAME}: give its limits, ladder and source`
    expect(text).toMatch(new RegExp(`default\\.yaml:\\d+: detectors: ${says}`))
  })

  test('3: it runs, and is told by its name where people read', { timeout: 60_000 }, () => {
    follow(3)
    const { status, stdout } = replayed()
    expect(status).toBe(0)
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const seen = records.map(({ data }) => [data.detector, data.subject, data.reason, data.stage])
    expect(seen).toEqual([[NAME, 'terminal:T6', 'opened', 'notice']])
    expect(run('src/main.ts', 'detectors').stdout).toMatch(/terminals over limit$/m)
  })

  test('4 to 6: the laws ask what opens it, and then all is well', { timeout: 60_000 }, () => {
    const [table, opening] = STEPS[3]!
    for (const edit of [table!, ...STEPS[4]!, ...STEPS[5]!]) apply(edit)
    const lawful = ['tests/detectors/every-detector.test.ts', '-t', 'doing what it says']
    expect(tested(...lawful).text).toMatch(new RegExp(`× ${NAME} is cleared by: return-terminal`))
    apply(opening!)
    const all = tested(
      'tests/tidy.test.ts',
      'tests/detectors/every-detector.test.ts',
      `tests/detectors/${NAME}.test.ts`,
      '-t',
      `^(?!.*(all of them together|changes nothing))`,
    )
    expect(all.status === 0 ? '' : all.text).toBe('')
    expect(run('src/main.ts', 'detectors').stdout).toContain('a merchant holds more terminals')
  })

  test('and no file but those that it names was touched', () => {
    const after = contents()
    const touched = [...after].filter(([file, text]) => before.get(file) !== text)
    const files = touched.map(([file]) => file)
    expect(files.toSorted()).toEqual(filesNamed().flat().toSorted())
    const ofSteps = STEPS.map((edits) => [...new Set(edits.map(({ file }) => file))])
    expect(filesNamed().map((step) => step.toSorted())).toEqual(ofSteps.map((it) => it.toSorted()))
  })
})
