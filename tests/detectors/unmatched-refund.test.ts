import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row } from '../support/heard.ts'
import { history } from '../support/history.ts'
import type { Data } from '../support/history.ts'
import { accepts, all, recordsOf } from '../support/tellings.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'unmatched-refund'

let count = 0
type More = Data & Readonly<{ arrives?: string }>

/** A refund without a sale, on 10 June unless a date is given. */
const refunds =
  (time: string, amount: number, { arrives, ...more }: More = {}): Tell =>
  (shop) => {
    const local = time.includes('T') ? time : `2026-06-10T${time}`
    const data = { transactionId: `r-${count++}`, terminalId: 'T1', amount, currency: 'CNY' }
    const at = arrives === undefined ? {} : { arrives }
    shop.tell(local, 'card.refund', { ...data, matched: false, ...more }, at)
  }
const opened = (at: string, stage = 'warning') => `2026-06-${at} account opened ${stage}`
const CLEARED = '2026-06-13 account resolved cleared'

function check({ tell, until, heard: expected }: Row): void {
  const shop = history()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (tell: Tell, expected: readonly string[], shows: string): Row => ({
  ...{ tell, until: '2026-06-12', heard: expected, shows },
})

describe('one refund', () => {
  test.each<Row>([
    row(refunds('10:00', 49_999), [], 'of 499.99 is not worth a word'),
    row(refunds('10:00', 50_000), [opened('10 10:00')], 'of 500.00 is'),
    row(refunds('10:00', 50_000, { matched: true }), [], 'for which there was a sale'),
    row(refunds('10:00', 50_000, { matched: undefined }), [], 'of which nothing is said'),
    row(refunds('10:00', 90_000, { currency: 'USD' }), [], 'in another currency'),
  ])('$shows', check)
})

describe('several within a day', () => {
  const two = all(refunds('10:00', 100), refunds('11:00', 100))
  test.each<Row>([
    row(two, [], 'two'),
    row(all(two, refunds('12:00', 100)), [opened('10 12:00')], 'three'),
    row(
      all(two, refunds('12:00', 100, { currency: 'USD' })),
      [opened('10 12:00')],
      'one of them in another currency: it counts, and has no amount',
    ),
    row(all(two, refunds('12:00', 100, { matched: true })), [], 'one of them matched'),
    row(
      all(two, refunds('12:00', 100, { terminalId: 'T2' })),
      [opened('10 12:00')],
      'over all terminals',
    ),
    row(
      all(two, refunds('2026-06-11T09:59:59', 100)),
      [opened('11 09:59:59')],
      'within 288 panes of five minutes, the last among them',
    ),
    row(all(two, refunds('2026-06-11T10:00', 100)), [], 'the first is one pane too old'),
    row(
      all(refunds('10:04:59', 100), refunds('11:00', 100), refunds('2026-06-11T09:59:59', 100)),
      [opened('11 09:59:59')],
      'a pane is whole',
    ),
  ])('$shows', check)
})

describe('a merchant who came from elsewhere', () => {
  const moved =
    (migratedAt: string): Tell =>
    (shop) =>
      shop.registers('2025-01-01T08:00', { migratedAt })
  const large = refunds('10:00', 50_000)
  test.each<Row>([
    row(
      all(moved('2025-12-13'), large),
      [opened('10 10:00', 'notice')],
      '179 dates ago: no more than a notice',
    ),
    row(all(moved('2025-12-12'), large), [opened('10 10:00')], '180 dates ago'),
    row(
      all(moved('2025-12-12T23:59:59+08:00'), large),
      [opened('10 10:00')],
      'dates count, not hours',
    ),
    row(
      all(moved('2025-12-13'), large, refunds('2026-06-11T10:00', 50_000)),
      [opened('10 10:00', 'notice'), '2026-06-11 10:00 account raised warning'],
      'a day later it is raised',
    ),
  ])('$shows', check)
})

describe('what comes late', () => {
  const two = all(refunds('10:00', 100), refunds('11:00', 100))
  test.each<Row>([
    row(
      all(two, refunds('09:00', 100, { arrives: '2026-06-11T20:00' })),
      [opened('11 20:00')],
      'completes the windows that end after it',
    ),
    {
      tell: refunds('10:00', 50_000, { arrives: '2026-06-13T10:00' }),
      until: '2026-06-20',
      heard: [opened('13 10:00'), '2026-06-14 account resolved cleared'],
      shows: 'after 72 hours it still enters, and clears at the next close',
    },
    {
      tell: refunds('10:00', 50_000, { arrives: '2026-06-13T10:00:01' }),
      until: '2026-06-20',
      heard: [],
      shows: 'a second later it does not',
    },
    {
      tell: all(
        refunds('10:01', 50_000),
        refunds('10:00', 50_000, { arrives: '2026-06-13T09:00' }),
      ),
      until: '2026-06-30',
      heard: [opened('10 10:01'), CLEARED],
      shows: 'it says nothing new of a window that was told of before',
    },
  ])('$shows', check)
})

describe('its end', () => {
  const large = refunds('10:00', 50_000)
  test.each<Row>([
    {
      tell: large,
      until: '2026-06-30',
      heard: [opened('10 10:00'), CLEARED],
      shows: 'the close of the second day without one',
    },
    {
      tell: all(large, refunds('2026-06-12T10:00', 60_000)),
      until: '2026-06-30',
      heard: [opened('10 10:00'), '2026-06-15 account resolved cleared'],
      shows: 'another keeps it open',
    },
    {
      tell: all(large, refunds('2026-06-11T09:00', 10)),
      until: '2026-06-30',
      heard: [opened('10 10:00'), '2026-06-14 account resolved cleared'],
      shows: 'so does a small one whose day still holds the large one',
    },
    {
      tell: all(
        large,
        accepts(DETECTOR, '2026-06-10T12:00'),
        refunds('2026-09-07T10:00', 60_000),
        refunds('2026-09-08T10:00', 60_000),
      ),
      until: '2026-09-09',
      heard: [
        opened('10 10:00'),
        '2026-06-10 12:00 account resolved reviewed',
        '2026-09-08 10:00 account opened warning',
      ],
      shows: 'explained, it is silent for ninety days',
    },
  ])('$shows', check)
})

describe('a record', () => {
  test('says what it rests on', () => {
    const shop = history()
    all(
      refunds('10:00', 100, { matchFailure: 'no-original', cashierId: 'k1' }),
      refunds('11:00', 200, { matchFailure: 'different-card', terminalId: 'T2', cashierId: 'k1' }),
      refunds('12:00', 300, { cardToken: 'h1:a' }),
    )(shop)
    expect(recordsOf(shop, DETECTOR)).toMatchObject([
      {
        ...{ value: 3, threshold: 3, limit: 3, unit: 'refunds', k: 3, consequence: 'suspension' },
        window: { fromMs: shop.at('2026-06-09T12:05'), toMs: shop.at('2026-06-10T12:05') },
        seen: {
          ...{ count: 3, largest: 300, currency: 'CNY', cashiers: 'k1' },
          failures: 'no-original different-card',
        },
        ...{ audience: ['merchant', 'operator'], terminalIds: ['T1', 'T2'], source: 'E8' },
        evidence: [
          {
            ...{ eventId: 'M1-0', timeMs: shop.at('2026-06-10T10:00'), terminalId: 'T1' },
            ...{ amount: 100, currency: 'CNY' },
          },
          { amount: 200 },
          { amount: 300 },
        ],
      },
    ])
    expect(JSON.stringify(recordsOf(shop, DETECTOR))).not.toContain('h1:a')
  })

  test('names the amount where one is enough', () => {
    const shop = history()
    refunds('10:00', 60_000)(shop)
    expect(recordsOf(shop, DETECTOR)).toMatchObject([
      { value: 60_000, limit: 50_000, unit: 'minor-units', k: 1 },
    ])
  })

  test('shows the latest twenty', () => {
    const shop = history()
    all(
      refunds('09:00', 60_000),
      accepts(DETECTOR, '2026-06-10T09:10'),
      ...Array.from({ length: 24 }, (_, at) => refunds(`2026-09-07T23:${10 + at}`, 100)),
      refunds('2026-09-08T00:01', 100),
    )(shop)
    const last = recordsOf(shop, DETECTOR).at(-1)
    expect(last).toMatchObject({ reason: 'opened', value: 25, k: 25 })
    expect(last?.evidence).toHaveLength(20)
    expect(last?.evidence?.at(-1)?.timeMs).toBe(shop.at('2026-09-08T00:01'))
  })
})
