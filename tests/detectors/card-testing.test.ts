import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { policyWith } from '../support/policies.ts'
import { accepts, after, all, recordsOf } from '../support/tellings.ts'
import { play } from '../support/watch.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'card-testing'
const START = '2026-06-03T02:00:00'

type Try = Readonly<{
  code?: string
  issuer?: number | undefined
  card?: string | undefined
  amount?: number
  terminalId?: string
}>

/** Attempts of 3 June from two o'clock, one every so many seconds; each of another card of five issuers. */
const tries =
  (all: readonly Try[], everyS = 60, start = START): Tell =>
  (shop) => {
    for (const [at, it] of all.entries()) {
      const { code = '14', amount = 100, terminalId = 'T1' } = it
      const card = 'card' in it ? it.card : `h1:c${start}-${at}`
      const issuer = 'issuer' in it ? it.issuer : at % 5
      const issuerId = issuer === undefined ? undefined : `I${issuer}`
      const more = { responseCode: code, cardToken: card, issuerId, amount, terminalId }
      shop.sells(after(start, at * everyS), { ...more, last4: '4821' })
    }
  }
const some = (count: number, it: Try | ((at: number) => Try) = {}): Try[] =>
  Array.from({ length: count }, (_, at) => (typeof it === 'function' ? it(at) : it))
const approved = (count: number) => some(count, { code: '00' })

const CODES = ['14', '15', '41', '43', '46', '54', '57', '59', '62', '63']

const opened = (at: string) => `2026-06-03 ${at} account opened warning`
/** Ten declines, then ten approvals: the twentieth attempt is enough. */
const TWENTY = [...some(10), ...approved(10)]

