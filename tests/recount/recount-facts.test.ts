import { describe, expect, test } from 'vitest'
import { activated, bridge, inArrival, line, registered, sale, told } from './given.ts'

const SHOP = [
  registered('2026-03-01 08:00'),
  activated('2026-03-01 08:30'),
  ...bridge('2026-03-05', '2026-11-01'),
]

function document(when: string, data: object): string {
  const licence = { documentId: 'doc-5', docType: 'business-licence' }
  return line('kyc.document.updated', when, { ...licence, ...data })
}

function payout(type: string, when: string, payoutId: string, data: object = {}): string {
  const sent = { net: 200_000, currency: 'CNY', accountRef: 'sa-1' }
  const back = { returnCode: 'AC04', accountRef: 'sa-1' }
  const isSent = type === 'completed' || type === 'scheduled'
  return line(`payout.${type}`, when, { payoutId, ...(isSent ? sent : back), ...data })
}

function balance(when: string, value: number, options = {}): string {
  return line('balance.negative', when, { balance: value, currency: 'CNY' }, options)
}

const FAILED = { invoiceId: 'inv-1', failureCode: 'R01' }

describe('22: a licence to 30 June', () => {
  const valid = document('2026-03-01 09:00', { validTo: '2026-06-30', status: 'valid' })

  test('a: renewed the day after', () => {
    const renewed = document('2026-07-01 10:00', { validTo: '2027-06-30' })
    expect(told(inArrival(SHOP, valid, renewed), '2026-07-02')).toEqual([
      '2026-04-01 00:00 document-expiry document:doc-5 opened notice',
      '2026-05-31 00:00 document-expiry document:doc-5 raised warning',
      '2026-06-23 00:00 document-expiry document:doc-5 raised final-warning',
      '2026-07-01 10:00 document-expiry document:doc-5 resolved cleared',
    ])
  })

  test('b: uploaded in time, and accepted while it waits', () => {
    const pending = document('2026-06-20 10:00', { status: 'pending' })
    const accepted = document('2026-06-25 10:00', { validTo: '2027-06-30' })
    expect(told(inArrival(SHOP, valid, pending, accepted), '2026-07-02')).toEqual([
      '2026-04-01 00:00 document-expiry document:doc-5 opened notice',
      '2026-05-31 00:00 document-expiry document:doc-5 raised warning',
      '2026-06-25 10:00 document-expiry document:doc-5 resolved cleared',
    ])
  })

  test.each([
    { uploaded: '2026-09-20 10:00', at: '2026-10-20 00:00' },
    { uploaded: '2026-08-01 10:00', at: '2026-09-28 00:00' },
  ])('an upload of $uploaded that nobody answers holds it to $at', ({ uploaded, at }) => {
    const pending = document(uploaded, { status: 'pending' })
    const records = told(inArrival(SHOP, valid, pending), '2026-10-30')
    expect(records.at(-1)).toBe(`${at} document-expiry document:doc-5 raised consequence-due`)
  })

  test('another licence that runs longer ends the warning of the older one', () => {
    const other = document('2026-05-01 10:00', { documentId: 'doc-6', validTo: '2026-12-31' })
    expect(told(inArrival(SHOP, valid, other), '2026-06-30')).toEqual([
      '2026-04-01 00:00 document-expiry document:doc-5 opened notice',
      '2026-05-01 10:00 document-expiry document:doc-5 resolved cleared',
    ])
  })
})

describe('23: a payout that comes back', () => {
  const subject = 'payout-returned settlement-account:sa-1'

  test('a: is over with the next that arrives', () => {
    const lines = inArrival(
      SHOP,
      payout('completed', '2026-03-10 12:00', 'po-1'),
      payout('returned', '2026-03-11 09:00', 'po-1'),
      payout('completed', '2026-03-15 12:00', 'po-2'),
    )
    expect(told(lines, '2026-03-16')).toEqual([
      `2026-03-11 09:00 ${subject} opened warning`,
      `2026-03-15 12:00 ${subject} resolved cleared`,
    ])
  })

  test.each([
    { second: '2026-04-09 09:00', stage: 'final-warning' },
    { second: '2026-04-10 00:00', stage: 'warning' },
  ])('a second one on $second opens at $stage', ({ second, stage }) => {
    const lines = inArrival(
      SHOP,
      payout('returned', '2026-03-11 09:00', 'po-1'),
      payout('completed', '2026-03-15 12:00', 'po-2'),
      payout('returned', second, 'po-3'),
    )
    expect(told(lines, '2026-04-10').at(-1)).toBe(`${second} ${subject} opened ${stage}`)
  })
})

