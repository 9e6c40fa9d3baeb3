import { describe, expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { dates, history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'volume-spike'
const OPENED = '2026-05-21 10:29 account opened notice'
const CLEARED = '2026-05-24 account resolved cleared'

/** So many sales on a date, one a minute from ten. */
const sells =
  (date: string, count: number, amount = 100, more: object = {}) =>
  (shop: Shop) => {
    const start = Temporal.PlainDateTime.from(`${date}T10:00`)
    for (let at = 0; at < count; at++) {
      shop.sells(start.add({ minutes: at }).toString(), { amount, ...more })
    }
  }
const all =
  (...tellings: ((shop: Shop) => void)[]) =>
  (shop: Shop) => {
    for (const tell of tellings) tell(shop)
  }

type Base = Readonly<{ from?: string; count?: number; activatedOn?: string; profile?: object }>

/** Ten sales of 100.00 on each day up to 20 May 2026: twenty trading days. */
function steady({
  from = '2026-05-01',
  count = 10,
  activatedOn = '2026-03-01',
  profile,
}: Base = {}) {
  const shop = history()
  shop.registers('2026-03-01T08:00', { mcc: '5999', ...profile })
  shop.activates(`${activatedOn}T08:10`)
  for (const date of dates(from, '2026-05-20')) sells(date, count, 10_000)(shop)
  return shop
}

function check({ tell, until, heard: expected, base }: Row & Readonly<{ base?: Base }>): void {
  const shop = steady(base)
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

describe('a day', () => {
  test.each<Row & Readonly<{ base?: Base }>>([
    {
      tell: sells('2026-05-21', 29),
      until: '2026-05-22',
      heard: [],
      shows: '29 sales are no three times ten',
    },
    {
      tell: sells('2026-05-21', 30),
      until: '2026-06-30',
      heard: [OPENED, CLEARED],
      shows: '30 are',
    },
    {
      base: { count: 4 },
      tell: sells('2026-05-21', 19),
      until: '2026-05-22',
      heard: [],
      shows: 'a small shop’s 19 are not worth a word',
    },
    {
      base: { count: 4 },
      tell: sells('2026-05-21', 20),
      until: '2026-05-22',
      heard: ['2026-05-21 10:19 account opened notice'],
      shows: 'its 20 are',
    },
    {
      tell: sells('2026-05-21', 1, 499_999),
      until: '2026-05-22',
      heard: [],
      shows: 'nor is a sum of 4999.99',
    },
    {
      tell: sells('2026-05-21', 1, 500_000),
      until: '2026-05-22',
      heard: ['2026-05-21 10:00 account opened notice'],
      shows: 'one of 5000.00 is',
    },
    {
      base: { count: 20 },
      tell: sells('2026-05-21', 1, 599_999),
      until: '2026-05-22',
      heard: [],
      shows: '5999.99 is no three times 2000.00',
    },
    {
      base: { count: 20 },
      tell: sells('2026-05-21', 1, 600_000),
      until: '2026-05-22',
      heard: ['2026-05-21 10:00 account opened notice'],
      shows: '6000.00 is',
    },
    {
      tell: sells('2026-05-21', 29, 100_000, { currency: 'USD' }),
      until: '2026-05-22',
      heard: [],
      shows: 'another currency is in no sum',
    },
    {
      tell: sells('2026-05-21', 30, 100, { currency: 'USD' }),
      until: '2026-05-22',
      heard: [OPENED],
      shows: 'but it counts',
    },
    {
      tell: sells('2026-05-21', 40, 100_000, { responseCode: '05' }),
      until: '2026-05-22',
      heard: [],
      shows: 'declines are no sales',
    },
    {
      tell: sells('2026-05-21', 40, 100_000, { processingCode: '030000' }),
      until: '2026-05-22',
      heard: [],
      shows: 'nor are pre-authorisations',
    },
  ])('$shows', check)
})

describe('the stage warning', () => {
  test.each<Row>([
    {
      tell: sells('2026-05-21', 69),
      until: '2026-05-22',
      heard: [OPENED],
      shows: '69 are not seven times ten',
    },
    {
      tell: sells('2026-05-21', 70),
      until: '2026-05-22',
      heard: [OPENED, '2026-05-21 11:09 account raised warning'],
      shows: '70 are',
    },
    {
      tell: sells('2026-05-21', 1, 700_000),
      until: '2026-05-22',
      heard: ['2026-05-21 10:00 account opened warning'],
      shows: 'a sum of seven times opens at it',
    },
    {
      tell: all(sells('2026-05-21', 30), sells('2026-05-22', 30)),
      until: '2026-05-23',
      heard: [OPENED, '2026-05-22 10:29 account raised warning'],
      shows: 'two trading days in a row',
    },
    {
      tell: all(sells('2026-05-21', 30), sells('2026-05-22', 1), sells('2026-05-23', 30)),
      until: '2026-05-24',
      heard: [OPENED],
      shows: 'an ordinary day between them',
    },
    {
      tell: all(
        ...dates('2026-05-21', '2026-05-24').map((it) => sells(it, 70)),
        sells('2026-05-25', 35),
      ),
      until: '2026-06-30',
      heard: [
        OPENED,
        '2026-05-21 11:09 account raised warning',
        '2026-05-28 account resolved cleared',
      ],
      shows: 'while it stands, its own days are no measure of the next',
    },
    {
      tell: all(sells('2026-05-21', 30), sells('2026-05-25', 30)),
      until: '2026-05-26',
      heard: [OPENED, CLEARED, '2026-05-25 10:29 account opened warning'],
      shows: 'days without sales are skipped, and an earlier episode’s hit counts',
    },
  ])('$shows', check)
})

describe('a week', () => {
  test.each<Row>([
    {
      tell: all(
        sells('2026-05-21', 1, 4_000_000),
        ...dates('2026-05-22', '2026-05-30').map((it) => sells(it, 1)),
      ),
      until: '2026-06-30',
      heard: ['2026-05-21 10:00 account opened warning', '2026-05-29 account resolved cleared'],
      shows: 'keeps it open as long as the seven days hold its sum',
    },
    {
      tell: sells('2026-05-21', 1, 2_800_000),
      until: '2026-06-30',
      heard: ['2026-05-21 10:00 account opened warning', CLEARED],
      shows: '34000.00 in seven trading days is too little for a week',
    },
  ])('$shows', check)
})

describe('what it is compared with', () => {
  test.each<Row & Readonly<{ base?: Base }>>([
    {
      base: { from: '2026-05-02' },
      tell: sells('2026-05-21', 800, 100_000),
      until: '2026-05-22',
      heard: [],
      shows: '19 trading days, and no merchants alike',
    },
    {
      base: { from: '2026-05-02', profile: { mcc: '5411' } },
      tell: sells('2026-05-21', 179),
      until: '2026-05-22',
      heard: [],
      shows: 'grocers sell sixty times a day: 179',
    },
    {
      base: { from: '2026-05-02', profile: { mcc: '5411' } },
      tell: sells('2026-05-21', 430),
      until: '2026-05-22',
      heard: ['2026-05-21 12:59 account opened notice'],
      shows: '180, and never more than the first stage',
    },
    {
      base: { from: '2026-05-02', profile: { mcc: '5411' } },
      tell: sells('2026-05-21', 1, 1_200_000),
      until: '2026-05-22',
      heard: ['2026-05-21 10:00 account opened notice'],
      shows: 'or three times their 4000.00',
    },
    {
      tell: all(sells('2026-05-19', 20), sells('2026-05-20', 19), sells('2026-05-21', 30)),
      until: '2026-05-22',
      heard: [OPENED],
      shows: 'the two highest of twenty days are left out',
    },
    {
      tell: all(
        ...['18', '19', '20'].map((day) => sells(`2026-05-${day}`, 15)),
        sells('2026-05-21', 30),
      ),
      until: '2026-05-22',
      heard: [],
      shows: 'the third highest is not',
    },
    {
      base: { activatedOn: '2026-05-06' },
      tell: sells('2026-05-21', 30),
      until: '2026-05-22',
      heard: [OPENED],
      shows: 'fifteen days after the activation it is judged',
    },
    {
      base: { activatedOn: '2026-05-07' },
      tell: sells('2026-05-21', 30),
      until: '2026-05-22',
      heard: [],
      shows: 'fourteen days after it is not',
    },
    {
      tell: all(
        (shop) =>
          shop.tell('2026-05-20T20:00', 'merchant.pause.declared', {
            from: '2026-05-21',
            to: '2026-05-30',
          }),
        sells('2026-05-21', 30),
        sells('2026-05-22', 30),
      ),
      until: '2026-05-23',
      heard: ['2026-05-22 10:29 account opened notice'],
      shows: 'the day that breaks a pause belongs to it',
    },
  ])('$shows', check)

  test('days on which it stood at warning are no measure, those at notice are', () => {
    const shop = steady()
    sells('2026-05-21', 70)(shop)
    sells('2026-05-22', 1)(shop)
    sells('2026-06-10', 30)(shop)
    sells('2026-06-15', 1)(shop)
    sells('2026-06-20', 30)(shop)
    const untilMs = shop.at('2026-06-21')
    const { records } = play(shop.lines(), { policy: POLICY, untilMs })
    const told = records.filter(
      ({ reason, detector }) => reason === 'opened' && detector === DETECTOR,
    )
    expect(told.map(({ historyDays }) => historyDays)).toEqual([20, 20, 22])
  })
})

describe('voids and late sales', () => {
  const undo =
    (local: string, arrives = local) =>
    (shop: Shop) => {
      shop.tell(local, 'card.void', { originalTransactionId: 'tx-30', sameDay: true }, { arrives })
    }
  const late = (arrives: string) => (shop: Shop) => {
    shop.sells('2026-05-21T10:29', { arrives, amount: 100 })
  }
  /** Undone by a time-out before it is heard of itself. */
  const overtaken = (shop: Shop) => {
    shop.tell('2026-05-21T11:00:01', 'card.reversal', {
      ...{ originalTransactionId: 'tx-31', originalTime: '2026-05-21T11:00:00+08:00' },
      ...{ terminalId: 'T1', amount: 100, currency: 'CNY', reversalType: 'system-timeout' },
    })
    const arrives = '2026-05-21T11:00:02'
    shop.sells('2026-05-21T11:00', { amount: 100, transactionId: 'tx-31', arrives })
  }
  const thirty = all(sells('2026-05-21', 29), (shop) =>
    shop.sells('2026-05-21T10:29', { amount: 100, transactionId: 'tx-30' }),
  )

  test.each<Row>([
    {
      tell: all(thirty, undo('2026-05-21T10:40')),
      until: '2026-05-22',
      heard: [OPENED, '2026-05-21 10:40 account retracted'],
      shows: 'the void of the thirtieth takes it back',
    },
    {
      tell: all(thirty, sells('2026-05-21', 1), undo('2026-05-21T10:40')),
      until: '2026-05-22',
      heard: ['2026-05-21 10:28 account opened notice'],
      shows: 'where thirty are left it stands',
    },
    {
      tell: all(sells('2026-05-21', 30), overtaken),
      until: '2026-06-30',
      heard: [OPENED, CLEARED],
      shows: 'a reversal that overtakes its sale takes nothing from the others',
    },
    {
      tell: all(sells('2026-05-21', 29), overtaken),
      until: '2026-06-30',
      heard: [],
      shows: 'nor does that sale count when it comes',
    },
    {
      tell: all(sells('2026-05-21', 29), late('2026-05-22T09:00')),
      until: '2026-05-25',
      heard: ['2026-05-22 09:00 account opened notice', CLEARED],
      shows: 'a sale heard of on the next day completes the day it belongs to',
    },
    {
      tell: all(sells('2026-05-21', 29), late('2026-05-24T10:29')),
      until: '2026-05-26',
      heard: ['2026-05-24 10:29 account opened notice', '2026-05-25 account resolved cleared'],
      shows: 'after 72 hours it still does',
    },
    {
      tell: all(sells('2026-05-21', 29), late('2026-05-24T10:29:01')),
      until: '2026-05-26',
      heard: [],
      shows: 'a second later it does not',
    },
  ])('$shows', check)
})

test('a record says what it rests on', () => {
  const shop = steady()
  sells('2026-05-21', 30)(shop)
  const { records } = play(shop.lines(), { policy: POLICY })
  expect(records).toMatchObject([
    {
      ...{ value: 30, threshold: 30, limit: 30, unit: 'sales', baseline: 10, historyDays: 20 },
      window: { fromMs: shop.at('2026-05-21'), toMs: shop.at('2026-05-22') },
      seen: { count: 30, sum: 3_000, currency: 'CNY' },
      audience: ['operator'],
    },
  ])
})
