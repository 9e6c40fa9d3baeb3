import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row } from '../support/heard.ts'
import { history } from '../support/history.ts'
import type { Data } from '../support/history.ts'
import { accepts, all, recordsOf } from '../support/tellings.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'repeat-card'

/** A sale to one card, on 10 June unless a date is given. */
const pays =
  (time: string, amount = 5_000, more: Data & Readonly<{ arrives?: string }> = {}): Tell =>
  (shop) => {
    const local = time.includes('T') ? time : `2026-06-10T${time}`
    shop.sells(local, { amount, cardToken: 'h1:a', ...more })
  }
const times = (count: number, amountOf: (at: number) => number, date = '2026-06-10', more = {}) =>
  all(
    ...Array.from({ length: count }, (_, at) =>
      pays(`${date}T10:${String(at).padStart(2, '0')}`, amountOf(at), more),
    ),
  )
const same = (count: number, date = '2026-06-10', more = {}) =>
  times(count, () => 5_000, date, more)
const mixed = (count: number, date = '2026-06-10') => times(count, (at) => 5_000 + at, date)
const opened = (at: string, stage = 'notice') => `2026-06-${at} account opened ${stage}`
const raised = (at: string) => `2026-${at} account raised warning`
const CLEARED = '2026-06-13 account resolved cleared'

