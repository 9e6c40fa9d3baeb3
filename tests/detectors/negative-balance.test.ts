import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { dates, history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'negative-balance'
type Tell = (shop: Shop) => void

/** In minor units. */
const stands =
  (local: string, balance: number, arrives = local, currency = 'CNY'): Tell =>
  (shop) =>
    shop.tell(local, 'balance.negative', { balance, currency }, { arrives })
const all =
  (...tellings: Tell[]): Tell =>
  (shop) => {
    for (const tell of tellings) tell(shop)
  }

const CLIMB = [
  '2026-06-02 account opened notice',
  '2026-06-08 account raised warning',
  '2026-07-01 account raised final-warning',
]
const falls = stands('2026-06-01T10:00', -5_000)

test.each<Row>([
  { tell: falls, until: '2026-06-01T23:58', heard: [], shows: 'the first day is let pass' },
  { tell: falls, until: '2027-06-01', heard: CLIMB, shows: '1, 7 and 30 days, and no consequence' },
  {
    tell: stands('2026-06-01T10:00', -101),
    until: '2026-06-02',
    heard: CLIMB.slice(0, 1),
    shows: '−1.01',
  },
  {
    tell: stands('2026-06-01T10:00', -100),
    until: '2026-12-31',
    heard: [],
    shows: '−1.00 starts nothing',
  },
  { tell: stands('2026-06-01T10:00', -1), until: '2026-12-31', heard: [], shows: 'nor does −0.01' },
  { tell: stands('2026-06-01T10:00', 0), until: '2026-12-31', heard: [], shows: 'nor does 0' },
  {
    tell: all(falls, stands('2026-06-03T10:00', 0)),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-03 10:00 account resolved cleared'],
    shows: '0 ends it',
  },
  {
    tell: all(falls, stands('2026-06-03T10:00', -1), stands('2026-06-04T10:00', -100)),
    until: '2026-07-01',
    heard: CLIMB,
    shows: 'anything between −1.00 and 0 does not',
  },
  {
    tell: all(falls, stands('2026-06-05T10:00', -200), stands('2026-06-09T10:00', -9_000)),
    until: '2026-07-01',
    heard: CLIMB,
    shows: 'more or less below zero is the same debt',
  },
  {
    tell: all(falls, stands('2026-06-01T23:59:59', 10)),
    until: '2026-12-31',
    heard: [],
    shows: 'made good the same day',
  },
  {
    tell: all(
      falls,
      stands('2026-06-03T10:00', 10),
      stands('2026-06-03T11:00', -50),
      stands('2026-06-03T12:00', -5_000),
    ),
    until: '2026-06-10',
    heard: [
      CLIMB[0]!,
      '2026-06-03 10:00 account resolved cleared',
      '2026-06-04 account opened notice',
      '2026-06-10 account raised warning',
    ],
    shows: 'made good and fallen again, it is another episode',
  },
  {
    tell: all(stands('2026-06-01T10:00', -50), stands('2026-06-05T10:00', -101)),
    until: '2026-06-06',
    heard: ['2026-06-06 account opened notice'],
    shows: 'days just below zero before it do not count',
  },
])('$shows', hears)

test.each<Row>([
  {
    tell: all(falls, stands('2026-06-01T20:00', 10, '2026-06-04T09:00')),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-04 09:00 account retracted'],
    shows: 'made good before it was told: never true',
  },
  {
    tell: all(falls, stands('2026-06-02T00:00', 10, '2026-06-04T09:00')),
    until: '2026-12-31',
    heard: [CLIMB[0]!, '2026-06-04 09:00 account resolved cleared'],
    shows: 'made good at the instant it was told: true until then',
  },
  {
    tell: stands('2026-06-01T10:00', -5_000, '2026-06-09T09:00'),
    until: '2026-07-01',
    heard: ['2026-06-09 09:00 account opened warning', CLIMB[2]!],
    shows: 'the fall itself, it opens at the stage reached',
  },
  {
    tell: all(falls, stands('2026-05-29T10:00', -300, '2026-06-03T09:00')),
    until: '2026-06-28',
    heard: [
      CLIMB[0]!,
      '2026-06-03 09:00 account resolved cleared',
      '2026-06-03 09:00 account opened notice',
      '2026-06-05 account raised warning',
      '2026-06-28 account raised final-warning',
    ],
    shows: 'it had fallen earlier: another date, so another episode',
  },
  {
    tell: all(
      falls,
      stands('2026-06-09T10:00', -5_000),
      stands('2026-06-04T10:00', 10, '2026-06-10T09:00'),
    ),
    until: '2026-06-16',
    heard: [
      ...CLIMB.slice(0, 2),
      '2026-06-10 09:00 account retracted',
      '2026-06-10 09:00 account opened notice',
      '2026-06-16 account raised warning',
    ],
    shows: 'made good in between: what was told last was not true, what stands began later',
  },
])('late: $shows', hears)

test.each<Row>([
  {
    tell: stands('2026-06-01T10:00', -5_000, undefined, 'USD'),
    until: '2026-12-31',
    heard: [],
    shows: 'starts nothing',
  },
  {
    tell: all(falls, stands('2026-06-03T10:00', 0, undefined, 'USD')),
    until: '2026-06-08',
    heard: CLIMB.slice(0, 2),
    shows: 'ends nothing',
  },
])('a balance in another currency $shows', hears)

function hears({ tell, until, heard: expected }: Row): void {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

test('another currency is counted as a mismatch', () => {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  stands('2026-06-01T10:00', -5_000, undefined, 'USD')(shop)
  const { notes } = play(shop.lines(), { policy: POLICY })
  expect(notes).toEqual([{ kind: 'currency-mismatch' }])
})

test('without a currency in the profile the first one seen is the account’s', () => {
  const shop = history({ zone: 'Asia/Tokyo' })
  shop.registers('2026-04-01T08:00', { country: 'JP' })
  // One yen is one major unit.
  stands('2026-06-01T10:00', -2, undefined, 'JPY')(shop)
  stands('2026-06-02T10:00', 0, undefined, 'CNY')(shop)
  expect(heard(shop, DETECTOR, '2026-06-02')).toEqual(CLIMB.slice(0, 1))
})

test('a balance told daily for months is one debt', () => {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  for (const date of dates('2026-06-01', '2026-12-31')) stands(`${date}T10:00`, -5_000)(shop)
  expect(heard(shop, DETECTOR, '2026-12-31')).toEqual(CLIMB)
})

test('a record says since when and how much, and names no date', () => {
  const shop = history()
  shop.registers('2026-04-01T08:00')
  all(falls, stands('2026-06-05T10:00', -7_000), stands('2026-06-06T10:00', -20))(shop)
  const { records } = play(shop.lines(), { policy: POLICY, untilMs: shop.at('2026-06-09') })
  expect(records.at(-1)).toMatchObject({
    ...{ stage: 'warning', value: 7, threshold: 7, limit: 30, unit: 'days' },
    ...{ consequence: 'cancellation-blocked', isAbsence: true },
    seen: { balance: -7_000, currency: 'CNY', since: '2026-06-01' },
  })
  expect(records.at(-1)?.consequenceOn).toBeUndefined()
})
