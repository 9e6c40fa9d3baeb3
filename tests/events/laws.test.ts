/** What holds for any bytes at all. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deadLetter } from '../../src/events/dead-letter.ts'
import { decode } from '../../src/events/decode.ts'
import { DEAD_CODES } from '../../src/events/event.ts'
import { scanJson } from '../../src/events/json-scan.ts'
import type { Header, LogRecord } from '../../src/events/record.ts'
import { fullData, ODD_UNITS, recordOf, TYPES, utf8 } from './samples.ts'

const PLACE = { topic: 't', partition: 0, group: 'g', firstFailedAtMs: 0, appVersion: '0' }

function decodesOrDies(record: LogRecord): void {
  const decoded = decode(record, { keyOptional: true })
  if (decoded.kind !== 'dead') return
  expect(DEAD_CODES).toContain(decoded.reason.code)
  expect(utf8(decoded.reason.message).length).toBeLessThanOrEqual(512)
  expect(deadLetter(decoded.reason, record, PLACE, () => 'hash').id).toBe('t-0-17')
}

const bytes = fc.uint8Array({ maxLength: 60 })
const headers = fc.array(
  fc.tuple(fc.constantFrom('ce_id', 'ce_type', 'ce_time', 'content-type', 'x'), bytes),
  { maxLength: 4 },
)

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.option(bytes), fc.option(bytes), headers, (key, value, more) => {
      const record = { key: key ?? undefined, value: value ?? undefined, headers: more as Header[] }
      decodesOrDies({ ...recordOf(), ...record })
    }),
    { numRuns: 500 },
  )
})

test('an event with any of its bytes changed, left out or put in does not either', () => {
  const values = TYPES.map((type) => recordOf({ type, data: fullData(type) }).value ?? utf8(''))
  const change = fc.tuple(fc.nat(), fc.nat(2), bytes)
  fc.assert(
    fc.property(
      fc.constantFrom(...values),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (value, changes) => {
        const mutated = changes.reduce((whole, [where, length, put]) => {
          const at = where % whole.length
          return Uint8Array.from([...whole.subarray(0, at), ...put, ...whole.subarray(at + length)])
        }, value)
        decodesOrDies({ ...recordOf(), value: mutated })
      },
    ),
    { numRuns: 500 },
  )
})

test('any JSON in the place of a member does not either', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), fc.nat(), fc.jsonValue(), (type, which, value) => {
      const data = fullData(type)
      const names = Object.keys(data)
      decodesOrDies(
        recordOf({ type, data: { ...data, [names[which % names.length] ?? '']: value } }),
      )
    }),
    { numRuns: 300 },
  )
})

test('the scan counts what the parser finds', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: fc.constantFrom(...ODD_UNITS), depthSize: 'small' }),
      fc.constantFrom(0, 1),
      (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const scan = scanJson(utf8(text))
        expect(scan.members).toBe(membersOf(JSON.parse(text)))
        expect(scan.depth).toBe(depthOf(value))
        if (scan.isCanonical) expect(JSON.stringify(JSON.parse(text))).toBe(text)
      },
    ),
    { numRuns: 300 },
  )
})

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce((sum: number, member) => sum + membersOf(member), 0)
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length)
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
