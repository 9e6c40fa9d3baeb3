import { describe, expect, test } from 'vitest'
import { memoryOf, newAccount } from '../../src/core/account.ts'
import type { Hit } from '../../src/core/account.ts'
import { isStrong, stageOfHit, wasAmid } from '../../src/core/climb.ts'
import type { Level } from '../../src/core/detector.ts'
import type { Ladder } from '../../src/core/policy.ts'
import type { Judging } from '../../src/core/say.ts'
import type { OpenWarning } from '../../src/core/warning.ts'

const HOUR_MS = 3_600_000

const hit = (more: Partial<Hit> = {}): Hit => ({
  ...{ rule: 'R', endMs: 0, on: 50, key: undefined, isStrong: false, previousOn: undefined },
  ...{ pane: undefined, spanMs: HOUR_MS, lastAtMs: 0 },
  ...more,
})

/** `round` is judged while these detectors have a warning open. */
function judging(open: readonly string[]): Judging {
  const account = newAccount('acq-a', 'M1')
  for (const name of open) memoryOf(account, name, 'account').open = {} as OpenWarning
  const armed = [
    { name: 'round', kind: 'behaviour' },
    { name: 'volume', kind: 'behaviour' },
    { name: 'cards', kind: 'behaviour' },
    { name: 'fee', kind: 'deadline' },
    { name: 'network', kind: 'fact' },
  ]
  return { account, armed: armed[0], moment: { profile: { armed } } } as unknown as Judging
}

describe('the stage of a hit', () => {
  const card = (key: string, pane: number) => hit({ key, pane })
  const CARDS: Ladder = {
    notice: [{ kind: 'hit' }],
    warning: [{ kind: 'hits', hits: 3, per: 'card', panes: 288 }],
  }
  const DAYS: Ladder = {
    notice: [{ kind: 'hit' }],
    warning: [
      { kind: 'value', min: 7 },
      { kind: 'hits', hits: 2, per: 'trading-day' },
    ],
  }

  test.each<[Hit[], string, string]>([
    [[card('a', 1_000)], 'notice', 'one card'],
    [[card('b', 900), card('a', 1_000)], 'notice', 'two'],
    [[card('c', 713), card('b', 900), card('a', 1_000)], 'warning', 'three within 288 panes'],
    [[card('c', 712), card('b', 900), card('a', 1_000)], 'notice', 'the first a pane too old'],
    [[card('a', 900), card('b', 950), card('a', 1_000)], 'notice', 'one of them twice'],
    [[card('c', 1_001), card('b', 900), card('a', 1_000)], 'notice', 'one of them later'],
  ])('cards, %# → %s (%s)', (hits, stage) => {
    expect(stageOfHit(CARDS, hits.at(-1)!, hits)).toBe(stage)
  })

  test.each<[Hit[], string, string]>([
    [[hit()], 'notice', 'a day'],
    [[hit({ isStrong: true })], 'warning', 'a day of seven times'],
    [[hit({ on: 48 }), hit({ previousOn: 48 })], 'warning', 'the trading day before too'],
    [[hit({ on: 47 }), hit({ previousOn: 48 })], 'notice', 'one before that'],
    [[hit({ on: 48, rule: 'D7' }), hit({ previousOn: 48 })], 'notice', 'by another rule'],
    [[hit({ on: 50 })], 'notice', 'without a trading day before'],
  ])('days, %# → %s (%s)', (hits, stage) => {
    expect(stageOfHit(DAYS, hits.at(-1)!, hits)).toBe(stage)
  })

  test('is none where the ladder names none', () => {
    expect(stageOfHit({}, hit(), [])).toBeUndefined()
  })

  test.each([
    [7, true],
    [6, false],
  ])('a value of %i times is strong: %s', (times, expected) => {
    const level = { multipleAtLeast: (min: number) => times >= min } as Level
    expect(isStrong(DAYS, level, judging([]))).toBe(expected)
    expect(isStrong(CARDS, level, judging([]))).toBe(false)
  })

  test.each<[Hit[], string, string]>([
    [[hit({ on: 21 }), hit({ on: 50 })], 'warning', 'the first of thirty dates'],
    [[hit({ on: 20 }), hit({ on: 50 })], 'notice', 'the date before it'],
    [[hit({ on: 50, endMs: 1 }), hit({ on: 50 })], 'notice', 'twice on one date'],
    [[hit({ on: 49, rule: 'Q' }), hit({ on: 50 })], 'notice', 'by another rule'],
    [[hit({ on: 51 }), hit({ on: 50 })], 'notice', 'one of a later date'],
  ])('dates, %# → %s (%s)', (hits, stage) => {
    const ladder: Ladder = {
      notice: [{ kind: 'hit' }],
      warning: [{ kind: 'hits', hits: 2, per: 'day', days: 30 }],
    }
    expect(stageOfHit(ladder, hits.at(-1)!, hits)).toBe(stage)
  })

  test.each<[number, Partial<Hit>, string, string]>([
    [HOUR_MS, {}, 'warning', 'as far apart as they are long'],
    [HOUR_MS - 1, {}, 'notice', 'they share an instant'],
    [3 * HOUR_MS, {}, 'warning', 'three hours'],
    [3 * HOUR_MS + 1, {}, 'notice', 'more'],
    [2 * HOUR_MS, { rule: 'Q' }, 'notice', 'hits of two rules'],
    [-2 * HOUR_MS, {}, 'notice', 'a later one'],
  ])('windows %i ms apart, %o → %s (%s)', (apartMs, more, stage) => {
    const ladder: Ladder = {
      notice: [{ kind: 'hit' }],
      warning: [{ kind: 'hits', hits: 2, per: 'window', rule: 'R', withinMs: 3 * HOUR_MS }],
    }
    const last = hit({ endMs: 10 * HOUR_MS })
    const hits = [hit({ endMs: 10 * HOUR_MS - apartMs, ...more }), last]
    expect(stageOfHit(ladder, last, hits)).toBe(stage)
  })
})

describe('company', () => {
  const AMID: Ladder = {
    notice: [{ kind: 'hit' }],
    warning: [{ kind: 'amid', except: ['cards'] }],
  }
  test.each([
    [[], false, 'none'],
    [['volume'], true, 'another behaviour'],
    [['round'], false, 'itself'],
    [['cards'], false, 'one that is excepted'],
    [['cards', 'volume'], true, 'one that is not beside it'],
    [['fee', 'network'], false, 'a deadline and a fact'],
  ])('%j: %s (%s)', (open, expected) => {
    expect(isStrong(AMID, {} as Level, judging(open))).toBe(expected)
  })

  test('a hit is at warning by it, and stays so in the same window', () => {
    const strong = hit({ isStrong: true })
    expect(stageOfHit(AMID, strong, [strong])).toBe('warning')
    expect(stageOfHit(AMID, hit(), [hit()])).toBe('notice')
    expect([wasAmid(AMID, strong), wasAmid(AMID, hit()), wasAmid(AMID, undefined)]).toEqual([
      ...[true, false, false],
    ])
    expect(wasAmid({ warning: [{ kind: 'value', min: 7 }] }, strong)).toBe(false)
  })
})
