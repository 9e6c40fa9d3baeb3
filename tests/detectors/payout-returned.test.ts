import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'payout-returned'
type Tell = (shop: Shop) => void
type More = Readonly<{ arrives?: string; accountRef?: string }>

const tells =
  (type: string, data: object) =>
  (local: string, payoutId: string, { arrives = local, ...more }: More = {}): Tell =>
  (shop) =>
    shop.tell(local, type, { payoutId, ...data, ...more }, { arrives })
const MONEY = { net: 120_000, currency: 'CNY' }
const schedules = tells('payout.scheduled', MONEY)
const completes = tells('payout.completed', MONEY)
const fails = tells('payout.failed', { returnCode: 'R02' })
const returns = tells('payout.returned', { returnCode: 'AC04', returnScheme: 'sepa-iso20022' })
const all =
  (...tellings: Tell[]): Tell =>
  (shop) => {
    for (const tell of tellings) tell(shop)
  }

const A = { accountRef: 'a1' }
const first = returns('2026-06-11T09:00', 'p1', A)
const OPENED = '2026-06-11 09:00 settlement-account:a1 opened warning'
const over = (at: string, subject = 'settlement-account:a1') => `${at} ${subject} resolved cleared`

test.each<Row>([
  { tell: first, until: '2027-06-30', heard: [OPENED], shows: 'returned: it climbs by no date' },
  {
    tell: fails('2026-06-11T09:00', 'p1', A),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'failed',
  },
  {
    tell: returns('2026-06-11T09:00', 'p:1'),
    until: '2026-07-01',
    heard: ['2026-06-11 09:00 payout:p%3A1 opened warning'],
    shows: 'an account nobody named: the payout stands for it',
  },
  {
    tell: all(schedules('2026-06-09T09:00', 'p1', A), returns('2026-06-11T09:00', 'p1')),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'the account as scheduled',
  },
  {
    tell: all(completes('2026-06-10T09:00', 'p1', A), returns('2026-06-11T09:00', 'p1')),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'the account as paid, and then returned',
  },
  {
    tell: all(
      schedules('2026-06-09T09:00', 'p1', { accountRef: 'a0' }),
      returns('2026-06-11T09:00', 'p1', A),
    ),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'the account that the return names comes first',
  },
  {
    tell: all(
      returns('2026-06-11T09:00', 'p1'),
      schedules('2026-06-09T09:00', 'p1', { ...A, arrives: '2026-06-12T10:00' }),
    ),
    until: '2026-07-01',
    heard: [
      '2026-06-11 09:00 payout:p1 opened warning',
      '2026-06-12 10:00 payout:p1 retracted',
      '2026-06-12 10:00 settlement-account:a1 opened warning',
    ],
    shows: 'the account heard of later: it is told of that, the payout never stood for it',
  },
])('$shows', hears)

test.each<Row>([
  {
    tell: all(first, returns('2026-06-12T09:00', 'p2', A)),
    until: '2026-07-01',
    heard: [OPENED, '2026-06-12 09:00 settlement-account:a1 raised final-warning'],
    shows: 'a second payout',
  },
  {
    tell: all(first, returns('2026-06-12T09:00', 'p2', A), returns('2026-06-13T09:00', 'p3', A)),
    until: '2026-07-01',
    heard: [OPENED, '2026-06-12 09:00 settlement-account:a1 raised final-warning'],
    shows: 'a third raises no more',
  },
  {
    tell: all(fails('2026-06-11T09:00', 'p1', A), returns('2026-06-12T09:00', 'p1', A)),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'failed and returned is one payout',
  },
  {
    tell: all(first, returns('2026-06-12T09:00', 'p2', { accountRef: 'a2' })),
    until: '2026-07-01',
    heard: [OPENED, '2026-06-12 09:00 settlement-account:a2 opened warning'],
    shows: 'another account counts for itself',
  },
  {
    tell: all(first, returns('2026-07-10T23:59:59', 'p2', A)),
    until: '2026-07-20',
    heard: [OPENED, '2026-07-10 23:59:59 settlement-account:a1 raised final-warning'],
    shows: 'on the 30th date, both counted',
  },
  {
    tell: all(first, returns('2026-07-11T00:00', 'p2', A)),
    until: '2026-07-20',
    heard: [OPENED],
    shows: 'not on the 31st',
  },
  {
    tell: all(first, completes('2026-06-15T12:00', 'p0'), returns('2026-06-20T09:00', 'p2', A)),
    until: '2026-07-20',
    heard: [
      OPENED,
      over('2026-06-15 12:00'),
      '2026-06-20 09:00 settlement-account:a1 opened final-warning',
    ],
    shows: 'one made good in between counts too',
  },
  {
    tell: all(
      returns('2026-06-12T09:00', 'p2', A),
      returns('2026-06-11T09:00', 'p1', { ...A, arrives: '2026-06-13T10:00' }),
    ),
    until: '2026-07-20',
    heard: [
      '2026-06-12 09:00 settlement-account:a1 opened warning',
      '2026-06-13 10:00 settlement-account:a1 raised final-warning',
    ],
    shows: 'heard of in the other order',
  },
])('again: $shows', hears)

