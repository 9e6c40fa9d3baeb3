import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../../src/events/decode.ts'
import { simulate, type Options, type Truth } from '../../src/fleet/simulate.ts'

const SMALL: Options = { merchants: 8, days: 40, seed: 7 }
// A fleet large enough for every cause: seconds, and more on a busy machine.
const PATIENCE_MS = 120_000

type Line = Readonly<{
  id: string
  type: string
  subject: string
  time: string
  receivedat: string
  data: Readonly<Record<string, unknown>>
}>

function linesOf(options: Options): string[] {
  return [...simulate(options).lines]
}

function parsed(options: Options): Line[] {
  return linesOf(options).map((line) => JSON.parse(line) as Line)
}

function hashOf(options: Options): string {
  return createHash('sha256').update(linesOf(options).join('\n')).digest('hex')
}

describe('a simulated fleet', { timeout: PATIENCE_MS }, () => {
  test('is the same to the byte for the same seed, and another for another', () => {
    expect(hashOf(SMALL)).toBe(hashOf(SMALL))
    expect(hashOf({ ...SMALL, seed: 8 })).not.toBe(hashOf(SMALL))
  })

  test('is the same whether its truth was counted before or not', () => {
    const counted = simulate(SMALL)
    const first = counted.truth()
    expect([...counted.lines].join('\n')).toBe(linesOf(SMALL).join('\n'))
    expect(counted.truth()).toEqual(first)
  })

  test('comes in order of arrival, nothing before it happened, up to the very end', () => {
    const lines = parsed(SMALL)
    const arrivals = lines.map(({ receivedat }) => Date.parse(receivedat))
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
    expect(lines.every(({ time }, at) => Date.parse(time) <= arrivals[at]!)).toBe(true)
    expect(lines.at(-1)!.receivedat).toBe('2025-02-10T00:00:00.000Z')
    expect(simulate(SMALL).truth().until).toBe('2025-02-10T00:00:00.000Z')
  })

  test('begins where it is told to', () => {
    const [first] = parsed({ ...SMALL, from: '2026-03-01' })
    expect(first!.receivedat.slice(0, 7)).toBe('2026-03')
  })

  test('gives an id to one event only, and repeats some of them whole', () => {
    const bodies = new Map<string, string>()
    let repeats = 0
    for (const { receivedat: _, ...line } of parsed({ ...SMALL, days: 60 })) {
      const body = JSON.stringify(line)
      if (bodies.has(line.id)) repeats++
      expect(bodies.get(line.id) ?? body).toBe(body)
      bodies.set(line.id, body)
    }
    expect(repeats).toBeGreaterThan(0)
  })

  test('keeps terminal, trace and reference apart within a day', () => {
    const seen = new Set<string>()
    const ids = new Set<string>()
    for (const { id, type, subject, time, data } of parsed(SMALL)) {
      if (type !== 'card.authorisation' || ids.has(id)) continue
      ids.add(id)
      const key = [subject, data.terminalId, time.slice(0, 10), data.stan, data.rrn].join(' ')
      expect(seen.has(key)).toBe(false)
      seen.add(key)
    }
  })

  test('holds nothing that could be taken for the number of a card', () => {
    for (const line of linesOf(SMALL)) expect(line).not.toMatch(/(?<![A-Za-z0-9])(\d[ -]?){13,}/)
  })

  test('has sales forwarded late, overtaken ones, voids and refusals', () => {
    const lines = parsed({ merchants: 20, days: 60, seed: 3 })
    const delays = lines.map(({ time, receivedat }) => Date.parse(receivedat) - Date.parse(time))
    expect(delays.some((ms) => ms > 2 * 3_600_000)).toBe(true)
    expect(delays.some((ms) => ms > 20_000 && ms < 900_000)).toBe(true)
    const types = new Set(lines.map(({ type }) => type))
    for (const type of ['card.void', 'card.reversal', 'card.refund', 'batch.closed']) {
      expect(types).toContain(type)
    }
    const attempts = lines.filter(({ type }) => type === 'card.authorisation')
    const refused = attempts.filter(({ data }) => data.approved === false).length
    expect(refused / attempts.length).toBeGreaterThan(0.02)
    expect(refused / attempts.length).toBeLessThan(0.06)
  })
})

describe('the truth of a fleet', () => {
  let merchants: Truth['merchants'] = []
  beforeAll(() => {
    ;({ merchants } = simulate({ merchants: 200, days: 400, seed: 7 }).truth())
  }, PATIENCE_MS)

  test('never expects what it rules out', () => {
    const wrong = merchants.flatMap(({ merchantId, cause, expect: expected, never }) =>
      expected
        .filter(({ detector }) => never.includes(detector))
        .map((one) => ({ merchantId, cause, ...one })),
    )
    expect(wrong).toEqual([])
  })

  test.each([
    ['11 a till idle beside a busy one', 'terminal-inactivity', 'notice'],
    ['11 a season that nobody declared', 'merchant-inactivity', 'resolved'],
    ['11 idle for good', 'merchant-inactivity', 'consequence-due'],
    ['11 never activated', 'never-activated', 'consequence-due'],
    ['11 activation reported late', 'never-activated', 'retracted'],
    ['11 a declared pause ends', 'pause-ending', 'resolved'],
    ['4 a forwarded sale proves the warning wrong', 'merchant-inactivity', 'retracted'],
    ['3 paid after a reminder', 'fee-due-soon', 'notice'],
    ['3 paid in time, told late', 'fee-overdue', 'retracted'],
    ['1b a PIN mistyped three times', 'decline-burst-card', 'notice'],
    ['1b three cards refused again and again', 'decline-burst-card', 'warning'],
    ['1a three times the usual trade', 'volume-spike', 'notice'],
    ['1a seven times the usual trade', 'volume-spike', 'warning'],
    ['1a two such days running', 'volume-spike', 'warning'],
    ['24 cancelled while idle', 'merchant-inactivity', 'resolved'],
    ['3 deregistered in debt', 'fee-overdue', 'resolved'],
  ])('%s: every one has %s %s', (cause, detector, stage) => {
    const of = merchants.filter((merchant) => merchant.cause.split('; ').includes(cause))
    expect(of.length).toBeGreaterThan(0)
    for (const { expect: expected } of of) {
      expect(expected.map((one) => `${one.detector} ${one.stage}`)).toContain(
        `${detector} ${stage}`,
      )
    }
  })

  test('leaves most merchants in peace', () => {
    const quiet = merchants.filter(({ expect: expected }) => expected.length === 0)
    expect(quiet.length).toBeGreaterThan(merchants.length * 0.4)
  })
})

test('every line is an event that the service takes', { timeout: PATIENCE_MS }, () => {
  const bytes = new TextEncoder()
  const fates = linesOf({ merchants: 20, days: 60, seed: 5 }).map((line) => {
    const value = bytes.encode(line)
    const record = { offset: 0, key: undefined, value, headers: [], timestampMs: undefined }
    return decode(record, { keyOptional: true }).kind
  })
  expect(new Set(fates)).toEqual(new Set(['event']))
})
