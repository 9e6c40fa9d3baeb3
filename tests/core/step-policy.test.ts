import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Account } from '../../src/core/account.ts'
import { createFold } from '../../src/core/fold.ts'
import type { Policy } from '../../src/core/policy.ts'
import { newSight } from '../../src/core/sight.ts'
import { newSilence } from '../../src/core/silence.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { anyHistory, linesOf, LONG_AFTER_MS } from '../support/any-history.ts'
import { history } from '../support/history.ts'
import type { Shop } from '../support/heard.ts'
import { policyWith } from '../support/policies.ts'
import { play, told } from '../support/watch.ts'

const AS_SHIPPED = policyWith('')
const RUNS = { seed: 20_260_711, numRuns: 100 }

type Change = Readonly<{ tell: (shop: Shop) => void; at: string; before?: string; after: string }>
type Changed = Readonly<{ records: readonly WarningRecord[]; account: Account; policy: Policy }>

/** What a change of policy says of an account, when the arrival clock stands at `at`. */
function changed({ tell, at, before = '', after }: Change): Changed {
  const shop = history()
  tell(shop)
  const atMs = shop.at(at)
  const played = play(shop.lines(), { untilMs: atMs, policy: policyWith(before) })
  const account = [...played.accounts.values()][0]!
  const policy = policyWith(after)
  return { records: judgedBy(policy, account, atMs), account, policy }
}

function judgedBy(policy: Policy, account: Account, atMs: number): readonly WarningRecord[] {
  const memory = { clockMs: atMs, sight: newSight(), silence: newSilence() }
  return createFold(policy).policy(memory, account, atMs).warnings
}

const ofOne = (records: readonly WarningRecord[], detector: string) =>
  told(records.filter((it) => it.detector === detector)).map((it) => it.replace(` ${detector}`, ''))

/** Idle since 10 January: verified again by 10 April, warned from 11 March by default. */
function idle(shop: Shop): void {
  shop.registers('2025-12-01T09:00')
  shop.activates('2025-12-01T10:00')
  shop.sells('2026-01-10T12:00')
}

const LADDER = (steps: string) => `merchant-inactivity:
  ladders:
    reverify: { ${steps}, consequence-due: 0d }
    stop: { notice: -60d }
  source: own`

