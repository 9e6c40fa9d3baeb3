import { describe, expect, test } from 'vitest'
import { absenceByMs, hear, look, newSight, releaseMs } from '../../src/core/sight.ts'
import type { Sight } from '../../src/core/sight.ts'
import { heard, POLICY } from '../support/heard.ts'
import { history, merged } from '../support/history.ts'
import { play, told } from '../support/watch.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A source speaks once a step from `fromMs` to `toMs`, its accounts in turn. */
type Speech = Readonly<{
  name?: string
  accounts?: number
  fromMs?: number
  toMs: number
  everyMs?: number
}>

function sightOf(...speeches: readonly Speech[]): Sight {
  const all = speeches.flatMap(
    ({ name = 'a', accounts = 20, fromMs = 0, toMs, everyMs = MINUTE_MS }) => {
      const count = Math.floor((toMs - fromMs) / everyMs) + 1
      return Array.from({ length: count }, (_, at) => {
        return { name, account: `${name}${at % accounts}`, atMs: fromMs + at * everyMs }
      })
    },
  )
  const sight = newSight()
  for (const { name, account, atMs } of all.sort((a, b) => a.atMs - b.atMs)) {
    look(sight, atMs)
    hear(sight, name, account, atMs)
  }
  return sight
}
const blindSince = (sight: Sight, atMs: number) => {
  look(sight, atMs)
  return sight.blindSinceMs
}

describe('a source that carries everything', () => {
  test.each<[number, number | undefined, string]>([
    [5 * MINUTE_MS, undefined, 'five minutes of silence are nothing'],
    [5 * MINUTE_MS + 1, HOUR_MS + 5 * MINUTE_MS, 'any more is silence, from then on'],
    [3 * DAY_MS, HOUR_MS + 5 * MINUTE_MS, 'however late one looks'],
  ])('%i ms after its last word: blind since %s (%s)', (afterMs, since) => {
    expect(blindSince(sightOf({ toMs: HOUR_MS }), HOUR_MS + afterMs)).toBe(since)
  })

  test.each([
    [20, true],
    [19, false],
  ])('of %i accounts: %s', (accounts, isBlind) => {
    const sight = sightOf({ toMs: HOUR_MS, accounts })
    expect(blindSince(sight, 2 * HOUR_MS) !== undefined).toBe(isBlind)
  })

  test('is given twice the longest pause it ever made', () => {
    const hourly = { everyMs: HOUR_MS, toMs: DAY_MS }
    expect(blindSince(sightOf(hourly), DAY_MS + 2 * HOUR_MS)).toBeUndefined()
    expect(blindSince(sightOf(hourly), DAY_MS + 2 * HOUR_MS + 1)).toBe(DAY_MS + 2 * HOUR_MS)
  })

  test('has a habit of seven days, no longer', () => {
    const gap = { toMs: HOUR_MS }
    const after = (days: number) => ({ fromMs: 3 * HOUR_MS, toMs: 3 * HOUR_MS + days * DAY_MS })
    const quietFor = 3 * HOUR_MS
    const near = sightOf(gap, after(1))
    const nearMs = 3 * HOUR_MS + DAY_MS
    expect(blindSince(near, nearMs + quietFor)).toBeUndefined()
    const far = sightOf(gap, after(7))
    const farMs = 3 * HOUR_MS + 7 * DAY_MS
    expect(blindSince(far, farMs + quietFor)).toBe(farMs + 5 * MINUTE_MS)
  })

  test('whose accounts were last heard of more than seven days ago has no crowd', () => {
    const crowd = { toMs: HOUR_MS }
    const few = { accounts: 3, everyMs: HOUR_MS, fromMs: 2 * HOUR_MS, toMs: 9 * DAY_MS }
    expect(blindSince(sightOf(crowd, few), 10 * DAY_MS)).toBeUndefined()
  })
})

test('one merchant that falls silent makes nobody blind', () => {
  const all = { toMs: 2 * HOUR_MS, accounts: 21, everyMs: 5 * MINUTE_MS }
  const others = { ...all, fromMs: 2 * HOUR_MS + MINUTE_MS, toMs: 9 * DAY_MS, accounts: 20 }
  const sight = sightOf(all, others)
  expect(blindSince(sight, 9 * DAY_MS)).toBeUndefined()
  expect(sight.spells).toEqual([])
})

