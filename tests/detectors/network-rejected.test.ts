import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { all, recordsOf } from '../support/tellings.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'network-rejected'
const OPENED = '2026-06-15 11:10 account opened final-warning'
const over = (at: string, how = 'resolved cleared') => `2026-06-15 ${at} account ${how}`

/** An attempt of 15 June on a card of its own, declined as an invalid merchant by an issuer of its own. */
const rejects =
  (time: string, more: object = {}): Tell =>
  (shop) =>
    shop.sells(`2026-06-15T${time}`, { responseCode: '03', issuerId: `I-${time}`, ...more })
const approves = (time: string, more: object = {}): Tell =>
  rejects(time, { responseCode: '00', issuerId: undefined, ...more })
const two = all(rejects('11:00'), rejects('11:10'))

function check({ tell, until, heard: expected }: Row): void {
  const shop = history()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (tell: Tell, expected: readonly string[], shows: string): Row => ({
  ...{ tell, until: '2026-07-15', heard: expected, shows },
})

describe('a burst', () => {
  test.each<Row>([
    row(rejects('11:00'), [], 'one rejection is one card'),
    row(two, [OPENED], 'two cards of two issuers: it climbs by no date'),
    row(
      all(rejects('11:00', { responseCode: '58' }), rejects('11:10', { responseCode: '97' })),
      [OPENED],
      'whichever of the codes',
    ),
    row(
      all(rejects('11:00'), rejects('11:10', { responseCode: '05' })),
      [],
      'a refusal by the issuer is none',
    ),
    row(
      all(rejects('11:00'), rejects('11:10', { approved: true })),
      [],
      'nor is an approval, whatever its code',
    ),
    row(
      all(rejects('11:00', { cardToken: 'h1:a' }), rejects('11:10', { cardToken: 'h1:a' })),
      [],
      'one card of two issuers',
    ),
    row(
      all(...['11:00', '11:05', '11:10'].map((at) => rejects(at, { issuerId: 'I1' }))),
      [],
      'three cards of one issuer',
    ),
    row(all(rejects('11:00'), rejects('11:10', { cardToken: undefined })), [], 'without a card'),
    row(all(rejects('11:00'), rejects('11:10', { issuerId: undefined })), [], 'without an issuer'),
    row(
      all(rejects('11:00'), rejects('11:29:59')),
      ['2026-06-15 11:29:59 account opened final-warning'],
      'within half an hour less a second',
    ),
    row(all(rejects('11:00'), rejects('11:30')), [], 'half an hour apart'),
    row(
      all(rejects('11:00'), rejects('11:10', { processingCode: '030000' })),
      [OPENED],
      'a pre-authorisation is an attempt',
    ),
  ])('$shows', check)
})

describe('a terminal just activated', () => {
  const activates =
    (local: string, terminalId = 'T1'): Tell =>
    (shop) =>
      shop.activates(local, terminalId)
  test.each<Row>([
    row(all(activates('2026-06-14T11:00'), two), [], 'may not be known everywhere within a day'),
    row(all(activates('2026-06-14T10:59:59'), two), [OPENED], 'after a day it has to be'),
    row(
      all(activates('2026-06-01T11:00'), activates('2026-06-15T06:00'), two),
      [],
      'the latest activation counts',
    ),
    row(
      all(activates('2026-06-15T06:00', 'T2'), two),
      [OPENED],
      'that of another terminal does not',
    ),
    row(
      all(
        activates('2026-06-15T11:05'),
        rejects('11:00'),
        rejects('11:04', { arrives: '2026-06-15T11:06' }),
      ),
      ['2026-06-15 11:06 account opened final-warning'],
      'one after the attempt does not',
    ),
  ])('$shows', check)
})

describe('its end', () => {
  test.each<Row>([
    row(all(two, approves('12:00')), [OPENED, over('12:00')], 'the next approval'),
    row(
      all(two, approves('12:00', { processingCode: '030000' })),
      [OPENED, over('12:00')],
      'that of a pre-authorisation too',
    ),
    row(all(two, approves('12:00', { offline: true })), [OPENED], 'not one made offline'),
    row(
      all(two, (shop) =>
        shop.tell('2026-06-15T12:00', 'card.completion', {
          ...{ transactionId: 'c', originalTransactionId: 'o', terminalId: 'T1' },
          ...{ amount: 100, currency: 'CNY' },
        }),
      ),
      [OPENED],
      'nor a completion, which nobody is asked about',
    ),
    row(
      all(two, approves('11:10', { arrives: '2026-06-15T12:00' })),
      [OPENED],
      'one of the same instant is not later',
    ),
    row(
      all(two, approves('11:10:01', { arrives: '2026-06-15T12:00' })),
      [OPENED, over('12:00')],
      'an approval heard of late ends what was true when it was told',
    ),
    row(
      all(
        rejects('11:00', { arrives: '2026-06-15T12:00' }),
        rejects('11:10', { arrives: '2026-06-15T12:01' }),
        approves('11:30', { arrives: '2026-06-15T12:02' }),
      ),
      ['2026-06-15 12:01 account opened final-warning', over('12:02', 'retracted')],
      'one from before it was told takes it back',
    ),
    row(
      all(two, approves('12:00'), rejects('13:00'), rejects('13:01')),
      [OPENED, over('12:00'), '2026-06-15 13:01 account opened final-warning'],
      'another burst, another warning',
    ),
    row(
      all(two, approves('11:15'), rejects('11:20')),
      [OPENED, over('11:15'), '2026-06-15 11:20 account opened final-warning'],
      'a burst may begin before the approval, if it is completed after it',
    ),
    row(
      all(two, rejects('11:20'), approves('12:00')),
      [OPENED, over('12:00')],
      'more of the same is no news',
    ),
    row(
      all(two, (shop) =>
        shop.tell('2026-06-16T10:00', 'account.deregistered', { effectiveAt: '2026-06-16' }),
      ),
      [OPENED, '2026-06-16 10:00 account resolved superseded'],
      'with the account',
    ),
  ])('$shows', check)
})

describe('what comes late', () => {
  test.each<Row>([
    row(
      all(rejects('11:10'), rejects('11:00', { arrives: '2026-06-15T11:40' })),
      ['2026-06-15 11:40 account opened final-warning'],
      'completes a burst that ends after it',
    ),
    row(
      all(rejects('11:10'), approves('11:20'), rejects('11:00', { arrives: '2026-06-15T11:40' })),
      [],
      'nothing opens where an approval is later than the attempt that completes it',
    ),
    row(
      all(
        rejects('11:10'),
        approves('11:05', { arrives: '2026-06-15T11:15' }),
        rejects('11:00', { arrives: '2026-06-15T11:40' }),
      ),
      ['2026-06-15 11:40 account opened final-warning'],
      'one between the two is earlier than that',
    ),
    row(
      all(
        rejects('11:10'),
        approves('11:15'),
        rejects('11:20'),
        rejects('11:00', { arrives: '2026-06-15T11:40' }),
      ),
      ['2026-06-15 11:20 account opened final-warning'],
      'what stands already is told once',
    ),
    row(
      all(
        rejects('11:10'),
        approves('11:15'),
        rejects('11:20', { issuerId: 'I-11:10' }),
        rejects('11:00', { arrives: '2026-06-15T11:40' }),
      ),
      ['2026-06-15 11:40 account opened final-warning'],
      'a burst that is answered may hold one that is not',
    ),
    row(
      all(
        rejects('11:10'),
        approves('11:15'),
        rejects('11:20', { responseCode: '05' }),
        rejects('11:00', { arrives: '2026-06-15T11:40' }),
      ),
      [],
      'another refusal completes none',
    ),
    row(
      all(two, rejects('11:20'), approves('11:15', { arrives: '2026-06-15T11:50' })),
      [OPENED],
      'a late approval between two bursts leaves the second',
    ),
    row(
      all(
        ...[two, rejects('11:20'), rejects('14:30', { responseCode: '05' })],
        approves('11:15', { arrives: '2026-06-15T14:31' }),
      ),
      [OPENED],
      'the second is known when its attempts have left the ring',
    ),
    row(
      all(
        rejects('11:10'),
        rejects('12:10', { responseCode: '05' }),
        rejects('11:10', { arrives: '2026-06-15T12:11', issuerId: 'I9' }),
      ),
      ['2026-06-15 12:11 account opened final-warning'],
      'an hour behind the newest attempt it still enters',
    ),
    row(
      all(
        rejects('11:10'),
        rejects('12:10:01', { responseCode: '05' }),
        rejects('11:10', { arrives: '2026-06-15T12:11', issuerId: 'I9' }),
      ),
      [],
      'a second more is too late',
    ),
  ])('$shows', check)
})

test('a record says what it rests on', () => {
  const shop = history()
  all(
    rejects('11:00', { last4: '4821', amount: 900, issuerId: 'I1' }),
    rejects('11:10', { responseCode: '97', issuerId: 'I2', terminalId: 'T2' }),
  )(shop)
  const [opened, ...more] = recordsOf(shop, DETECTOR)
  expect(more).toEqual([])
  expect(opened).toMatchObject({
    ...{ value: 1, threshold: 1, limit: 1, unit: 'rejections', consequence: 'suspension' },
    window: { fromMs: shop.at('2026-06-15T10:40'), toMs: shop.at('2026-06-15T11:10') },
    seen: { codes: '03 97', issuers: 'I1 I2' },
    ...{ terminalIds: ['T1', 'T2'], audience: ['merchant', 'operator'], source: 'CN15' },
  })
  expect(opened?.evidence?.[0]).toEqual({
    ...{ eventId: 'M1-0', timeMs: shop.at('2026-06-15T11:00'), terminalId: 'T1' },
    ...{ amount: 900, currency: 'CNY', responseCode: '03', last4: '4821' },
  })
})