describe('a date', () => {
  test.each<[at: string, after: string, says: string[], shows: string]>([
    [
      '2026-03-20T08:00',
      LADDER('notice: -10d'),
      ['2026-03-20 08:00:00 account:reverify resolved policy-changed'],
      'a stage that would not have begun ends',
    ],
    [
      '2026-03-05T08:00',
      LADDER('notice: -60d'),
      ['2026-03-05 08:00:00 account:reverify opened notice'],
      'a stage that would have begun is told now, not as of its own date',
    ],
    [
      '2026-03-20T08:00',
      LADDER('notice: -30d, warning: -25d'),
      ['2026-03-20 08:00:00 account:reverify raised warning'],
      'what stands is raised and keeps its episode',
    ],
    [
      '2026-03-28T08:00',
      LADDER('notice: -30d, warning: -3d'),
      [
        '2026-03-28 08:00:00 account:reverify resolved policy-changed',
        '2026-03-28 08:00:00 account:reverify opened notice',
      ],
      'a stage never goes down: the episode ends and another opens at the lower one',
    ],
    ['2026-03-20T08:00', LADDER('notice: -30d, warning: -2d'), [], 'what still stands is kept'],
    [
      '2026-03-20T08:00',
      `merchant-inactivity:
  limits: { reverifyMonths: 4 }
  source: own`,
      ['2026-03-20 08:00:00 account:reverify resolved policy-changed'],
      'with another limit the date is another cause',
    ],
    [
      '2026-03-20T08:00',
      'merchant-inactivity: { armed: false }',
      ['2026-03-20 08:00:00 account:reverify resolved policy-changed'],
      'a disarmed detector has no warnings',
    ],
    [
      '2026-03-10T23:59',
      LADDER('notice: -30d'),
      [],
      'a stage of the present, not yet provable, is left to its timer',
    ],
  ])('at %s (case %#): %j', (at, after, says, _shows) => {
    const { records } = changed({ tell: idle, at, after })
    expect(ofOne(records, 'merchant-inactivity')).toEqual(says)
  })

  test('opened by a policy, an episode is named by it', () => {
    const { records } = changed({
      tell: idle,
      at: '2026-03-05T08:00',
      after: LADDER('notice: -60d'),
    })
    expect(records[0]).toMatchObject({ openedBy: 'policy', openedMs: records[0]?.atMs })
    expect(records[0]).not.toHaveProperty('causationId')
  })

  test('ended by one, it is ended in the name of the policy that ended it', () => {
    const after = 'merchant-inactivity: { armed: false }'
    const { records, policy } = changed({ tell: idle, at: '2026-03-20T08:00', after })
    const { hash } = policy.profileOf({ tenant: 'acq-a', country: 'CN', mcc: '5411' })
    expect(records[0]).toMatchObject({ policyHash: hash, source: 'CN1', detectorVersion: 1 })
  })

  test('disarmed, it leaves no timer behind', () => {
    const after = ['merchant-inactivity', 'terminal-inactivity']
      .map((it) => `${it}: { armed: false }`)
      .join('\n')
    const { account } = changed({ tell: idle, at: '2026-03-20T08:00', after })
    const timers = [...account.said.values()].flatMap((it) => [...it.values()])
    expect(timers.filter(({ nextMs }) => nextMs !== Infinity)).toEqual([])
  })

  test('armed for the first time, it begins with what is there', () => {
    const before = 'merchant-inactivity: { armed: false }'
    const { records } = changed({ tell: idle, at: '2026-03-20T08:00', before, after: '' })
    expect(ofOne(records, 'merchant-inactivity')).toEqual([
      '2026-03-20 08:00:00 account:reverify opened notice',
    ])
  })

  test('while the partition is blind, absence is not judged', () => {
    const shop = history()
    idle(shop)
    const atMs = shop.at('2026-03-05T08:00')
    const [account] = play(shop.lines(), { untilMs: atMs, policy: AS_SHIPPED }).accounts.values()
    const sight = { ...newSight(), blindSinceMs: shop.at('2026-01-12') }
    const fold = createFold(policyWith(LADDER('notice: -60d')))
    expect(
      fold.policy({ clockMs: atMs, sight, silence: newSilence() }, account!, atMs).warnings,
    ).toEqual([])
    // Told when it sees again.
    expect(fold.wakeMs(account!)).toBeLessThan(atMs)
  })

  test('of an account that is closed nothing is said', () => {
    const tell = (shop: Shop): void => {
      idle(shop)
      shop.tell('2026-03-01T12:00', 'account.deregistered', { effectiveAt: '2026-03-01' })
    }
    const after = LADDER('notice: -60d')
    expect(changed({ tell, at: '2026-03-20T08:00', after }).records).toEqual([])
  })
})

/** Twenty-five days of 2,000 a day, then one of 10,000: five times as much. */
function spikes(shop: Shop): void {
  shop.registers('2026-01-01T09:00')
  shop.activates('2026-01-01T10:00')
  for (let day = 0; day < 25; day++) {
    const date = Temporal.PlainDate.from('2026-02-01').add({ days: day }).toString()
    shop.sells(`${date}T12:00`, { amount: 200_000 })
  }
  shop.sells('2026-02-26T12:00', { amount: 1_000_000 })
}

const SPIKE = (multiple: number, warning: string) => `volume-spike:
  limits: { multipleMin: ${multiple} }
  ladder: { notice: hit${warning} }
  source: own`

