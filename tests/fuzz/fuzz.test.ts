import { describe, expect, test } from 'vitest'
import { DEAD_CODES } from '../../src/events/event.ts'
import { recordOf, recordOfText, utf8 } from '../events/samples.ts'
import { prng } from '../support/prng.ts'
import { shippedPolicy } from '../support/watch.ts'
import { planted, tells } from './canary.ts'
import { CHUNK, createFuzzer } from './fuzzer.ts'
import { findingText } from './report.ts'

const SEED = 1
const MUTANTS = 20_000

test(`${MUTANTS} mutants break nothing, and meet every answer`, { timeout: 60_000 }, () => {
  const fuzzer = createFuzzer(shippedPolicy(), SEED)
  for (let start = 0; start < MUTANTS; start += CHUNK) {
    const finding = fuzzer.chunk(start, start + CHUNK)
    if (finding !== undefined) expect.unreachable(findingText(finding, SEED))
  }
  // A batch that cannot be read never comes as a record.
  const codes = DEAD_CODES.filter((code) => code !== 'batch-unreadable')
  const answers = [...codes, 'event', 'unknown', 'applied', 'duplicate', 'warning']
  expect(answers.filter((it) => !fuzzer.counts.has(it))).toEqual([])
})

test('a mutant comes again by its seed and number', () => {
  const [one, again, other] = [3, 3, 4].map((seed) => {
    const fuzzer = createFuzzer(shippedPolicy(), seed)
    fuzzer.chunk(CHUNK, 2 * CHUNK)
    return [...fuzzer.counts]
  })
  expect(again).toEqual(one)
  expect(other).not.toEqual(one)
})

test('what is slow each time is a stall', () => {
  const finding = createFuzzer(shippedPolicy(), 3, -1).chunk(0, 2)
  expect(finding?.what).toMatch(/^took \d+ ms or more, each of 3 times$/)
})

describe('what is told of a finding', () => {
  const mutant = { number: 7, record: recordOf(), canary: undefined }

  test('its seed, its number, its bytes', () => {
    const text = findingText({ mutant, what: 'threw' }, 5)
    expect(text).toContain('mutant 7 of seed 5: threw')
    expect(text).toContain('--seed 5 --mutant 7')
    expect(text).toContain(Buffer.from(recordOf().value ?? []).toString('base64'))
  })

  test('not the bytes of what may be a card', () => {
    const record = recordOfText('{"x":"4111 1111 1111 1111"')
    const key = { ...recordOf(), key: utf8('4111111111111111') }
    for (const it of [{ record }, { record: key }, { record: recordOf(), canary: '4' }]) {
      const text = findingText({ mutant: { ...mutant, ...it }, what: 'threw' }, 5)
      expect(text).not.toContain(Buffer.from(it.record.value ?? []).toString('base64'))
      expect(text).toContain('sha256')
    }
  })
})

test('what is planted can be read in the record', () => {
  const dice = prng(11)
  for (let i = 0; i < 500; i++) {
    const { record, canary } = planted(recordOf(), dice)
    const parts = [record.key, record.value, ...record.headers.map(([, value]) => value)]
    expect(parts.some((part) => tells(part, canary))).toBe(true)
    expect(tells(recordOf().value, canary)).toBe(false)
  }
})
