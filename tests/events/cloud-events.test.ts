import { describe, expect, test } from 'vitest'
import { decode } from '../../src/events/decode.ts'
import type { Decoded } from '../../src/events/event.ts'
import type { Header, LogRecord } from '../../src/events/record.ts'
import { AUTHORISATION, ENVELOPE, recordOf, recordOfText, utf8 } from './samples.ts'

const HEADERS: Record<string, string> = {
  ce_specversion: '1.0',
  ce_id: 'e-88213',
  ce_source: 'urn:switch:1',
  ce_type: 'card.authorisation',
  ce_subject: 'M1000234',
  ce_time: '2026-06-10T10:06:04.250+08:00',
  ce_tenantid: 'acq-a',
  ce_schemaversion: '1',
  'content-type': 'application/json',
}

function binary(changes: Record<string, string | undefined> = {}): LogRecord {
  const headers: Header[] = []
  for (const [name, text] of Object.entries({ ...HEADERS, ...changes })) {
    if (text !== undefined) headers.push([name, utf8(text)])
  }
  return recordOfText(JSON.stringify(AUTHORISATION), { headers })
}

function structured(type: string, members: Record<string, unknown> = {}): LogRecord {
  return recordOf(members, { headers: [['Content-Type', utf8(type)]] })
}

function codeOf(decoded: Decoded): string {
  return decoded.kind === 'dead' ? decoded.reason.code : decoded.kind
}

test('the three shapes bring the same event', () => {
  const plain = decode(recordOf())
  expect(plain.kind).toBe('event')
  expect(decode(binary())).toEqual(plain)
  expect(decode(structured('application/cloudevents+json; charset=UTF-8'))).toEqual(plain)
  expect(decode(structured('APPLICATION/CloudEvents'))).toEqual(plain)
  expect(decode(structured('application/json'))).toEqual(plain)
  const value = utf8(JSON.stringify(AUTHORISATION, null, 2))
  expect(decode({ ...binary(), value })).toEqual(plain)
})

describe('binary', () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    ['its version is required', { ce_specversion: undefined }, 'attribute-missing'],
    ['another version', { ce_specversion: '0.3' }, 'attribute-invalid'],
    ['no id', { ce_id: undefined }, 'attribute-missing'],
    ['an empty id', { ce_id: '' }, 'attribute-invalid'],
    ['no type', { ce_type: undefined }, 'attribute-missing'],
    ['another subject', { ce_subject: 'M2' }, 'key-mismatch'],
    ['a time that is none', { ce_time: 'now' }, 'time-invalid'],
    ['EV38 the digits of a version', { ce_schemaversion: '1' }, 'event'],
    ['EV38 no version', { ce_schemaversion: undefined }, 'event'],
    ['EV38 other digits', { ce_schemaversion: '01' }, 'schema-version-unsupported'],
    ['EV38 another', { ce_schemaversion: '2' }, 'schema-version-unsupported'],
    ['NUL in an id', { ce_id: 'a\0' }, 'encoding-invalid'],
    ['an unknown type', { ce_type: 'x.y' }, 'unknown'],
    ['attributes we do not read', { ce_traceparent: '00-1', ce_colour: 'red' }, 'event'],
  ])('%s', (_name, changes, expected) => {
    expect(codeOf(decode(binary(changes)))).toBe(expected)
  })

  test('data that is no object', () => {
    expect(codeOf(decode({ ...binary(), value: utf8('[]') }))).toBe('json-not-object')
    expect(codeOf(decode({ ...binary(), value: undefined }))).toBe('value-missing')
  })

  test('a member called data is a member of the data', () => {
    const value = utf8(JSON.stringify({ ...AUTHORISATION, data: { x: 1 } }))
    expect(codeOf(decode({ ...binary(), value }))).toBe('event')
  })
})

describe('structured', () => {
  test('its version is required', () => {
    for (const type of ['application/cloudevents+json', ' APPLICATION/CloudEvents']) {
      expect(codeOf(decode(structured(type, { specversion: undefined })))).toBe('attribute-missing')
    }
  })

  test('the content type is asked before the headers', () => {
    const record = structured('application/cloudevents+json')
    const headers: Header[] = [['ce_id', utf8('other')], ...record.headers]
    expect(decode({ ...record, headers })).toMatchObject({ event: { id: ENVELOPE['id'] } })
  })
})

describe('headers', () => {
  const broken: Header = ['x-trace', Uint8Array.from([0xff, 0xfe, 0x80])]

  test('KR1 those we do not read may hold anything, and be many', () => {
    const many = Array.from({ length: 10_000 }, (_, at): Header => [`h${at}`, utf8('v')])
    expect(codeOf(decode({ ...recordOf(), headers: [broken, ...many] }))).toBe('event')
  })

  test('KR1 of one sent twice the last counts', () => {
    const record = binary()
    const headers: Header[] = [['ce_id', utf8('first')], ...record.headers]
    expect(decode({ ...record, headers })).toMatchObject({ event: { id: 'e-88213' } })
  })

  test('KR1 one that we read has to be UTF-8', () => {
    const headers: Header[] = [...binary().headers, ['ce_source', broken[1]]]
    expect(codeOf(decode({ ...binary(), headers }))).toBe('encoding-invalid')
  })

  test('KR3 compressed text in a member is a text', () => {
    const data = { ...AUTHORISATION, channel: 'H4sIAAAAAAAAA6tWSlSyUrIFALrnOh8IAAAA' }
    expect(codeOf(decode(recordOf({ data })))).toBe('event')
  })

  test.each([-1, 9_214_646_400_000, undefined])(
    'KR6 timestamp %s does not matter here',
    (timestampMs) => {
      expect(codeOf(decode(recordOf({}, { timestampMs })))).toBe('event')
    },
  )
})
