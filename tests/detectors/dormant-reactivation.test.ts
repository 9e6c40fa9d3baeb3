import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { dates, history } from '../support/history.ts'
import type { Data } from '../support/history.ts'
import { accepts, all, recordsOf } from '../support/tellings.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'dormant-reactivation'

type Before = Readonly<{ amount?: number; largest?: number; activatedOn?: string; lastOn?: string }>

/** One sale a day to the end of January at six in the evening: of 100.00, the last of 1000.00. */
function sleeper({
  amount = 10_000,
  largest = 100_000,
  activatedOn = '2025-12-01',
  lastOn = '2026-01-31',
}: Before = {}): Shop {
  const shop = history()
  shop.registers('2025-12-01T08:00')
  shop.activates(`${activatedOn}T08:10`)
  for (const date of dates('2026-01-01', lastOn)) {
    shop.sells(`${date}T18:00`, { amount: date === lastOn ? largest : amount })
  }
  return shop
}

const sells = (date: string, count: number, amount = 100, more: Data = {}): Tell =>
  all(
    ...Array.from({ length: count }, (_, at): Tell => (shop) => {
      shop.sells(`${date}T10:${String(at).padStart(2, '0')}`, { amount, ...more })
    }),
  )
const told =
  (local: string, type: string, data: Data): Tell =>
  (shop) =>
    shop.tell(local, type, data)
/** A sale among those that came in time, heard of later. */
const late =
  (local: string, arrives: string, more: Data = {}): Tell =>
  (shop) =>
    shop.sells(local, { amount: 100, arrives, ...more })
const opened = (at: string, stage = 'warning') => `2026-${at} account opened ${stage}`
const cleared = (date: string) => `2026-${date} account resolved cleared`
const W = opened('04-01 10:09')

type Case = Row & Readonly<{ before?: Before }>

