import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Account } from '../../src/core/account.ts'
import { createEncoder, decodeAccount } from '../../src/core/codec.ts'
import { explain } from '../../src/core/explain.ts'
import type { Moment } from '../../src/core/detector.ts'
import type { Explanation } from '../../src/core/explanation.ts'
import { createFold } from '../../src/core/fold.ts'
import type { Policy } from '../../src/core/policy.ts'
import { standingOf } from '../../src/core/standing.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { decode } from '../../src/events/decode.ts'
import { anyHistory, anyOrderlyHistory, linesOf, LONG_AFTER_MS } from '../support/any-history.ts'
import { OPENINGS } from '../support/clearing.ts'
import { POLICY } from '../support/heard.ts'
import type { Shop } from '../support/heard.ts'
import { dates, history, shopDay } from '../support/history.ts'
import { policyWith } from '../support/policies.ts'
import { play } from '../support/watch.ts'

const GRACE_MS = 60_000
const runs = (numRuns: number) => ({ seed: 20_260_610, numRuns })

function sectionsOf(account: Account): (Uint8Array | undefined)[] {
  account.dirty = { now: true, past: true, facts: true }
  const sections = new Map(createEncoder()(account))
  return [sections.get('n'), sections.get('p'), sections.get('f')]
}

/** As of a local date or time; timers due then have fired. */
function explained(shop: Shop, until: string, policy: Policy = POLICY): Explanation {
  const untilMs = shop.at(until) + GRACE_MS
  const { accounts, dead } = play(shop.lines(), { untilMs, policy })
  expect(dead).toEqual([])
  return explain(policy, [...accounts.values()][0]!, untilMs)
}

const detectorOf = ({ detectors }: Explanation, name: string) =>
  detectors.find(({ detector }) => detector === name)!
const stagesOf = (its: Explanation, name: string, subject: string) =>
  detectorOf(its, name)
    .clocks.find((it) => it.subject === subject)
    ?.stages.map(({ stage, on = '', state }) => `${stage} ${on} ${state}`.replace('  ', ' '))
const suppressedOf = (its: Explanation) =>
  its.suppressed.map(({ detector = '*', subject = '', why }) =>
    [detector, subject, why].filter((it) => it !== '').join(' '),
  )

function shopOf(more: Parameters<Shop['registers']>[1] = {}): Shop {
  const shop = history()
  shop.registers('2025-11-01T08:00', more)
  return shop
}

