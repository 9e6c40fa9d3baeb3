/** Histories of unusual sales, and of bad delivery; each list is complete. */
import { expect, test } from 'vitest'
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

test('cards tested once each are no burst of one card', () => {
  const shop = baseShop({
    trades: () => true,
    profile: { mcc: '7542' },
    from: '2026-04-01',
    until: '2026-06-06',
    day: (it, date) => shopDay(it, date, { sales: 96, everyS: 900, from: '00:00' }),
  })
  for (let at = 0; at < 24; at++) {
    const seconds = String((at % 2) * 30).padStart(2, '0')
    const minute = String(10 + Math.floor(at / 2)).padStart(2, '0')
    const code = at % 4 === 3 ? '00' : at % 2 === 0 ? '14' : '54'
    shop.sells(`2026-06-03T02:${minute}:${seconds}`, { amount: 100, responseCode: code })
  }
  expect(said(shop, '2026-06-06')).toEqual([])
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
  expect(twice.duplicates).toBe(lines.length)
  const account = (played: typeof expected) => [...played.accounts.values()][0]
  expect(account(twice)?.days.tallies).toEqual(account(expected)?.days.tallies)
  expect(account(twice)?.attempts).toEqual(account(expected)?.attempts)

  const shuffled = play(late(lines), { untilMs })
  expect(shuffled.records).toEqual([])
  expect(account(shuffled)?.days.tallies).toEqual(account(expected)?.days.tallies)
  expect(account(shuffled)?.attempts).toEqual(account(expected)?.attempts)
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
  const next = account?.said.get('merchant-inactivity')?.get('account:reverify')?.nextMs
  expect(next).toBe(shop.at('2026-08-11'))
  expect(shippedPolicy().graceMs).toBe(60_000)
})
