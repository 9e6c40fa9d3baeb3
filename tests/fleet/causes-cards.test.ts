import { describe, expect, test } from 'vitest'
import { CAUSES, SECOND_CAUSES } from '../../src/fleet/causes.ts'
import { DAY_MS, dayFrom } from '../../src/fleet/civil.ts'
import { createPlan } from '../../src/fleet/merchant.ts'
import type { Planned } from '../../src/fleet/planned.ts'
import { createRng } from '../../src/fleet/random.ts'
import { recount } from '../../src/fleet/recount.ts'
import type { Cause } from '../../src/fleet/story.ts'
import { createTrading } from '../../src/fleet/trading.ts'

const FROM = dayFrom('2025-01-01')
const DAYS = 400
const SEEDS = [1, 2, 3, 4, 5]
const LETTERS: Readonly<Record<string, string>> = {
  notice: 'N',
  warning: 'W',
  resolved: 'r',
  retracted: 'x',
}

function played(cause: Cause, seed: number): { events: Planned[]; told: Map<string, string> } {
  const plan = createPlan(1, cause, { seed, fromDay: FROM, days: DAYS })
  const play = createTrading(plan, createRng(seed, 1, 1))
  const events = Array.from({ length: DAYS }, (_, at) => play(FROM + at))
    .flat()
    .sort((a, b) => a.arriveMs - b.arriveMs)
  const { place, trade, country } = plan
  const who = { place, mcc: trade.mcc, exponent: country.exponent }
  const records = recount(who, events, (FROM + DAYS) * DAY_MS)
  for (const { detector } of records) expect(plan.never).not.toContain(detector)
  const byDetector = Map.groupBy(records, ({ detector }) => detector)
  const told = [...byDetector].map(
    ([detector, of]) =>
      [detector, of.map(({ stage }) => LETTERS[stage] ?? stage).join('')] as const,
  )
  return { events, told: new Map(told) }
}

function named(name: string): Cause {
  return [...CAUSES, ...SECOND_CAUSES].find((cause) => cause.name === name)!
}

const RATIO = 'decline-ratio-spike'
const SLEEPER = 'dormant-reactivation'
/** One letter for each record of the detector. */
const TABLE: readonly (readonly [name: string, detector: string, records: RegExp])[] = [
  ['1b refused by many banks in one hour', RATIO, /^Nr$/],
  ['1b refused by many banks, most of one', RATIO, /^Nr$/],
  ['1b refused by many banks hour after hour', RATIO, /^NWr$/],
  ['1b refused by many banks over a day', RATIO, /^Nr$/],
  ['1b refused by many banks day after day', RATIO, /^NWr$/],
  ['1b stolen cards tried at night', 'card-testing', /^Wr$/],
  ['1b stolen cards tried again', 'card-testing', /^Wr$/],
  ['near-miss: refusals that are no test', RATIO, /^NrNrNr$/],
  ['2 one card again and again', 'repeat-card', /^Nr$/],
  ['2 one card again and again, told late', 'repeat-card', /^Nr$/],
  ['2 one card again and again on two days', 'repeat-card', /^N(r?)W(r)$/],
  ['2 such days far apart', 'repeat-card', /^NrNr$/],
  ['2 a repeated sale taken back', 'repeat-card', /^Nx$/],
  ['2 the second of such days taken back', 'repeat-card', /^NWxNr$/],
  ['1a round sums', 'round-amount', /^Nr$/],
  ['1a round sums, six in ten', 'round-amount', /^Nr$/],
  ['1a round sums, and many', 'round-amount', /^Wr$/],
  ['1a round sums, and one card again', 'round-amount', /^NWr$/],
  ['1a round sums, one taken back', 'round-amount', /^Nx$/],
  ['1a round sums, one told late', 'round-amount', /^Nr$/],
  ['11 asleep, then ten sales', SLEEPER, /^Wr$/],
  ['11 asleep, then a large sale', SLEEPER, /^Wr$/],
  ['11 asleep, then much', SLEEPER, /^Wr$/],
  ['11 asleep, for a reason', SLEEPER, /^Nr$/],
  ['4 asleep, a forwarded sale tells otherwise', SLEEPER, /^Wx$/],
  ['11 asleep, the tenth sale taken back', SLEEPER, /^WxWr$/],
  ['1c a large refund of no sale', 'unmatched-refund', /^Wr$/],
  ['1c three refunds of no sale', 'unmatched-refund', /^Wr$/],
  ['1c a refund of no sale, told late', 'unmatched-refund', /^Wr$/],
  ['1c refunds of no sale after a migration', 'unmatched-refund', /^NrWr$/],
]
const SILENT: readonly (readonly [name: string, detector: string])[] = [
  ['near-miss: refused by one bank', RATIO],
  ['near-miss: not refused often enough', RATIO],
  ['near-miss: refusals that are no test', 'card-testing'],
  ['near-miss: one card, small or few or taken back', 'repeat-card'],
  ['near-miss: one card where that is usual', 'repeat-card'],
  ['near-miss: round sums, not enough', 'round-amount'],
  ['near-miss: round sums of a school', 'round-amount'],
  ['near-miss: asleep for 59 days', SLEEPER],
  ['near-miss: slow to wake', SLEEPER],
  ['11 a declared pause ends', SLEEPER],
  ['near-miss: refunds of no sale, few or small', 'unmatched-refund'],
]

describe('each cause of cards brings about what it promises', { timeout: 120_000 }, () => {
  test.each(TABLE)('%s: %s %s', (name, detector, records) => {
    for (const seed of SEEDS) {
      expect(played(named(name), seed).told.get(detector), `seed ${seed}`).toMatch(records)
    }
  })

  test.each(SILENT)('%s: no %s', (name, detector) => {
    for (const seed of SEEDS) {
      expect(played(named(name), seed).told.get(detector), `seed ${seed}`).toBeUndefined()
    }
  })
})

test('a healthy life of any trade knows none of them', { timeout: 120_000 }, () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { told } = played(named('healthy'), seed)
    expect([...told.keys()].filter((detector) => detector !== 'volume-spike')).toEqual([])
  }
})

test('no story is told with the number of an attempt twice', { timeout: 120_000 }, () => {
  for (const [name] of TABLE) {
    const seen = new Set<string>()
    for (const { type, id, data } of played(named(name), 1).events) {
      if (type !== 'card.authorisation' || seen.has(id)) continue
      seen.add(id)
      const numbers = `${data.terminalId} ${data.stan} ${data.rrn}`
      expect(seen.has(numbers)).toBe(false)
      seen.add(numbers)
    }
  }
})
