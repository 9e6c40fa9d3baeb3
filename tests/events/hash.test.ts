import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/events/decode.ts'
import { hashOfBody, hashOfId } from '../../src/events/hash.ts'
import { AUTHORISATION, ENVELOPE, ODD_UNITS, recordOf, recordOfText, utf8 } from './samples.ts'

const TEXT = JSON.stringify(ENVELOPE)

function hashesOf(text: string): [idHash: number, bodyHash: number] {
  const decoded = decode(recordOfText(text))
  if (decoded.kind !== 'event') throw new Error(`no event: ${JSON.stringify(decoded)}`)
  return [decoded.event.idHash, decoded.event.bodyHash]
}

function expectedBody(data: unknown): number {
  const bytes = utf8(JSON.stringify(data))
  return hashOfBody('card.authorisation', 1781057164250, { bytes, start: 0, end: bytes.length })
}

test('they are what they were: stored state rests on them', () => {
  expect(hashesOf(TEXT)).toEqual([269029476332560, 30620])
})

describe('of the id', () => {
  test('is an integer below 2^48', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (source, id) => {
        const hash = hashOfId(source, id)
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 48).toBe(true)
      }),
    )
  })

  test('tells ids, sources, and where the one ends', () => {
    const seen = new Set([hashOfId('a', 'bc'), hashOfId('ab', 'c'), hashOfId('abc', '')])
    expect(seen.size).toBe(3)
  })

  test('spreads ids that count up: no collision among 100,000, all bits in use', () => {
    const seen = new Set<number>()
    const bits = Array.from({ length: 48 }, () => 0)
    for (let at = 0; at < 100_000; at++) {
      const hash = hashOfId('urn:switch:1', `e-${at}`)
      seen.add(hash)
      if (at >= 2_000) continue
      for (let bit = 0; bit < 48; bit++) if (Math.floor(hash / 2 ** bit) % 2 === 1) bits[bit]!++
    }
    expect(seen.size).toBe(100_000)
    for (const count of bits) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })
})

describe('of the body', () => {
  test.each([
    ['as it is', TEXT, true],
    ['with blanks', JSON.stringify(ENVELOPE, null, 2), true],
    ['a character escaped', TEXT.replace('unionpay', '\\u0075nionpay'), true],
    ['an amount in another form', TEXT.replace('12850', '1285e1'), true],
    ['a fraction of zeros', TEXT.replace('12850', '12850.0'), true],
    ['another member of the envelope', TEXT.replace('"884213"', '"884214"'), true],
    ['another time', TEXT.replace('04.250', '04.251'), false],
    ['the same time in another zone', TEXT.replace('10:06:04.250+08:00', '02:06:04.25Z'), true],
    ['another amount', TEXT.replace('12850', '12851'), false],
    ['a member we do not know', TEXT.replace('"stan"', '"colour":"red","stan"'), false],
    [
      'another order',
      TEXT.replace(
        '"transactionId":"tx-7001","terminalId":"T1"',
        '"terminalId":"T1","transactionId":"tx-7001"',
      ),
      false,
    ],
  ])('%s: same %s', (_name, text, isSame) => {
    expect(hashesOf(text)[1] === hashesOf(TEXT)[1]).toBe(isSame)
    expect(hashesOf(text)[0]).toBe(hashesOf(TEXT)[0])
  })

  test('is that of `JSON.stringify`, whatever was sent', () => {
    const json = fc.jsonValue({ depthSize: 'small', stringUnit: fc.constantFrom(...ODD_UNITS) })
    const extra = fc.dictionary(fc.string({ maxLength: 8 }), json, { maxKeys: 5 })
    fc.assert(
      fc.property(extra, fc.constantFrom(undefined, 1), (more, indent) => {
        const data = { ...AUTHORISATION, more }
        const text = JSON.stringify({ ...ENVELOPE, data }, null, indent)
        const decoded = decode(recordOfText(text))
        if (decoded.kind !== 'event') return
        expect(decoded.event.bodyHash).toBe(expectedBody(JSON.parse(text).data))
      }),
    )
  })

  test('`data` is the top-level member, whatever is called so inside it or follows it', () => {
    const data = { ...AUTHORISATION, data: { x: 1 }, after: [{ data: 2 }] }
    const text = JSON.stringify({ ...ENVELOPE, data, extra: { data: 3 } })
    expect(hashesOf(text)[1]).toBe(expectedBody(data))
  })

  test('names that spell an index come first, as they do in `JSON.stringify`', () => {
    const text = TEXT.replace('"stan"', '"more":{"b":1,"7":2},"stan"')
    expect(hashesOf(text)[1]).toBe(expectedBody(JSON.parse(text).data))
  })

  test('differs between types', () => {
    const bytes = utf8('{}')
    const body = { bytes, start: 0, end: 2 }
    expect(hashOfBody('card.void', 1, body)).not.toBe(hashOfBody('card.refund', 1, body))
  })

  test('one body in about 65,536 looks like another', () => {
    const original = hashesOf(TEXT)[1]
    let same = 0
    for (let amount = 0; amount < 10_000; amount++) {
      const decoded = decode(recordOf({ data: { ...AUTHORISATION, amount } }))
      if (decoded.kind === 'event' && decoded.event.bodyHash === original) same++
    }
    // The original itself, and hardly another: 0.15 are expected.
    expect(same).toBeLessThan(6)
  })
})
