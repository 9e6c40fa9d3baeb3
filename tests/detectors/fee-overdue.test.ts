import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'fee-overdue'
const CLIMB = [
  '2026-06-02 invoice:inv-1 opened notice',
  '2026-06-09 invoice:inv-1 raised warning',
  '2026-06-16 invoice:inv-1 raised final-warning',
  '2026-07-01 invoice:inv-1 raised consequence-due',
]

/** Of 120.00, due on 1 June. */
const invoice = {
  ...{ invoiceId: 'inv-1', feeType: 'sim-data', amount: 12_000, currency: 'CNY' },
  dueDate: '2026-06-01',
}
const bills =
  (more: object = {}, local = '2026-05-01T08:00') =>
  (shop: Shop) => {
    shop.tell(local, 'fee.invoiced', { ...invoice, ...more })
  }
const pays =
  (local: string, amount: number, more: object = {}, arrives = local) =>
  (shop: Shop) => {
    const data = { invoiceId: 'inv-1', amount, currency: 'CNY', ...more }
    shop.tell(local, 'fee.payment.received', data, { arrives })
  }
const disputes =
  (local: string, status?: string, arrives = local) =>
  (shop: Shop) => {
    shop.tell(local, 'fee.disputed', { invoiceId: 'inv-1', ...(status && { status }) }, { arrives })
  }
const all =
  (...tellings: ((shop: Shop) => void)[]) =>
  (shop: Shop) => {
    for (const tell of tellings) tell(shop)
  }
const disputed = (from: string, to: string) => {
  return all(bills(), disputes(from), disputes(to, 'rejected'))
}

