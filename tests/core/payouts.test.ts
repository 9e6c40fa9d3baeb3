import { describe, expect, test } from 'vitest'
import {
  emptyPayouts,
  noteCompleted,
  notePayoutReturn,
  noteSent,
  returnedOf,
} from '../../src/core/payouts.ts'
import type { Payouts } from '../../src/core/payouts.ts'
import { createZone } from '../../src/core/time.ts'

const UTC = createZone('UTC')
const DAY_MS = 86_400_000
const returned = (atMs: number, payoutId: string, accountRef?: string) => {
  return { atMs, payoutId, accountRef, code: 'R02', scheme: undefined }
}
const about = (payouts: Payouts, beforeMs = Infinity) =>
  returnedOf(payouts, UTC, 30, beforeMs).map(({ accountRef, last, count }) => {
    return `${accountRef ?? last.payoutId} ${count}`
  })

describe('what came back', () => {
  test.each<[sent: [number, string][], named: (string | undefined)[], string, string]>([
    [[], [undefined], 'p', 'of no account it stands for itself'],
    [[[1, 'a']], [undefined], 'a', 'that it was sent to'],
    [
      [
        [2, 'b'],
        [1, 'a'],
      ],
      [undefined],
      'b',
      'that it was sent to last, by time',
    ],
    [[[1, 'a']], ['c'], 'c', 'that the return names'],
    [[[1, 'a']], [undefined, 'c', 'd'], 'c', 'that a return names first'],
  ])('is of the account: sent %j, returned %j: %s (%s)', (sent, named, expected) => {
    const payouts = emptyPayouts()
    for (const [atMs, accountRef] of sent) noteSent(payouts, { atMs, payoutId: 'p', accountRef })
    for (const [at, ref] of named.entries()) notePayoutReturn(payouts, returned(100 + at, 'p', ref))
    expect(about(payouts)).toEqual([`${expected} 1`])
  })

  test('counts up to those that still stand, not up to those made good', () => {
    const payouts = emptyPayouts()
    for (const [at, day] of [0, 10, 60].entries()) {
      notePayoutReturn(payouts, returned(day * DAY_MS, `p${at}`, 'a'))
    }
    expect(about(payouts)).toEqual(['a 2'])
    noteCompleted(payouts, 11 * DAY_MS)
    expect(about(payouts)).toEqual(['a 1'])
  })

  test('came back again after it had been paid', () => {
    const payouts = emptyPayouts()
    notePayoutReturn(payouts, returned(10, 'p', 'a'))
    noteCompleted(payouts, 20)
    expect(about(payouts)).toEqual([])
    notePayoutReturn(payouts, returned(30, 'p', 'a'))
    expect(about(payouts)).toEqual(['a 1'])
  })

  test('as known just before an instant', () => {
    const payouts = emptyPayouts()
    notePayoutReturn(payouts, returned(100, 'p1'))
    noteSent(payouts, { atMs: 150, payoutId: 'p1', accountRef: 'a' })
    noteCompleted(payouts, 200)
    expect([100, 101, 151, 200, 201].map((at) => about(payouts, at))).toEqual([
      [],
      ['p1 1'],
      ['a 1'],
      ['a 1'],
      [],
    ])
  })

  test('counts within thirty dates that end with one that stands', () => {
    const payouts = emptyPayouts()
    for (const [at, day] of [0, 29, 58, 60].entries()) {
      notePayoutReturn(payouts, returned(day * DAY_MS, `p${at}`, 'a'))
    }
    expect(about(payouts)).toEqual(['a 2'])
    // Only the last still stands; the 30 dates that end with it begin on day 31.
    noteCompleted(payouts, 59 * DAY_MS)
    expect(about(payouts)).toEqual(['a 2'])
    noteCompleted(payouts, 60 * DAY_MS)
    expect(about(payouts)).toEqual(['a 2'])
    noteCompleted(payouts, 60 * DAY_MS + 1)
    expect(about(payouts)).toEqual([])
  })
})

describe('what is kept', () => {
  test('are the newest 48 returns, 16 completed, and 64 accounts sent to', () => {
    const payouts = emptyPayouts()
    for (let at = 100; at > 0; at--) {
      notePayoutReturn(payouts, returned(at, `p${at}`))
      noteCompleted(payouts, at)
      noteSent(payouts, { atMs: at, payoutId: `p${at}`, accountRef: 'a' })
    }
    const oldest = [payouts.returns, payouts.completed, payouts.sent].map((all) => all[0]!.atMs)
    expect(oldest).toEqual([53, 85, 37])
  })

  test('is the first word of an account, and each change of it', () => {
    const payouts = emptyPayouts()
    const words = [
      [3, 'a'],
      [1, 'a'],
      [2, 'a'],
      [5, 'b'],
      [9, 'b'],
    ] as const
    for (const [atMs, accountRef] of words) noteSent(payouts, { atMs, payoutId: 'p', accountRef })
    noteSent(payouts, { atMs: 4, payoutId: 'q', accountRef: 'a' })
    const kept = payouts.sent.map(({ atMs, accountRef }) => `${atMs} ${accountRef}`)
    expect(kept).toEqual(['1 a', '4 a', '5 b'])
  })
})
