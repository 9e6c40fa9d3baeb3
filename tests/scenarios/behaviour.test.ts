/** Histories of unusual sales, and of bad delivery; each list is complete. */
import { expect, test } from 'vitest'
import { entriesOf, talliesOf } from '../support/account-values.ts'
import { shopDay } from '../support/history.ts'
import { play, shippedPolicy } from '../support/watch.ts'
import { baseShop, said } from './base-shop.ts'

test('a mistyped PIN is a question for the operator, and passes', () => {
  const shop = baseShop({ trades: () => true, from: '2026-05-01', until: '2026-06-13' })
  for (const time of ['10:00', '10:02', '10:04']) {
    shop.sells(`2026-06-10T${time}`, { responseCode: '55', cardToken: 'h1:77b1e0' })
  }
  shop.sells('2026-06-10T10:06', { cardToken: 'h1:77b1e0' })
  expect(said(shop, '2026-06-13')).toEqual([
    '2026-06-10 10:04 decline-burst-card account opened notice',
    '2026-06-13 decline-burst-card account resolved cleared',
  ])
  const [opened] = play(shop.lines()).records
  expect(opened).toMatchObject({ audience: ['operator'], seen: { codes: '55 55 55' }, k: 3 })
})

test.each([
  { times: 6, said: ['2026-06-18 12:58 volume-spike account opened notice'] },
  {
    times: 8,
    said: [
      '2026-06-18 12:58 volume-spike account opened notice',
      '2026-06-18 18:18 volume-spike account raised warning',
    ],
  },
])('a promotion of $times times the day', ({ times, said: expected }) => {
  const shop = baseShop({
    trades: () => true,
    until: '2026-06-22',
    day: (it, date) => {
      const isPromoted = date === '2026-06-18'
      shopDay(it, date, isPromoted ? { sales: 40 * times, everyS: 120 } : {})
    },
  })
  expect(said(shop, '2026-06-22')).toEqual([
    ...expected,
    '2026-06-21 volume-spike account resolved cleared',
  ])
})

test('what is delivered twice or shuffled within an hour changes nothing', () => {
  const clean = baseShop({ trades: () => true, from: '2026-05-01', until: '2026-06-20' })
  const lines = clean.lines()
  const untilMs = clean.at('2026-06-21')
  const expected = play(lines, { untilMs })
  const twice = play(
    lines.flatMap((line) => [line, line]),
    { untilMs },
  )
  expect(twice.records).toEqual(expected.records)
  // A heartbeat that changes nothing is not remembered; the first one made the terminal known.
  const isHeartbeat = (line: string) => JSON.parse(line).type === 'terminal.heartbeat'
  const heartbeats = lines.filter(isHeartbeat).length
  expect(twice.duplicates).toBe(lines.length - heartbeats + 1)
  const account = (played: typeof expected) => [...played.accounts.values()][0]!
  const days = (played: typeof expected) => talliesOf(account(played))
  const entries = (played: typeof expected) => entriesOf(account(played))
  expect(days(twice)).toEqual(days(expected))
  expect(entries(twice)).toEqual(entries(expected))

  const shuffled = play(late(lines), { untilMs })
  expect(shuffled.records).toEqual([])
  expect(days(shuffled)).toEqual(days(expected))
  expect(entries(shuffled)).toEqual(entries(expected))
})

/** Every event arrives up to an hour late, by a fixed pattern. */
function late(lines: readonly string[]): string[] {
  return lines
    .map((line, at) => {
      const event = JSON.parse(line)
      const arrivedMs = Date.parse(event.receivedat) + ((at * 7_919) % 3_600) * 1_000
      return { arrivedMs, text: JSON.stringify({ ...event, receivedat: iso(arrivedMs) }) }
    })
    .toSorted((a, b) => a.arrivedMs - b.arrivedMs)
    .map(({ text }) => text)
}

const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString()

test('a sale dated 2099 counts for the day it arrived on', () => {
  const shop = baseShop({
    trades: (date) => date < '2026-06-10',
    from: '2026-05-01',
    until: '2026-06-10',
  })
  shop.sells('2099-01-01T00:00', { arrives: '2026-06-10T12:00' })
  const { notes, accounts, records } = play(shop.lines())
  expect(notes.filter(({ kind }) => kind === 'clamped')).toHaveLength(1)
  expect(records).toEqual([])
  const [account] = accounts.values()
  const last = account?.facts.terminals.get('T1')?.activity.at(-1)
  expect(last?.lastMs).toBe(shop.at('2026-06-10T12:05'))
  expect(said(shop, '2026-08-11')).toEqual([
    '2026-08-11 merchant-inactivity account:reverify opened notice',
  ])
  expect(shippedPolicy().graceMs).toBe(60_000)
})