describe('26: codes by which the network refuses', () => {
  const day = '2026-03-20'
  const refused = (time: string, responseCode: string, card: string, issuerId: string) => {
    const data = { approved: false, responseCode, cardToken: card, issuerId }
    return sale(`${day} ${time}`, { data })
  }

  test('a: on cards of two issuers are said at once, until one is approved', () => {
    const lines = inArrival(
      SHOP,
      refused('11:00', '03', 'K1', 'I1'),
      refused('11:10', '97', 'K2', 'I2'),
      sale(`${day} 11:30`, { data: { offline: true } }),
      sale(`${day} 12:00`),
    )
    expect(told(lines, day)).toEqual([
      `${day} 11:10 network-rejected account opened final-warning`,
      `${day} 12:00 network-rejected account resolved cleared`,
    ])
  })

  test.each([
    { name: 'b: of one issuer', card: 'K2', issuer: 'I1', time: '11:10', fresh: [] },
    { name: 'd: half an hour apart', card: 'K2', issuer: 'I2', time: '11:30', fresh: [] },
    {
      name: 'c: after an activation',
      card: 'K2',
      issuer: 'I2',
      time: '11:10',
      fresh: [activated(`${day} 06:00`)],
    },
  ])('$name say nothing', ({ card, issuer, time, fresh }) => {
    const first = refused('11:00', '03', 'K1', 'I1')
    expect(told(inArrival(SHOP, fresh, first, refused(time, '97', card, issuer)), day)).toEqual([])
  })

  test('an approval from between, known later, retracts', () => {
    const late = { arrives: `${day} 11:40`, data: { cardToken: 'K2', issuerId: 'I2' } }
    const second = { ...late, data: { ...late.data, approved: false, responseCode: '58' } }
    const lines = inArrival(
      SHOP,
      refused('11:00', '03', 'K1', 'I1'),
      sale(`${day} 11:10`, second),
      sale(`${day} 11:20`, { arrives: `${day} 11:50` }),
    )
    expect(told(lines, day)).toEqual([
      `${day} 11:40 network-rejected account opened final-warning`,
      `${day} 11:50 network-rejected account retracted`,
    ])
  })
})

describe('money that is owed', () => {
  test('a balance counts from the day it fell, whatever trifles come between', () => {
    const lines = inArrival(
      SHOP,
      balance('2026-03-02 10:00', -101),
      balance('2026-03-04 10:00', -100),
      balance('2026-04-02 10:00', 0),
    )
    expect(told(lines, '2026-04-02')).toEqual([
      '2026-03-03 00:00 negative-balance account opened notice',
      '2026-03-09 00:00 negative-balance account raised warning',
      '2026-04-01 00:00 negative-balance account raised final-warning',
      '2026-04-02 10:00 negative-balance account resolved cleared',
    ])
  })

  test('a balance settled before it was told of was never a warning', () => {
    const settled = balance('2026-03-02 20:00', 0, { arrives: '2026-03-04 10:00' })
    expect(told(inArrival(SHOP, balance('2026-03-02 10:00', -500), settled), '2026-03-05')).toEqual(
      [
        '2026-03-03 00:00 negative-balance account opened notice',
        '2026-03-04 10:00 negative-balance account retracted',
      ],
    )
  })

  test('an unknown invoice counts as open, and a failure after its payment does not count', () => {
    const bill = { invoiceId: 'inv-1', feeType: 'sim-data', amount: 900, currency: 'CNY' }
    const paid = { invoiceId: 'inv-1', amount: 900, currency: 'CNY' }
    const lines = inArrival(
      SHOP,
      line('fee.collection.failed', '2026-03-05 10:00', FAILED),
      line('fee.invoiced', '2026-03-06 10:00', { ...bill, dueDate: '2026-05-01' }),
      line('fee.collection.failed', '2026-03-08 10:00', FAILED),
      line('fee.payment.received', '2026-03-07 10:00', paid, { arrives: '2026-03-09 10:00' }),
    )
    expect(told(lines, '2026-03-10')).toEqual([
      '2026-03-05 10:00 fee-collection-failed invoice:inv-1 opened notice',
      '2026-03-08 10:00 fee-collection-failed invoice:inv-1 raised warning',
      '2026-03-09 10:00 fee-collection-failed invoice:inv-1 retracted',
    ])
  })
})
