import { describe, expect, test } from 'vitest'
import { episodeId, recordId } from '../../src/core/ids.ts'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'decline-burst-card'
const OPENED = '2026-06-10 10:04 account opened notice'

/** Declines of one card on 10 June, at times of day. */
const declines =
  (times: readonly string[], more: object = {}) =>
  (shop: Shop) => {
    for (const time of times) {
      const local = time.includes('T') ? time : `2026-06-10T${time}`
      shop.sells(local, { responseCode: '05', cardToken: 'h1:a', ...more })
    }
  }
const all =
  (...tellings: ((shop: Shop) => void)[]) =>
  (shop: Shop) => {
    for (const tell of tellings) tell(shop)
  }
const three = declines(['10:00', '10:02', '10:04'])

function check({ tell, until, heard: expected }: Row): void {
  const shop = history()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

describe('a burst', () => {
  test.each<Row>([
    {
      tell: declines(['10:00', '10:02']),
      until: '2026-06-11',
      heard: [],
      shows: 'two are a mistake',
    },
    { tell: three, until: '2026-06-11', heard: [OPENED], shows: 'three are a burst' },
    {
      tell: declines(['10:00', '10:05', '10:09:59']),
      until: '2026-06-11',
      heard: ['2026-06-10 10:09:59 account opened notice'],
      shows: 'within ten minutes less a second',
    },
    {
      tell: declines(['10:00', '10:05', '10:10']),
      until: '2026-06-11',
      heard: [],
      shows: 'the window does not hold its own beginning',
    },
    {
      tell: all(declines(['10:00', '10:02']), declines(['10:04'], { cardToken: 'h1:b' })),
      until: '2026-06-11',
      heard: [],
      shows: 'two cards are two cards',
    },
    {
      tell: all(declines(['10:00', '10:02']), declines(['10:04'], { terminalId: 'T2' })),
      until: '2026-06-11',
      heard: [OPENED],
      shows: 'over all terminals of the account',
    },
    {
      tell: declines(['10:00', '10:02', '10:04'], { cardToken: undefined, last4: '4821' }),
      until: '2026-06-11',
      heard: [],
      shows: 'without a token nobody knows whether it is one card',
    },
    {
      tell: all(
        declines(['10:00', '10:04']),
        declines(['10:02'], { responseCode: '00' }),
        declines(['10:03'], { cardToken: 'h1:b' }),
      ),
      until: '2026-06-11',
      heard: [],
      shows: 'an approval is no decline',
    },
    {
      tell: all(declines(['10:00', '10:02', '10:04']), declines(['10:03'], { responseCode: '00' })),
      until: '2026-06-11',
      heard: [OPENED],
      shows: 'and does not excuse the others',
    },
    {
      tell: declines(['10:00', '10:02', '10:04'], { approved: false, responseCode: '00' }),
      until: '2026-06-11',
      heard: [OPENED],
      shows: 'what was approved is decided by that member, not by the code',
    },
    {
      tell: declines(['10:00', '10:02', '10:04'], { processingCode: '030000' }),
      until: '2026-06-11',
      heard: [OPENED],
      shows: 'a pre-authorisation is an attempt',
    },
    {
      tell: declines(['10:00', '10:02', '10:04'], { stan: '000001', rrn: '615300000001' }),
      until: '2026-06-11',
      heard: [],
      shows: 'one attempt sent three times is one',
    },
  ])('$shows', check)
})

describe('who is told', () => {
  const audience = (tell: (shop: Shop) => void) => {
    const shop = history()
    tell(shop)
    return play(shop.lines(), { policy: POLICY }).records[0]?.audience
  }
  test.each([
    [['51', '55', '61'], ['operator']],
    [['65', '75', '51'], ['operator']],
    [
      ['51', '55', '05'],
      ['merchant', 'operator'],
    ],
    [
      ['05', '05', '05'],
      ['merchant', 'operator'],
    ],
  ])('of the codes %j: %j', (codes, expected) => {
    const tell = all(...codes.map((responseCode, at) => declines([`10:0${at}`], { responseCode })))
    expect(audience(tell)).toEqual(expected)
  })
})

describe('three cards', () => {
  const burst = (card: string, times: readonly string[]) => declines(times, { cardToken: card })
  const first = burst('h1:a', ['10:00', '10:02', '10:04'])
  const second = burst('h1:b', ['18:00', '18:02', '18:04'])
  const near = (last: string) =>
    burst('h1:c', ['2026-06-11T09:52', '2026-06-11T09:54', `2026-06-11T${last}`])

  test.each<Row>([
    {
      tell: all(first, second, near('09:59:59')),
      until: '2026-06-12',
      heard: [OPENED, '2026-06-11 09:59:59 account raised warning'],
      shows: 'within 288 panes of five minutes, the third among them',
    },
    {
      tell: all(first, second, near('10:00')),
      until: '2026-06-12',
      heard: [OPENED],
      shows: 'the first is one pane too old',
    },
    {
      tell: all(first, second, burst('h1:b', ['19:00', '19:02', '19:04'])),
      until: '2026-06-12',
      heard: [OPENED],
      shows: 'two cards with three bursts are two cards',
    },
    {
      tell: all(first, second, burst('h1:a', ['19:00', '19:02', '19:04']), near('10:00')),
      until: '2026-06-12',
      heard: [OPENED, '2026-06-11 10:00 account raised warning'],
      shows: 'of each card the latest burst counts',
    },
  ])('$shows', check)
})

describe('what comes late', () => {
  const late = (local: string, arrives: string) =>
    declines([local], { arrives: `2026-06-10T${arrives}` })
  const newest = (local: string) => declines([local], { responseCode: '00', cardToken: 'h1:z' })

  test.each<Row>([
    {
      tell: all(declines(['10:00', '10:09']), late('10:05', '10:50')),
      until: '2026-06-11',
      heard: ['2026-06-10 10:50 account opened notice'],
      shows: 'completes a burst that ends after it',
    },
    {
      tell: all(declines(['10:00', '10:09']), newest('11:05'), late('10:05', '11:06')),
      until: '2026-06-11',
      heard: ['2026-06-10 11:06 account opened notice'],
      shows: 'an hour behind the newest attempt it still enters',
    },
    {
      tell: all(declines(['10:00', '10:09']), newest('11:05:01'), late('10:05', '11:06')),
      until: '2026-06-11',
      heard: [],
      shows: 'a second more is too late',
    },
    {
      tell: all(
        three,
        declines(['10:01', '10:03', '10:05'], { cardToken: 'h1:b' }),
        declines(['10:06', '10:08'], { cardToken: 'h1:c' }),
        declines(['10:30', '10:32', '10:34']),
        declines(['10:31', '10:33', '10:35'], { cardToken: 'h1:b' }),
        declines(['10:10'], { cardToken: 'h1:c', arrives: '2026-06-10T10:50' }),
      ),
      until: '2026-06-11',
      heard: [OPENED, '2026-06-10 10:50 account raised warning'],
      shows: 'the third card counts with the earlier bursts of two others that burst again since',
    },
    {
      tell: all(
        three,
        declines(['10:30', '10:32', '10:34'], { cardToken: 'h1:b' }),
        declines(['10:06', '10:08'], { cardToken: 'h1:c' }),
        declines(['10:10'], { cardToken: 'h1:c', arrives: '2026-06-10T10:50' }),
      ),
      until: '2026-06-11',
      heard: [OPENED],
      shows: 'not with one that came after the window it completes',
    },
  ])('$shows', check)
})

describe('its end', () => {
  test.each<Row>([
    {
      tell: three,
      until: '2026-06-30',
      heard: [OPENED, '2026-06-13 account resolved cleared'],
      shows: 'the close of the second day without a hit',
    },
    {
      tell: all(three, declines(['2026-06-12T10:00', '2026-06-12T10:01', '2026-06-12T10:02'])),
      until: '2026-06-30',
      heard: [OPENED, '2026-06-15 account resolved cleared'],
      shows: 'another burst keeps it open',
    },
    {
      tell: all(
        three,
        declines(['2026-06-13T00:00', '2026-06-13T00:00:10', '2026-06-13T00:00:20']),
      ),
      until: '2026-06-30',
      heard: [OPENED, '2026-06-16 account resolved cleared'],
      shows: 'so does one on the new day, before its close is written',
    },
  ])('$shows', check)

  test.each([
    ['the episode', (id: string) => id, 'accepted', 'resolved reviewed'],
    ['a record of it', (id: string) => `${id}-notice`, 'accepted', 'resolved reviewed'],
    ['another one', () => 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'accepted', undefined],
    ['the episode, not accepted yet', (id: string) => id, 'received', undefined],
  ])('an explanation of %s', (_what, warningOf, outcome, expected) => {
    const shop = history()
    three(shop)
    const [opened] = play(shop.lines(), { policy: POLICY }).records
    const warningId = warningOf(episodeId(opened!))
    shop.tell('2026-06-10T12:00', 'information.submitted', { warningId, outcome })
    const [, then] = heard(shop, DETECTOR, '2026-06-10T13:00')
    expect(then).toBe(expected && `2026-06-10 12:00 account ${expected}`)
  })

  test('an accepted explanation keeps it silent for ninety days', () => {
    const shop = history()
    three(shop)
    const [opened] = play(shop.lines(), { policy: POLICY }).records
    const warningId = recordId(opened!, 'opened', 'notice')
    shop.tell('2026-06-10T12:00', 'information.submitted', { warningId, outcome: 'accepted' })
    declines(['2026-09-07T23:50', '2026-09-07T23:52', '2026-09-07T23:54'])(shop)
    declines(['2026-09-08T00:01'])(shop)
    expect(heard(shop, DETECTOR, '2026-09-09')).toEqual([
      OPENED,
      '2026-06-10 12:00 account resolved reviewed',
      '2026-09-08 00:01 account opened notice',
    ])
  })
})

test('a record says what it rests on', () => {
  const shop = history()
  declines(['10:00', '10:02', '10:04'], { last4: '4821', amount: 900 })(shop)
  const [opened] = play(shop.lines(), { policy: POLICY }).records
  expect(opened).toMatchObject({
    ...{ value: 3, threshold: 3, limit: 3, unit: 'declines', k: 3, consequence: 'suspension' },
    window: { fromMs: shop.at('2026-06-10T09:54'), toMs: shop.at('2026-06-10T10:04') },
    seen: { codes: '05 05 05' },
    terminalIds: ['T1'],
  })
  expect(opened?.evidence).toHaveLength(3)
  expect(opened?.evidence?.[0]).toEqual({
    ...{ eventId: 'M1-0', timeMs: shop.at('2026-06-10T10:00'), terminalId: 'T1' },
    ...{ amount: 900, currency: 'CNY', responseCode: '05', last4: '4821' },
  })
})

test('of a burst of twenty-six, the latest twenty are shown', () => {
  const shop = history()
  three(shop)
  const [first] = play(shop.lines(), { policy: POLICY }).records
  const warningId = recordId(first!, 'opened', 'notice')
  shop.tell('2026-06-10T12:00', 'information.submitted', { warningId, outcome: 'accepted' })
  // Twenty-five on the last day on which the explanation holds, one on the next.
  for (let at = 0; at < 25; at++) declines([`2026-09-07T23:59:${10 + at}`])(shop)
  declines(['2026-09-08T00:00:05'])(shop)
  const opened = play(shop.lines(), { policy: POLICY }).records.at(-1)
  expect(opened).toMatchObject({ reason: 'opened', value: 26 })
  expect(opened?.evidence?.map(({ timeMs }) => timeMs)).toEqual([
    ...Array.from({ length: 19 }, (_, at) => shop.at(`2026-09-07T23:59:${16 + at}`)),
    shop.at('2026-09-08T00:00:05'),
  ])
})
