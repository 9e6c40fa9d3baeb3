import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decode, decodeBySchema } from '../../src/events/decode.ts'
import type { EventType } from '../../src/events/event.ts'
import type { LogRecord } from '../../src/events/record.ts'
import { usualEvent } from '../../src/events/usual-record.ts'
import { CLASS_IDS, inputsOfClass } from '../corpus/classes.ts'
import { recordAt } from '../corpus/input.ts'
import { brokenDecode } from '../fuzz/laws.ts'
import { mutated } from '../fuzz/mutate.ts'
import { ODD_VALUES } from '../fuzz/odd-values.ts'
import { original } from '../fuzz/originals.ts'
import { prng } from '../support/prng.ts'
import {
  ENVELOPE,
  fullData,
  recordOf,
  recordOfText,
  sampleOf,
  shapeOf,
  TYPES,
  utf8,
} from './samples.ts'

const TEXT = JSON.stringify(ENVELOPE)
const CARD = '4111111111111111'

/** Members that a pass over flat data can read. */
function flatData(type: EventType): Record<string, unknown> {
  const members = Object.entries(fullData(type)).filter(([, value]) => typeof value !== 'object')
  return Object.fromEntries(members)
}

/** What the short cut and the schema disagree in. */
function broken(record: LogRecord): string | undefined {
  return brokenDecode(record, {}, decode(record))
}

describe('what it reads', () => {
  // Their data cannot do without a list or an object, is judged as a whole, or has a choice of forms.
  const unusual = new Set<string>([
    'limit.changed',
    'information.requested',
    'information.submitted',
    'device.end-of-life.announced',
  ])

  test.each(TYPES.filter((type) => !unusual.has(type)))('%s', (type) => {
    const record = recordOf({ type, data: flatData(type) })
    const event = usualEvent(record, {})
    expect(event).toBeDefined()
    expect(decodeBySchema(record)).toEqual({ kind: 'event', event })
  })

  test('members in any order, as long as the type stands before the data', () => {
    const { data, ...rest } = ENVELOPE
    const turned = Object.fromEntries(Object.entries(rest).toReversed())
    const members = Object.fromEntries(Object.entries(data as object).toReversed())
    const record = recordOfText(JSON.stringify({ ...turned, data: members }))
    expect(usualEvent(record, {})).toBeDefined()
    expect(broken(record)).toBeUndefined()
  })

  test('structured, with headers that say nothing else', () => {
    const structured = ['content-type', utf8('application/cloudevents+json')] as const
    const record = recordOf({}, { headers: [structured, ['traceparent', utf8('00-4bf9')]] })
    expect(usualEvent(record, {})).toBeDefined()
    const { specversion: _, ...plain } = ENVELOPE
    const value = utf8(JSON.stringify(plain))
    expect(usualEvent({ ...record, value }, {})).toBeUndefined()
    expect(usualEvent({ ...record, value, headers: [] }, {})).toBeDefined()
  })

  test('without a key where none is needed', () => {
    const record = { ...recordOf(), key: undefined }
    expect(usualEvent(record, {})).toBeUndefined()
    expect(usualEvent(record, { keyOptional: true })).toBeDefined()
  })
})

test.each<[string, string]>([
  ['a blank', TEXT.replace('":', '": ')],
  ['a line break behind it', `${TEXT}\n`],
  ['another text behind it', `${TEXT}{}`],
  ['cut', TEXT.slice(0, -1)],
  ['an escape', TEXT.replace('unionpay', '\\u0075nionpay')],
  ['no ASCII', TEXT.replace('unionpay', '\u7ec8')],
  ['a control character', TEXT.replace('unionpay', 'union\u0001')],
  ['a member nobody knows', TEXT.replace('"stan"', '"colour":"red","stan"')],
  ['a member of the language', TEXT.replace('"stan"', '"__proto__":"x","stan"')],
  ['a member twice', TEXT.replace('"stan"', '"amount":12850,"stan"')],
  ['an attribute twice', TEXT.replace('"source"', '"id":"e-88213","source"')],
  ['null', TEXT.replace('"unionpay"', 'null')],
  ['a nested object', TEXT.replace('"stan"', '"location":{"lat":1,"lon":2},"stan"')],
  ['a value of another form', TEXT.replace('"mti":"0200"', '"mti":"02x0"')],
  ['a choice nobody knows', TEXT.replace('"chip"', '"dream"')],
  ['a member missing', TEXT.replace('"mti":"0200",', '')],
  ['a fraction', TEXT.replace('12850', '12850.0')],
  ['an exponent', TEXT.replace('12850', '1285e1')],
  ['a zero in front', TEXT.replace('12850', '012850')],
  ['a negative zero', TEXT.replace('12850', '-0')],
  ['a negative amount', TEXT.replace('12850', '-12850')],
  ['sixteen digits', TEXT.replace('12850', '1000000000000000')],
  ['a word that begins like another', TEXT.replace('false', 'falsehood')],
  ['a card in a text', TEXT.replace('unionpay', CARD)],
  ['a card that nobody reads', TEXT.replace('884213', CARD)],
  ['another key', TEXT.replace('M1000234', 'M1000235')],
  ['no time', TEXT.replace('2026-06-10', '2026-02-30')],
  ['another version', TEXT.replace('"schemaversion":1', '"schemaversion":2')],
  ['a tenant with a blank', TEXT.replace('acq-a', 'acq a')],
  ['a type nobody knows', TEXT.replace('card.authorisation', 'card.dreamt')],
  ['data without a type before it', TEXT.replace('"type":"card.authorisation",', '')],
  ['no data', JSON.stringify({ ...ENVELOPE, data: undefined })],
  ['a schema id before it', `\0\0\0\0\u0001${TEXT}`],
])('%s is left to the schema', (_name, text) => {
  const record = recordOfText(text)
  expect(usualEvent(record, {})).toBeUndefined()
  expect(broken(record)).toBeUndefined()
})

