/** Histories of one invoice; each list is complete. */
import { expect, test } from 'vitest'
import { baseShop, said } from './base-shop.ts'

const invoice = {
  invoiceId: 'inv-31',
  feeType: 'terminal-rental',
  amount: 12_000,
  currency: 'CNY',
  dueDate: '2026-06-01',
}
const half = { invoiceId: 'inv-31', amount: 6_000, currency: 'CNY' }

function shopWith(data: object) {
  const shop = baseShop({ trades: () => true, from: '2026-05-01', until: '2026-07-05' })
  shop.tell('2026-05-10T08:00', 'fee.invoiced', { ...invoice, ...data })
  return shop
}

test('paid in two halves, it climbs to the second', () => {
  const shop = shopWith({})
  shop.tell('2026-06-12T10:00', 'fee.payment.received', half)
  shop.tell('2026-06-20T10:00', 'fee.payment.received', half)
  expect(said(shop, '2026-07-05')).toEqual([
    '2026-05-25 fee-due-soon invoice:inv-31 opened notice',
    '2026-06-02 fee-due-soon invoice:inv-31 resolved superseded',
    '2026-06-02 fee-overdue invoice:inv-31 opened notice',
    '2026-06-09 fee-overdue invoice:inv-31 raised warning',
    '2026-06-16 fee-overdue invoice:inv-31 raised final-warning',
    '2026-06-20 10:00 fee-overdue invoice:inv-31 resolved cleared',
  ])
})

const FIRST_THREE = [
  '2026-05-25 fee-due-soon invoice:inv-31 opened notice',
  '2026-06-02 fee-due-soon invoice:inv-31 resolved superseded',
  '2026-06-02 fee-overdue invoice:inv-31 opened notice',
]

test('disputed, it is held where it stands', () => {
  const shop = shopWith({})
  shop.tell('2026-06-05T10:00', 'fee.disputed', { invoiceId: 'inv-31' })
  expect(said(shop, '2026-07-05')).toEqual(FIRST_THREE)
})

test('small, it is mentioned once', () => {
  expect(said(shopWith({ amount: 800 }), '2026-07-05')).toEqual(FIRST_THREE)
})

test('a rejected dispute does not count towards the days past due', () => {
  const shop = shopWith({})
  shop.tell('2026-06-05T10:00', 'fee.disputed', { invoiceId: 'inv-31' })
  shop.tell('2026-06-15T10:00', 'fee.disputed', { invoiceId: 'inv-31', status: 'rejected' })
  expect(said(shop, '2026-07-05')).toEqual([
    ...FIRST_THREE,
    '2026-06-19 fee-overdue invoice:inv-31 raised warning',
    '2026-06-26 fee-overdue invoice:inv-31 raised final-warning',
  ])
})

test('a payment that was made in time takes the warning back', () => {
  const shop = shopWith({})
  const paid = { ...half, amount: 12_000 }
  shop.tell('2026-05-31T10:00', 'fee.payment.received', paid, { arrives: '2026-06-03T09:00' })
  expect(said(shop, '2026-07-05')).toEqual([
    ...FIRST_THREE,
    '2026-06-03 09:00 fee-overdue invoice:inv-31 retracted',
  ])
})

test('the invoice names the date of suspension', () => {
  const shop = shopWith({ suspendAt: '2026-06-12' })
  expect(said(shop, '2026-07-05')).toEqual([
    ...FIRST_THREE,
    '2026-06-09 fee-overdue invoice:inv-31 raised warning',
    '2026-06-12 fee-overdue invoice:inv-31 raised consequence-due',
  ])
})