function check({ tell, until, heard: expected }: Row): void {
  const shop = history()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (tell: Tell, expected: readonly string[], shows: string): Row => ({
  ...{ tell, until: '2026-06-04', heard: expected, shows },
})

describe('an hour', () => {
  test.each<Row>([
    row(tries(TWENTY), [opened('02:19')], 'ten cards in twenty attempts'),
    row(tries(TWENTY.slice(0, 19)), [], 'nineteen attempts are too few'),
    row(tries([...some(9), ...approved(30)]), [], 'nine cards'),
    row(
      tries([...some(9), ...some(1, { card: `h1:c${START}-0` }), ...approved(30)]),
      [],
      'the tenth decline is of the first card',
    ),
    row(tries([...some(9), { card: undefined }, ...approved(30)]), [], 'the tenth is of no card'),
    row(
      tries([...CODES.map((code) => ({ code })), ...approved(10)]),
      [opened('02:19')],
      'for any of the ten reasons',
    ),
    row(tries([...some(10, { code: '51' }), ...approved(10)]), [], 'for want of money is another'),
    row(
      tries([...some(10, (at) => ({ issuer: at % 3 })), ...approved(10)]),
      [opened('02:19')],
      'cards of three issuers',
    ),
    row(tries([...some(10, (at) => ({ issuer: at % 2 })), ...approved(10)]), [], 'of two'),
    row(
      tries([
        ...some(10, (at) => ({ issuer: at % 3 === 2 ? undefined : at % 3 })),
        ...approved(10),
      ]),
      [],
      'cards of which nobody knows the issuer have none',
    ),
    row(tries([...approved(10), ...some(10)]), [opened('02:19')], 'in any order'),
    row(
      tries([...some(5), ...some(5, { terminalId: 'T2' }), ...approved(10)]),
      [opened('02:19')],
      'over all terminals of the account',
    ),
  ])('$shows', check)

  test.each<Row>([
    // The lower end of the interval of ten in 28 is 20.7 %, in 29 it is 19.9 %.
    row(
      tries([...approved(18), ...some(10)]),
      [opened('02:27')],
      'ten in twenty-eight are surely a fifth',
    ),
    row(tries([...approved(19), ...some(10)]), [], 'ten in twenty-nine are not'),
    row(
      tries([...some(9, { code: '51' }), ...approved(10), ...some(10)]),
      [],
      'declined for something else they are attempts all the same',
    ),
    row(
      tries([...approved(19), ...some(9), ...some(2, { card: undefined })]),
      [],
      'more declines without a card do not make ten cards',
    ),
    row(
      tries([...approved(19), ...some(9), { card: undefined }, ...some(1)]),
      [opened('02:29')],
      'but they are among the share: eleven in thirty',
    ),
  ])('$shows', check)

  test.each<Row>([
    row(
      all(tries(some(1)), tries(TWENTY.slice(1, 20), 60, '2026-06-03T02:40:59')),
      [opened('02:58:59')],
      'the first an hour less a second ago',
    ),
    row(
      all(tries(some(1)), tries(TWENTY.slice(1, 20), 60, '2026-06-03T02:42:00')),
      [],
      'the window does not hold its own beginning',
    ),
  ])('$shows', check)
})

describe('its end', () => {
  const cleared = (date: string) => `2026-06-${date} account resolved cleared`
  test.each<Row>([
    {
      tell: tries(TWENTY),
      until: '2026-06-30',
      heard: [opened('02:19'), cleared('06')],
      shows: 'the close of the second day without one',
    },
    {
      tell: all(tries(TWENTY), tries(TWENTY, 60, '2026-06-05T10:00:00')),
      until: '2026-06-30',
      heard: [opened('02:19'), cleared('08')],
      shows: 'another keeps it open',
    },
    {
      tell: all(tries(TWENTY), tries(TWENTY, 60, '2026-06-09T10:00:00')),
      until: '2026-06-30',
      heard: [
        opened('02:19'),
        cleared('06'),
        '2026-06-09 10:19 account opened warning',
        cleared('12'),
      ],
      shows: 'one after it is another episode',
    },
    {
      tell: all(
        tries(TWENTY),
        accepts(DETECTOR, '2026-06-03T12:00'),
        tries(TWENTY, 60, '2026-08-31T10:00:00'),
        tries(TWENTY, 60, '2026-09-01T10:00:00'),
      ),
      until: '2026-09-02',
      heard: [
        opened('02:19'),
        '2026-06-03 12:00 account resolved reviewed',
        '2026-09-01 10:19 account opened warning',
      ],
      shows: 'explained, it is silent for ninety days',
    },
  ])('$shows', check)
})

describe('what comes late', () => {
  const late =
    (arrives: string, more: object = {}): Tell =>
    (shop) =>
      shop.sells('2026-06-03T02:05:30', {
        ...{ responseCode: '14', cardToken: 'h1:late', issuerId: 'I9', arrives, ...more },
      })
  const approvedLate = (at: number): Tell => {
    const more = { responseCode: '00', cardToken: `h1:late-${at}` }
    return late(`2026-06-03T02:4${at}:00`, more)
  }
  const lacking = tries([...some(9), ...approved(11)])
  test.each<Row>([
    row(
      all(lacking, late('2026-06-03T02:40:00')),
      [opened('02:40')],
      'the tenth card completes the windows that end after it',
    ),
    row(
      all(lacking, tries(approved(1), 60, '2026-06-03T03:05:30'), late('2026-06-03T03:06:00')),
      [opened('03:06')],
      'an hour behind the newest attempt it still enters',
    ),
    row(
      all(lacking, tries(approved(1), 60, '2026-06-03T03:05:31'), late('2026-06-03T03:06:00')),
      [],
      'a second more is too late',
    ),
    row(
      all(
        tries([...approved(10), ...some(10)]),
        ...Array.from({ length: 10 }, (_, at) => approvedLate(at)),
      ),
      [opened('02:19'), '2026-06-03 02:48 account retracted'],
      'the ninth approval told late makes it ten of twenty-nine: 19.9 %',
    ),
    row(
      all(tries([...approved(10), ...some(10)]), tries(approved(20), 60, '2026-06-03T02:20:00')),
      [opened('02:19')],
      'approvals in time take nothing back',
    ),
  ])('$shows', check)
})

test('with a span of half an hour, what came in the half before does not count', () => {
  const shop = history()
  all(tries(approved(60), 30, '2026-06-03T01:10:30'), tries(TWENTY))(shop)
  const policy = policyWith('card-testing:\n  limits:\n    span: 30m\n  source: own')
  const { records } = play(shop.lines(), { untilMs: shop.at('2026-06-03T03:00'), policy })
  const mine = records.filter(({ detector }) => detector === DETECTOR)
  expect(mine.map(({ atMs, k, n }) => ({ atMs, k, n }))).toEqual([
    { atMs: shop.at('2026-06-03T02:19'), k: 10, n: 20 },
  ])
})

describe('a record', () => {
  const recordOf = (amount: (at: number) => number) => {
    const shop = history()
    tries([...some(10, (at) => ({ amount: amount(at) })), ...approved(10)])(shop)
    return { shop, records: recordsOf(shop, DETECTOR) }
  }

  test('says what it rests on, to the operator alone', () => {
    const { shop, records } = recordOf(() => 100)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      ...{ value: 10, threshold: 10, limit: 10, unit: 'cards', k: 10, n: 20 },
      window: { fromMs: shop.at('2026-06-03T01:19'), toMs: shop.at('2026-06-03T02:19') },
      seen: { issuers: 5, median: 100, currency: 'CNY', isMicro: 'yes' },
      ...{ audience: ['operator'], terminalIds: ['T1'], consequence: 'suspension' },
    })
    expect(records[0]?.evidence).toHaveLength(10)
    expect(records[0]?.evidence?.[0]).toEqual({
      ...{ eventId: 'M1-0', timeMs: shop.at('2026-06-03T02:00'), terminalId: 'T1' },
      ...{ amount: 100, currency: 'CNY', responseCode: '14', last4: '4821' },
    })
  })

  test.each([
    [1_000, 1_000, 'yes', 'a median of 10.00'],
    [1_001, 1_001, 'no', 'one of 10.01'],
  ])('amounts of %i: median %i, micro %s (%s)', (amount, median, isMicro) => {
    const { records } = recordOf(() => amount)
    expect(records[0]?.seen).toMatchObject({ median, isMicro })
  })

  test('of an even number of amounts the lower of the middle two is the median', () => {
    const { records } = recordOf((at) => (at < 5 ? 900 : 90_000))
    expect(records[0]?.seen).toMatchObject({ median: 900, isMicro: 'yes' })
  })
})
