/** Planted card data is found wherever it stands, and what is written of its records holds none of it. */
import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { deadLetter } from '../../src/events/dead-letter.ts'
import { decode } from '../../src/events/decode.ts'
import { forewarn } from '../support/forewarn-process.ts'
import { PLANTED, canariesIn } from './canaries.ts'
import { recordAt } from './input.ts'
import type { Input } from './input.ts'
import { lineOf } from './lines.ts'

const latin = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')
const utf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()

/** As bytes and as text: full width is found in the one, what is no UTF-8 in the other. */
function allOf({ key, value, headers }: Pick<Input, 'key' | 'value' | 'headers'>): string {
  const parts = [key, value, ...headers.flatMap(([name, its]) => [Buffer.from(name), its])]
  return parts.map((bytes) => `${latin(bytes)}\n${utf(bytes)}`).join('\n')
}

test('the search finds every one of them in the records themselves', () => {
  const missed = PLANTED.filter(({ input, canary }) => !canariesIn(allOf(input)).has(canary))
  expect(missed.map(({ input }) => input.name)).toEqual([])
  expect(PLANTED.length).toBeGreaterThan(3_000)
})

test(`all ${PLANTED.length} are refused, and known to hold card data`, () => {
  const passed = PLANTED.filter(({ input }) => {
    const decoded = decode(recordAt(0, input))
    return decoded.kind !== 'dead' || !decoded.reason.hasCardData
  })
  expect(passed.map(({ input }) => [latin(input.value), latin(input.key)])).toEqual([])
})

test(`0 of ${PLANTED.length} are in their dead letters, in any style of headers`, () => {
  const place = { topic: 't', partition: 0, group: 'g', firstFailedAtMs: 0, appVersion: '1' }
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')
  const leaks = PLANTED.flatMap(({ input, canary }) => {
    const record = recordAt(0, input)
    const decoded = decode(record)
    if (decoded.kind !== 'dead') return [canary]
    const letters = (['native', 'connect', 'spring'] as const).map((headerStyle) =>
      deadLetter(decoded.reason, record, { ...place, headerStyle }, sha256),
    )
    return letters.some((it) => canariesIn(allOf(it)).size > 0) ? [canary] : []
  })
  expect(leaks).toEqual([])
})

test(
  `0 of ${PLANTED.length} are in what the command writes of them`,
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-cards-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const [file, dead] = [join(folder, 'in.ndjson'), join(folder, 'dead.ndjson')]
    const lines = PLANTED.flatMap(({ input }) => lineOf(input) ?? [])
    writeFileSync(file, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
    const ended = await forewarn('replay', file, '--dead-letters', dead)
    expect(ended.code).toBe(0)
    const letters = readFileSync(dead, 'utf8')
    expect(letters.trimEnd().split('\n')).toHaveLength(lines.length)
    expect(canariesIn(`${ended.stdout}\n${ended.stderr}\n${letters}`)).toEqual(new Set())
  },
)
