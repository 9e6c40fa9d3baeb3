import { describe, expect, test } from 'vitest'
import { decode } from '../../src/events/decode.ts'
import type { Decoded } from '../../src/events/event.ts'
import { AUTHORISATION, ENVELOPE, recordOf, recordOfData, recordOfText, utf8 } from './samples.ts'

const TEXT = JSON.stringify(ENVELOPE)
const FILE = { keyOptional: true }

/** `event`, `unknown` or the code, and the path behind it. */
function outcome(decoded: Decoded): string {
  if (decoded.kind !== 'dead') return decoded.kind
  const { code, path } = decoded.reason
  return path === undefined ? code : `${code} ${path}`
}

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => [...(typeof part === 'string' ? utf8(part) : part)]),
  )
}

function utf16(text: string, isLittle: boolean): Uint8Array {
  return bytes([...text].flatMap((c) => (isLittle ? [c.charCodeAt(0), 0] : [0, c.charCodeAt(0)])))
}

test('an event is what was sent', () => {
  const decoded = decode(recordOf())
  expect(decoded).toEqual({
    kind: 'event',
    event: {
      type: 'card.authorisation',
      id: 'e-88213',
      source: 'urn:switch:1',
      tenant: 'acq-a',
      merchantId: 'M1000234',
      timeMs: 1781057164250,
      idHash: expect.any(Number),
      bodyHash: expect.any(Number),
      data: AUTHORISATION,
    },
  })
})

test('the least that an event has to have', () => {
  const { specversion: _, tenantid: __, schemaversion: ___, ...least } = ENVELOPE
  const decoded = decode(recordOfText(JSON.stringify(least)))
  expect(decoded).toMatchObject({ kind: 'event', event: { tenant: 'default' } })
})