describe('what it says of an account', () => {
  test('a clock has the dates of all its stages, what is told, what is next, and what clears it', () => {
    const shop = shopOf()
    shop.activates('2025-11-01T09:00')
    shop.sells('2026-01-15T10:00')
    const its = explained(shop, '2026-03-20')
    expect(stagesOf(its, 'merchant-inactivity', 'account:reverify')).toEqual([
      'notice 2026-03-16 told',
      'warning 2026-04-01 next',
      'final-warning 2026-04-12 later',
      'consequence-due 2026-04-15 later',
    ])
    expect(its.warnings).toMatchObject([
      {
        ...{ detector: 'merchant-inactivity', subject: 'account:reverify', stage: 'notice' },
        ...{ openedAt: '2026-03-16T00:00:00+08:00', consequenceDate: '2026-04-15', source: 'CN1' },
        clears: ['re-verify', 'mark-as-backup', 'declare-pause', 'cancel'],
        seen: { lastSaleOn: '2026-01-15' },
      },
    ])
    const { clocks } = detectorOf(its, 'merchant-inactivity')
    expect(clocks[0]).toMatchObject({ value: 64, unit: 'days', from: '2026-01-15' })
    expect(clocks[0]?.evidence).toHaveLength(1)
  })

  test('a stage that was jumped over is said to be passed, a timer not fired to be due', () => {
    const shop = shopOf()
    shop.activates('2025-11-01T09:00')
    shop.sells('2026-01-15T10:00')
    const { accounts } = play(shop.lines(), { policy: POLICY })
    const late = explain(POLICY, [...accounts.values()][0]!, shop.at('2026-04-02'))
    expect(stagesOf(late, 'merchant-inactivity', 'account:reverify')?.slice(0, 3)).toEqual([
      'notice 2026-03-16 due',
      'warning 2026-04-01 due',
      'final-warning 2026-04-12 next',
    ])
    shop.tell('2026-02-01T08:00', 'fee.invoiced', {
      ...{ invoiceId: 'i1', feeType: 'pci', amount: 12_000, currency: 'CNY' },
      dueDate: '2026-01-10',
    })
    const its = explained(shop, '2026-02-02')
    expect(stagesOf(its, 'fee-overdue', 'invoice:i1')?.[0]).toBe('notice 2026-01-11 passed')
  })

  test('a fact is counted towards its stages', () => {
    const shop = shopOf()
    OPENINGS['fee-collection-failed']?.(shop)
    const its = explained(shop, '2026-03-20T12:30')
    expect(detectorOf(its, 'fee-collection-failed').clocks).toMatchObject([
      {
        ...{ kind: 'fact', value: 1, unit: 'failures', stage: 'notice' },
        stages: [
          { stage: 'notice', threshold: 1, state: 'told' },
          { stage: 'warning', threshold: 2, state: 'next' },
        ],
      },
    ])
  })

  test('a limit stands beside what is measured, what is usual and whose it is', () => {
    const shop = shopOf()
    shop.activates('2025-11-01T09:00')
    for (const date of dates('2026-02-01', '2026-03-14')) shopDay(shop, date, { sales: 10 })
    shopDay(shop, '2026-03-15', { sales: 35 })
    const its = explained(shop, '2026-03-15T23:30')
    const { windows, hits, climbs, source } = detectorOf(its, 'volume-spike')
    expect(source).toBe('CN10')
    expect(windows[0]).toMatchObject({
      ...{ rule: 'LD', isHit: true, baseline: 10, baselineOf: 'account', historyDays: 42 },
      limits: [
        { name: 'countMin', value: 35, limit: 20, unit: 'sales' },
        { name: 'multipleMin', value: 35, limit: 30, unit: 'sales' },
      ],
    })
    expect(hits).toMatchObject([{ rule: 'LD', on: '2026-03-15', isStrong: false }])
    expect(climbs.map(({ stage }) => stage)).toEqual(['warning'])
    expect(detectorOf(its, 'decline-ratio-spike').windows[0]?.limits).toMatchObject([
      { name: 'hour.percentMin', value: 0, limit: 3_000 },
      { name: 'hour.attemptsMin' },
      { name: 'multipleMin', unit: 'basis-points' },
      { name: 'issuerPercentMax', isMost: true },
    ])
  })

  test.each([
    [10, 30, true],
    [10, 29, false],
    [5, 20, true],
    [5, 19, false],
  ])('usually %i sales, today %i: reached is %s', (usual, sales, isHit) => {
    const shop = shopOf()
    shop.activates('2025-11-01T09:00')
    for (const date of dates('2026-02-01', '2026-03-14')) shopDay(shop, date, { sales: usual })
    shopDay(shop, '2026-03-15', { sales })
    const { windows, hits } = detectorOf(explained(shop, '2026-03-15T23:30'), 'volume-spike')
    expect(windows.map((it) => it.isHit)).toEqual([isHit, false, false])
    expect(hits).toHaveLength(isHit ? 1 : 0)
  })
})

describe('what it says is held back', () => {
  test('a dispute, a backup terminal, an account that speaks for its terminal, one that is new', () => {
    const shop = shopOf({ mcc: '8211' })
    shop.activates('2026-03-01T09:00')
    shop.activates('2026-03-01T09:10', 'T:2', { role: 'backup' })
    shop.sells('2026-03-02T10:00')
    shop.tell('2026-03-02T11:00', 'fee.invoiced', {
      ...{ invoiceId: 'i1', feeType: 'pci', amount: 12_000, currency: 'CNY' },
      dueDate: '2026-03-10',
    })
    shop.tell('2026-03-02T12:00', 'fee.disputed', { invoiceId: 'i1' })
    const its = explained(shop, '2026-03-05')
    expect(suppressedOf(its)).toEqual(
      expect.arrayContaining([
        'terminal-inactivity terminal:T1:reverify no-busy-terminal',
        'fee-due-soon invoice:i1 disputed',
        'decline-ratio-spike burn-in',
        'round-amount exempt-mcc',
        '* terminal:T%3A2 role-backup',
      ]),
    )
    expect(stagesOf(its, 'fee-due-soon', 'invoice:i1')).toEqual(['notice 2026-03-03 held'])
  })

  test('a cancellation switches off, a policy disarms', () => {
    const shop = shopOf()
    shop.activates('2025-11-01T09:00')
    shop.sells('2026-03-02T10:00')
    shop.tell('2026-03-03T08:00', 'cancellation.requested', { requestId: 'c' })
    const its = explained(shop, '2026-03-05', policyWith('never-activated: { armed: false }'))
    expect(its.account.state).toBe('closing')
    expect(detectorOf(its, 'merchant-inactivity')).toMatchObject({ state: 'off', why: 'closing' })
    expect(suppressedOf(its)).toContain('merchant-inactivity closing')
    expect(detectorOf(its, 'never-activated')).toMatchObject({ state: 'disarmed', clocks: [] })
  })

  test('an explanation that was accepted silences for ninety days', () => {
    const shop = shopOf()
    OPENINGS['volume-spike']?.(shop)
    const [warning] = explained(shop, '2026-03-20T12:30').warnings.filter(
      ({ detector }) => detector === 'volume-spike',
    )
    const accepted = { warningId: warning?.warningId, outcome: 'accepted' }
    shop.tell('2026-03-20T12:40', 'information.submitted', accepted)
    const its = explained(shop, '2026-03-20T13:00')
    const { state, silentUntil } = detectorOf(its, 'volume-spike')
    expect({ state, silentUntil }).toEqual({ state: 'silent', silentUntil: '2026-06-18' })
    expect(suppressedOf(its)).toContain('volume-spike reviewed')
  })

  test('blindness, stored sales, and what was counted while the events were folded', () => {
    const shop = shopOf()
    shop.activates('2025-11-01T09:00')
    shop.sells('2026-01-15T10:00')
    shop.tell('2026-01-16T10:00', 'terminal.heartbeat', { terminalId: 'T1', storedOfflineCount: 3 })
    const untilMs = shop.at('2026-03-01')
    const [account] = play(shop.lines(), { policy: POLICY, untilMs }).accounts.values()
    const its = explain(POLICY, account!, untilMs, {
      blindSinceMs: untilMs - 1,
      heldBack: [{ detector: 'volume-spike', cause: 'pause', count: 3 }],
    })
    expect(suppressedOf(its)).toEqual(
      expect.arrayContaining(['merchant-inactivity blind', 'volume-spike pause']),
    )
    expect(its.suppressed).toContainEqual({
      ...{ detector: 'merchant-inactivity', subject: 'account:reverify', why: 'backlog' },
      until: '2026-03-23T00:00:00+08:00',
    })
    expect(its.suppressed).toContainEqual({ detector: 'volume-spike', why: 'pause', count: 3 })
  })
})

