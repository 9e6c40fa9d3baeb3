import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row } from '../support/heard.ts'
import { history } from '../support/history.ts'
import type { Data } from '../support/history.ts'
import { accepts, all, recordsOf } from '../support/tellings.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'round-amount'

/** Sales of a date, one a minute from ten, so many at each amount in major units; the first amounts first. */
const sells = (date: string, ...of: readonly (readonly [count: number, amount: number])[]): Tell =>
  all(
    ...of
      .flatMap(([count, amount]) => Array.from({ length: count }, () => amount))
      .map((amount, at) => sale(`${date}T10:${String(at).padStart(2, '0')}`, amount)),
  )
const sale =
  (local: string, amount: number, more: Data & Readonly<{ arrives?: string }> = {}): Tell =>
  (shop) =>
    shop.sells(local, { amount: Math.round(amount * 100), ...more })
const ROUND = 1_500
const ODD = 1_499.99
/** Six of ten are surely three in ten: the lower end of the interval is 31.3 %. */
const TEN: readonly (readonly [number, number])[] = [
  [4, ODD],
  [6, ROUND],
]
const opened = (at: string, stage = 'notice') => `2026-06-${at} account opened ${stage}`
const cleared = (date: string) => `2026-06-${date} account resolved cleared`

function check({ tell, until, heard: expected }: Row): void {
  const shop = history()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (tell: Tell, expected: readonly string[], shows: string, until = '2026-06-12') => ({
  ...{ tell, until, heard: expected, shows },
})

describe('seven days', () => {
  test.each<Row>([
    row(sells('2026-06-10', ...TEN), [opened('10 10:09')], 'six round ones of ten'),
    row(sells('2026-06-10', [5, ODD], [5, ROUND]), [], 'five of ten may be chance'),
    row(sells('2026-06-10', [9, ROUND]), [], 'nine sales are too few'),
    row(sells('2026-06-10', [5, ODD], [7, ROUND]), [opened('10 10:11')], 'seven of twelve'),
    row(sells('2026-06-10', [7, ODD], [7, ROUND]), [], 'seven of fourteen: 26.8 %'),
    row(sells('2026-06-10', [4, ODD], [6, 1_000]), [opened('10 10:09')], '1000.00 is large'),
    row(sells('2026-06-10', [20, 500]), [], '500.00 is not'),
    row(sells('2026-06-10', [4, ODD], [6, 1_200]), [], '1200.00 is not round'),
    row(
      all(
        sells('2026-06-10', [4, ODD], [5, ROUND]),
        sale('2026-06-10T12:00', 2_000, { currency: 'USD' }),
      ),
      [],
      'another currency is not looked at',
    ),
    row(
      all(
        sells('2026-06-10', [4, ODD], [5, ROUND]),
        sale('2026-06-10T12:00', 2_000, { responseCode: '51' }),
      ),
      [],
      'a decline is no sale',
    ),
    row(
      all(sells('2026-06-10', [40, 999]), sells('2026-06-11', ...TEN)),
      [opened('11 10:09')],
      'small sales are in neither number',
    ),
    row(
      all(sells('2026-06-04', [4, ODD]), sells('2026-06-10', [6, ROUND])),
      [opened('10 10:05')],
      'the day itself and the six before',
      '2026-06-11',
    ),
    row(all(sells('2026-06-03', [4, ODD]), sells('2026-06-10', [6, ROUND])), [], 'not the seventh'),
  ])('$shows', check)
})

describe('where prices are round', () => {
  test.each([
    ['8211', []],
    ['8299', []],
    ['8300', [opened('10 10:09')]],
    ['6513', []],
    ['8398', []],
    ['5541', []],
    ['5542', []],
    ['5947', []],
    ['6540', []],
    ['5065', [opened('10 10:09')]],
  ])('category %s', (mcc, expected) => {
    const shop = history()
    shop.registers('2026-01-01T08:00', { mcc })
    sells('2026-06-10', ...TEN)(shop)
    expect(heard(shop, DETECTOR, '2026-06-12')).toEqual(expected)
  })
})

describe('the stage warning', () => {
  const repeats = (date: string, minute = 0): Tell =>
    all(
      ...[0, 1, 2].map((at) =>
        sale(`${date}T09:${String(minute + at).padStart(2, '0')}`, 60, { cardToken: 'h1:a' }),
      ),
    )
  test.each<Row>([
    row(
      all(repeats('2026-06-10'), sells('2026-06-10', ...TEN)),
      [opened('10 10:09', 'warning')],
      'while another behaviour is open it opens at it',
    ),
    row(
      all(sells('2026-06-10', ...TEN), repeats('2026-06-11'), sale('2026-06-11T12:00', ROUND)),
      [opened('10 10:09'), '2026-06-11 12:00 account raised warning'],
      'at the next hit of its own',
    ),
    row(
      all(sells('2026-06-10', ...TEN), repeats('2026-06-11')),
      [opened('10 10:09')],
      'not by the other’s opening alone',
    ),
    row(
      all(
        sells('2026-06-10', [4, ODD], [5, ROUND]),
        sale('2026-06-10T11:00', ROUND, { cardToken: 'h1:a' }),
        sale('2026-06-10T11:01', ROUND, { cardToken: 'h1:a' }),
        sale('2026-06-10T11:02', ROUND, { cardToken: 'h1:a' }),
      ),
      [opened('10 11:00'), '2026-06-10 11:02 account raised warning'],
      'what the same sale opens counts',
    ),
    row(
      all(
        sells('2026-06-10', ...TEN),
        repeats('2026-06-10', 30),
        accepts('repeat-card', '2026-06-10T09:40'),
      ),
      [opened('10 10:09')],
      'one that has ended does not',
    ),
  ])('$shows', check)

  test.each([['fee-overdue', '2026-05-20', 'a deadline is no behaviour']])(
    '%s: %s',
    (_detector, dueDate) => {
      const shop = history()
      const bill = { invoiceId: 'i', feeType: 'pci', amount: 12_000, currency: 'CNY', dueDate }
      shop.tell('2026-05-10T10:00', 'fee.invoiced', bill)
      sells('2026-06-10', ...TEN)(shop)
      expect(heard(shop, 'fee-overdue', '2026-06-12')).not.toEqual([])
      expect(heard(shop, DETECTOR, '2026-06-12')).toEqual([opened('10 10:09')])
    },
  )

  test('what was told beside another is true after that one has ended', () => {
    const shop = history()
    all(
      repeats('2026-06-10'),
      sells('2026-06-10', ...TEN),
      sale('2026-06-13T10:00', ODD, { arrives: '2026-06-14T09:00' }),
    )(shop)
    expect(heard(shop, 'repeat-card', '2026-06-13')).toHaveLength(2)
    expect(heard(shop, DETECTOR, '2026-06-14T12:00')).toEqual([opened('10 10:09', 'warning')])
  })
})

describe('voids, partial reversals and late sales', () => {
  const tenth = sale('2026-06-10T10:30', ROUND, { transactionId: 'tenth' })
  const nine = sells('2026-06-10', [4, ODD], [5, ROUND])
  const told =
    (local: string, type: string, data: Data): Tell =>
    (shop) =>
      shop.tell(local, type, { originalTransactionId: 'tenth', ...data })
  const late = (arrives: string) => sale('2026-06-10T10:30', ROUND, { arrives })
  test.each<Row>([
    row(
      all(nine, tenth, told('2026-06-10T11:00', 'card.void', { sameDay: true })),
      [opened('10 10:30'), '2026-06-10 11:00 account retracted'],
      'the void of the tenth takes it back',
    ),
    row(
      all(
        nine,
        tenth,
        told('2026-06-10T11:00', 'card.reversal', {
          ...{ reversalType: 'partial', amount: 100, currency: 'CNY' },
        }),
      ),
      [opened('10 10:30'), '2026-06-10 11:00 account retracted'],
      'so does what is taken off it',
    ),
    row(
      all(
        nine,
        tenth,
        sells('2026-06-12', [1, ROUND]),
        told('2026-06-13T11:00', 'card.void', {
          ...{ sameDay: false, originalTime: '2026-06-10T10:30:00+08:00' },
          ...{ amount: 150_000, currency: 'CNY' },
        }),
      ),
      [opened('10 10:30')],
      'a later day of the episode still has its ten: it stands',
      '2026-06-14',
    ),
    row(
      all(
        sells('2026-06-10', [9, 100]),
        ...['a', 'b', 'c', 'd'].map(
          (id): Tell =>
            (shop) =>
              shop.tell('2026-06-10T12:00', 'card.void', {
                ...{ originalTransactionId: id, sameDay: true, currency: 'CNY' },
                ...{ originalTime: '2026-06-10T10:00:00+08:00', amount: 150_000 },
              }),
        ),
        sells('2026-06-11', [3, ODD], [3, ROUND]),
      ),
      [],
      'voids of sales that never were leave no number below zero',
    ),
    row(
      all(nine, late('2026-06-13T10:30')),
      [opened('13 10:30')],
      'after 72 hours a sale still enters its day',
      '2026-06-14',
    ),
    row(all(nine, late('2026-06-13T10:30:01')), [], 'a second later it does not', '2026-06-14'),
  ])('$shows', check)
})

describe('its end', () => {
  test.each<Row>([
    row(
      sells('2026-06-10', ...TEN),
      [opened('10 10:09'), cleared('18')],
      'the first close at which the seven days do not hold ten',
      '2026-06-30',
    ),
    row(
      all(sells('2026-06-10', ...TEN), sells('2026-06-12', [6, ODD])),
      [opened('10 10:09'), cleared('13')],
      'or not enough of them round',
      '2026-06-30',
    ),
    row(
      all(sells('2026-06-10', ...TEN), sells('2026-06-14', ...TEN)),
      [opened('10 10:09'), cleared('22')],
      'as long as they do it stands',
      '2026-06-30',
    ),
    row(
      all(
        sells('2026-06-10', [4, ODD], [5, ROUND]),
        sale('2026-06-11T00:00:10', ROUND),
        ...['20', '30', '40', '50'].map((second) => sale(`2026-06-11T00:00:${second}`, ODD)),
      ),
      ['2026-06-11 00:00:10 account opened notice', cleared('12')],
      'opened after midnight, it is not closed by the day before, which is judged a minute later',
      '2026-06-30',
    ),
    row(
      all(
        sells('2026-06-10', ...TEN),
        accepts(DETECTOR, '2026-06-11T12:00'),
        sale('2026-08-01T10:00', 10),
        sells('2026-09-08', ...TEN),
        sells('2026-09-09', [1, ROUND]),
      ),
      [
        opened('10 10:09'),
        '2026-06-11 12:00 account resolved reviewed',
        '2026-09-09 10:00 account opened notice',
      ],
      'explained, it is silent for ninety days',
      '2026-09-10',
    ),
  ])('$shows', check)
})

test('a record says what it rests on', () => {
  const shop = history()
  sells('2026-06-10', ...TEN)(shop)
  expect(recordsOf(shop, DETECTOR)).toMatchObject([
    {
      ...{ value: 3_126, threshold: 3_000, limit: 3_000, unit: 'basis-points', k: 6, n: 10 },
      window: { fromMs: shop.at('2026-06-04'), toMs: shop.at('2026-06-11') },
      ...{ seen: { round: 6, large: 10 }, audience: ['operator'], source: 'CN11' },
    },
  ])
})
