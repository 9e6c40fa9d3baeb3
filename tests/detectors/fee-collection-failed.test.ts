import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'fee-collection-failed'
type Tell = (shop: Shop) => void

/** Of 120.00, to be debited on 1 June. */
const INVOICE = {
  ...{ invoiceId: 'inv-1', feeType: 'pci', amount: 12_000, currency: 'CNY', method: 'debit' },
  dueDate: '2026-06-01',
}
const bills =
  (local = '2026-05-01T08:00', more: object = {}): Tell =>
  (shop) =>
    shop.tell(local, 'fee.invoiced', { ...INVOICE, ...more })
const fails =
  (local: string, arrives = local, more: object = {}): Tell =>
  (shop) =>
    shop.tell(local, 'fee.collection.failed', { invoiceId: 'inv-1', ...more }, { arrives })
const pays =
  (local: string, amount = 12_000, arrives = local, currency = 'CNY'): Tell =>
  (shop) => {
    const data = { invoiceId: 'inv-1', amount, currency }
    shop.tell(local, 'fee.payment.received', data, { arrives })
  }
const disputes =
  (local: string, status?: string, arrives = local): Tell =>
  (shop) =>
    shop.tell(local, 'fee.disputed', { invoiceId: 'inv-1', ...(status && { status }) }, { arrives })
const writesOff =
  (local: string, arrives = local): Tell =>
  (shop) =>
    shop.tell(local, 'fee.written-off', { invoiceId: 'inv-1' }, { arrives })
const all =
  (...tellings: Tell[]): Tell =>
  (shop) => {
    for (const tell of tellings) tell(shop)
  }

const FIRST = '2026-06-01 10:00 invoice:inv-1 opened notice'
const SECOND = '2026-06-03 10:00 invoice:inv-1 raised warning'
const once = all(bills(), fails('2026-06-01T10:00'))
const twice = all(once, fails('2026-06-03T10:00'))

test.each<Row>([
  { tell: bills(), until: '2026-12-31', heard: [], shows: 'invoiced, and no debit failed' },
  { tell: once, until: '2026-12-31', heard: [FIRST], shows: 'once: it climbs by no date' },
  {
    tell: twice,
    until: '2026-12-31',
    heard: [FIRST, SECOND],
    shows: 'a second time, it is raised',
  },
  {
    tell: all(once, fails('2027-11-01T10:00')),
    until: '2027-12-31',
    heard: [FIRST, '2027-11-01 10:00 invoice:inv-1 raised warning'],
    shows: 'a second time, however much later',
  },
  {
    tell: all(twice, fails('2026-06-05T10:00'), fails('2026-06-06T10:00')),
    until: '2026-12-31',
    heard: [FIRST, SECOND],
    shows: 'further times raise no more',
  },
  {
    tell: fails('2026-06-01T10:00'),
    until: '2026-12-31',
    heard: [FIRST],
    shows: 'what was never invoiced counts as open',
  },
  {
    tell: all(fails('2026-06-01T10:00'), bills('2026-06-02T08:00')),
    until: '2026-06-30',
    heard: [FIRST],
    shows: 'invoiced after it failed, it goes on',
  },
  {
    tell: all(fails('2026-06-01T10:00'), writesOff('2026-06-02T10:00')),
    until: '2026-06-30',
    heard: [FIRST, '2026-06-02 10:00 invoice:inv-1 resolved cleared'],
    shows: 'never invoiced, and written off',
  },
  {
    tell: all(fails('2026-06-01T10:00'), pays('2026-06-02T10:00')),
    until: '2026-06-30',
    heard: [FIRST],
    shows: 'never invoiced, nobody knows what a payment leaves open',
  },
])('$shows', hears)

