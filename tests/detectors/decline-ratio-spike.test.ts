import { describe, expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { dates, history } from '../support/history.ts'
import { accepts, after, all, recordsOf } from '../support/tellings.ts'
import type { Tell } from '../support/tellings.ts'

const DETECTOR = 'decline-ratio-spike'

type Mix = Readonly<{ n: number; k: number; issuers?: readonly (string | undefined)[] }>

/** `n` attempts so many seconds apart, `k` of them declined: the first ones, each of an issuer of its own. */
const tries =
  (start: string, { n, k, issuers = [] }: Mix, everyS = 60): Tell =>
  (shop) => {
    for (let at = 0; at < n; at++) {
      const local = after(start, at * everyS)
      const issuerId = at in issuers ? issuers[at] : `I-${local}`
      shop.sells(local, { amount: 100, ...(at < k ? { responseCode: '05', issuerId } : {}) })
    }
  }
const many = (count: number, issuer: string | undefined) =>
  Array.from<string | undefined>({ length: count }).fill(issuer)

type Base = Readonly<{ from?: string; approved?: number; declined?: number; activatedOn?: string }>

/** Twenty trading days to 20 May 2026, ten sales on each. */
function steady({
  from = '2026-05-01',
  approved = 10,
  declined = 0,
  activatedOn = '2026-03-01',
}: Base = {}): Shop {
  const shop = history()
  shop.registers('2026-03-01T08:00', { mcc: '5999' })
  shop.activates(`${activatedOn}T08:10`)
  for (const date of dates(from, '2026-05-20')) {
    tries(`${date}T12:00`, { n: approved + declined, k: declined })(shop)
  }
  return shop
}

const opened = (at: string, stage = 'notice') => `2026-05-${at} account opened ${stage}`
const raised = (at: string) => `2026-05-${at} account raised warning`
const cleared = (date: string) => `2026-${date} account resolved cleared`
const TODAY = '2026-05-21'
const HIT = opened('21 10:19')

type Case = Row & Readonly<{ base?: Base }>

function check({ tell, until, heard: expected, base }: Case): void {
  const shop = steady(base)
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}
const row = (
  tell: Tell,
  expected: readonly string[],
  shows: string,
  { until = '2026-05-22', ...base }: Base & Readonly<{ until?: string }> = {},
): Case => ({ ...{ tell, until, heard: expected, shows }, base })
const ten = (mix: Mix) => tries(`${TODAY}T10:00`, mix)

describe('an hour', () => {
  test.each<Case>([
    row(ten({ n: 20, k: 11 }), [HIT], 'eleven of twenty: surely three in ten'),
    row(ten({ n: 20, k: 10 }), [], 'ten of twenty: 29.9 %'),
    row(ten({ n: 19, k: 19 }), [], 'nineteen attempts are too few'),
    row(tries(`${TODAY}T10:00`, { n: 20, k: 11 }, 189), [opened('21 10:59:51')], 'within an hour'),
    row(tries(`${TODAY}T10:00`, { n: 20, k: 20 }, 190), [], 'nineteen within an hour'),
    row(
      (shop) => {
        ten({ n: 19, k: 11 })(shop)
        const completion = { transactionId: 'c', originalTransactionId: 'o', terminalId: 'T1' }
        const data = { ...completion, amount: 100, currency: 'CNY' }
        shop.tell(`${TODAY}T10:30`, 'card.completion', data)
      },
      [],
      'a completion is no attempt',
    ),
  ])('$shows', check)
})

describe('three times its own share', () => {
  // Three declines of twenty are 15 %: three times that is 45 %.
  const busy = { approved: 17, declined: 3 }
  test.each<Case>([
    row(ten({ n: 20, k: 13 }), [], 'thirteen of twenty: 43.3 %', busy),
    row(ten({ n: 20, k: 14 }), [HIT], 'fourteen: 48.1 %', busy),
    row(ten({ n: 20, k: 13 }), [HIT], 'with nineteen trading days it has none of its own', {
      ...busy,
      from: '2026-05-02',
    }),
    row(
      all(
        (shop) =>
          shop.tell('2026-05-19T20:00', 'merchant.pause.declared', {
            ...{ from: '2026-05-20', to: '2026-05-25' },
          }),
        ten({ n: 20, k: 13 }),
      ),
      [HIT],
      'the day that broke a pause is none of the twenty',
      busy,
    ),
  ])('$shows', check)

  test('days on which it stood at warning are no measure', () => {
    const shop = steady()
    all(
      tries('2026-05-21T10:00', { n: 20, k: 20 }),
      tries('2026-05-21T12:00', { n: 20, k: 20 }),
      tries('2026-05-22T10:00', { n: 2, k: 0 }),
      tries('2026-06-10T10:00', { n: 20, k: 20 }),
    )(shop)
    const told = recordsOf(shop, DETECTOR).filter(({ reason }) => reason === 'opened')
    // From the hit on 21 May to the day before its close on 24 May.
    expect(told.map(({ historyDays }) => historyDays)).toEqual([20, 20])
  })
})

describe('one issuer', () => {
  const of = (count: number) => [...many(count, 'I7'), ...many(20, undefined)]
  test.each<Case>([
    row(ten({ n: 20, k: 20, issuers: of(14) }), [HIT], 'with 14 of 20 declines it is not he alone'),
    row(ten({ n: 20, k: 20, issuers: of(15) }), [], 'with 15 it is his trouble'),
    row(
      ten({ n: 20, k: 20, issuers: many(20, undefined) }),
      [HIT],
      'an issuer that is not given is none',
    ),
  ])('$shows', check)
})

describe('a day', () => {
  /** Every twenty minutes from midnight: never twenty in an hour. */
  const sparse = (date: string, mix: Mix) => tries(`${date}T00:00`, mix, 1_200)
  const of = (count: number, others: number) => [
    ...many(count, 'I7'),
    ...Array.from({ length: others }, (_, at) => `O${at}`),
  ]
  test.each<Case>([
    row(sparse(TODAY, { n: 50, k: 16 }), [opened('21 16:20')], 'sixteen of fifty'),
    row(sparse(TODAY, { n: 50, k: 15 }), [], 'fifteen: 17.5 %'),
    row(sparse(TODAY, { n: 49, k: 49 }), [], 'forty-nine attempts are too few'),
    row(
      all(
        tries('2026-05-21T22:00', { n: 1, k: 1 }),
        tries('2026-05-22T02:00', { n: 49, k: 15 }, 1_200),
      ),
      [opened('22 18:00')],
      'over midnight',
      { until: '2026-05-23' },
    ),
    row(
      all(
        tries('2026-05-21T18:00', { n: 1, k: 1 }),
        tries('2026-05-22T02:00', { n: 49, k: 15 }, 1_200),
      ),
      [],
      'the first is one pane too old',
      { until: '2026-05-23' },
    ),
    row(
      all(
        tries('2026-05-21T18:05', { n: 1, k: 1 }),
        tries('2026-05-22T02:00', { n: 49, k: 15 }, 1_200),
      ),
      [opened('22 18:00')],
      'the oldest pane of the 288',
      { until: '2026-05-23' },
    ),
    row(
      sparse(TODAY, { n: 50, k: 20, issuers: of(14, 6) }),
      [opened('21 16:20')],
      'fourteen of twenty of one issuer',
    ),
    row(sparse(TODAY, { n: 50, k: 20, issuers: of(15, 5) }), [], 'fifteen of twenty'),
    row(
      all(
        tries('2026-05-20T20:00', { n: 12, k: 12, issuers: many(12, 'I7') }),
        sparse('2026-05-22', { n: 50, k: 16, issuers: of(8, 8) }),
      ),
      [opened('22 16:20')],
      'and of no other: eight of sixteen of one issuer',
      { until: '2026-05-23' },
    ),
    row(
      all(
        tries('2026-05-21T12:00', { n: 12, k: 12, issuers: many(12, 'I7') }, 1_200),
        tries('2026-05-22T00:00', { n: 38, k: 6 }, 1_080),
      ),
      [opened('22 11:06')],
      'of the two local days that the window touches',
      { until: '2026-05-23' },
    ),
  ])('$shows', check)
})

describe('the stage warning', () => {
  const twenty = (time: string, date = TODAY) => tries(`${date}T${time}`, { n: 20, k: 20 })
  const sparse = (start: string) => tries(start, { n: 50, k: 20 }, 1_200)
  test.each<Case>([
    row(
      all(
        twenty('10:00'),
        tries(`${TODAY}T10:20`, { n: 19, k: 19 }),
        tries(`${TODAY}T11:19`, { n: 1, k: 1 }),
      ),
      [HIT, raised('21 11:19')],
      'an hour apart they share nothing',
    ),
    row(
      all(twenty('10:00'), tries(`${TODAY}T10:20`, { n: 59, k: 59 })),
      [HIT],
      'fifty-nine minutes apart they may share one',
    ),
    row(all(twenty('10:00'), twenty('13:00')), [HIT, raised('21 13:19')], 'three hours apart'),
    row(all(twenty('10:00'), twenty('13:00:01')), [HIT], 'three hours and a second'),
    row(
      all(tries(`${TODAY}T10:00`, { n: 25, k: 25 }), twenty('13:03')),
      [HIT, raised('21 13:22')],
      'of a run of hits one that is near enough counts',
    ),
    row(all(twenty('10:00'), twenty('12:00')), [HIT], 'with nineteen trading days never', {
      from: '2026-05-02',
    }),
    row(
      all(sparse('2026-05-21T00:00'), sparse('2026-05-22T00:00')),
      [opened('21 16:20'), raised('22 16:20')],
      'a day of 288 panes apart',
      { until: '2026-05-23' },
    ),
    row(
      all(sparse('2026-05-21T00:00'), sparse('2026-05-23T00:00')),
      [opened('21 16:20'), raised('23 16:20')],
      '576 panes apart',
      { until: '2026-05-23T23:00' },
    ),
    row(
      all(sparse('2026-05-21T00:00'), sparse('2026-05-23T00:05')),
      [opened('21 16:20')],
      '577 panes apart',
      { until: '2026-05-23T23:00' },
    ),
    row(
      all(twenty('10:00'), sparse('2026-05-22T00:00')),
      [HIT],
      'hits of two rules are not two hits of one',
      { until: '2026-05-23' },
    ),
  ])('$shows', check)
})

describe('a new account, and a pause', () => {
  test.each<Case>([
    row(ten({ n: 20, k: 20 }), [], 'fourteen days after its activation', {
      activatedOn: '2026-05-07',
    }),
    row(ten({ n: 20, k: 20 }), [HIT], 'fifteen days after it', { activatedOn: '2026-05-06' }),
    row(
      all(
        (shop) =>
          shop.tell('2026-05-20T20:00', 'merchant.pause.declared', {
            ...{ from: TODAY, to: '2026-05-30' },
          }),
        ten({ n: 20, k: 20 }),
      ),
      [],
      'in a declared pause it is not judged',
    ),
  ])('$shows', check)

  test('what was held back does not count for persistence', () => {
    const shop = steady({ activatedOn: '2026-05-06' })
    tries('2026-05-20T22:30', { n: 20, k: 20 })(shop)
    tries('2026-05-21T00:10', { n: 20, k: 20 })(shop)
    expect(heard(shop, DETECTOR, '2026-05-22')).toEqual([opened('21 00:29')])
  })
})

describe('what comes late', () => {
  const late =
    (local: string, arrives: string, more: object = { responseCode: '05' }): Tell =>
    (shop) =>
      shop.sells(`${TODAY}T${local}`, { amount: 100, arrives, ...more })
  const approvedLate = (at: number) => late(`10:0${at}:30`, `${TODAY}T10:3${at}`, {})
  const nineteen = ten({ n: 19, k: 11 })
  /** Of twenty, and the last of them. */
  const eleven = all(ten({ n: 9, k: 0 }), tries(`${TODAY}T10:09`, { n: 11, k: 11 }))
  test.each<Case>([
    row(
      all(nineteen, late('10:05:30', `${TODAY}T11:00`)),
      [opened('21 11:00')],
      'completes the windows that end after it',
    ),
    row(
      all(nineteen, tries(`${TODAY}T11:05:30`, { n: 1, k: 0 }), late('10:05:30', `${TODAY}T11:06`)),
      [opened('21 11:06')],
      'an hour behind the newest attempt it still enters',
    ),
    row(
      all(nineteen, tries(`${TODAY}T11:05:31`, { n: 1, k: 0 }), late('10:05:30', `${TODAY}T11:06`)),
      [],
      'a second more is too late for the hour',
    ),
    row(
      all(tries(`${TODAY}T00:00`, { n: 49, k: 15 }, 1_200), late('16:10', '2026-05-22T16:10')),
      [opened('22 16:10')],
      'a day late it still completes a day',
      { until: '2026-05-23' },
    ),
    row(
      all(tries(`${TODAY}T00:00`, { n: 49, k: 15 }, 1_200), late('16:10', '2026-05-22T16:10:01')),
      [],
      'a second later it does not',
      { until: '2026-05-23' },
    ),
    row(
      all(eleven, ...[1, 2, 3].map((at) => approvedLate(at))),
      [HIT, '2026-05-21 10:33 account retracted'],
      'the third approval told late makes it eleven of twenty-three: 29.2 %',
    ),
    row(
      all(eleven, tries(`${TODAY}T10:20`, { n: 30, k: 0 })),
      [HIT],
      'approvals in time take nothing back',
    ),
    row(
      all(eleven, tries(`${TODAY}T11:30`, { n: 1, k: 0 }), late('10:10:30', `${TODAY}T11:31`, {})),
      [HIT],
      'nor do those too late for the hour',
    ),
  ])('$shows', check)
})

describe('its end', () => {
  test.each<Case>([
    row(ten({ n: 20, k: 20 }), [HIT, cleared('05-24')], 'the close of the second day without', {
      until: '2026-06-10',
    }),
    row(
      all(ten({ n: 20, k: 20 }), tries('2026-05-23T10:00', { n: 20, k: 20 })),
      [HIT, cleared('05-26')],
      'another hit keeps it open',
      { until: '2026-06-10' },
    ),
    row(
      all(
        ten({ n: 20, k: 20 }),
        accepts(DETECTOR, `${TODAY}T12:00`),
        tries('2026-08-18T10:00', { n: 20, k: 20 }),
        tries('2026-08-19T10:00', { n: 20, k: 20 }),
      ),
      [HIT, '2026-05-21 12:00 account resolved reviewed', '2026-08-19 10:19 account opened notice'],
      'explained, it is silent for ninety days',
      { until: '2026-08-20' },
    ),
  ])('$shows', check)
})

describe('a record', () => {
  test('says what it rests on', () => {
    const shop = steady({ approved: 19, declined: 1 })
    ten({ n: 20, k: 11 })(shop)
    const [opened] = recordsOf(shop, DETECTOR)
    expect(opened).toMatchObject({
      ...{ value: 3_420, threshold: 3_000, limit: 3_000, unit: 'basis-points', k: 11, n: 20 },
      window: { fromMs: shop.at(`${TODAY}T09:19`), toMs: shop.at(`${TODAY}T10:19`) },
      seen: { declines: 11, attempts: 20, codes: '05×11' },
      ...{ baseline: 500, historyDays: 20, audience: ['operator'], source: 'E6' },
    })
    expect(opened?.evidence).toHaveLength(11)
    expect(JSON.stringify(opened)).not.toContain('h1:')
  })

  test('of the second stage goes to the merchant too', () => {
    const shop = steady()
    tries(`${TODAY}T10:00`, { n: 20, k: 20 })(shop)
    tries(`${TODAY}T12:00`, { n: 20, k: 20 })(shop)
    expect(recordsOf(shop, DETECTOR)).toMatchObject([
      { stage: 'notice', audience: ['operator'] },
      { stage: 'warning', audience: ['merchant', 'operator'], previousStage: 'notice' },
    ])
  })
})