test.each<Row>([
  {
    tell: all(first, completes('2026-06-15T12:00', 'p9')),
    until: '2026-07-01',
    heard: [OPENED, over('2026-06-15 12:00')],
    shows: 'any payout that goes through',
  },
  {
    tell: all(first, completes('2026-06-15T12:00', 'p9', { accountRef: 'a2' })),
    until: '2026-07-01',
    heard: [OPENED, over('2026-06-15 12:00')],
    shows: 'to whichever account',
  },
  {
    tell: all(first, schedules('2026-06-15T12:00', 'p9', A)),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'not one that is only scheduled',
  },
  {
    tell: all(first, completes('2026-06-11T09:00', 'p0')),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'not one of the same instant',
  },
  {
    tell: all(first, completes('2026-06-10T12:00', 'p0', { arrives: '2026-06-12T10:00' })),
    until: '2026-07-01',
    heard: [OPENED],
    shows: 'not one from before, heard of later',
  },
  {
    tell: all(
      completes('2026-06-12T12:00', 'p2'),
      returns('2026-06-11T09:00', 'p1', { ...A, arrives: '2026-06-13T10:00' }),
    ),
    until: '2026-07-01',
    heard: [],
    shows: 'a return from before the last that went through opens nothing',
  },
  {
    tell: all(
      returns('2026-06-11T09:00', 'p1', { ...A, arrives: '2026-06-13T10:00' }),
      completes('2026-06-12T12:00', 'p2', { arrives: '2026-06-14T10:00' }),
    ),
    until: '2026-07-01',
    heard: [
      '2026-06-13 10:00 settlement-account:a1 opened warning',
      '2026-06-14 10:00 settlement-account:a1 retracted',
    ],
    shows: 'made good before it was told: never true',
  },
  {
    tell: all(
      first,
      returns('2026-06-20T09:00', 'p2', A),
      completes('2026-06-15T12:00', 'p9', { arrives: '2026-06-21T10:00' }),
    ),
    until: '2026-07-01',
    heard: [OPENED, '2026-06-20 09:00 settlement-account:a1 raised final-warning'],
    shows: 'the second return is not made good by what went through before it',
  },
  {
    tell: all(
      returns('2026-06-11T09:00', 'p1', A),
      returns('2026-06-12T09:00', 'p2', { accountRef: 'a2' }),
      completes('2026-06-15T12:00', 'p9'),
    ),
    until: '2026-07-01',
    heard: [
      OPENED,
      '2026-06-12 09:00 settlement-account:a2 opened warning',
      over('2026-06-15 12:00'),
      over('2026-06-15 12:00', 'settlement-account:a2'),
    ],
    shows: 'for all accounts at once',
  },
])('over: $shows', hears)

function hears({ tell, until, heard: expected }: Row): void {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

test('a record says which payout came back last, and why', () => {
  const shop = history()
  all(fails('2026-06-11T09:00', 'p1', A), returns('2026-06-12T09:00', 'p2', A))(shop)
  const { records } = play(shop.lines(), { policy: POLICY })
  expect(records.filter(({ detector }) => detector === DETECTOR)).toMatchObject([
    {
      stage: 'warning',
      value: 1,
      threshold: 1,
      limit: 2,
      seen: { payoutId: 'p1', returnCode: 'R02' },
    },
    {
      ...{ stage: 'final-warning', value: 2, threshold: 2, limit: 2, unit: 'returns' },
      consequence: 'payout-hold',
      seen: { payoutId: 'p2', returnCode: 'AC04', returnScheme: 'sepa-iso20022' },
      audience: ['merchant', 'operator'],
      isAbsence: false,
    },
  ])
})
