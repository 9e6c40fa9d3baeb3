import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textBytesHoldCard, unparsableHoldsCard } from '../../src/events/card-data.ts'
import { decode } from '../../src/events/decode.ts'
import type { LogRecord } from '../../src/events/record.ts'
import { AUTHORISATION, ENVELOPE, recordOf, recordOfData, recordOfText, utf8 } from './samples.ts'

const VISA = '4111111111111111'
const TEXT = JSON.stringify(ENVELOPE)

/** The code of a dead record, and whether card data was found in it. */
function verdict(record: LogRecord): [code: string, hasCardData: boolean] {
  const decoded = decode(record)
  if (decoded.kind !== 'dead') return [decoded.kind, false]
  return [decoded.reason.code, decoded.reason.hasCardData]
}

function inChannel(channel: string): [string, boolean] {
  return verdict(recordOfData({ channel }))
}

const FOUND = ['card-data', true]
const CLEAN = ['event', false]

/** Digits of a given length that begin with the prefix and pass the check. */
function cardOf(prefix: string, length: number, filler: number): string {
  const body = `${prefix}${`${filler}`.padStart(30, '7')}`.slice(0, length - 1)
  const sum = [...body].reverse().reduce((total, character, at) => {
    const digit = Number(character) * (at % 2 === 0 ? 2 : 1)
    return total + (digit > 9 ? digit - 9 : digit)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

/** Prefixes and lengths of the schemes, written down a second time. */
const ISSUED: readonly [prefixes: string[], lengths: number[]][] = [
  [
    ['4000', '4999'],
    [13, 16, 19],
  ],
  [['5100', '5599', '2221', '2720'], [16]],
  [['3400', '3799'], [15]],
  [['3000', '3600', '3899', '3999'], [14]],
  [
    ['3500', '6011', '6440', '6499', '6500', '6599'],
    [16, 17, 18, 19],
  ],
  [
    ['6200', '6299', '8100'],
    [16, 17, 18, 19],
  ],
  [
    ['5000', '5600', '5899', '6300', '6799'],
    [16, 17, 18, 19],
  ],
]

describe('card numbers', () => {
  test.each(ISSUED)('%j of %j digits', (prefixes, lengths) => {
    for (const prefix of prefixes) {
      for (let length = 12; length <= 20; length++) {
        const card = cardOf(prefix, length, 12_345)
        expect([card, textBytesHoldCard(utf8(card))]).toEqual([card, lengths.includes(length)])
        const wrong = `${card.slice(0, -1)}${(Number(card.at(-1)) + 1) % 10}`
        expect(textBytesHoldCard(utf8(wrong))).toBe(false)
      }
    }
  })

  test.each([
    ['2220', 16],
    ['2721', 16],
    ['3300', 15],
    ['6439', 16],
    ['6600', 16],
    ['6012', 16],
    ['1000', 16],
    ['9000', 16],
  ])('%s of %i digits is no scheme', (prefix, length) => {
    expect(textBytesHoldCard(utf8(cardOf(prefix, length, 5)))).toBe(false)
  })

  test.each([
    [VISA, true, 'bare'],
    ['card 4111 1111 1111 1111 was declined', true, 'with spaces'],
    ['4111-1111-1111-1111', true, 'with hyphens'],
    ['4-1 1-1 1-1 1-1 1-1 1-1 1-1 1-1', true, 'one by one'],
    ['4111  1111  1111  1111', false, 'double spaces are no separator'],
    ['4111.1111.1111.1111', false, 'nor are points'],
    [`x${VISA}`, false, 'a letter before it'],
    [`${VISA}x`, false, 'a letter behind it'],
    [`1${VISA}`, false, 'a digit before it'],
    [`2026 ${VISA}`, true, 'a number before it'],
    [`${VISA} 12`, true, 'a number behind it'],
    [`till 7-${VISA} 12/27`, true, 'numbers around it'],
    [`_${VISA}_`, true, 'neither letters nor digits'],
    [`卡号${VISA}已拒绝`, true, 'letters that make no token'],
    ['４１１１１１１１１１１１１１１１', true, 'full width'],
    ['①④', false, 'odd digits'],
    ['4111\u00a01111\u00a01111\u00a01111', true, 'blanks that do not break'],
    [';411111111111=2512', true, 'track 2 of twelve digits'],
    [';4111111111111111=25121010000012345678?', true, 'EV52'],
    ['%B4111111111111111^DOE/JOHN^2512', true, 'track 1'],
    ['%B123456789012^DOE', true, 'of any digits'],
    [';12345678901=2512', false, 'too short'],
    ['=123456789012=2512', false, 'another beginning'],
    ['2026-06-10 10:06:04', false, 'a time'],
    ['123e4567-e89b-12d3-a456-426614174000', false, 'a UUID'],
    ['', false, 'nothing'],
  ])('%j: %s (%s)', (channel, isCard) => {
    expect(textBytesHoldCard(utf8(channel))).toBe(isCard)
    if (channel !== '') expect(inChannel(channel)).toEqual(isCard ? FOUND : CLEAN)
  })
})

describe('wherever it stands', () => {
  const escaped = [...VISA].map((digit) => `\\u003${digit}`).join('')
  test.each<[string, LogRecord]>([
    ['EV51 a text', recordOfData({ channel: `paid by ${VISA}` })],
    ['an integer', recordOfText(TEXT.replace('12850', VISA))],
    ['a negative integer', recordOf({ note: -4111111111111111 })],
    ['an integer by its exponent', recordOfText(TEXT.replace('{', '{"n":4.111111111111111e15,'))],
    ['an integer with a fraction of zeros', recordOfText(TEXT.replace('{', `{"n":${VISA}.0,`))],
    ['a list', recordOf({ note: [['x', VISA]] })],
    ['a member unknown to us', recordOf({ extra: { deep: { er: VISA } } })],
    ['a name', recordOf({ [VISA]: 1 })],
    ['a name in data', recordOfData({ [`a ${VISA}`]: 1 })],
    ['an escape', recordOfText(TEXT.replace('unionpay', escaped))],
    ['a line break before it', recordOfText(TEXT.replace('unionpay', `\\n${VISA}`))],
    ['an escaped name', recordOfText(TEXT.replace('{', `{"${escaped}":1,`))],
    ['the id', recordOf({ id: VISA })],
    ['a header', { ...recordOf(), headers: [['x-note', utf8(VISA)]] }],
    [
      'a header of full width',
      { ...recordOf(), headers: [['x', utf8('４１１１１１１１１１１１１１１１')]] },
    ],
    ["a header's name", { ...recordOf(), headers: [[VISA, utf8('x')]] }],
    ['a header called so', { ...recordOf(), headers: [['CVV2', utf8('123')]] }],
    ['the key', { ...recordOf({ subject: VISA }), key: utf8(VISA) }],
    ['an unknown type', recordOf({ type: 'card.dreamt', note: VISA })],
    ['JSON in a text', recordOfData({ channel: JSON.stringify({ a: VISA }) })],
  ])('%s', (_name, record) => {
    expect(verdict(record)).toEqual(FOUND)
  })

  test.each([
    'pan',
    'cvv',
    'cvc',
    'cvv2',
    'pin',
    'pinBlock',
    'track1',
    'track2',
    'track2Data',
    'expiry',
    'emv',
  ])('EV53 a member called %s that is not empty', (name) => {
    for (const odd of [name, name.toUpperCase(), name.toLowerCase()]) {
      for (const value of ['x', 1, 0, false, { a: 1 }, [0]]) {
        expect(verdict(recordOfData({ [odd]: value }))).toEqual(FOUND)
        expect(verdict(recordOf({ more: [{ [odd]: value }] }))).toEqual(FOUND)
      }
      for (const value of ['', null, {}, []]) {
        expect(verdict(recordOfData({ [odd]: value }))).toEqual(CLEAN)
        expect(verdict(recordOfData({ [odd]: value, channel: '网联' }))).toEqual(CLEAN)
      }
      expect(verdict(recordOfData({ [odd]: 'x', channel: '网联' }))).toEqual(FOUND)
      expect(verdict(recordOfData({ [`${odd}s`]: 'x' }))).toEqual(CLEAN)
    }
    const blank = TEXT.replace('{', `{"${name}" : [ ] ,"a":{"${name}" : { } },`)
    expect(verdict(recordOfText(blank))).toEqual(CLEAN)
    const escapedName = TEXT.replace(
      '{',
      `{"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":1,`,
    )
    expect(verdict(recordOfText(escapedName))).toEqual(FOUND)
  })

  test('an empty header called so is none', () => {
    expect(verdict({ ...recordOf(), headers: [['cvv2', utf8('')]] })).toEqual(CLEAN)
  })

  test('the fraction of a place is no card', () => {
    const location = '"location":{"lat":30.4111111111111111,"lon":120.5}'
    const text = TEXT.replace('"stan"', `${location},"stan"`)
    expect(verdict(recordOfText(text))).toEqual(CLEAN)
    expect(verdict(recordOfText(text.replace('unionpay', '银联')))).toEqual(CLEAN)
    expect(inChannel(`1.${VISA}`)).toEqual(FOUND)
  })

  test.each<[string, LogRecord, string]>([
    ['no JSON', recordOfText(`{"a":"${VISA}"`), 'json-invalid'],
    ['an escape in no JSON', recordOfText(`{"a":"${escaped}"`), 'json-invalid'],
    ['a name in no JSON', recordOfText('{"CVV": "123"'), 'json-invalid'],
    ['UTF-16', { ...recordOf(), value: Uint8Array.from(utf16(VISA)) }, 'encoding-invalid'],
    ['too large', recordOfText(`${' '.repeat(300_000)}${VISA}`), 'value-too-large'],
    [
      'a header beside nothing',
      { ...recordOf(), value: undefined, headers: [['x', utf8(VISA)]] },
      'value-missing',
    ],
    ['a wrong key', { ...recordOf({ note: VISA }), key: utf8('M2') }, 'key-mismatch'],
    ['a wrong field', recordOfData({ mti: VISA }), 'field-invalid'],
    ['a missing field', recordOfData({ amount: undefined, note: VISA }), 'field-missing'],
    ['a name twice', recordOfText(`{"a":1,"a":${VISA}}`), 'json-duplicate-key'],
    [
      'a name twice, the first overwritten',
      recordOfText(`{"a":"${VISA.replaceAll('1', '\\u0031')}","a":1}`),
      'json-duplicate-key',
    ],
    ['no object', recordOfText(`["${VISA}"]`), 'json-not-object'],
  ])('%s keeps its code and says that card data is in it', (_name, record, code) => {
    expect(verdict(record)).toEqual([code, true])
  })

  test('a dead record without card data says so', () => {
    expect(verdict(recordOfText('{bad'))).toEqual(['json-invalid', false])
    expect(verdict(recordOfText('{"cvv": "","pin":\tnull,"emv" : { }'))).toEqual([
      'json-invalid',
      false,
    ])
    expect(unparsableHoldsCard(utf8('\\u0034 and no more'))).toBe(false)
  })
})

describe('laws', () => {
  const anyCard = fc
    .tuple(fc.constantFrom(...ISSUED), fc.nat(), fc.nat(), fc.nat(1_000_000))
    .map(([[prefixes, lengths], p, l, filler]) =>
      cardOf(prefixes[p % prefixes.length] ?? '', lengths[l % lengths.length] ?? 0, filler),
    )

  test('a card planted in any text of an event is found', () => {
    const names = Object.keys(AUTHORISATION)
    fc.assert(
      fc.property(anyCard, fc.constantFrom(...names), fc.boolean(), (card, name, isBare) => {
        const text = isBare ? card : `ref ${card.replace(/(.{4})/g, '$1 ').trim()}.`
        expect(verdict(recordOfData({ [name]: text }))[1]).toBe(true)
      }),
    )
  })

  test('tokens, hexadecimal and merchant ids of fifteen digits are not', () => {
    const hex = fc.string({
      unit: fc.constantFrom(...'0123456789abcdef'),
      minLength: 8,
      maxLength: 64,
    })
    fc.assert(
      fc.property(
        // A letter in front, as every token has one; some bare digits would be a card by all rules.
        hex.map((token) => `h${token}`),
        fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 12 }),
        (cardToken, merchant) => {
          const subject = `898${merchant}`
          const data = { ...AUTHORISATION, cardToken }
          expect(verdict({ ...recordOf({ subject, data }), key: utf8(subject) })).toEqual(CLEAN)
        },
      ),
    )
  })
})

function utf16(text: string): number[] {
  return [...text].flatMap((character) => [character.charCodeAt(0), 0])
}