describe('laws', () => {
  test.each(DETECTORS.map(({ name }) => name))('an open %s is told', (name) => {
    const shop = shopOf()
    OPENINGS[name]?.(shop)
    const its = explained(shop, '2026-03-20T12:30')
    const open = its.warnings.find(({ detector }) => detector === name)
    expect(open?.stageAt).toMatch(/^2026-03-/)
    expect(open?.clears.length).toBeGreaterThan(0)
    const { clocks, windows, hits } = detectorOf(its, name)
    expect(clocks.some(({ subject }) => subject === open?.subject) || windows.length > 0).toBe(true)
    if (windows.length > 0) expect(hits.length).toBeGreaterThan(0)
    expect(JSON.parse(JSON.stringify(its))).toEqual(its)
  })

  test('it changes nothing, and tells every warning that stands', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(200), (all, day) => {
        const untilMs = Date.parse('2026-01-01T12:00:00+08:00') + day * 86_400_000
        const played = play(linesOf(all, { isInUse: true }), { policy: POLICY, untilMs })
        const account = decodeAccount('acq-a', 'M1', sectionsOf([...played.accounts.values()][0]!))
        const before = sectionsOf(account)
        account.dirty = { now: false, past: false, facts: false }
        const its = explain(POLICY, account, untilMs)
        expect(account.dirty).toEqual({ now: false, past: false, facts: false })
        expect(sectionsOf(account)).toEqual(before)
        expect(explain(POLICY, account, untilMs)).toEqual(its)
        const standing = standingOf(POLICY, account) as { warnings: object[] } | undefined
        const names = its.warnings.map(({ detector, subject, stage, openedAt }) => {
          return { detector, subject, stage, openedAt }
        })
        expect(names).toMatchObject(standing?.warnings.map(({ ...it }) => named(it)) ?? [])
      }),
      runs(150),
    )
  })

  test('the next date of all is when the timers tell that stage', () => {
    let tried = 0
    fc.assert(
      fc.property(anyHistory, fc.nat(200), (all, day) => {
        const untilMs = Date.parse('2026-01-01T12:00:00+08:00') + day * 86_400_000
        const lines = linesOf(all, { isInUse: true }).filter(
          (line) => Date.parse(JSON.parse(line).receivedat) <= untilMs,
        )
        const options = { policy: POLICY, untilMs }
        const { accounts } = play(lines, options)
        const next = nextOf(explain(POLICY, [...accounts.values()][0]!, untilMs))
        if (next === undefined) return
        tried++
        const later = play(lines, { ...options, untilMs: LONG_AFTER_MS }).records
        const told = later.filter(({ atMs, reason }) => {
          return atMs === next.atMs && (reason === 'opened' || reason === 'raised')
        })
        const words = told.map(({ detector, subject, stage }) => [detector, subject, stage].join())
        expect(words).toContain(next.word)
      }),
      runs(150),
    )
    expect(tried).toBeGreaterThan(75)
  })

  test('a quiet behaviour warning ends on the date that is named', () => {
    const opened = DETECTORS.filter(({ kind }) => kind === 'behaviour')
    for (const { name } of opened) {
      const shop = shopOf()
      OPENINGS[name]?.(shop)
      const its = explained(shop, '2026-03-20T12:30')
      const open = its.warnings.find(({ detector }) => detector === name)
      const { records } = play(shop.lines(), { policy: POLICY, untilMs: LONG_AFTER_MS })
      const end = records.find(({ detector, reason }) => detector === name && reason === 'resolved')
      // A week's sum falls when it will: that date is the first on which it may end.
      const on = open?.endsOnIfQuiet ?? ''
      if (name === 'round-amount') expect(end?.atMs).toBeGreaterThanOrEqual(shop.at(on))
      else expect([name, end?.atMs]).toEqual([name, shop.at(on)])
    }
  })

  test('a window that is looked at holds where the detector finds at an event that it does', () => {
    const seen = { hits: 0, quiet: 0 }
    fc.assert(
      fc.property(anyOrderlyHistory, (all) => {
        for (const { account, moment, asked } of followed(linesOf(all, { isInUse: true }))) {
          for (const armed of asked) {
            const levels = armed.measure(account, moment).filter((it) => it.kind === 'level')
            const looks = armed.look(account, moment)
            for (const { rule, window } of looks) {
              const isIt = (it: { rule: string; window: { toMs: number } }) =>
                it.rule === rule && it.window.toMs === window.toMs
              const mine = levels.filter(isIt)
              const isHit = looks.filter(isIt).some((it) => it.isHit)
              const memories = [...(account.said.get(armed.name)?.values() ?? [])]
              const hits = memories.flatMap((it) => it.hits)
              // Where it does not speak it has nothing new to say.
              const isKnown = hits.some((it) => it.rule === rule && it.endMs === window.toMs)
              const found = mine.some((it) => it.isHit) || (mine.length === 0 && isHit && isKnown)
              expect([armed.name, rule, isHit]).toEqual([armed.name, rule, found])
              seen[isHit ? 'hits' : 'quiet']++
            }
          }
        }
      }),
      runs(60),
    )
    expect(seen.hits).toBeGreaterThan(50)
    expect(seen.quiet).toBeGreaterThan(50)
  })
})

