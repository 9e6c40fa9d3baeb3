/**
 * What an older version stored is read by this one. A file is written once, when its version is new, by
 * `FOREWARN_WRITE_GOLDEN=1 npx vitest run tests/core/golden-state.test.ts`, and never again.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { STATE_VERSION } from '../../src/core/codec.ts'
import { createFold } from '../../src/core/fold.ts'
import { decodeMeta } from '../../src/engine/meta.ts'
import { valuesOf } from '../support/account-values.ts'
import { goldenState, plain } from '../support/golden-state.ts'
import type { GoldenState } from '../support/golden-state.ts'
import { POLICY } from '../support/heard.ts'

const FOLDER = 'tests/core/golden-state'
const PRESENT = `${FOLDER}/v${STATE_VERSION}.json`

if (process.env['FOREWARN_WRITE_GOLDEN'] === '1' && !existsSync(PRESENT)) {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(PRESENT, `${JSON.stringify(goldenState())}\n`)
}

const bytesOf = (text: string | null) => (text === null ? undefined : Uint8Array.fromBase64(text))
const files = globSync(`${FOLDER}/v*.json`)

test('the present version has its file', () => {
  expect(files).toContain(PRESENT)
})

test.each(files)('%s is read', (file) => {
  const golden = JSON.parse(readFileSync(file, 'utf8')) as GoldenState
  const fold = createFold(POLICY)
  expect(golden.accounts.length).toBeGreaterThan(15)
  for (const { name, sections, wakeMs, values } of golden.accounts) {
    const account = fold.decodeAccount('acq-a', 'M1', sections.map(bytesOf))
    // Members that are new since then are as a new account has them.
    const found = { name, wakeMs: plain(fold.wakeMs(account)), values: plain(valuesOf(account)) }
    expect(found).toMatchObject({ name, wakeMs, values })
  }
  expect(plain(decodeMeta(Uint8Array.fromBase64(golden.meta.bytes)))).toMatchObject(
    golden.meta.notes as object,
  )
})

test('a section of a newer version is refused, whichever it is', () => {
  const golden = JSON.parse(readFileSync(PRESENT, 'utf8')) as GoldenState
  const fold = createFold(POLICY)
  const sections = golden.accounts.map((it) => it.sections.map(bytesOf))
  const whole = sections.find((it) => it.every((section) => section !== undefined)) ?? []
  expect(whole).toHaveLength(3)
  for (const at of whole.keys()) {
    const newer = whole.map((it) => it?.slice())
    newer[at]![0] = STATE_VERSION + 1
    expect(() => fold.decodeAccount('acq-a', 'M1', newer)).toThrow('run a newer one')
  }
})
