/** Histories of a licence, a payout, a debit and a balance; each list is complete. */
import { expect, test } from 'vitest'
import { dates } from '../support/history.ts'
import { baseShop, said } from './base-shop.ts'

const LICENCE = { documentId: 'doc-1', docType: 'business-licence' }

function shopWithLicence(until: string) {
  const shop = baseShop({ trades: () => true, from: '2026-02-01', until })
  shop.tell('2026-02-01T08:00', 'kyc.document.updated', { ...LICENCE, validTo: '2026-06-30' })
  const id = { documentId: 'doc-2', docType: 'legal-rep-id' }
  shop.tell('2026-02-01T08:05', 'kyc.document.updated', { ...id, longTerm: true })
  return shop
}

test('a licence is renewed on the day after it expired', () => {
  const shop = shopWithLicence('2026-10-01')
  shop.tell('2026-07-01T10:00', 'kyc.document.updated', { ...LICENCE, validTo: '2031-06-30' })
  expect(said(shop, '2026-10-01')).toEqual([
    '2026-04-01 document-expiry document:doc-1 opened notice',
    '2026-05-31 document-expiry document:doc-1 raised warning',
    '2026-06-23 document-expiry document:doc-1 raised final-warning',
    '2026-07-01 10:00 document-expiry document:doc-1 resolved cleared',
  ])
})

test('a licence is uploaded, and found valid some days later', () => {
  const shop = shopWithLicence('2026-10-01')
  const renewed = { ...LICENCE, validTo: '2031-06-30' }
  shop.tell('2026-06-20T10:00', 'kyc.document.updated', { ...renewed, status: 'pending' })
  shop.tell('2026-06-25T10:00', 'kyc.document.updated', renewed)
  expect(said(shop, '2026-10-01')).toEqual([
    '2026-04-01 document-expiry document:doc-1 opened notice',
    '2026-05-31 document-expiry document:doc-1 raised warning',
    '2026-06-25 10:00 document-expiry document:doc-1 resolved cleared',
  ])
})

test('a payout comes back a day after it went out, and the next one goes through', () => {
  const shop = baseShop({
    trades: (date) => date <= '2026-06-09',
    from: '2026-04-01',
    until: '2026-06-20',
  })
  const money = { net: 209_600, currency: 'CNY' }
  for (const date of dates('2026-04-02', '2026-06-10')) {
    const paid = { payoutId: `po-${date}`, accountRef: 'sa-1', accountClass: 'corporate', ...money }
    shop.tell(`${date}T12:00`, 'payout.completed', paid)
  }
  const returned = { payoutId: 'po-2026-06-10', returnCode: 'AC04' }
  shop.tell('2026-06-11T09:00', 'payout.returned', { ...returned, returnScheme: 'sepa-iso20022' })
  shop.tell('2026-06-12T15:00', 'settlement.account.changed', { accountRef: 'sa-2' })
  const again = { payoutId: 'po-again', accountRef: 'sa-2', ...money }
  shop.tell('2026-06-15T12:00', 'payout.completed', again)
  expect(said(shop, '2026-06-20')).toEqual([
    '2026-06-11 09:00 payout-returned settlement-account:sa-1 opened warning',
    '2026-06-15 12:00 payout-returned settlement-account:sa-1 resolved cleared',
  ])
})

test('a debit fails twice, and the balance falls with it', () => {
  const shop = baseShop({ trades: () => true, from: '2026-04-01', until: '2026-07-01' })
  const invoice = { invoiceId: 'inv-7', feeType: 'chargeback', amount: 30_000, currency: 'CNY' }
  shop.tell('2026-05-20T08:00', 'fee.invoiced', {
    ...invoice,
    dueDate: '2026-06-01',
    method: 'debit',
  })
  const failed = { invoiceId: 'inv-7', failureCode: 'R01' }
  shop.tell('2026-06-01T09:00', 'fee.collection.failed', failed)
  shop.tell('2026-06-03T09:00', 'fee.collection.failed', failed)
  shop.tell('2026-06-03T09:30', 'balance.negative', { balance: -30_000, currency: 'CNY' })
  shop.tell('2026-06-06T10:00', 'fee.payment.received', {
    invoiceId: 'inv-7',
    amount: 30_000,
    currency: 'CNY',
  })
  shop.tell('2026-06-06T10:05', 'balance.negative', { balance: 0, currency: 'CNY' })
  expect(said(shop, '2026-07-01')).toEqual([
    '2026-05-25 fee-due-soon invoice:inv-7 opened notice',
    '2026-06-01 09:00 fee-collection-failed invoice:inv-7 opened notice',
    '2026-06-02 fee-due-soon invoice:inv-7 resolved superseded',
    '2026-06-02 fee-overdue invoice:inv-7 opened notice',
    '2026-06-03 09:00 fee-collection-failed invoice:inv-7 raised warning',
    '2026-06-04 negative-balance account opened notice',
    '2026-06-06 10:00 fee-collection-failed invoice:inv-7 resolved cleared',
    '2026-06-06 10:00 fee-overdue invoice:inv-7 resolved cleared',
    '2026-06-06 10:05 negative-balance account resolved cleared',
  ])
})
