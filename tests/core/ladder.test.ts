import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/account.ts'
import type { Deadline, Level } from '../../src/core/detector.ts'
import { isStrong, stageBy, stageOfHit, stageStarts } from '../../src/core/ladder.ts'
import type { Ladder } from '../../src/core/policy.ts'
import { createZone } from '../../src/core/time.ts'

const UTC = createZone('UTC')
const DAY_MS = 86_400_000
const before = (days: number) => [{ kind: 'before', days } as const]
const after = (days: number) => [{ kind: 'after', days } as const]

/** From day 100 to day 130. */
function deadline(more: Partial<Deadline> = {}): Deadline {
  const about = { kind: 'deadline', subject: 'account', consequence: 'suspension' } as const
  return { ...about, from: 100, due: 130, cause: 'x', ...more }
}
const CLOCK: Ladder = {
  notice: before(30),
  warning: before(14),
  'final-warning': before(3),
  'consequence-due': before(0),
}
const FEE: Ladder = {
  notice: after(1),
  warning: after(8),
  'final-warning': after(15),
  'consequence-due': before(0),
}
const starts = (ladder: Ladder, more?: Partial<Deadline>) =>
  stageStarts(ladder, deadline(more), UTC).map(({ stage, on }) => `${stage} ${on}`)

describe('the stages of a date', () => {
  test.each<[Ladder, Partial<Deadline>, string[], string]>([
    [
      CLOCK,
      {},
      ['notice 100', 'warning 116', 'final-warning 127', 'consequence-due 130'],
      'before it',
    ],
    [
      FEE,
      {},
      ['notice 101', 'warning 108', 'final-warning 115', 'consequence-due 130'],
      'after its cause',
    ],
    [
      FEE,
      { due: 115 },
      ['notice 101', 'warning 108', 'consequence-due 115'],
      'one that would begin with the consequence is skipped',
    ],
    [
      FEE,
      { due: 116 },
      ['notice 101', 'warning 108', 'final-warning 115', 'consequence-due 116'],
      'a day before it is not',
    ],
    [
      { notice: before(30), warning: before(-7) },
      { due: 100 },
      ['notice 70', 'warning 93'],
      'without a consequence none is skipped',
    ],
    [FEE, { stageMax: 'notice' }, ['notice 101'], 'none beyond the highest it may reach'],
    [{ warning: after(8) }, {}, ['warning 108'], 'only those the ladder has'],
    [{}, {}, [], 'an empty ladder has none'],
  ])('%# (%s)', (ladder, more, expected) => {
    expect(starts(ladder, more)).toEqual(expected)
  })

  test.each<[{ from: number; to: number }[], number, string]>([
    [[], 108, 'none'],
    [[{ from: 103, to: 105 }], 110, 'two before it'],
    [[{ from: 108, to: 110 }], 110, 'two that begin on it'],
    [[{ from: 109, to: 111 }], 108, 'two after it'],
    [[{ from: 90, to: 101 }], 108, 'those up to the cause count for nothing'],
    [[{ from: 90, to: 102 }], 109, 'one of those is a day after it'],
    [
      [
        { from: 103, to: 105 },
        { from: 109, to: 112 },
      ],
      113,
      'two, which bring it to three more',
    ],
  ])('days that do not count, %j: warning on %i (%s)', (uncounted, on) => {
    expect(starts({ warning: after(8) }, { uncounted })).toEqual([`warning ${on}`])
  })

  test.each([
    [0, 7, 'waits seven days for stored sales'],
    [106 * DAY_MS, 7, 'released before its date it waits all the same'],
    [108 * DAY_MS, 0, 'released on its date it does not'],
  ])('released at %i: %i days late (%s)', (releasedMs, days) => {
    const wait = { days: 7, releasedMs }
    const [start] = stageStarts({ warning: after(8) }, deadline({ wait }), UTC)
    expect(start).toEqual({ stage: 'warning', on: 108, atMs: (108 + days) * DAY_MS })
  })

  test('begin at the first instant of their date', () => {
    const zone = createZone('America/Santiago')
    const due = 20_702 // 2026-09-06, which begins at one o'clock.
    const [start] = stageStarts({ 'consequence-due': before(0) }, deadline({ due }), zone)
    expect(zone.text(start!.atMs)).toBe('2026-09-06T01:00:00-03:00')
  })
})

test.each([
  [100 * DAY_MS - 1, undefined],
  [100 * DAY_MS, 'notice'],
  [127 * DAY_MS - 1, 'warning'],
  [999 * DAY_MS, 'consequence-due'],
])('by %i it is at %s', (byMs, stage) => {
  expect(stageBy(stageStarts(CLOCK, deadline(), UTC), byMs)?.stage).toBe(stage)
})

describe('the stage of a hit', () => {
  const hit = (more: Partial<Hit> = {}): Hit => ({
    ...{ rule: 'R', endMs: 0, on: 50, key: undefined, isStrong: false, previousOn: undefined },
    ...{ pane: undefined, lastAtMs: 0 },
    ...more,
  })
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
    expect(isStrong(DAYS, level)).toBe(expected)
    expect(isStrong(CARDS, level)).toBe(false)
  })
})
