import { describe, expect, test } from 'vitest'
import { CAUSES, SECOND_CAUSES } from '../../src/fleet/causes.ts'
import { CLOSING } from '../../src/fleet/causes-closing.ts'
import { DAY_MS, dayFrom } from '../../src/fleet/civil.ts'
import { createPlan, dealCauses } from '../../src/fleet/merchant.ts'
import { createRng } from '../../src/fleet/random.ts'
import { recount } from '../../src/fleet/recount.ts'
import type { Cause } from '../../src/fleet/story.ts'
import { createTrading } from '../../src/fleet/trading.ts'

const FROM = dayFrom('2025-01-01')
const DAYS = 400
const SEEDS = [1, 2, 3, 4]
const DETECTORS = new Set([
  'document-expiry',
  'fee-collection-failed',
  'negative-balance',
  'network-rejected',
  'payout-returned',
])
const LETTERS: Readonly<Record<string, string>> = {
  notice: 'N',
  warning: 'W',
  'final-warning': 'F',
  'consequence-due': 'C',
  resolved: 'r',
  retracted: 'x',
}

/** Of one merchant with this cause, what is told of each subject, a letter for each record. */
function toldOf(cause: Cause, seed: number): { detectors: string[]; stages: string } {
  const plan = createPlan(1, cause, { seed, fromDay: FROM, days: DAYS })
  const play = createTrading(plan, createRng(seed, 1, 1))
  const events = Array.from({ length: DAYS }, (_, at) => play(FROM + at))
    .flat()
    .sort((a, b) => a.arriveMs - b.arriveMs)
  const { place, trade, country } = plan
  const who = { place, mcc: trade.mcc, exponent: country.exponent }
  const told = recount(who, events, (FROM + DAYS) * DAY_MS)
  for (const { detector } of told) expect(plan.never).not.toContain(detector)
  const mine = told.filter(({ detector }) => DETECTORS.has(detector))
  const bySubject = Map.groupBy(mine, ({ subject }) => subject)
  const texts = [...bySubject.values()].map((of) => of.map((one) => LETTERS[one.stage]!).join(''))
  return {
    detectors: [...new Set(mine.map(({ detector }) => detector))],
    stages: texts.sort().join(' '),
  }
}

type Row = readonly [name: string, detector: string, stages: RegExp]
const TABLE: readonly Row[] = [
  ['3 a debit failed, then paid or disputed', 'fee-collection-failed', /^Nr Nr$/],
  ['3 debits failed again and again', 'fee-collection-failed', /^NWr NWr$/],
  ['3 debits failed while disputed', 'fee-collection-failed', /^NWr$/],
  ['3 a debit failed after a payment told late', 'fee-collection-failed', /^NWx Nx$/],
  ['3 refunds over sales', 'negative-balance', /^NWrNr$/],
  ['3 in debt for weeks', 'negative-balance', /^NWFr?$/],
  ['3 a balance made good, told late', 'negative-balance', /^Nx$/],
  ['3 a balance made good in between, told late', 'negative-balance', /^NWxNWr$/],
  ['10 renewed after notice', 'document-expiry', /^NWr Nr$/],
  ['10 expired', 'document-expiry', /^NWFCr? NWF?r$/],
  ['10 under review', 'document-expiry', /^NWFCr NWF?r Nr$/],
  ['10 another in its place, and an end after all', 'document-expiry', /^NW?F?r NW?r$/],
  ['10 renewed, told late', 'document-expiry', /^NWF?x NW?x$/],
  ['10 expired when first told of', 'document-expiry', /^Fr$/],
  ['8 refused by the network amid trade', 'network-rejected', /^Fr$/],
  ['8 refused by the network for days', 'network-rejected', /^Fr$/],
  ['8 refused by the network, an approval told late', 'network-rejected', /^Fx$/],
  ['17 a payout returned', 'payout-returned', /^WrWr$/],
  ['17 a payout failed and returned', 'payout-returned', /^WrWr$/],
  ['17 a payout returned, the account untold', 'payout-returned', /^Wr Wr$/],
  ['17 payouts returned again', 'payout-returned', /^WFrWrFr$/],
  ['17 a payout returned, a later one told late', 'payout-returned', /^Wx$/],
]
const SILENT = [
  'near-miss: a debit failed of what was paid',
  'near-miss: a balance made good the same day',
  'near-miss: a balance just below nought',
  'near-miss: documents renewed early',
  'near-miss: network codes that prove nothing',
  'near-miss: network codes at a new till',
  'near-miss: a return older than the latest payout',
  'healthy',
]

function named(name: string): Cause {
  return [...CAUSES, ...SECOND_CAUSES].find((cause) => cause.name === name)!
}

describe('each cause brings about what it promises', { timeout: 60_000 }, () => {
  test.each(TABLE)('%s: %s %s', (name, detector, stages) => {
    for (const seed of SEEDS) {
      const told = toldOf(named(name), seed)
      expect(told.stages, `seed ${seed}`).toMatch(stages)
      expect(told.detectors).toEqual([detector])
    }
  })

  test.each(SILENT)('%s: nothing', (name) => {
    for (const seed of SEEDS) expect(toldOf(named(name), seed).stages, `seed ${seed}`).toBe('')
  })
})

describe('a second story', () => {
  const dealt = dealCauses(200, 7)

  test('of each kind befalls some merchant of a large fleet', () => {
    const names = new Set(dealt.flatMap(({ name }) => name.split('; ').slice(1)))
    expect([...names].toSorted()).toEqual(SECOND_CAUSES.map(({ name }) => name).toSorted())
  })

  test('befalls nobody who is healthy, narrowly escapes, or leaves', () => {
    const alone = new Set(CLOSING.map(({ name }) => name))
    const both = dealt.filter(({ name }) => name.includes('; '))
    for (const { name } of both) {
      expect(name).not.toMatch(/^(healthy|near-miss)/)
      expect(alone).not.toContain(name.split('; ')[0])
    }
  })

  test('leaves the first as it is, and both rule out what either does', () => {
    for (const { name, never, isBusy } of dealt.filter((cause) => cause.name.includes('; '))) {
      const [first, second] = name.split('; ').map(named)
      expect(never).toEqual([...first!.never, ...second!.never])
      expect(isBusy).toBe(first!.isBusy)
    }
  })
})