/** The account after each attempt and refund, and the behaviours that are asked about it. */
function* followed(lines: readonly string[]) {
  const fold = createFold(POLICY)
  const memory = fold.newPartition()
  const account = fold.newAccount('acq-a', 'M1')
  const zone = POLICY.zoneOf('Asia/Shanghai')
  const profile = POLICY.profileOf({ tenant: 'acq-a', country: 'CN', mcc: '5411' })
  const behaviours = profile.armed.filter(({ kind }) => kind === 'behaviour')
  for (const line of lines) {
    const record = { offset: 0, key: undefined, value: Buffer.from(line), headers: [] }
    const read = decode({ ...record, timestampMs: undefined }, { keyOptional: true })
    if (read.kind !== 'event') continue
    const { event } = read
    const atMs = event.timeMs
    const { fate } = fold.event(memory, account, event, atMs)
    const isRefund = event.type === 'card.refund'
    if (fate !== 'applied' || !(isRefund || event.type === 'card.authorisation')) continue
    const today = zone.dayOf(atMs)
    const moment: Moment = {
      ...{ atMs, dueByMs: atMs, today, zone, profile, knownBeforeMs: Infinity },
      ...{ event, eventMs: atMs, touchedOn: today },
    }
    const asked = behaviours.filter(({ name }) => isRefund === (name === 'unmatched-refund'))
    yield { account, moment, asked }
  }
}

function named(it: object) {
  const { detector, subject, stage, openedAt } = it as Record<string, unknown>
  return { detector, subject, stage, openedAt }
}

/** Of a terminal that is told because others are busy: whether they will be is not known. */
const CONDITIONAL = 'terminal-inactivity'

/** The earliest stage ahead; undefined where none is, or where another end comes first. */
function nextOf({ detectors }: Explanation) {
  const ahead = detectors.flatMap(({ detector, clocks }) =>
    clocks.flatMap(({ subject, stages }) =>
      stages
        .filter(({ state }) => state === 'next' || state === 'due')
        .flatMap(({ stage, at }) =>
          at === undefined
            ? []
            : [{ detector, atMs: Date.parse(at), word: [detector, subject, stage].join() }],
        ),
    ),
  )
  const [first] = ahead.toSorted((a, b) => a.atMs - b.atMs)
  return first?.detector === CONDITIONAL ? undefined : first
}