describe('a window that was a hit', () => {
  test.each<[after: string, says: string[], shows: string]>([
    [SPIKE(6, ''), ['2026-02-26 18:00:00 account resolved policy-changed'], 'is none any more'],
    [SPIKE(4, ''), [], 'is one still'],
    [
      SPIKE(3, ', warning: { valueMin: 5 }'),
      ['2026-02-26 18:00:00 account raised warning'],
      'is a stronger one now',
    ],
    ['volume-spike: { armed: false }', ['2026-02-26 18:00:00 account resolved policy-changed'], ''],
  ])('case %#: %j', (after, says) => {
    const { records } = changed({ tell: spikes, at: '2026-02-26T18:00', after })
    expect(ofOne(records, 'volume-spike')).toEqual(says)
  })

  test('a stage that the new ladder has not ends, though the window cannot be measured again', () => {
    const tell = (shop: Shop): void => {
      shop.registers('2026-01-01T09:00')
      shop.activates('2026-01-01T10:00')
      for (let at = 0; at < 9; at++) {
        const cardToken = `h1:${at % 3}`
        shop.sells(`2026-02-03T12:0${at}`, { responseCode: '05', cardToken })
      }
    }
    const burst = (ladder: string) => `decline-burst-card:\n  ladder: ${ladder}\n  source: own`
    const kept = burst('{ notice: hit, warning: { hits: 5, per: card, within: P24h } }')
    const at = '2026-02-03T18:00'
    expect(changed({ tell, at, after: kept }).records).toEqual([])
    const { records } = changed({ tell, at, after: burst('{ notice: hit }') })
    expect(ofOne(records, 'decline-burst-card')).toEqual([
      '2026-02-03 18:00:00 account resolved policy-changed',
    ])
  })

  test('clears at the same close as it would have without the change', () => {
    const shop = history()
    spikes(shop)
    const beforeMs = shop.at('2026-02-26T18:00')
    const [account] = play(shop.lines(), {
      untilMs: beforeMs,
      policy: AS_SHIPPED,
    }).accounts.values()
    const policy = policyWith(SPIKE(4, ''))
    // Two days late: the closes in between are still to come.
    const atMs = shop.at('2026-03-02T08:00')
    expect(judgedBy(policy, account!, atMs)).toEqual([])
    const memory = { clockMs: atMs, sight: newSight(), silence: newSilence() }
    expect(ofOne(createFold(policy).timers(memory, account!).warnings, 'volume-spike')).toEqual([
      '2026-03-01 00:00:00 account resolved cleared',
    ])
  })
})

/** As stored: what a second judgement may not change. */
const stateOf = ({ said, sequence }: Account) => structuredClone({ said, sequence })

function anyAccount(all: Parameters<typeof linesOf>[0], days: number) {
  const lines = linesOf(all)
  const atMs = Date.parse('2026-01-20T10:30:00+08:00') + days * 86_400_000
  const [account] = play(lines, { untilMs: atMs, policy: AS_SHIPPED }).accounts.values()
  return { account: account!, atMs }
}

describe('of any account', () => {
  test('the policy that judged it before says nothing, then or later', () => {
    const property = fc.property(anyHistory, fc.nat(150), (all, days) => {
      const { account, atMs } = anyAccount(all, days)
      const other = anyAccount(all, days).account
      expect(told(judgedBy(AS_SHIPPED, account, atMs))).toEqual([])
      expect(told(later(account))).toEqual(told(later(other)))
    })
    fc.assert(property, RUNS)
  })

  test('judged twice at one instant it says nothing the second time', () => {
    const stricter = policyWith(
      `${LADDER('notice: -80d, warning: -3d')}\n${SPIKE(2, '')}\nfee-overdue: { armed: false }`,
    )
    let said = 0
    const property = fc.property(anyHistory, fc.nat(150), (all, days) => {
      const { account, atMs } = anyAccount(all, days)
      said += judgedBy(stricter, account, atMs).length
      const before = stateOf(account)
      expect(told(judgedBy(stricter, account, atMs))).toEqual([])
      expect(stateOf(account)).toEqual(before)
    })
    fc.assert(property, RUNS)
    expect(said).toBeGreaterThan(20)
  })
})

/** All that its timers say in a year without another event. */
function later(account: Account): readonly WarningRecord[] {
  const memory = { clockMs: LONG_AFTER_MS, sight: newSight(), silence: newSilence() }
  return createFold(AS_SHIPPED).timers(memory, account).warnings
}
