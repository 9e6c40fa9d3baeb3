import { describe, expect, test } from 'vitest'
import { clearsSentence, sentenceOf } from '../../src/cli/sentences.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { OPENINGS } from '../support/clearing.ts'
import { POLICY } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { warningRecord } from '../support/warning-record.ts'
import { play } from '../support/watch.ts'

const NAMES = [
  ...['network-rejected', 'decline-ratio-spike', 'card-testing', 'repeat-card', 'round-amount'],
  ...['dormant-reactivation', 'unmatched-refund'],
]
const LOOK = 'For the operator to look at; nothing is decided.'
const MAY_ASK = 'The operator may ask for an explanation or suspend the account.'
const HOUR_MS = 3_600_000

/** Of no clock: what is not given is not in the record. */
function recordOf(differing: Partial<WarningRecord>): WarningRecord {
  const { consequenceOn: _, seen: _seen, ...record } = warningRecord({})
  return { ...record, subject: 'account', stage: 'warning', ...differing }
}
const hour = { window: { fromMs: 0, toMs: HOUR_MS } }
const sleeper = { gapDays: 100, lastSale: '2026-01-31', currency: 'CNY' }

describe('what was seen', () => {
  test.each<[Partial<WarningRecord>, string]>([
    [
      { detector: 'network-rejected', seen: { codes: '03 97', issuers: 'I1 I2' } },
      'The card network does not accept this account: codes 03, 97 from the issuers I1, I2. Card payments do not go through until that is put right.',
    ],
    [
      { detector: 'network-rejected', seen: { codes: '03', issuers: 'I1 I2' } },
      'The card network does not accept this account: code 03 from the issuers I1, I2. Card payments do not go through until that is put right.',
    ],
    [
      { detector: 'decline-ratio-spike', k: 11, n: 20, baseline: 520, ...hour, stage: 'notice' },
      `11 of 20 payments within an hour were declined; 5.2 % are usual. ${LOOK}`,
    ],
    [
      { detector: 'decline-ratio-spike', k: 16, n: 50, window: { fromMs: 0, toMs: 24 * HOUR_MS } },
      `16 of 50 payments within a day were declined. ${MAY_ASK}`,
    ],
    [
      { detector: 'card-testing', value: 15, n: 20, seen: { issuers: 5, isMicro: 'yes' } },
      `15 different cards of 5 issuers were declined among 20 attempts within an hour, most of them for next to nothing: card numbers may be being tried out. ${MAY_ASK}`,
    ],
    [
      { detector: 'card-testing', value: 10, n: 40, seen: { issuers: 3, isMicro: 'no' } },
      `10 different cards of 3 issuers were declined among 40 attempts within an hour: card numbers may be being tried out. ${MAY_ASK}`,
    ],
    [
      { detector: 'repeat-card', seen: { sales: 3, same: 3 }, stage: 'notice' },
      `One card paid 3 times on one day, always the same amount. ${LOOK}`,
    ],
    [
      { detector: 'repeat-card', seen: { sales: 6, same: 2 } },
      `One card paid 6 times on one day, 2 times the same. ${MAY_ASK}`,
    ],
    [
      { detector: 'repeat-card', seen: { sales: 5, same: 1 } },
      `One card paid 5 times on one day. ${MAY_ASK}`,
    ],
    [
      { detector: 'round-amount', k: 6, n: 10, stage: 'notice' },
      `6 of 10 large sales within seven days are of round amounts. ${LOOK}`,
    ],
    [
      { detector: 'dormant-reactivation', seen: { ...sleeper, count: 10, sum: 52_390 } },
      `After 100 days without a payment, since 31 Jan 2026, there are 10 sales of 523.90 CNY in all. ${MAY_ASK}`,
    ],
    [
      { detector: 'unmatched-refund', seen: { count: 1, largest: 60_000, currency: 'CNY' } },
      'A refund of 600.00 CNY has no sale that it undoes. If nobody in the shop made it, the terminal or a password may be in wrong hands.',
    ],
    [
      {
        ...{ detector: 'unmatched-refund', stage: 'notice' },
        seen: { count: 3, largest: 20_000, currency: 'CNY' },
      },
      `3 refunds within a day have no sale that they undo; the largest is of 200.00 CNY. ${LOOK}`,
    ],
  ])('%j', (differing, expected) => {
    expect(sentenceOf(recordOf(differing))).toBe(expected)
  })
})

test.each([
  ['network-rejected', 'Over: the account is accepted by the network again.'],
  ['decline-ratio-spike', 'Over: the share of declined payments is back to what is usual.'],
  ['card-testing', 'Over: the cards tried out were not followed by others.'],
  ['repeat-card', 'Over: the card that paid again did not do so any more.'],
  ['round-amount', 'Over: large sales are no longer of so many round amounts.'],
  ['dormant-reactivation', 'Over: trade after the silence needs no more attention.'],
  ['unmatched-refund', 'Over: refunds without a sale did not come again.'],
])('the end of %s: %s', (detector, expected) => {
  const record = recordOf({ detector, reason: 'resolved', resolution: 'cleared' })
  expect(sentenceOf(record)).toBe(expected)
})

test.each(NAMES)('%s is worded whole from what the fold says', (name) => {
  const shop = history()
  OPENINGS[name]?.(shop)
  const { records } = play(shop.lines(), { policy: POLICY })
  const said = records.filter(({ detector }) => detector === name)
  expect(said).not.toEqual([])
  const gap = /undefined|NaN|Infinity|null|reached the stage|several| {2}|XXX/
  expect(said.map(sentenceOf).filter((it) => gap.test(it))).toEqual([])
  expect(said.map((it) => clearsSentence(it)).filter((it) => it === undefined)).toEqual([])
})