describe('bytes', () => {
  test.each<[string, Uint8Array | undefined, string]>([
    ['EV1 empty', new Uint8Array(0), 'value-missing'],
    ['EV2 null', undefined, 'value-missing'],
    ['KR9 the largest', sized(256 * 1024), 'event'],
    ['KR9 one byte more', sized(256 * 1024 + 1), 'value-too-large'],
    ['EV28 10 MB of one string', utf8(`{"a":"${'x'.repeat(10_000_000)}"}`), 'value-too-large'],
    ['EV6 no JSON', utf8('{bad'), 'json-invalid'],
    ['EV8 two texts', utf8('{}{}'), 'json-invalid'],
    ['EV9 a byte order mark', bytes([0xef, 0xbb, 0xbf], TEXT), 'json-invalid'],
    ['EV10 UTF-16, little-endian', utf16(TEXT, true), 'encoding-invalid'],
    ['EV10 UTF-16, big-endian', utf16(TEXT, false), 'encoding-invalid'],
    ['EV10 UTF-16 with its mark', bytes([0xff, 0xfe], [...utf16(TEXT, true)]), 'encoding-invalid'],
    ['EV11 no UTF-8', bytes('{"a":', [0x22, 0xff, 0xfe, 0x22], '}'), 'encoding-invalid'],
    ['EV12 overlong', bytes('{"a":"', [0xc0, 0xaf], '"}'), 'encoding-invalid'],
    ['EV13 a high surrogate alone', utf8(TEXT.replace('e-88213', '\\ud800')), 'encoding-invalid'],
    ['EV13 a low one', utf8(TEXT.replace('e-88213', '\\udc00')), 'encoding-invalid'],
    ['EV13 two high ones', utf8(TEXT.replace('e-88213', '\\ud800\\ud800')), 'encoding-invalid'],
    ['EV13 in a text', utf8(TEXT.replace('h1:5f0c9a', '\\ud800x')), 'encoding-invalid'],
    ['a whole pair', utf8(TEXT.replace('e-88213', '\\ud83d\\ude00')), 'event'],
    ['EV14 NUL in an id', utf8(TEXT.replace('e-88213', 'e\\u0000')), 'encoding-invalid'],
    ['EV14 in an id of data', utf8(TEXT.replace('tx-7001', 'tx\\u0000')), 'encoding-invalid'],
    ['EV14 a NUL itself', bytes('{"a":"', [0], '"}'), 'encoding-invalid'],
    ['NUL in a text', utf8(TEXT.replace('h1:5f0c9a', 'h\\u0000')), 'event'],
    ['EV15', utf8('null'), 'json-not-object'],
    ['EV16', utf8('[]'), 'json-not-object'],
    ['EV17', utf8('"string"'), 'json-not-object'],
    ['EV18', utf8('123'), 'json-not-object'],
    ['EV19', utf8('NaN'), 'json-invalid'],
    ['EV19', utf8('{"a":Infinity}'), 'json-invalid'],
    ['EV20 single quotes', utf8("{'a':1}"), 'json-invalid'],
    ['EV20 a comment', utf8('{"a":1/**/}'), 'json-invalid'],
    ['EV20 a trailing comma', utf8('{"a":1,}'), 'json-invalid'],
    ['EV21', utf8(TEXT.replace('"stan"', '"amount":1,"stan"')), 'json-duplicate-key'],
    [
      'EV21 by an escape',
      utf8(TEXT.replace('"stan"', '"\\u0061mount":1,"stan"')),
      'json-duplicate-key',
    ],
    ['EV21 in the envelope', utf8(TEXT.replace('{', '{"id":"x",')), 'json-duplicate-key'],
    ['EV21 deeper', utf8('{"a":{"b":[{"c":1,"c":2}]}}'), 'json-duplicate-key'],
    ['EV25 deep arrays', utf8('['.repeat(100_000) + ']'.repeat(100_000)), 'json-too-deep'],
    ['EV25 not closed', utf8('['.repeat(200_000)), 'json-invalid'],
    ['EV26 5 M deep', new Uint8Array(5_000_000).fill(91), 'value-too-large'],
    ['EV25 with a long number', utf8(nested(50_000, '1e400')), 'json-too-deep'],
    ['33 deep', utf8(nested(33)), 'json-too-deep'],
    ['32 deep', utf8(nested(32)), 'key-mismatch subject'],
    ['EV27 1,001 members', utf8(wide(1_001)), 'json-too-wide'],
    ['1,000 members', utf8(wide(1_000)), 'key-mismatch subject'],
    ['a zero alone', bytes([0]), 'encoding-invalid'],
    ['zeros before no object', bytes([0, 0, 0, 0, 0], '[]'), 'encoding-invalid'],
    ['a schema id before it', bytes([0, 0, 0, 1, 44], TEXT), 'event'],
    ['blanks around it', utf8(` \r\n\t${JSON.stringify(ENVELOPE, null, 2)}\n`), 'event'],
  ])('%s', (_name, value, expected) => {
    expect(outcome(decode({ ...recordOf(), value }))).toBe(expected)
  })

  test('EV7 an event cut at any byte is no JSON', () => {
    const whole = utf8(TEXT)
    for (let end = 1; end < whole.length; end++) {
      expect(outcome(decode({ ...recordOf(), value: whole.subarray(0, end) }))).toBe('json-invalid')
    }
  })
})