function check({ tell, until, heard: expected }: Row): void {
  const shop = history()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (tell: Tell, expected: readonly string[], shows: string, until = '2026-06-12') => ({
  ...{ tell, until, heard: expected, shows },
})

describe('a day', () => {
  test.each<Row>([
    row(same(2), [], 'twice the same'),
    row(same(3), [opened('10 10:02')], 'thrice the same'),
    row(mixed(4), [], 'four of different amounts'),
    row(mixed(5), [opened('10 10:04')], 'five'),
    row(
      times(4, (at) => (at === 0 ? 6_000 : 5_000)),
      [opened('10 10:03')],
      'another between them',
    ),
    row(
      times(3, () => 4_999),
      [],
      'of 49.99 nothing is tallied',
    ),
    row(
      times(9, () => 4_999),
      [],
      'however often',
    ),
    row(all(same(2), pays('11:00', 5_000, { cardToken: 'h1:b' })), [], 'two cards are two cards'),
    row(
      all(same(2), pays('11:00', 5_000, { terminalId: 'T2' })),
      [opened('10 11:00')],
      'over all terminals of the account',
    ),
    row(same(3, '2026-06-10', { cardToken: undefined, last4: '4821' }), [], 'without a token'),
    row(same(3, '2026-06-10', { responseCode: '51' }), [], 'declines are no sales'),
    row(same(3, '2026-06-10', { processingCode: '030000' }), [], 'nor are pre-authorisations'),
    row(all(pays('09:00'), same(3, '2026-06-10', { currency: 'USD' })), [], 'in another currency'),
    row(all(same(2, '2026-06-10'), same(2, '2026-06-11')), [], 'two on each of two days'),
    row(
      all(pays('23:58'), pays('23:59'), pays('2026-06-11T00:00')),
      [],
      'midnight is between them',
    ),
    row(same(3, '2026-06-10', { cardFlag: 'owner' }), [opened('10 10:02')], 'a card of the owner'),
  ])('$shows', check)
})

describe('where a card ordinarily pays often', () => {
  test.each([
    ['4111', []],
    ['4131', []],
    ['4784', []],
    ['7523', []],
    ['5814', []],
    ['5499', []],
    ['5812', [opened('10 10:02')]],
  ])('category %s', (mcc, expected) => {
    const shop = history()
    shop.registers('2026-01-01T08:00', { mcc })
    same(3)(shop)
    expect(heard(shop, DETECTOR, '2026-06-12')).toEqual(expected)
  })
})

describe('the stage warning', () => {
  test.each<Row>([
    row(
      all(same(3), same(3, '2026-06-11')),
      [opened('10 10:02'), raised('06-11 10:02')],
      'a second day',
    ),
    row(same(9), [opened('10 10:02')], 'more on the same day'),
    row(
      all(same(3), same(3, '2026-07-09')),
      [opened('10 10:02'), CLEARED, '2026-07-09 10:02 account opened warning'],
      'the 29 dates before count, of an earlier episode too',
      '2026-07-10',
    ),
    row(
      all(same(3), same(3, '2026-07-10')),
      [opened('10 10:02'), CLEARED, '2026-07-10 10:02 account opened notice'],
      'the thirtieth does not',
      '2026-07-11',
    ),
  ])('$shows', check)
})

describe('voids and partial reversals', () => {
  const third = pays('10:30', 5_000, { transactionId: 'third' })
  const undoes =
    (local: string, more: Data = {}): Tell =>
    (shop) =>
      shop.tell(local, 'card.void', { originalTransactionId: 'third', sameDay: true, ...more })
  const reduces =
    (amount: number): Tell =>
    (shop) =>
      shop.tell('2026-06-10T10:40', 'card.reversal', {
        ...{ originalTransactionId: 'third', reversalType: 'partial', amount, currency: 'CNY' },
      })
  const original = { originalTime: '2026-06-10T10:30:00+08:00', amount: 5_000, currency: 'CNY' }
  test.each<Row>([
    row(
      all(same(2), third, undoes('2026-06-10T10:40')),
      [opened('10 10:30'), '2026-06-10 10:40 account retracted'],
      'the void of the third takes it back',
    ),
    row(
      all(same(3), third, undoes('2026-06-10T10:40')),
      [opened('10 10:02')],
      'where three are left it stands',
    ),
    row(
      all(same(2), third, undoes('2026-06-10T10:40'), pays('11:00')),
      [
        opened('10 10:30'),
        '2026-06-10 10:40 account retracted',
        '2026-06-10 11:00 account opened notice',
      ],
      'a third after it is a third',
    ),
    row(
      all(same(2), third, reduces(1)),
      [opened('10 10:30'), '2026-06-10 10:40 account retracted'],
      'of another amount it is not the same',
    ),
    row(
      all(same(2), pays('10:30', 6_000, { transactionId: 'third' }), reduces(1_000)),
      [opened('10 10:40')],
      'a partial reversal makes it the same',
    ),
    row(
      all(same(2), third, undoes('2026-06-10T18:00', { ...original, cardToken: 'h1:a' })),
      [opened('10 10:30'), '2026-06-10 18:00 account retracted'],
      'the ring still holds it after hours without an attempt',
    ),
    row(
      all(
        same(2),
        third,
        pays('14:00', 9_000, { cardToken: 'h1:z' }),
        undoes('2026-06-10T18:00', { ...original, cardToken: 'h1:a' }),
      ),
      [opened('10 10:30'), '2026-06-10 18:00 account retracted'],
      'out of the ring, what the void says of it is taken',
    ),
    row(
      all(
        same(2),
        third,
        pays('14:00', 9_000, { cardToken: 'h1:z' }),
        undoes('2026-06-10T18:00', original),
      ),
      [opened('10 10:30')],
      'without its card nothing is known of whose it was',
    ),
    row(
      all(undoes('2026-06-10T10:20'), same(2), third),
      [],
      'a void that came first undoes it when it comes',
    ),
  ])('$shows', check)
})

describe('what comes late', () => {
  const late = (arrives: string) => pays('10:30', 5_000, { arrives })
  test.each<Row>([
    row(
      all(same(2), late('2026-06-11T10:30')),
      [opened('11 10:30'), CLEARED],
      'after a day it still completes the day it belongs to',
      '2026-06-30',
    ),
    row(all(same(2), late('2026-06-11T10:30:01')), [], 'a second later it does not'),
    row(
      all(same(3), pays('2026-06-11T23:00', 7_000), pays('2026-06-12T08:00', 7_000), (shop) =>
        shop.tell('2026-06-12T09:00', 'card.void', {
          ...{ originalTransactionId: 'z', sameDay: false, cardToken: 'h1:a' },
          ...{ originalTime: '2026-06-11T23:00:00+08:00', amount: 7_000, currency: 'CNY' },
        }),
      ),
      [opened('10 10:02'), CLEARED],
      'a void of another day says nothing of days whose cards are forgotten',
      '2026-06-30',
    ),
    ...[
      { on: '11', heard: [opened('10 10:02'), '2026-06-11 09:00 account retracted'] },
      { on: '12', heard: [opened('10 10:02'), CLEARED] },
    ].map(({ on, heard: expected }) =>
      row(
        all(same(2), pays('10:02', 5_000, { transactionId: 'third' }), (shop) =>
          shop.tell(`2026-06-${on}T09:00`, 'card.void', {
            ...{ originalTransactionId: 'third', sameDay: false, cardToken: 'h1:a' },
            ...{ originalTime: '2026-06-10T10:02:00+08:00', amount: 5_000, currency: 'CNY' },
          }),
        ),
        expected,
        `a void reaches the cards of yesterday, not those of the day before (on ${on} June)`,
        '2026-06-30',
      ),
    ),
  ])('$shows', check)
})

describe('its end', () => {
  test.each<Row>([
    row(
      same(3),
      [opened('10 10:02'), CLEARED],
      'the close of the second day without',
      '2026-06-30',
    ),
    row(
      all(
        same(3),
        accepts(DETECTOR, '2026-06-10T12:00'),
        same(3, '2026-09-07'),
        same(3, '2026-09-08'),
      ),
      [
        opened('10 10:02'),
        '2026-06-10 12:00 account resolved reviewed',
        '2026-09-08 10:02 account opened notice',
      ],
      'explained, it is silent for ninety days',
      '2026-09-09',
    ),
  ])('$shows', check)
})

describe('the cards of a day', () => {
  const crowd = (from: number, to: number) =>
    all(
      ...Array.from({ length: to - from }, (_, at) =>
        pays('09:00', 5_000, { cardToken: `h1:b${String(from + at).padStart(3, '0')}` }),
      ),
    )
  test.each<Row>([
    row(all(crowd(0, 255), same(3)), [opened('10 10:02')], 'the smallest token among 256'),
    row(all(crowd(0, 256), same(3)), [opened('10 10:02')], 'it takes the place of the largest'),
    row(
      all(crowd(0, 255), same(3, '2026-06-10', { cardToken: 'h1:c' })),
      [opened('10 10:02')],
      'the largest of 256',
    ),
    row(
      all(crowd(0, 256), same(3, '2026-06-10', { cardToken: 'h1:c' })),
      [],
      'the 257th is not tallied',
    ),
  ])('$shows', check)
})

test('a record says what it rests on, and names no card', () => {
  const shop = history()
  same(3)(shop)
  const records = recordsOf(shop, DETECTOR)
  expect(records).toMatchObject([
    {
      ...{ value: 3, threshold: 3, limit: 3, unit: 'sales', consequence: 'suspension' },
      window: { fromMs: shop.at('2026-06-10'), toMs: shop.at('2026-06-11') },
      ...{ seen: { sales: 3, same: 3 }, audience: ['operator'], source: 'CN10' },
    },
  ])
  expect(JSON.stringify(records)).not.toContain('h1:a')
})

test('a record of the second day goes to the merchant too', () => {
  const shop = history()
  all(mixed(5), mixed(5, '2026-06-11'))(shop)
  expect(recordsOf(shop, DETECTOR)).toMatchObject([
    { value: 5, limit: 5, audience: ['operator'] },
    { reason: 'raised', audience: ['merchant', 'operator'] },
  ])
})
