import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attemptsIn,
  emptyAttempts,
  evidenceOf,
  findTransaction,
  noteAttempt,
  takeWaiting,
  waitFor,
  windowEnds,
} from '../../src/core/attempts.ts'
import type { Attempt, Waiting } from '../../src/core/attempts.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function attempt(idHash: number, atMs: number, more: Partial<Attempt> = {}): Attempt {
  return {
    ...{ atMs, idHash, eventId: `e-${idHash}`, transactionId: `tx-${idHash}`, terminalId: 'T1' },
    ...{ amount: 100, currency: 'CNY', isInMoney: true, isApproved: true, isSale: true },
    ...{ isTallied: true, isVoided: false, responseCode: '00', card: undefined, last4: undefined },
    ...more,
  }
}
const ringOf = (...all: Attempt[]) => {
  const attempts = emptyAttempts()
  const entered = all.map((it) => noteAttempt(attempts, it))
  return { attempts, entered, ids: attempts.entries.map(({ idHash }) => idHash) }
}

test.each([
  [HOUR_MS, true, 'an hour behind the newest'],
  [HOUR_MS + 1, false, 'a millisecond more'],
])('%i ms: enters %s (%s)', (behindMs, enters) => {
  const { entered, ids } = ringOf(attempt(1, 5 * HOUR_MS), attempt(2, 5 * HOUR_MS - behindMs))
  expect(entered).toEqual([true, enters])
  expect(ids).toEqual(enters ? [2, 1] : [1])
})

test.each([
  [2 * HOUR_MS, [1, 2], 'two hours'],
  [2 * HOUR_MS + 1, [2], 'a millisecond more'],
])('%i ms later %j are held (%s)', (laterMs, held) => {
  expect(ringOf(attempt(1, HOUR_MS), attempt(2, HOUR_MS + laterMs)).ids).toEqual(held)
})

test('the window holds its end and not its beginning', () => {
  const { attempts } = ringOf(...[0, 1, 5, 10, 11].map((at) => attempt(at, at * MINUTE_MS)))
  const ids = attemptsIn(attempts, 10 * MINUTE_MS, 10 * MINUTE_MS).map(({ idHash }) => idHash)
  expect(ids).toEqual([1, 5, 10])
})

test('an attempt lies in the windows that end with it and less than a span later', () => {
  const { attempts } = ringOf(...[0, 5, 5, 9, 10, 15].map((at, id) => attempt(id, at * MINUTE_MS)))
  const ends = windowEnds(attempts, 0, 10 * MINUTE_MS)
  expect(ends).toEqual([0, 5, 9].map((at) => at * MINUTE_MS))
})

test('a transaction is found by its id, the latest of several', () => {
  const again = attempt(2, 2_000, { transactionId: 'tx-1' })
  const { attempts } = ringOf(again, attempt(1, 1_000), attempt(3, 3_000))
  expect(findTransaction(attempts, 'tx-1')).toBe(again)
  expect(findTransaction(attempts, 'tx-9')).toBeUndefined()
})

const arrivals = fc.array(
  fc.record({
    waitMs: fc.constantFrom(0, 0, 1, MINUTE_MS, 20 * MINUTE_MS, 90 * MINUTE_MS),
    lateMs: fc.oneof(fc.constant(0), fc.nat(80 * MINUTE_MS)),
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
  entered.sort((a, b) => a.atMs - b.atMs || a.idHash - b.idHash)
  const newestMs = entered.at(-1)?.atMs ?? 0
  return entered.slice(-512).filter(({ atMs }) => atMs >= newestMs - 2 * HOUR_MS)
}

test('counts what a list of everything counts, late and crowded', () => {
  fc.assert(
    fc.property(arrivals, fc.constantFrom(0, 490, 512), (steps, crowd) => {
      let nowMs = 100 * HOUR_MS
      const before = Array.from({ length: crowd }, (_, at) => attempt(at, nowMs + at * 1_000))
      if (crowd > 0) nowMs += 10 * MINUTE_MS
      const more = steps.map(({ waitMs, lateMs }, at) => {
        nowMs += waitMs
        return attempt(1_000 + ((at * 7_919) % 4_096), nowMs - lateMs)
      })
      const all = [...before, ...more]
      const { attempts } = ringOf(...all)
      const expected = counted(all)
      expect(attempts.entries).toEqual(expected)
      expect(attempts.entries.length).toBeLessThanOrEqual(512)
      for (const { atMs } of more) {
        for (const spanMs of [10 * MINUTE_MS, HOUR_MS]) {
          const inside = expected.filter((it) => atMs - spanMs < it.atMs && it.atMs <= atMs)
          expect(attemptsIn(attempts, atMs, spanMs)).toEqual(inside)
          const ends = expected.filter((it) => it.atMs >= atMs && it.atMs < atMs + spanMs)
          expect(windowEnds(attempts, atMs, spanMs)).toEqual([
            ...new Set(ends.map((it) => it.atMs)),
          ])
        }
      }
    }),
    { seed: 1, numRuns: 100 },
  )
})

describe('a void whose sale is not known', () => {
  const waiting = (originalId: string, arrivedMs: number): Waiting => ({
    ...{ originalId, arrivedMs, atMs: arrivedMs, isPartial: false, isTimeout: false },
    ...{ amount: undefined, tookTally: false, tookActivity: false },
  })

  test.each([
    [24 * HOUR_MS, 1, 'a day'],
    [24 * HOUR_MS + 1, 0, 'a millisecond more'],
  ])('%i ms: %i is taken (%s)', (waitedMs, count) => {
    const attempts = emptyAttempts()
    waitFor(attempts, waiting('tx-1', HOUR_MS))
    expect(takeWaiting(attempts, 'tx-1', HOUR_MS + waitedMs)).toHaveLength(count)
    expect(attempts.waiting).toEqual([])
  })

  test('is taken once, and by its own sale', () => {
    const attempts = emptyAttempts()
    waitFor(attempts, waiting('tx-1', 1))
    expect(takeWaiting(attempts, 'tx-2', 2)).toEqual([])
    expect(takeWaiting(attempts, 'tx-1', 2)).toHaveLength(1)
    expect(takeWaiting(attempts, 'tx-1', 2)).toEqual([])
  })

  test('is one of the newest 32', () => {
    const attempts = emptyAttempts()
    for (let at = 0; at < 33; at++) waitFor(attempts, waiting(`tx-${at}`, at))
    expect(attempts.waiting).toHaveLength(32)
    expect(takeWaiting(attempts, 'tx-0', 40)).toEqual([])
    expect(takeWaiting(attempts, 'tx-1', 40)).toHaveLength(1)
  })
})

test('evidence leaves out what is not known, and the card’s token always', () => {
  expect(evidenceOf(attempt(1, 5, { card: 'h1:a', responseCode: undefined }))).toEqual({
    ...{ eventId: 'e-1', timeMs: 5, terminalId: 'T1', amount: 100, currency: 'CNY' },
  })
})
