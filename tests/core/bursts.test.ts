import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noteAttempt } from '../../src/core/attempts.ts'
import {
  cardsDeclined,
  countIn,
  declinesIn,
  evidenceOf,
  hasDeclines,
  windowEnds,
} from '../../src/core/bursts.ts'
import { attempt, ringOf, txOf } from '../support/attempts.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const declined = { isApproved: false }

test('the window holds its end and not its beginning', () => {
  const { attempts } = ringOf(
    ...[0, 1, 5, 10, 11].map((at) => attempt(at, at * MINUTE_MS, declined)),
  )
  const held = declinesIn(attempts, 10 * MINUTE_MS, 10 * MINUTE_MS)
  expect(held.map(({ transaction }) => transaction)).toEqual([1, 5, 10].map(txOf))
  expect(countIn(attempts, 10 * MINUTE_MS, 10 * MINUTE_MS).attempts).toBe(3)
})

test('an attempt lies in the windows that end with it and less than a span later', () => {
  const { attempts } = ringOf(...[0, 5, 5, 9, 10, 15].map((at, id) => attempt(id, at * MINUTE_MS)))
  const ends = windowEnds(attempts, 0, 10 * MINUTE_MS)
  expect(ends).toEqual([0, 5, 9].map((at) => at * MINUTE_MS))
})

test('a completion ends a window, and is neither an attempt nor a decline', () => {
  const { attempts } = ringOf(
    attempt(1, 1, declined),
    attempt(2, 2),
    attempt(3, 3, { isAttempt: false }),
  )
  expect(windowEnds(attempts, 1, 10)).toEqual([1, 2, 3])
  expect(declinesIn(attempts, 3, 10)).toHaveLength(1)
  expect(countIn(attempts, 3, 10)).toEqual({ attempts: 2, declines: 1 })
})

describe('declines of one card', () => {
  const { attempts } = ringOf(
    attempt(1, 1_000, { ...declined, card: 5 }),
    attempt(2, 2_000, { ...declined, card: 6 }),
    attempt(3, 3_000, { ...declined, card: 5 }),
    attempt(4, 4_000, { card: 5 }),
    attempt(5, 5_000, declined),
    attempt(6, 6_000, declined),
  )
  test.each([
    [0, 2, true, 'two of one card'],
    [0, 3, false, 'its third attempt was approved'],
    [1_000, 2, false, 'the first is not after it'],
    [2_000, 1, true, 'one'],
    [4_000, 1, false, 'declines without a card are of none'],
  ])('after %i, %i: %s (%s)', (afterMs, countMin, expected) => {
    expect(hasDeclines(attempts, afterMs, countMin)).toBe(expected)
  })
})

test('cards declined often enough stand in the order of their first decline', () => {
  const of = (name: number, card: number, more: object = declined) =>
    attempt(name, name * 1_000, { ...more, card })
  const { attempts } = ringOf(
    ...[of(1, 5), of(2, 6), of(3, 6), of(4, 5), of(5, 7), of(6, 6, {}), of(7, 0), of(8, 0)],
  )
  const cards = (endMs: number, spanMs: number, countMin: number) =>
    cardsDeclined(attempts, endMs, spanMs, countMin).map(
      ({ card, declines }) => `${card}×${declines}`,
    )
  expect(cards(8_000, 10_000, 2)).toEqual(['5×2', '6×2'])
  expect(cards(8_000, 10_000, 1)).toEqual(['5×2', '6×2', '7×1'])
  expect(cards(4_000, 3_000, 2)).toEqual(['6×2'])
  expect(cards(4_000, 3_001, 2)).toEqual(['5×2', '6×2'])
  expect(cards(3_000, 10_000, 2)).toEqual(['6×2'])
  expect(cards(8_000, 10_000, 3)).toEqual([])
})

describe('evidence', () => {
  const text = { transaction: txOf(1), eventId: 'e-1', currency: 'CNY', last4: '' }
  test('leaves out what is not known, and the card always', () => {
    const { attempts } = ringOf()
    noteAttempt(attempts, attempt(1, 5, { ...declined, card: 9 }), text)
    expect(evidenceOf(attempts, declinesIn(attempts, 5, 10))).toEqual([
      { eventId: 'e-1', timeMs: 5, terminalId: 'T1', amount: 100, currency: 'CNY' },
    ])
  })

  test('shows the newest twenty, of which the id is still known', () => {
    const { attempts } = ringOf()
    for (let at = 0; at < 60; at++) {
      const eventId = `e-${at}`
      const more = { ...text, transaction: txOf(at), eventId, last4: '4821' }
      noteAttempt(attempts, attempt(at, at, { ...declined, responseCode: '51' }), more)
    }
    const ids = (endMs: number) =>
      evidenceOf(attempts, declinesIn(attempts, endMs, HOUR_MS)).map(({ eventId }) => eventId)
    expect(ids(59)).toEqual(Array.from({ length: 20 }, (_, at) => `e-${40 + at}`))
    // The newest 48 ids are kept.
    expect(ids(20)).toEqual(Array.from({ length: 9 }, (_, at) => `e-${12 + at}`))
    expect(evidenceOf(attempts, declinesIn(attempts, 59, 1))[0]).toMatchObject({
      ...{ responseCode: '51', last4: '4821' },
    })
  })
})

test('counts what a list counts', () => {
  const any = fc.array(
    fc.record({
      atMs: fc.nat(HOUR_MS),
      isApproved: fc.boolean(),
      isAttempt: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(
      any,
      fc.nat(HOUR_MS),
      fc.constantFrom(10 * MINUTE_MS, HOUR_MS),
      (steps, end, span) => {
        const all = steps
          .map(({ atMs, ...as }, at) => attempt(at, HOUR_MS + atMs, as))
          .toSorted((a, b) => a.atMs - b.atMs || a.transaction - b.transaction)
        const { attempts } = ringOf(...all)
        const endMs = HOUR_MS + end
        const inside = all.filter((it) => endMs - span < it.atMs && it.atMs <= endMs)
        const tried = inside.filter((it) => it.isAttempt)
        const refused = tried.filter((it) => !it.isApproved)
        expect(declinesIn(attempts, endMs, span)).toEqual(refused)
        expect(countIn(attempts, endMs, span)).toEqual({
          ...{ attempts: tried.length, declines: refused.length },
        })
        const ends = all.filter((it) => it.atMs >= endMs && it.atMs < endMs + span)
        expect(windowEnds(attempts, endMs, span)).toEqual([...new Set(ends.map((it) => it.atMs))])
      },
    ),
    { seed: 1, numRuns: 200 },
  )
})
