import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { CARRIED_BYTES_MAX, deadLetter } from '../../src/events/dead-letter.ts'
import { deadLetterIdOf, type HeaderStyle } from '../../src/events/dead-letter-headers.ts'
import { messageOf } from '../../src/events/dead-messages.ts'
import { decode } from '../../src/events/decode.ts'
import { DEAD_CODES, type DeadReason } from '../../src/events/event.ts'
import type { Header, LogRecord } from '../../src/events/record.ts'
import { recordOf, recordOfText, utf8 } from './samples.ts'

const PLACE = {
  topic: 'terminal.events',
  partition: 3,
  group: 'forewarn',
  firstFailedAtMs: 1781057164250,
  appVersion: '0.1.0',
}
const VISA = '4111111111111111'

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function reasonOf(record: LogRecord): DeadReason {
  const decoded = decode(record)
  if (decoded.kind !== 'dead') throw new Error('this record is not dead')
  return decoded.reason
}

function letterOf(record: LogRecord, headerStyle: HeaderStyle = 'native') {
  return deadLetter(reasonOf(record), record, { ...PLACE, headerStyle }, sha256)
}

function texts(headers: readonly Header[]): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name, new TextDecoder().decode(value)]))
}

const WRONG: LogRecord = {
  ...recordOf({ time: 'now' }),
  headers: [
    ['x-trace', Uint8Array.from([0xff, 0])],
    ['x-trace', utf8('twice')],
  ],
}

test('a dead record goes as it came, and says where it lay and why', () => {
  const letter = letterOf(WRONG)
  expect(letter.id).toBe('terminal.events-3-17')
  expect(letter.key).toEqual(WRONG.key)
  expect(letter.value).toBe(WRONG.value)
  expect(letter.headers.slice(0, 2)).toEqual(WRONG.headers)
  expect(texts(letter.headers.slice(2))).toEqual({
    'dlq.topic': 'terminal.events',
    'dlq.partition': '3',
    'dlq.offset': '17',
    'dlq.timestamp': '1781057164250',
    'dlq.group': 'forewarn',
    'dlq.stage': 'validate',
    'dlq.code': 'time-invalid',
    'dlq.path': 'time',
    'dlq.message': expect.stringContaining('RFC 3339'),
    'dlq.first-failed-at': '2026-06-10T02:06:04.25Z',
    'dlq.replayable': 'true',
    'dlq.app-version': '0.1.0',
  })
})

test('what is not there is not told', () => {
  const record = { ...recordOfText('{bad'), key: undefined, timestampMs: undefined }
  const letter = letterOf(record)
  const told = texts(letter.headers)
  expect(told).not.toHaveProperty('dlq.path')
  expect(told).not.toHaveProperty('dlq.timestamp')
  expect(told['dlq.stage']).toBe('decode')
  expect(letter.key).toEqual(new Uint8Array(0))
})

test('an empty value stays one', () => {
  expect(letterOf({ ...recordOf(), value: undefined }).value).toBeUndefined()
})

describe('card data', () => {
  test.each<[string, LogRecord]>([
    ['in the value', recordOf({ note: VISA })],
    ['in a value that is no JSON', recordOfText(`{${VISA}`)],
    ['in a header', { ...recordOf(), headers: [['ce_x', utf8(VISA)]] }],
    ['in the key', { ...recordOf({ subject: VISA }), key: utf8(VISA) }],
  ])('%s leaves no byte of it in the letter', (_name, record) => {
    const letter = letterOf(record)
    const all = [letter.key, letter.value ?? utf8(''), ...letter.headers.map(([, value]) => value)]
    for (const bytes of all) expect(new TextDecoder().decode(bytes)).not.toContain(VISA)
    expect(JSON.parse(new TextDecoder().decode(letter.value))).toEqual({
      leftOut: 'card-data',
      topic: 'terminal.events',
      partition: 3,
      offset: 17,
      valueBytes: record.value?.length,
      valueSha256: sha256(record.value ?? utf8('')),
    })
    expect(texts(letter.headers)['dlq.replayable']).toBe('false')
    expect(letter.headers.every(([name]) => name.startsWith('dlq.'))).toBe(true)
  })

  test('a key without any is kept', () => {
    expect(letterOf(recordOf({ note: VISA })).key).toEqual(utf8('M1000234'))
  })
})