function check({ tell, until, heard: expected, before }: Case): void {
  const shop = sleeper(before)
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (
  tell: Tell,
  expected: readonly string[],
  shows: string,
  { until = '2026-04-03T23:00', ...before }: Before & Readonly<{ until?: string }> = {},
): Case => ({ ...{ tell, until, heard: expected, shows }, before })

describe('after the 31st of January', () => {
  test.each<Case>([
    row(sells('2026-04-01', 10), [W], 'ten sales sixty dates later'),
    row(sells('2026-03-31', 10), [], 'fifty-nine dates later'),
    row(sells('2026-04-01', 9), [], 'nine sales are a shop that opens again'),
    row(
      all(sells('2026-04-01', 4), sells('2026-04-02', 4), sells('2026-04-03', 2)),
      [opened('04-03 10:01')],
      'ten on that date and the next two',
    ),
    row(
      all(sells('2026-04-01', 4), sells('2026-04-02', 4), sells('2026-04-04', 2)),
      [],
      'the fourth date is not watched',
      { until: '2026-04-05' },
    ),
    row(all(sells('2026-04-01', 1), sells('2026-04-04', 30)), [], 'whatever it brings', {
      until: '2026-04-05',
    }),
    row(sells('2026-04-01', 10, 0), [W], 'a sale of nothing is a sale'),
    row(sells('2026-04-01', 10, 100, { cardFlag: 'owner' }), [W], 'so is one by the owner'),
    row(sells('2026-04-01', 10, 100, { responseCode: '51' }), [], 'a decline is not'),
    row(
      all(
        ...dates('2026-02-01', '2026-03-31').map((date) =>
          sells(date, 3, 100, { responseCode: '51' }),
        ),
        sells('2026-04-01', 10),
      ),
      [W],
      'declines do not end the silence',
    ),
    row(
      all(sells('2026-03-01', 1, 100, { cardFlag: 'staff' }), sells('2026-04-01', 10)),
      [],
      'the first sale by anybody ends it',
    ),
  ])('$shows', check)

  test('without any activity before there is no silence', () => {
    const shop = history()
    shop.registers('2025-12-01T08:00')
    shop.activates('2025-12-01T08:10')
    sells('2026-04-01', 30)(shop)
    expect(heard(shop, DETECTOR, '2026-04-05')).toEqual([])
  })
})

describe('much money', () => {
  // Weeks of (30 × 500.00 + 3000.00 − three days) ÷ 4: 27 × 500.00 + 3000.00 in 28 days, 4125.00 a week.
  const busy = { amount: 50_000, largest: 300_000 }
  test.each<Case>([
    row(sells('2026-04-01', 2, 249_999), [], '4999.98', { largest: 300_000 }),
    row(
      sells('2026-04-01', 2, 250_000),
      [opened('04-01 10:01')],
      '5000.00, and three times a usual week',
      { largest: 300_000 },
    ),
    row(sells('2026-04-01', 2, 618_749), [], '12374.98 are not three times 4125.00', busy),
    row(sells('2026-04-01', 2, 618_750), [opened('04-01 10:01')], '12375.00 are', busy),
    row(
      all(sells('2026-04-01', 1, 618_750), sells('2026-04-03', 1, 618_750)),
      [opened('04-03 10:00')],
      'over three dates',
      busy,
    ),
    row(
      all(
        ...dates('2026-02-01', '2026-05-10').map((date) =>
          sells(date, 1, 100, { responseCode: '51' }),
        ),
        sells('2026-05-11', 2, 618_749),
      ),
      [],
      'what a week was is known after a hundred days of declines',
      { ...busy, until: '2026-05-12' },
    ),
    row(sells('2026-05-29', 2, 618_749), [], 'and after 118 days of nothing at all', {
      ...busy,
      until: '2026-05-30',
    }),
    row(sells('2026-09-29', 2, 618_749), [], 'and when single days have been forgotten', {
      ...busy,
      until: '2026-09-30',
    }),
    row(sells('2026-09-29', 2, 618_750), [opened('09-29 10:01')], 'which does not make it more', {
      ...busy,
      until: '2026-09-30',
    }),
    row(
      sells('2026-04-01', 9, 5_000_000, { currency: 'USD' }),
      [],
      'another currency is in no sum',
    ),
  ])('$shows', check)
})

describe('one large sale', () => {
  // The 99th percentile of 31 amounts is the largest, 1000.00, which is the upper edge of its bin.
  test.each<Case>([
    row(sells('2026-04-01', 1, 199_999), [], '1999.99 is not twice 1000.00'),
    row(sells('2026-04-01', 1, 200_000), [opened('04-01 10:00')], '2000.00 is'),
    row(
      all(sells('2026-04-01', 1), sells('2026-04-03', 1, 200_000)),
      [opened('04-03 10:00')],
      'on the third date too',
    ),
    row(all(sells('2026-04-01', 1), sells('2026-04-04', 1, 200_000)), [], 'not on the fourth', {
      until: '2026-04-05',
    }),
    row(
      sells('2026-09-29', 1, 200_000),
      [opened('09-29 10:00')],
      'when single days have been forgotten',
      { until: '2026-09-30' },
    ),
    row(
      sells('2026-04-01', 2, 200_000, { cardFlag: 'staff' }),
      [opened('04-01 10:00')],
      'by staff: said once',
    ),
  ])('$shows', check)
})

describe('what explains it', () => {
  const swap = { terminalId: 'T1', oldSerialNo: 'a', newSerialNo: 'b' }
  const ten = sells('2026-04-01', 10)
  const N = opened('04-01 10:09', 'notice')
  test.each<Case>([
    row(all(told('2026-03-20T09:00', 'terminal.replaced', swap), ten), [N], 'a terminal swapped'),
    row(
      all(
        told('2026-03-20T09:00', 'terminal.recovered', { terminalId: 'T1', faultClass: 'x' }),
        ten,
      ),
      [N],
      'or repaired',
    ),
    row(
      all(told('2026-03-20T09:00', 'merchant.reverified', { result: 'success' }), ten),
      [N],
      'or the merchant verified again',
    ),
    row(
      all(told('2026-03-20T09:00', 'merchant.reverified', { result: 'fail' }), ten),
      [W],
      'not when that failed',
    ),
    row(
      all(told('2026-01-31T17:59', 'terminal.replaced', swap), ten),
      [W],
      'not before the last activity',
    ),
    row(
      all(told('2026-01-31T18:01', 'terminal.replaced', swap), ten),
      [N],
      'after it on the same date',
    ),
    row(
      all(
        ten,
        told('2026-04-01T12:00', 'merchant.reverified', { result: 'success' }),
        sells('2026-04-02', 1),
      ),
      [W],
      'afterwards it takes nothing back',
    ),
  ])('$shows', check)
})

describe('a declared pause', () => {
  const pause = (from: string, to: string) =>
    told('2026-01-15T10:00', 'merchant.pause.declared', { from, to })
  const ten = sells('2026-04-01', 10)
  test.each<Case>([
    row(all(pause('2026-02-10', '2026-03-20'), ten), [], 'inside the silence'),
    row(all(pause('2026-01-31', '2026-02-10'), ten), [], 'that begins on its last day of trade'),
    row(all(pause('2026-04-01', '2026-04-20'), ten), [], 'that begins on the day it ends'),
    row(all(pause('2026-04-02', '2026-04-20'), ten), [W], 'a day later'),
    row(all(pause('2026-01-20', '2026-01-30'), ten), [W], 'before it'),
  ])('$shows', check)
})

describe('a new account', () => {
  test.each<Case>([
    row(sells('2026-04-01', 10), [], 'fourteen days after its activation', {
      activatedOn: '2026-03-18',
    }),
    row(sells('2026-04-01', 10), [W], 'fifteen days after it', { activatedOn: '2026-03-17' }),
  ])('$shows', check)
})

describe('voids and late sales', () => {
  const ten = sells('2026-04-01', 10)
  const retracted = (at: string) => `2026-${at} account retracted`
  const tenth: Tell = (shop) =>
    shop.sells('2026-04-01T10:30', { amount: 100, transactionId: 'tenth' })
  const voided = told('2026-04-01T11:00', 'card.void', {
    ...{ originalTransactionId: 'tenth', sameDay: true },
  })
  test.each<Case>([
    row(
      all(sells('2026-04-01', 9), tenth, voided),
      [opened('04-01 10:30'), retracted('04-01 11:00')],
      'the void of the tenth takes it back',
    ),
    row(
      all(
        (shop) => shop.sells('2026-04-01T10:00', { amount: 200_000, transactionId: 'tenth' }),
        voided,
        sells('2026-04-02', 3),
      ),
      [opened('04-01 10:00'), retracted('04-01 11:00')],
      'so does that of the one large sale',
    ),
    row(
      all(
        (shop) => shop.sells('2026-04-01T10:00', { amount: 100, transactionId: 'tenth' }),
        voided,
        sells('2026-04-03', 10),
      ),
      [opened('04-03 10:09')],
      'a first sale that is voided does not end the silence',
      { until: '2026-04-04' },
    ),
    row(
      all(
        (shop) => shop.sells('2026-04-01T10:00', { amount: 100, transactionId: 'tenth' }),
        sells('2026-04-02', 1),
        told('2026-04-02T11:00', 'card.void', {
          ...{ originalTransactionId: 'tenth', sameDay: false, amount: 100, currency: 'CNY' },
          originalTime: '2026-04-01T10:00:00+08:00',
        }),
        sells('2026-04-04', 9),
      ),
      [opened('04-04 10:08')],
      'nor does it when the void comes a day after: its three dates begin with the second sale',
      { until: '2026-04-05' },
    ),
    row(
      all(
        sells('2026-04-01', 6),
        sells('2026-04-02', 4),
        (shop) => shop.sells('2026-04-04T10:00', { amount: 100, transactionId: 'later' }),
        told('2026-04-04T11:00', 'card.void', { originalTransactionId: 'later', sameDay: true }),
      ),
      [opened('04-02 10:03'), cleared('04-05')],
      'the void of a fourth date makes no hit of a third without a sale',
      { until: '2026-04-07' },
    ),
    row(
      all(sells('2026-04-01', 9), late('2026-04-01T10:30', '2026-04-03T09:00')),
      [opened('04-03 09:00'), cleared('04-06')],
      'a sale heard of later completes the ten, of its date and of those up to today',
      { until: '2026-04-07' },
    ),
    row(
      all(ten, late('2026-03-01T10:00', '2026-04-02T09:00')),
      [W, retracted('04-02 09:00')],
      'a sale of long ago: there were never sixty days',
    ),
    row(
      all(ten, late('2026-03-31T10:00', '2026-04-02T09:00')),
      [W, retracted('04-02 09:00')],
      'a day before is as good',
    ),
    row(
      all(ten, late('2026-03-01T10:00', '2026-04-02T09:00', { cardFlag: 'staff' })),
      [W],
      'too late to be counted, one by staff moves nothing',
    ),
    row(
      all(sells('2026-05-11', 10), late('2026-02-10T10:00', '2026-05-12T09:00')),
      [opened('05-11 10:09')],
      'one that leaves ninety days leaves it true',
      { until: '2026-05-13' },
    ),
    row(
      all(sells('2026-05-11', 9), late('2026-05-10T10:00', '2026-05-11T10:20')),
      [opened('05-11 10:20')],
      'one of the day before is the first of the ten',
      { until: '2026-05-13' },
    ),
    row(
      all(sells('2026-05-11', 10), late('2026-05-08T12:00', '2026-05-11T11:00')),
      [opened('05-11 10:09'), retracted('05-11 11:00')],
      'three days before: the others are beyond its third date',
      { until: '2026-05-13' },
    ),
  ])('$shows', check)
})

describe('its end', () => {
  test.each<Case>([
    row(
      sells('2026-04-01', 10),
      [W, cleared('04-04')],
      'the close of the second day without a hit',
      { until: '2026-05-01' },
    ),
    row(
      all(...dates('2026-04-01', '2026-04-10').map((date) => sells(date, 10))),
      [W, cleared('04-06')],
      'the three dates are hits, the fourth is not',
      { until: '2026-05-01' },
    ),
    row(
      all(sells('2026-04-01', 10), accepts(DETECTOR, '2026-04-01T12:00'), sells('2026-04-02', 10)),
      [W, '2026-04-01 12:00 account resolved reviewed'],
      'explained, it is silent',
    ),
    row(
      all(sells('2026-04-01', 10), sells('2026-06-01', 10)),
      [W, cleared('04-04'), opened('06-01 10:09')],
      'another silence, another warning',
      { until: '2026-06-02' },
    ),
  ])('$shows', check)
})

test('a record says what it rests on, to the operator alone', () => {
  const shop = sleeper()
  sells('2026-04-01', 10)(shop)
  expect(recordsOf(shop, DETECTOR)).toMatchObject([
    {
      ...{ value: 10, threshold: 10, limit: 10, unit: 'sales', consequence: 'suspension' },
      window: { fromMs: shop.at('2026-04-01'), toMs: shop.at('2026-04-02') },
      seen: {
        ...{ gapDays: 60, lastSale: '2026-01-31', firstSale: '2026-04-01' },
        ...{ count: 10, sum: 1_000, currency: 'CNY', outliers: 0 },
      },
      ...{ audience: ['operator'], source: 'E1' },
    },
  ])
})