describe('attributes', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['EV4', { subject: 'M2' }, 'key-mismatch subject'],
    ['EV4 one begins with the other', { subject: 'M10002345' }, 'key-mismatch subject'],
    ['specversion', { specversion: '0.3' }, 'attribute-invalid specversion'],
    ['specversion', { specversion: undefined }, 'event'],
    ['id missing', { id: undefined }, 'attribute-missing id'],
    ['id null', { id: null }, 'attribute-missing id'],
    ['EV29', { id: 9007199254740993 }, 'attribute-invalid id'],
    ['EV49', { id: '' }, 'attribute-invalid id'],
    ['EV49 10 kB', { id: 'x'.repeat(10_000) }, 'attribute-invalid id'],
    ['id of 256 bytes', { id: 'x'.repeat(256) }, 'event'],
    ['id of 258', { id: '终'.repeat(86) }, 'attribute-invalid id'],
    ['source', { source: undefined }, 'attribute-missing source'],
    ['source', { source: 1 }, 'attribute-invalid source'],
    ['type', { type: undefined }, 'attribute-missing type'],
    ['type', { type: [] }, 'attribute-invalid type'],
    ['subject', { subject: undefined }, 'attribute-missing subject'],
    ['subject', { subject: 5 }, 'attribute-invalid subject'],
    ['time', { time: undefined }, 'attribute-missing time'],
    ['data', { data: undefined }, 'attribute-missing data'],
    ['data null', { data: null }, 'attribute-missing data'],
    ['data', { data: [] }, 'attribute-invalid data'],
    ['a missing one before a wrong one', { id: 5, data: undefined }, 'attribute-missing data'],
    ['tenantid', { tenantid: 'a b' }, 'attribute-invalid tenantid'],
    ['tenantid', { tenantid: 5 }, 'attribute-invalid tenantid'],
    ['receivedat', { receivedat: 'soon' }, 'attribute-invalid receivedat'],
    ['receivedat', { receivedat: '2026-06-10T10:07:00Z' }, 'event'],
    ['EV41', { time: '2026-02-30T00:00:00Z' }, 'time-invalid time'],
    ['EV45', { time: '1' }, 'time-invalid time'],
    ['EV45', { time: 0 }, 'time-invalid time'],
    ['EV45', { time: 8.64e15 + 1 }, 'time-invalid time'],
    ['EV46', { time: '9999-01-01T00:00:00Z' }, 'time-invalid time'],
    ['EV38', { schemaversion: 0 }, 'schema-version-unsupported schemaversion'],
    ['EV38', { schemaversion: 99 }, 'schema-version-unsupported schemaversion'],
    ['EV38', { schemaversion: '1' }, 'schema-version-unsupported schemaversion'],
    ['time before version', { schemaversion: 0, time: 'x' }, 'time-invalid time'],
    ['EV34', { type: 'card.dreamt' }, 'unknown'],
    ['EV34', { type: 'toString' }, 'unknown'],
    ['EV34', { type: '__proto__' }, 'unknown'],
    ['EV37', { colour: 'red', dataschema: 'x' }, 'event'],
  ])('%s %j: %s', (_name, members, expected) => {
    expect(outcome(decode(recordOf(members)))).toBe(expected)
  })

  test('arrival is kept', () => {
    const decoded = decode(recordOf({ receivedat: '2026-06-10T02:07:00Z' }))
    expect(decoded).toMatchObject({ event: { receivedAtMs: 1781057220000 } })
  })

  test('EV58 a topic bound to a tenant takes no other', () => {
    expect(outcome(decode(recordOf(), { tenantBound: 'acq-b' }))).toBe('tenant-mismatch tenantid')
    expect(outcome(decode(recordOf(), { tenantBound: 'acq-a' }))).toBe('event')
    const unnamed = recordOf({ tenantid: undefined })
    expect(outcome(decode(unnamed, { tenantBound: 'acq-a' }))).toBe('tenant-mismatch tenantid')
    expect(outcome(decode(unnamed, { tenantBound: 'default' }))).toBe('event')
  })
})

describe('EV3, EV5, EV39, EV40 keys', () => {
  test.each<[string, string]>([
    ['../../x', 'event'],
    ['*', 'event'],
    ['x'.repeat(64), 'event'],
    ['x'.repeat(65), 'key-invalid'],
    ['x'.repeat(300), 'key-invalid'],
    ['x'.repeat(1_000_000), 'key-invalid'],
    ['', 'key-invalid'],
    ['{p3}evil', 'key-invalid'],
    ['}{p0', 'key-invalid'],
    ['a}', 'key-invalid'],
    ['{a', 'key-invalid'],
    ['a b', 'key-invalid'],
    ['a\r\nSET x', 'key-invalid'],
    ['\u{1f600}', 'key-invalid'],
    ['a\u202eb', 'key-invalid'],
    ['\u0430cme', 'key-invalid'],
    ['caf\u00e9', 'key-invalid'],
    ['cafe\u0301', 'key-invalid'],
    ['a\u007f', 'key-invalid'],
  ])('%j: %s', (key, expected) => {
    // A value that long is refused for its length before anybody asks for its key.
    const isShort = key.length < 100_000
    const record = recordOf({ subject: isShort ? key : 'M1' })
    expect(outcome(decode({ ...record, key: utf8(key) }))).toBe(expected)
    if (!isShort) return
    const inFile = outcome(decode({ ...record, key: undefined }, FILE))
    expect(inFile).toBe(expected === 'event' ? 'event' : `${expected} subject`)
  })

  test('a record needs a key but in a file', () => {
    const record = { ...recordOf(), key: undefined }
    expect(outcome(decode(record))).toBe('key-missing')
    expect(outcome(decode(record, FILE))).toBe('event')
    expect(outcome(decode({ ...recordOf({ subject: 5 }), key: undefined }, FILE))).toBe(
      'attribute-invalid subject',
    )
    expect(outcome(decode(recordOf({ subject: 'M2' }), FILE))).toBe('key-mismatch subject')
  })
})