test('so is a record of the binary shape, with a card in a header, of another tenant', () => {
  const withHeader = (name: string, text: string): LogRecord =>
    recordOf({}, { headers: [[name, utf8(text)]] })
  expect(usualEvent(withHeader('ce_id', 'e-1'), {})).toBeUndefined()
  expect(usualEvent(withHeader('x', CARD), {})).toBeUndefined()
  expect(usualEvent(recordOf(), { tenantBound: 'acq-b' })).toBeUndefined()
  expect(usualEvent(recordOf(), { tenantBound: 'acq-a' })).toBeDefined()
})

describe('it says what the schema says', () => {
  /** Each form once, whichever types share it. */
  const members = new Map<unknown, [type: EventType, name: string]>()
  for (const type of TYPES) {
    for (const [name, schema] of Object.entries(shapeOf(type))) {
      members.set(schema instanceof z.ZodOptional ? schema.unwrap() : schema, [type, name])
    }
  }

  test.each([...members.values()])('%s: any value of %s', (type, name) => {
    const data = { ...flatData(type), [name]: 'PUT' }
    const text = JSON.stringify({ ...ENVELOPE, type, data })
    for (const value of [
      ...ODD_VALUES,
      JSON.stringify(sampleOf(shapeOf(type)[name] as z.ZodType)),
    ]) {
      expect([value, broken(recordOfText(text.replace('"PUT"', () => value)))]).toEqual([
        value,
        undefined,
      ])
    }
  })

  test.each(ODD_VALUES.map((value) => [value.slice(0, 60), value]))(
    'attributes: %s',
    (_name, odd) => {
      for (const name of Object.keys(ENVELOPE)) {
        const text = JSON.stringify({ ...ENVELOPE, [name]: 'PUT' })
        expect([name, broken(recordOfText(text.replace('"PUT"', () => odd)))]).toEqual([
          name,
          undefined,
        ])
      }
    },
  )

  test('of any member with any JSON', () => {
    const json = fc.jsonValue()
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.nat(), json, (type, which, value) => {
        const data = flatData(type)
        const name = Object.keys(data)[which % Object.keys(data).length] ?? 'x'
        expect(broken(recordOf({ type, data: { ...data, [name]: value } }))).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test.each(CLASS_IDS)('of the corpus: %s', { timeout: 60_000 }, (id) => {
    // A flood is one input many times.
    for (const input of inputsOfClass(id).slice(0, 300)) {
      const record = recordAt(17, input)
      const inFile = { ...record, key: undefined }
      const options = { keyOptional: true }
      expect([input.name, broken(record)]).toEqual([input.name, undefined])
      expect(brokenDecode(inFile, options, decode(inFile, options))).toBeUndefined()
    }
  })

  test.each([1, 2, 3, 4])('of mutants, seed %i', (seed) => {
    const dice = prng(seed)
    let usual = 0
    for (let i = 0; i < 1_000; i++) {
      let record = original(dice, i, 1_781_057_164_250)
      for (let left = dice.below(3); left > 0; left--) record = mutated(record, dice)
      if (usualEvent(record, {}) !== undefined) usual++
      expect([i, broken(record)]).toEqual([i, undefined])
    }
    // Enough of them for the answer to mean something.
    expect(usual).toBeGreaterThan(100)
  })
})