test.each<Row>([
  {
    tell: all(twice, pays('2026-06-05T10:00')),
    until: '2026-12-31',
    heard: [FIRST, SECOND, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid',
  },
  {
    tell: all(twice, pays('2026-06-05T10:00', 11_999)),
    until: '2026-12-31',
    heard: [FIRST, SECOND],
    shows: 'a part payment ends nothing',
  },
  {
    tell: all(twice, pays('2026-06-05T10:00', 12_000, '2026-06-05T10:00', 'USD')),
    until: '2026-12-31',
    heard: [FIRST, SECOND],
    shows: 'nor does one in another currency',
  },
  {
    tell: all(twice, writesOff('2026-06-05T10:00')),
    until: '2026-12-31',
    heard: [FIRST, SECOND, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'written off',
  },
  {
    tell: all(twice, disputes('2026-06-05T10:00', 'accepted')),
    until: '2026-12-31',
    heard: [FIRST, SECOND, '2026-06-05 10:00 invoice:inv-1 resolved cleared'],
    shows: 'the operator agrees that nothing is owed',
  },
  {
    tell: all(bills(), pays('2026-05-20T10:00'), fails('2026-06-01T10:00')),
    until: '2026-12-31',
    heard: [],
    shows: 'a debit that fails after it was paid is no news',
  },
  {
    tell: all(
      bills(),
      pays('2026-05-20T10:00'),
      fails('2026-05-25T10:00'),
      bills('2026-06-01T08:00', { amount: 20_000 }),
      fails('2026-06-01T10:00'),
    ),
    until: '2026-12-31',
    heard: [FIRST],
    shows: 'billed for more, only what failed while it was open counts',
  },
  {
    tell: all(twice, pays('2026-06-05T10:00'), bills('2026-06-08T08:00', { amount: 20_000 })),
    until: '2026-12-31',
    heard: [
      FIRST,
      SECOND,
      '2026-06-05 10:00 invoice:inv-1 resolved cleared',
      '2026-06-08 08:00 invoice:inv-1 opened warning',
    ],
    shows: 'open again, what failed while it was open still counts: another episode',
  },
  {
    tell: all(once, pays('2026-06-01T09:59', 12_000, '2026-06-04T10:00')),
    until: '2026-12-31',
    heard: [FIRST, '2026-06-04 10:00 invoice:inv-1 retracted'],
    shows: 'paid a minute before it failed, heard of later: it was never true',
  },
  {
    tell: all(once, pays('2026-06-01T10:00', 12_000, '2026-06-04T10:00')),
    until: '2026-12-31',
    heard: [FIRST, '2026-06-04 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid at the very instant, it was true until then',
  },
  {
    tell: all(once, pays('2026-06-01T10:01', 12_000, '2026-06-04T10:00')),
    until: '2026-12-31',
    heard: [FIRST, '2026-06-04 10:00 invoice:inv-1 resolved cleared'],
    shows: 'paid a minute after, it was true until then',
  },
  {
    tell: all(twice, pays('2026-06-02T10:00', 12_000, '2026-06-04T10:00')),
    until: '2026-12-31',
    heard: [FIRST, SECOND, '2026-06-04 10:00 invoice:inv-1 retracted'],
    shows: 'paid between the two, the stage last told was never true',
  },
  {
    tell: all(once, writesOff('2026-05-31T10:00', '2026-06-04T10:00')),
    until: '2026-12-31',
    heard: [FIRST, '2026-06-04 10:00 invoice:inv-1 retracted'],
    shows: 'written off before it failed',
  },
  {
    tell: all(bills(), fails('2026-06-03T10:00'), fails('2026-06-01T10:00', '2026-06-05T10:00')),
    until: '2026-12-31',
    heard: [
      '2026-06-03 10:00 invoice:inv-1 opened notice',
      '2026-06-05 10:00 invoice:inv-1 raised warning',
    ],
    shows: 'a late failure counts at any age',
  },
])('over: $shows', hears)

test.each<Row>([
  {
    tell: all(once, disputes('2026-06-02T10:00'), fails('2026-06-03T10:00')),
    until: '2026-12-31',
    heard: [FIRST],
    shows: 'it stands where it is',
  },
  {
    tell: all(bills(), disputes('2026-05-20T10:00'), fails('2026-06-01T10:00')),
    until: '2026-12-31',
    heard: [],
    shows: 'nothing is opened',
  },
  {
    tell: all(disputes('2026-05-20T10:00'), fails('2026-06-01T10:00')),
    until: '2026-12-31',
    heard: [],
    shows: 'nor where nothing was invoiced',
  },
  {
    tell: all(
      once,
      disputes('2026-06-02T10:00'),
      fails('2026-06-03T10:00'),
      fails('2026-06-04T10:00'),
      disputes('2026-06-09T10:00', 'rejected'),
    ),
    until: '2026-12-31',
    heard: [FIRST, '2026-06-09 10:00 invoice:inv-1 raised warning'],
    shows: 'rejected, it is judged once, at the present',
  },
  {
    tell: all(
      bills(),
      disputes('2026-05-20T10:00'),
      fails('2026-06-01T10:00'),
      fails('2026-06-02T10:00'),
      disputes('2026-06-09T10:00', 'rejected'),
    ),
    until: '2026-12-31',
    heard: ['2026-06-09 10:00 invoice:inv-1 opened warning'],
    shows: 'rejected, it opens at the stage reached',
  },
  {
    tell: all(once, disputes('2026-06-02T10:00'), pays('2026-06-03T10:00')),
    until: '2026-12-31',
    heard: [FIRST, '2026-06-03 10:00 invoice:inv-1 resolved cleared'],
    shows: 'an end is told all the same',
  },
])('while disputed: $shows', hears)

function hears({ tell, until, heard: expected }: Row): void {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

test('each invoice has a warning of its own', () => {
  const shop = history()
  for (const invoiceId of ['inv:2', 'inv-1'])
    fails('2026-06-01T10:00', undefined, { invoiceId })(shop)
  expect(heard(shop, DETECTOR, '2026-06-02')).toEqual([
    '2026-06-01 10:00 invoice:inv%3A2 opened notice',
    FIRST,
  ])
})

test('a deregistered account is told nothing more', () => {
  const shop = history()
  once(shop)
  shop.tell('2026-06-02T10:00', 'account.deregistered', { effectiveAt: '2026-06-02' })
  fails('2026-06-03T10:00')(shop)
  expect(heard(shop, DETECTOR, '2026-06-30')).toEqual([
    FIRST,
    '2026-06-02 10:00 invoice:inv-1 resolved superseded',
  ])
})

test('a cancellation does not switch it off: what is owed must be paid first', () => {
  const shop = history()
  shop.tell('2026-05-02T10:00', 'cancellation.requested', { requestId: 'c-1' })
  once(shop)
  expect(heard(shop, DETECTOR, '2026-06-30')).toEqual([FIRST])
})

test('a record says how often, and the last reason', () => {
  const shop = history()
  bills()(shop)
  pays('2026-05-20T10:00', 2_000)(shop)
  fails('2026-06-01T10:00', undefined, { failureCode: 'R09' })(shop)
  fails('2026-06-03T10:00', undefined, { failureCode: 'R01' })(shop)
  const { records } = play(shop.lines(), { policy: POLICY })
  expect(records.filter(({ detector }) => detector === DETECTOR)).toMatchObject([
    { value: 1, threshold: 1, limit: 2, unit: 'failures', seen: { failureCode: 'R09' } },
    {
      ...{ value: 2, threshold: 2, limit: 2, consequence: 'suspension', isAbsence: false },
      seen: { failureCode: 'R01', open: 10_000, currency: 'CNY', feeType: 'pci' },
      audience: ['merchant', 'operator'],
      clears: ['pay', 'dispute'],
    },
  ])
  expect(records.at(-1)?.consequenceOn).toBeUndefined()
})
