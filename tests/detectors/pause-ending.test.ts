import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import type { Data } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'pause-ending'
const NOTICE = '2026-05-01 account opened notice'
const WARNING = '2026-05-24 account raised warning'
const OVER = '2026-06-01 account resolved cleared'

const declares = (from: string, to: string, local = '2026-02-01T10:00', more: object = {}) => {
  return (shop: Shop) => shop.tell(local, 'merchant.pause.declared', { from, to }, more)
}
/** To the end of May: 92 days, both dates counted. */
const spring = declares('2026-03-01', '2026-05-31')
const both =
  (...all: ((shop: Shop) => void)[]) =>
  (shop: Shop) => {
    for (const tell of all) tell(shop)
  }
const ends = (local: string) => (shop: Shop) => shop.tell(local, 'merchant.pause.ended', {})
const sells =
  (local: string, more: Data = {}) =>
  (shop: Shop) =>
    shop.sells(local, more)

test.each<Row>([
  { tell: spring, until: '2026-04-30T23:58', heard: [], shows: 'silent until thirty days before' },
  {
    tell: spring,
    until: '2026-12-31',
    heard: [NOTICE, WARNING, OVER],
    shows: 'over on the day after',
  },
  {
    tell: declares('2026-04-02', '2026-05-31'),
    until: '2026-12-31',
    heard: [],
    shows: 'sixty days are not worth a word',
  },
  {
    tell: declares('2026-04-01', '2026-05-31'),
    until: '2026-05-24',
    heard: [NOTICE, WARNING],
    shows: 'sixty-one are',
  },
  {
    tell: declares('2026-03-01', '2027-06-30'),
    until: '2027-03-02',
    heard: [
      '2027-01-30 account opened notice',
      '2027-02-22 account raised warning',
      '2027-03-02 account resolved cleared',
    ],
    shows: 'it ends after twelve months, whatever was declared',
  },
  {
    tell: declares('2026-03-01', '2026-05-31', '2026-05-25T10:00'),
    until: '2026-05-25T11:00',
    heard: ['2026-05-25 10:00 account opened warning'],
    shows: 'told late, it opens at the stage reached',
  },
  {
    tell: declares('2026-03-01', '2026-05-31', '2026-06-01T10:00'),
    until: '2026-12-31',
    heard: [],
    shows: 'told of when it is over, there is nothing to say',
  },
  {
    tell: both(spring, sells('2026-05-10T10:00')),
    until: '2026-12-31',
    heard: [NOTICE, '2026-05-10 10:00 account resolved cleared'],
    shows: 'a sale ends it',
  },
  {
    tell: both(spring, sells('2026-04-20T10:00', { arrives: '2026-05-10T10:00' })),
    until: '2026-12-31',
    heard: [NOTICE, '2026-05-10 10:00 account retracted'],
    shows: 'one that had ended it before the notice takes that back',
  },
  {
    tell: both(spring, sells('2026-05-10T10:00', { responseCode: '05' })),
    until: '2026-12-31',
    heard: [NOTICE, WARNING, OVER],
    shows: 'a decline does not end it',
  },
  {
    tell: both(spring, sells('2026-02-28T23:59')),
    until: '2026-05-01',
    heard: [NOTICE],
    shows: 'a sale on the evening before lies outside of it',
  },
  {
    tell: both(spring, ends('2026-04-15T10:00')),
    until: '2026-12-31',
    heard: [],
    shows: 'ended early, it needs no word',
  },
  {
    tell: both(spring, ends('2026-05-10T10:00')),
    until: '2026-12-31',
    heard: [NOTICE, '2026-05-10 10:00 account resolved cleared'],
    shows: 'ended early after the notice',
  },
  {
    tell: both(spring, declares('2026-06-01', '2026-06-30', '2026-05-10T10:00')),
    until: '2026-05-31',
    heard: [
      NOTICE,
      '2026-05-10 10:00 account resolved cleared',
      '2026-05-31 account opened notice',
    ],
    shows: 'one that adjoins it prolongs it: another end, another episode',
  },
  {
    tell: both(spring, declares('2026-06-02', '2026-08-31', '2026-05-10T10:00')),
    until: '2026-08-01',
    heard: [NOTICE, WARNING, OVER, '2026-08-01 account opened notice'],
    shows: 'one that leaves a day between is another pause',
  },
  {
    tell: both(spring, (shop) =>
      shop.tell('2026-05-10T10:00', 'cancellation.requested', { requestId: 'c' }),
    ),
    until: '2026-12-31',
    heard: [NOTICE, '2026-05-10 10:00 account resolved superseded'],
    shows: 'an account that leaves is let go',
  },
])('$shows', ({ tell, until, heard: expected }) => {
  const shop = history()
  shop.registers('2026-01-01T09:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
})

test('a record says what it rests on: the consequence begins on the day after', () => {
  const shop = history()
  spring(shop)
  const { records } = play(shop.lines(), { policy: POLICY, untilMs: shop.at('2026-05-02') })
  expect(records).toMatchObject([
    {
      ...{ value: 61, threshold: 61, limit: 92, unit: 'days', consequence: 'suspension' },
      seen: { pauseFrom: '2026-03-01', pauseTo: '2026-05-31' },
      isAbsence: false,
    },
  ])
})
