import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'fee-due-soon'
const NOTICE = '2026-05-25 invoice:inv-1 opened notice'

/** Of 120.00, due on 1 June. */
const invoice = {
  ...{ invoiceId: 'inv-1', feeType: 'terminal-rental', amount: 12_000, currency: 'CNY' },
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
    const data = { invoiceId: 'inv-1', ...(status && { status }) }
    shop.tell(local, 'fee.disputed', data, { arrives })
  }
const all =
  (...tellings: ((shop: Shop) => void)[]) =>
  (shop: Shop) => {
    for (const tell of tellings) tell(shop)
  }

test.each<Row>([
  { tell: bills(), until: '2026-05-24T23:58', heard: [], shows: 'eight days before is too early' },
  {
    tell: bills(),
    until: '2026-07-01',
    heard: [NOTICE, '2026-06-02 invoice:inv-1 resolved superseded'],
    shows: 'a week before; on the day after the due date the overdue fee speaks',
  },
  { tell: bills({ amount: 100 }), until: '2026-05-25', heard: [NOTICE], shows: 'of 1.00' },
  { tell: bills({ amount: 99 }), until: '2026-05-25', heard: [], shows: 'of 0.99 it is silent' },
  {
    tell: bills({ amount: 1, currency: 'JPY' }),
    until: '2026-05-25',
    heard: [NOTICE],
    shows: 'a yen has no smaller unit',
  },
  {
    tell: bills({ method: 'offset' }),
    until: '2026-06-02',
    heard: [],
    shows: 'what is set off against sales is not announced',
  },
  {
    tell: bills({ method: 'debit' }),
    until: '2026-05-25',
    heard: [NOTICE],
    shows: 'what is debited is',
  },
  {
    tell: bills({}, '2026-05-30T08:00'),
    until: '2026-05-31',
    heard: ['2026-05-30 08:00 invoice:inv-1 opened notice'],
    shows: 'billed late, it is announced at once',
  },
  {
    tell: bills({}, '2026-06-02T08:00'),
    until: '2026-07-01',
    heard: [],
    shows: 'billed when it is overdue, it is not',
  },
  {
    tell: all(bills(), pays('2026-05-24T23:59', 12_000)),
    until: '2026-07-01',
    heard: [],
    shows: 'paid before',
  },
  {
    tell: all(bills(), pays('2026-05-24T23:59', 11_900)),
    until: '2026-05-25',
    heard: [NOTICE],
    shows: 'paid but for 1.00',
  },
  {
    tell: all(bills(), pays('2026-05-26T10:00', 11_901)),
    until: '2026-05-27',
    heard: [NOTICE, '2026-05-26 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid but for 0.99, it is over',
  },
  {
    tell: all(bills(), pays('2026-05-20T10:00', 12_000, {}, '2026-05-26T10:00')),
    until: '2026-07-01',
    heard: [NOTICE, '2026-05-26 10:00 invoice:inv-1 retracted'],
    shows: 'paid before, heard of later: it was never true',
  },
  {
    tell: all(bills(), pays('2026-05-25T00:00:30', 1)),
    until: '2026-05-26',
    heard: [NOTICE],
    shows: 'what arrives within the minute and moves nothing leaves it to its instant',
  },
  {
    tell: all(pays('2026-04-30T10:00', 12_000), bills()),
    until: '2026-07-01',
    heard: [],
    shows: 'paid before it was billed',
  },
  {
    tell: all(bills(), pays('2026-05-20T10:00', 12_000, { currency: 'USD' })),
    until: '2026-05-25',
    heard: [NOTICE],
    shows: 'a payment in another currency pays nothing',
  },
  {
    tell: all(bills(), pays('2026-05-20T10:00', 12_000, { invoiceId: 'inv-2' })),
    until: '2026-05-25',
    heard: [NOTICE],
    shows: 'nor does one of another invoice',
  },
  {
    tell: all(bills(), (shop) =>
      shop.tell('2026-05-26T10:00', 'fee.written-off', { invoiceId: 'inv-1' }),
    ),
    until: '2026-07-01',
    heard: [NOTICE, '2026-05-26 10:00 invoice:inv-1 resolved cleared'],
    shows: 'written off',
  },
  {
    tell: all(bills(), disputes('2026-05-24T23:59')),
    until: '2026-07-01',
    heard: [],
    shows: 'disputed before, it is held',
  },
  {
    tell: all(bills(), disputes('2026-05-24T10:00'), disputes('2026-05-28T10:00', 'rejected')),
    until: '2026-05-29',
    heard: ['2026-05-28 10:00 invoice:inv-1 opened notice'],
    shows: 'the dispute rejected, it is judged once, then',
  },
  {
    tell: all(bills(), disputes('2026-05-26T10:00')),
    until: '2026-07-01',
    heard: [NOTICE, '2026-06-02 invoice:inv-1 resolved cleared'],
    shows: 'disputed afterwards, what was said stands to its end',
  },
  {
    tell: all(bills(), disputes('2026-05-24T23:59', undefined, '2026-05-26T10:00')),
    until: '2026-07-01',
    heard: [NOTICE, '2026-06-02 invoice:inv-1 retracted'],
    shows: 'disputed before, and heard of afterwards, it should not have been said',
  },
  {
    tell: all(bills(), bills({ dueDate: '2026-06-10' }, '2026-05-28T10:00')),
    until: '2026-06-03',
    heard: [
      NOTICE,
      '2026-05-28 10:00 invoice:inv-1 resolved cleared',
      '2026-06-03 invoice:inv-1 opened notice',
    ],
    shows: 'another due date is another episode',
  },
  {
    tell: all(bills(), bills({ dueDate: '2026-06-10' }, '2026-04-20T10:00')),
    until: '2026-05-25',
    heard: [NOTICE],
    shows: 'the latest invoice holds, whichever was heard of last',
  },
  {
    tell: all(bills(), (shop) =>
      shop.tell('2026-05-26T10:00', 'cancellation.requested', { requestId: 'c' }),
    ),
    until: '2026-05-31',
    heard: [NOTICE],
    shows: 'who leaves owes it all the same',
  },
])('$shows', ({ tell, until, heard: expected }) => {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
})

test.each<[object, number, string]>([
  [{}, 37, 'thirty days after the due date'],
  [{ suspendAt: '2026-06-12' }, 18, 'the date the invoice names'],
])('a record with %o says when it is suspended: %i days from then, %s', (more, days) => {
  const shop = history()
  bills(more)(shop)
  const { records } = play(shop.lines(), { policy: POLICY, untilMs: shop.at('2026-05-26') })
  expect(records).toMatchObject([
    {
      ...{ value: -7, threshold: -7, limit: days - 7, unit: 'days', consequence: 'suspension' },
      consequenceOn: Date.parse('2026-05-25') / 86_400_000 + days,
      seen: { open: 12_000, currency: 'CNY', feeType: 'terminal-rental', dueDate: '2026-06-01' },
    },
  ])
})
