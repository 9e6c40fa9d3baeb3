import { describe, expect, test } from 'vitest'
import { clearsSentence, sentenceOf } from '../../src/cli/sentences.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { dayOf, warningRecord } from '../support/warning-record.ts'

const on = (date: string) => ({ atMs: Date.parse(`${date}T10:00:00+08:00`) })
const collection = { detector: 'fee-collection-failed', subject: 'invoice:I%3A7', value: 1 }
const balance = { detector: 'negative-balance', subject: 'account', ...on('2026-06-08') }
const licence = {
  ...{ detector: 'document-expiry', subject: 'document:doc-1' },
  ...{ seen: { docType: 'business-licence', validTo: '2026-06-30' } },
  consequenceOn: dayOf('2026-09-28'),
}
const payout = {
  ...{ detector: 'payout-returned', subject: 'settlement-account:sa-1' },
  seen: { payoutId: 'po-4', returnCode: 'AC04' },
}

/** Of no clock: what is not given is not in the record. */
function recordOf({ consequenceOn, ...differing }: Partial<WarningRecord>): WarningRecord {
  const { consequenceOn: _, seen: _seen, ...record } = warningRecord(differing)
  return { ...record, ...differing, ...(consequenceOn === undefined ? {} : { consequenceOn }) }
}

describe('what was seen and what follows', () => {
  test.each<[Partial<WarningRecord>, string]>([
    [
      {
        ...collection,
        seen: { open: 12_000, currency: 'CNY', feeType: 'pci', failureCode: 'R01' },
      },
      'A card security fee of 120.00 CNY (invoice I:7) could not be collected; the last reason was R01.',
    ],
    [
      { ...collection, value: 2 },
      'A fee (invoice I:7) could not be collected 2 times. Payments may be stopped if it stays unpaid.',
    ],
    [
      { ...balance, seen: { balance: -700_050, currency: 'CNY', since: '2026-06-01' } },
      'The balance has been below zero since 1 Jun 2026: -7,000.50 CNY. Until it is settled the account cannot be closed.',
    ],
    [
      { ...licence, ...on('2026-05-31') },
      'The business licence we hold (doc-1) expires on 30 Jun 2026 (30 days left). Without a new one payments may be stopped on 28 Sep 2026 (120 days left).',
    ],
    [
      { ...licence, ...on('2026-06-30') },
      'The business licence we hold (doc-1) expires today, 30 Jun 2026. Without a new one payments may be stopped on 28 Sep 2026 (90 days left).',
    ],
    [
      { ...licence, ...on('2026-09-28') },
      'The business licence we hold (doc-1) expired on 30 Jun 2026. Without a new one payments may be stopped now.',
    ],
    [
      payout,
      'The payout po-4 to the settlement account sa-1 came back: the account is closed (AC04). The sales stand and the money is safe.',
    ],
    [
      { ...payout, subject: 'payout:po-4', seen: { payoutId: 'po-4', returnCode: 'X9' } },
      'The payout po-4 came back: code X9. The sales stand and the money is safe.',
    ],
    [
      { ...payout, stage: 'final-warning' },
      'The payout po-4 to the settlement account sa-1 came back: the account is closed (AC04). It is not the first of these weeks: payouts may be held until the account is changed.',
    ],
  ])('%j', (differing, expected) => {
    expect(sentenceOf(recordOf(differing))).toBe(expected)
  })
})

test.each<[Partial<WarningRecord>, string]>([
  [collection, 'Over: invoice I:7 has nothing left to collect.'],
  [balance, 'Over: the balance is no longer below zero.'],
  [licence, 'Over: document doc-1 is renewed, replaced or has another date.'],
  [payout, 'Over: payouts to sa-1 go through again.'],
  [{ ...payout, subject: 'payout:po-4' }, 'Over: payouts go through again.'],
])('%j', (differing, expected) => {
  const over = recordOf({ reason: 'resolved', resolution: 'cleared', ...differing })
  expect(sentenceOf(over)).toBe(expected)
})

test('what clears it is said in words', () => {
  const words = ['renew-document', 'mark-long-term']
  expect(clearsSentence(recordOf({ ...licence, clears: words }))).toBe(
    'To clear it: upload the new document or have the document recorded as long-term, if it has no end.',
  )
})