describe('size', () => {
  test.each([
    [CARRIED_BYTES_MAX, 'true'],
    [CARRIED_BYTES_MAX + 1, 'false'],
  ])('a value of %i bytes is carried: %s', (length, isCarried) => {
    const record = recordOfText('x'.repeat(length))
    const letter = letterOf(record)
    expect(letter.value === record.value).toBe(isCarried === 'true')
    expect(texts(letter.headers)['dlq.replayable']).toBe(isCarried)
    if (letter.value === record.value) return
    expect(JSON.parse(new TextDecoder().decode(letter.value))).toMatchObject({
      leftOut: 'too-large',
      valueBytes: length,
      valueSha256: sha256(record.value ?? utf8('')),
    })
  })

  test('EV5 a key of 1 MB and headers of 1 MB are left out', () => {
    const big = utf8('x'.repeat(1_000_000))
    const letter = letterOf({ ...recordOf(), key: big, headers: [['x', big]] })
    expect(letter.key.length).toBe(0)
    expect(letter.headers.every(([name]) => name.startsWith('dlq.'))).toBe(true)
    expect(texts(letter.headers)['dlq.replayable']).toBe('false')
  })
})

describe('styles', () => {
  test.each<HeaderStyle>(['native', 'connect', 'spring'])('%s: the id is read back', (style) => {
    const letter = letterOf(WRONG, style)
    expect(deadLetterIdOf(letter.headers, style)).toBe(letter.id)
    expect(deadLetterIdOf(WRONG.headers, style)).toBeUndefined()
  })

  test('of a record that was a dead letter before, the last place counts', () => {
    const earlier: Header[] = [
      ['dlq.topic', utf8('old')],
      ['dlq.partition', utf8('9')],
      ['dlq.offset', utf8('9')],
    ]
    const letter = letterOf({ ...WRONG, headers: earlier })
    expect(letter.headers.slice(0, 3)).toEqual(earlier)
    expect(deadLetterIdOf(letter.headers)).toBe('terminal.events-3-17')
  })

  test('connect', () => {
    expect(texts(letterOf(WRONG, 'connect').headers.slice(2))).toEqual({
      '__connect.errors.topic': 'terminal.events',
      '__connect.errors.partition': '3',
      '__connect.errors.offset': '17',
      '__connect.errors.connector.name': 'forewarn',
      '__connect.errors.task.id': '3',
      '__connect.errors.stage': 'validate',
      '__connect.errors.class.name': 'forewarn',
      '__connect.errors.exception.class.name': 'time-invalid',
      '__connect.errors.exception.message': expect.stringContaining('RFC 3339'),
    })
  })

  test('spring', () => {
    const headers = new Map(letterOf(WRONG, 'spring').headers)
    expect(headers.get('kafka_dlt-original-partition')).toEqual(Uint8Array.of(0, 0, 0, 3))
    expect(headers.get('kafka_dlt-original-offset')).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 17))
    expect(headers.get('kafka_dlt-original-timestamp')?.length).toBe(8)
    expect(headers.get('kafka_dlt-exception-fqcn')).toEqual(utf8('time-invalid'))
    expect(headers.get('kafka_dlt-original-topic')).toEqual(utf8('terminal.events'))
  })
})

test('every code has words of its own, short enough for a header', () => {
  const messages = DEAD_CODES.map((code) =>
    messageOf(code, `data.${'x'.repeat(300)}`, 'y'.repeat(900)),
  )
  expect(new Set(messages).size).toBe(DEAD_CODES.length)
  for (const message of messages) expect(utf8(message).length).toBeLessThanOrEqual(512)
})