test.each<Row>([
  { tell: bills(), until: '2026-06-01T23:58', heard: [], shows: 'the due date itself is in time' },
  { tell: bills(), until: '2026-12-31', heard: CLIMB, shows: '1, 8, 15 days, and 30' },
  {
    tell: bills({ amount: 1_000 }),
    until: '2026-12-31',
    heard: CLIMB,
    shows: 'of 10.00 it climbs',
  },
  {
    tell: bills({ amount: 999 }),
    until: '2026-12-31',
    heard: CLIMB.slice(0, 1),
    shows: 'of 9.99 it is mentioned once',
  },
  {
    tell: bills({ amount: 1 }),
    until: '2026-06-02',
    heard: CLIMB.slice(0, 1),
    shows: 'of 0.01 too',
  },
  { tell: bills({ amount: 0 }), until: '2026-12-31', heard: [], shows: 'of nothing it is not' },
  {
    tell: bills({ method: 'offset' }),
    until: '2026-06-02',
    heard: CLIMB.slice(0, 1),
    shows: 'set off against sales or not: overdue is overdue',
  },
  {
    tell: bills({}, '2026-06-10T08:00'),
    until: '2026-06-11',
    heard: ['2026-06-10 08:00 invoice:inv-1 opened warning'],
    shows: 'billed late, it opens at the stage reached',
  },
  {
    tell: all(bills(), pays('2026-06-05T10:00', 11_000), pays('2026-06-10T10:00', 1)),
    until: '2026-12-31',
    heard: CLIMB.slice(0, 2),
    shows: 'a payment that leaves 9.99 stops the climb and lowers nothing',
  },
  {
    tell: all(bills(), pays('2026-06-05T10:00', 12_000)),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid',
  },
  {
    tell: all(bills(), pays('2026-06-05T10:00', 12_001)),
    until: '2026-06-06',
    heard: [CLIMB[0]!, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid too much',
  },
  {
    tell: all(bills(), pays('2026-06-01T23:59:59', 12_000, {}, '2026-06-05T10:00')),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-05 10:00 invoice:inv-1 retracted'],
    shows: 'paid in the last second, heard of later: it was never true',
  },
  {
    tell: all(bills(), pays('2026-06-02T00:00', 12_000, {}, '2026-06-05T10:00')),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid at the very instant it was told, it was true until then',
  },
  {
    tell: all(bills(), pays('2026-06-05T10:00', 12_000, { currency: 'USD' })),
    until: '2026-06-09',
    heard: CLIMB.slice(0, 2),
    shows: 'another currency pays nothing',
  },
  {
    tell: all(bills(), (shop) =>
      shop.tell('2026-06-05T10:00', 'fee.written-off', { invoiceId: 'inv-1' }),
    ),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'written off',
  },
  {
    tell: all(bills(), disputes('2026-06-05T10:00')),
    until: '2026-12-31',
    heard: CLIMB.slice(0, 1),
    shows: 'disputed, it stands where it is',
  },
  {
    tell: all(bills(), disputes('2026-06-05T10:00'), disputes('2026-06-20T10:00', 'accepted')),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-20 10:00 invoice:inv-1 resolved cleared'],
    shows: 'the dispute accepted, it is closed',
  },
  {
    tell: disputed('2026-06-05T10:00', '2026-06-05T11:00'),
    until: '2026-12-31',
    heard: CLIMB,
    shows: 'rejected on the same date, it costs no day',
  },
  {
    tell: disputed('2026-06-05T10:00', '2026-06-06T00:30'),
    until: '2026-12-31',
    heard: [
      CLIMB[0]!,
      '2026-06-10 invoice:inv-1 raised warning',
      '2026-06-17 invoice:inv-1 raised final-warning',
      '2026-07-02 invoice:inv-1 raised consequence-due',
    ],
    shows: 'rejected on the next, one day does not count, to the consequence',
  },
  {
    tell: disputed('2026-05-20T10:00', '2026-06-02T00:30'),
    until: '2026-07-01',
    heard: ['2026-06-02 00:30 invoice:inv-1 opened notice', ...CLIMB.slice(1)],
    shows: 'days disputed up to the due date were none past due',
  },
  {
    tell: disputed('2026-05-20T10:00', '2026-06-04T10:00'),
    until: '2026-06-11',
    heard: [
      '2026-06-04 10:00 invoice:inv-1 opened notice',
      '2026-06-11 invoice:inv-1 raised warning',
    ],
    shows: 'those after it do not count',
  },
  {
    tell: bills({ suspendAt: '2026-06-12' }),
    until: '2026-12-31',
    heard: [...CLIMB.slice(0, 2), '2026-06-12 invoice:inv-1 raised consequence-due'],
    shows: 'the invoice names the date: stages at or after it are skipped',
  },
  {
    tell: bills({ suspendAt: '2026-06-09T15:00:00+08:00' }),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-09 invoice:inv-1 raised consequence-due'],
    shows: 'on the date of the warning the consequence alone is told',
  },
  {
    tell: all(
      bills({ suspendAt: '2026-06-12' }),
      disputes('2026-06-03T10:00'),
      disputes('2026-06-06T10:00', 'rejected'),
    ),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-12 invoice:inv-1 raised consequence-due'],
    shows: 'a dispute does not move the date that was named',
  },
  {
    tell: all(bills(), bills({ dueDate: '2026-06-08' }, '2026-06-05T10:00')),
    until: '2026-06-09',
    heard: [
      CLIMB[0]!,
      '2026-06-05 10:00 invoice:inv-1 resolved cleared',
      '2026-06-09 invoice:inv-1 opened notice',
    ],
    shows: 'another due date is another episode',
  },
])('$shows', ({ tell, until, heard: expected }) => {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
})

test('each invoice has a warning of its own', () => {
  const shop = history()
  bills()(shop)
  bills({ invoiceId: 'inv:2', dueDate: '2026-06-03' })(shop)
  pays('2026-06-03T10:00', 12_000)(shop)
  expect(heard(shop, DETECTOR, '2026-06-04')).toEqual([
    CLIMB[0],
    '2026-06-03 10:00 invoice:inv-1 resolved cleared',
    '2026-06-04 invoice:inv%3A2 opened notice',
  ])
})

test('a record says what is open', () => {
  const shop = history()
  bills()(shop)
  pays('2026-05-20T10:00', 2_000)(shop)
  const { records } = play(shop.lines(), { policy: POLICY, untilMs: shop.at('2026-06-10') })
  expect(records.at(-1)).toMatchObject({
    ...{ stage: 'warning', value: 8, threshold: 8, limit: 30, unit: 'days' },
    consequence: 'suspension',
    seen: { open: 10_000, currency: 'CNY', feeType: 'sim-data', dueDate: '2026-06-01' },
    isAbsence: true,
  })
})