describe('of two sources', () => {
  /** `a` says so many records up to an hour, `b` one every minute and goes on. */
  const two = (everyMs: number) =>
    sightOf({ toMs: HOUR_MS, everyMs }, { name: 'b', toMs: HOUR_MS + 10 * MINUTE_MS })

  test.each<[number, number | undefined, string]>([
    [30_000, HOUR_MS + 5 * MINUTE_MS, 'the one that carried more than half is missed'],
    [MINUTE_MS, undefined, 'the other one is not'],
  ])('one every %i ms: blind since %s (%s)', (everyMs, since) => {
    expect(blindSince(two(everyMs), HOUR_MS + 10 * MINUTE_MS)).toBe(since)
  })

  test('exactly half is not more than half', () => {
    const sight = sightOf(
      { toMs: HOUR_MS - MINUTE_MS },
      { name: 'b', accounts: 3, toMs: HOUR_MS - MINUTE_MS },
    )
    expect(blindSince(sight, 2 * HOUR_MS)).toBeUndefined()
  })

  test('the word of the other one does not give sight back, its own does', () => {
    const sight = two(30_000)
    const atMs = HOUR_MS + 20 * MINUTE_MS
    hear(sight, 'b', 'b1', atMs)
    expect(sight.blindSinceMs).toBe(HOUR_MS + 5 * MINUTE_MS)
    hear(sight, 'a', 'a1', atMs + 1)
    expect(sight.blindSinceMs).toBeUndefined()
    expect(sight.spells).toEqual([{ fromMs: HOUR_MS + 5 * MINUTE_MS, toMs: atMs + 1 }])
  })
})

describe('what is due in a spell', () => {
  const sight = {
    ...newSight(),
    spells: [
      { fromMs: 100, toMs: 200 },
      { fromMs: 300, toMs: 400 },
    ],
  }

  test.each([
    [99, 99, 'before'],
    [100, 200, 'at its beginning'],
    [199, 200, 'inside'],
    [200, 200, 'at its end'],
    [250, 250, 'between two'],
    [399, 400, 'in the second'],
    [500, 500, 'after'],
  ])('at %i is judged at %i (%s)', (dueMs, releasedMs) => {
    expect(releaseMs(sight, dueMs)).toBe(releasedMs)
  })

  test.each([
    [99, 99],
    [100, 99],
    [199, 99],
    [200, 200],
    [350, 299],
    [400, 400],
  ])('absence seen from %i is known up to %i', (atMs, byMs) => {
    expect(absenceByMs(sight, atMs)).toBe(byMs)
  })

  test('while it lasts, nothing of it is', () => {
    const blind = { ...sight, blindSinceMs: 600 }
    expect(releaseMs(blind, 599)).toBe(599)
    expect(releaseMs(blind, 600)).toBe(Infinity)
    expect(absenceByMs(blind, 599)).toBe(599)
    expect(absenceByMs(blind, 700)).toBe(599)
  })
})

test('remembers the newest 64 spells and 32 sources', () => {
  const sight = newSight()
  for (let at = 0; at < 70; at++) {
    for (let account = 0; account < 20; account++)
      hear(sight, 'a', `${account}`, at * 10 * DAY_MS + account)
    look(sight, at * 10 * DAY_MS + DAY_MS)
  }
  expect(sight.spells.length).toBeLessThanOrEqual(64)
  for (let at = 0; at < 40; at++) hear(sight, `s${at}`, 'x', 800 * DAY_MS + at)
  expect(sight.sources.size).toBe(32)
  expect(sight.sources.has('s39')).toBe(true)
  expect(sight.sources.has('a')).toBe(false)
})

describe('in the fold', () => {
  /** A quiet shop due on 16 March, and twenty others whose source speaks hourly but for a while. */
  function partition(silentFrom: string, silentTo: string) {
    const shop = history()
    shop.registers('2025-12-01T08:00')
    shop.activates('2025-12-01T08:10')
    shop.sells('2026-01-15T18:00')
    shop.tell('2026-02-10T08:00', 'merchant.pause.declared', {
      from: '2026-02-11',
      to: '2026-04-14',
    })
    shop.tell('2026-02-12T08:00', 'merchant.pause.ended', {})
    const others = Array.from({ length: 20 }, (_, at) => history({ merchantId: `X${at}` }))
    let local = Temporal.PlainDateTime.from('2026-05-01T00:30')
    for (let at = 0; local.toString() < '2026-05-14T00:00'; at++, local = local.add({ hours: 1 })) {
      const text = local.toString()
      if (text > silentFrom && text < silentTo) continue
      others[at % 20]!.tell(text, 'terminal.heartbeat', { terminalId: 'T1' })
    }
    expect(heard(shop, 'merchant-inactivity', '2026-05-12')).toContain(
      '2026-05-09 account:reverify raised final-warning',
    )
    const lines = merged(shop.lines(), ...others.map((it) => it.lines()))
    const { records } = play(lines, { policy: POLICY, untilMs: shop.at('2026-05-13') })
    return told(records.filter(({ stage }) => stage === 'final-warning'))
  }

  test('a stage due while nobody was heard of waits for the first word', () => {
    expect(partition('2026-05-08T20:00', '2026-05-09T06:00')).toEqual([
      '2026-05-09 06:30:00 merchant-inactivity account:reverify raised final-warning',
    ])
  })

  test('within the habit it does not wait', () => {
    expect(partition('2026-05-08T23:00', '2026-05-09T01:00')).toEqual([
      '2026-05-09 00:00:00 merchant-inactivity account:reverify raised final-warning',
    ])
  })
})
