import { describe, expect, test } from 'vitest'
import type { Deadline, Fact } from '../../src/core/detector.ts'
import { stageBy, stageStarts } from '../../src/core/ladder.ts'
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
    [
      CLOCK,
      { due: 130, consequenceOn: 220 },
      ['notice 100', 'warning 116', 'final-warning 127', 'consequence-due 220'],
      'the consequence may have a later date than the one it is counted to',
    ],
    [
      { notice: before(3), 'consequence-due': before(0) },
      { due: 130, consequenceOn: 127 },
      ['consequence-due 127'],
      'or an earlier one',
    ],
    [FEE, { stageMax: 'notice' }, ['notice 101'], 'none beyond the highest it may reach'],
    [{ warning: after(8) }, {}, ['warning 108'], 'only those the ladder has'],
    [{}, {}, [], 'an empty ladder has none'],
  ])('%# (%s)', (ladder, more, expected) => {
    expect(starts(ladder, more)).toEqual(expected)
  })

  test('without a date there are those after its cause alone', () => {
    const { due: _, ...undated } = deadline()
    const ladder = { ...FEE, notice: before(3) }
    const all = stageStarts(ladder, undated, UTC).map(({ stage, on }) => `${stage} ${on}`)
    expect(all).toEqual(['warning 108', 'final-warning 115'])
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
    expect(start).toMatchObject({
      stage: 'warning',
      on: 108,
      threshold: 8,
      atMs: (108 + days) * DAY_MS,
    })
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

describe('the stages of a count', () => {
  const ladder: Ladder = {
    notice: [{ kind: 'count', count: 1 }],
    'final-warning': [{ kind: 'count', count: 3 }],
  }
  const fact = (more: Partial<Fact>): Fact => {
    const about = { subject: 'account', consequence: 'suspension', cause: '' } as const
    return { ...about, kind: 'fact', count: 1, unit: 'failures', ...more }
  }

  test.each<[Partial<Fact>, string[], string]>([
    [{ count: 1 }, ['notice 1'], 'the first'],
    [{ count: 2 }, ['notice 1'], 'one less than the next'],
    [{ count: 3 }, ['notice 1', 'final-warning 3'], 'just enough'],
    [{ count: 9 }, ['notice 1', 'final-warning 3'], 'more'],
    [{ count: 9, stageMax: 'warning' }, ['notice 1'], 'none beyond the highest it may reach'],
  ])('%j: %j (%s)', (more, expected) => {
    const all = stageStarts(ladder, fact(more), UTC)
    expect(all.map(({ stage, threshold }) => `${stage} ${threshold}`)).toEqual(expected)
    expect(stageBy(all, 0)).toBe(all.at(-1))
  })
})