describe('data', () => {
  test.each<[string, string, string]>([
    ['EV30', '1e400', 'field-invalid data.amount'],
    ['EV30', '-0', 'field-invalid data.amount'],
    ['EV30', '1e-400', 'field-invalid data.amount'],
    ['a rounded fraction', '12.00000000000000000001', 'field-invalid data.amount'],
    ['a rounded integer', '9007199254740993', 'field-invalid data.amount'],
    ['an integer with an exponent', '12e2', 'event'],
    ['an integer with a fraction of zeros', '12.0', 'event'],
    ['a fraction that an exponent makes whole', '1.25e2', 'event'],
    ['zeros that an exponent takes away', '1200e-2', 'event'],
    ['zeros behind what it makes whole', '1.250e2', 'event'],
    ['EV32 the most', '9007199254740991', 'event'],
  ])('%s: amount %s', (_name, amount, expected) => {
    const text = TEXT.replace('"amount":12850', `"amount":${amount}`)
    expect(outcome(decode(recordOfText(text)))).toBe(expected)
  })

  test('EV22 to EV24: names of the language are members like others', () => {
    const odd =
      '"__proto__":{"approved":false},"constructor":{"prototype":{"x":1}},"toString":1,' +
      '"hasOwnProperty":2,"then":{"a":1},'
    const before = Object.getOwnPropertyNames(Object.prototype)
    const decoded = decode(recordOfText(TEXT.replace('"transactionId"', `${odd}"transactionId"`)))
    expect(decoded).toMatchObject({ kind: 'event' })
    expect(decoded.kind === 'event' && decoded.event.data).toEqual(AUTHORISATION)
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    expect(outcome(decode(recordOfText(TEXT.replace('{', `{${odd}`))))).toBe('event')
  })

  test.each([
    ['EV54', '<img src=x onerror=alert(1)>'],
    ['EV55', '=HYPERLINK("x")'],
    ['EV56', '\u2028 \u001b[2J \r\n'],
    ['EV57', '{{7*7}} ${env} %s%n'],
  ])('%s is kept as it is', (_name, channel) => {
    const decoded = decode(recordOfData({ channel }))
    expect(decoded).toMatchObject({ kind: 'event', event: { data: { channel } } })
  })

  test('what is wrong is said without saying what was sent', () => {
    const decoded = decode(recordOfData({ entryMode: 5, mti: 'secret-value' }))
    const message = decoded.kind === 'dead' ? decoded.reason.message : ''
    expect(message).toContain('data.')
    expect(message).not.toContain('secret-value')
    expect(utf8(message).length).toBeLessThanOrEqual(512)
  })

  test('a control record may say whom it concerns, whatever its type', () => {
    const data = { ...AUTHORISATION, scope: 'model', scopeValue: 'X1' }
    const record = { ...recordOf({ subject: '*', data }), key: utf8('*') }
    expect(decode(record)).toMatchObject({ event: { merchantId: '*', data: { scope: 'model' } } })
  })
})

function sized(length: number): Uint8Array {
  const filler = (note: string): Uint8Array => utf8(JSON.stringify({ ...ENVELOPE, note }))
  return filler('x'.repeat(length - filler('').length))
}

function nested(depth: number, inner = '1'): string {
  const arrays = depth - 1
  return `{"subject":"x","a":${'['.repeat(arrays)}${inner}${']'.repeat(arrays)}}`
}

function wide(members: number): string {
  const names = Array.from({ length: members - 1 }, (_, at) => `"m${at}":1`)
  return `{"subject":"x",${names.join(',')}}`
}
