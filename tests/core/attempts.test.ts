import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attemptAt,
  cardHash,
  countHour,
  emptyAttempts,
  findTransaction,
  newestMs,
  noteAttempt,
  oldestMs,
  rewrite,
} from '../../src/core/attempts.ts'
import type { Attempt, Attempts } from '../../src/core/attempts.ts'
import { attempt, ringOf, txOf } from '../support/attempts.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const entriesOf = (attempts: Attempts): Attempt[] =>
  Array.from({ length: attempts.entries.count }, (_, row) => attemptAt(attempts, row))
const transactionsOf = (attempts: Attempts) => entriesOf(attempts).map((it) => it.transaction)

test.each([
  [HOUR_MS, true, 'an hour behind the newest'],
  [HOUR_MS + 1, false, 'a millisecond more'],
])('%i ms: enters %s (%s)', (behindMs, enters) => {
  const { entered, attempts } = ringOf(attempt(1, 5 * HOUR_MS), attempt(2, 5 * HOUR_MS - behindMs))
  expect(entered).toEqual([true, enters])
  expect(transactionsOf(attempts)).toEqual((enters ? [2, 1] : [1]).map(txOf))
})

test.each([
  [2 * HOUR_MS, [1, 2], 'two hours'],
  [2 * HOUR_MS + 1, [2], 'a millisecond more'],
])('%i ms later %j are held (%s)', (laterMs, held) => {
  const { attempts } = ringOf(attempt(1, HOUR_MS), attempt(2, HOUR_MS + laterMs))
  expect(transactionsOf(attempts)).toEqual(held.map(txOf))
  expect(newestMs(attempts)).toBe(HOUR_MS + laterMs)
  expect(oldestMs(attempts)).toBe(held.length === 2 ? HOUR_MS : HOUR_MS + laterMs)
})

test('an empty ring has neither a newest nor an oldest', () => {
  expect([newestMs(emptyAttempts()), oldestMs(emptyAttempts())]).toEqual([undefined, undefined])
})

test('every member is read as it was written', () => {
  const odd: Attempt = {
    ...{ atMs: 1_781_000_123_456, transaction: txOf('odd'), card: cardHash('h1:a') },
    ...{ amount: 281_474_976_710_655, terminalId: 'T9', responseCode: '51', issuer: 'I7' },
    ...{ isInMoney: false, isApproved: false, isSale: false, isTallied: false },
    ...{ isCarded: true, isVoided: true, isActivity: false, isAttempt: false },
  }
  const { attempts } = ringOf(attempt(1, 1_781_000_123_455), odd)
  expect(attemptAt(attempts, 1)).toEqual(odd)
  expect(attemptAt(attempts, 0)).toEqual(attempt(1, 1_781_000_123_455))
})

test('an amount beyond what a row holds is held as the most it can', () => {
  const { attempts } = ringOf(attempt(1, HOUR_MS, { amount: Number.MAX_SAFE_INTEGER }))
  expect(attemptAt(attempts, 0).amount).toBe(2 ** 48 - 1)
})

test('a row looked at is changed by writing it', () => {
  const { attempts } = ringOf(attempt(1, HOUR_MS), attempt(2, HOUR_MS + 1))
  rewrite(attempts, 0, { ...attemptAt(attempts, 0), amount: 7, isVoided: true })
  expect(attemptAt(attempts, 0)).toMatchObject({ amount: 7, isVoided: true })
  expect(attemptAt(attempts, 1)).toMatchObject({ amount: 100, isVoided: false })
})

test('a transaction is found by its id, the latest of several', () => {
  const again = attempt(1, 2_000, { amount: 7 })
  const { attempts } = ringOf(again, attempt(1, 1_000), attempt(3, 3_000))
  expect(attemptAt(attempts, findTransaction(attempts, 'tx-1'))).toMatchObject({ amount: 7 })
  expect(findTransaction(attempts, 'tx-9')).toBe(-1)
})

describe('texts', () => {
  test('are those of the newest 48 declines by arrival', () => {
    const attempts = emptyAttempts()
    for (let at = 0; at < 50; at++) {
      const text = { transaction: txOf(at), eventId: `e-${at}`, currency: 'CNY', last4: '' }
      noteAttempt(attempts, attempt(at, HOUR_MS + at, { isApproved: false }), text)
    }
    expect(attempts.texts).toHaveLength(48)
    expect(attempts.texts[0]?.eventId).toBe('e-2')
  })

  test('words that only forgotten rows had are forgotten', () => {
    const attempts = emptyAttempts()
    for (let at = 0; at < 3_000; at++) {
      const more = { terminalId: `T${at}`, responseCode: `${at}`, issuer: `I${at}` }
      noteAttempt(attempts, attempt(at, at * MINUTE_MS, more), undefined)
    }
    expect(attempts.words.length).toBeLessThan(3 * 121 + 40)
    expect(attemptAt(attempts, 0)).toMatchObject({ terminalId: 'T2879', issuer: 'I2879' })
    expect(attemptAt(attempts, attempts.entries.count - 1)).toMatchObject({ terminalId: 'T2999' })
  })
})

const arrivals = fc.array(
  fc.record({
    waitMs: fc.constantFrom(0, 0, 1, MINUTE_MS, 20 * MINUTE_MS, 90 * MINUTE_MS),
    lateMs: fc.oneof(fc.constant(0), fc.nat(80 * MINUTE_MS)),
    isApproved: fc.boolean(),
    isAttempt: fc.constantFrom(true, true, false),
  }),
  { maxLength: 60 },
)

/** Everything that entered, counted afresh. */
function counted(all: readonly Attempt[]): Attempt[] {
  const entered: Attempt[] = []
  for (const it of all) {
    const newestMs = Math.max(...entered.map(({ atMs }) => atMs))
    if (entered.length === 0 || newestMs - it.atMs <= HOUR_MS) entered.push(it)
  }
  entered.sort((a, b) => a.atMs - b.atMs || a.transaction - b.transaction)
  const newestMs = entered.at(-1)?.atMs ?? 0
  return entered.slice(-512).filter(({ atMs }) => atMs >= newestMs - 2 * HOUR_MS)
}

test('holds what a list of everything holds, late and crowded', () => {
  fc.assert(
    fc.property(arrivals, fc.constantFrom(0, 490, 512), (steps, crowd) => {
      let nowMs = 100 * HOUR_MS
      const before = Array.from({ length: crowd }, (_, at) => attempt(at, nowMs + at * 1_000))
      if (crowd > 0) nowMs += 10 * MINUTE_MS
      const more = steps.map(({ waitMs, lateMs, ...as }, at) => {
        nowMs += waitMs
        return attempt(1_000 + at, nowMs - lateMs, as)
      })
      const all = [...before, ...more]
      const { attempts } = ringOf(...all)
      const expected = counted(all)
      expect(entriesOf(attempts)).toEqual(expected)
      expect(attempts.entries.count).toBeLessThanOrEqual(512)
      // The running count of the hour that ends with the newest.
      const hour = expected.filter((it) => it.atMs > (expected.at(-1)?.atMs ?? 0) - HOUR_MS)
      const tried = hour.filter((it) => it.isAttempt)
      const declined = tried.filter((it) => !it.isApproved)
      const count = { attempts: tried.length, declines: declined.length }
      expect(attempts.hour).toMatchObject(count)
      countHour(attempts)
      expect(attempts.hour).toMatchObject(count)
    }),
    { seed: 1, numRuns: 100 },
  )
})
