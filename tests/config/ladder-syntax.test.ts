import { expect, test } from 'vitest'
import type { DetectorKind } from '../../src/core/detector.ts'
import { readLadder } from '../../src/config/ladder-syntax.ts'
import { LEVEL_STEPS } from '../../src/config/level-steps.ts'

const DEADLINE =
  '-30d (civil days before the consequence), +14d (after the cause), 0d (on the date)'
const BEHAVIOUR = LEVEL_STEPS
const FACT = '{ count: 2 } (so many at least)'

const before = (days: number) => ({ kind: 'before', days })
const after = (days: number) => ({ kind: 'after', days })

test.each<[DetectorKind, written: unknown, ladder: unknown]>([
  [
    'deadline',
    { notice: '-30d', warning: '-14d', 'final-warning': '-3d', 'consequence-due': '0d' },
    {
      notice: [before(30)],
      warning: [before(14)],
      'final-warning': [before(3)],
      'consequence-due': [before(0)],
    },
  ],
  [
    'deadline',
    { notice: '+14d', warning: '+45d', 'consequence-due': '0d' },
    { notice: [after(14)], warning: [after(45)], 'consequence-due': [before(0)] },
  ],
  ['deadline', { notice: '+0d' }, { notice: [after(0)] }],
  ['deadline', { warning: '0d' }, { warning: [before(0)] }],
  ['fact', { warning: { count: 1 } }, { warning: [{ kind: 'count', count: 1 }] }],
  [
    'fact',
    { notice: { count: 1 }, warning: [{ count: 2 }], 'final-warning': { count: 48 } },
    {
      notice: [{ kind: 'count', count: 1 }],
      warning: [{ kind: 'count', count: 2 }],
      'final-warning': [{ kind: 'count', count: 48 }],
    },
  ],
  ['behaviour', { warning: 'hit' }, { warning: [{ kind: 'hit' }] }],
  [
    'behaviour',
    { notice: 'hit', warning: { hits: 3, per: 'card', within: 'P24h' } },
    {
      notice: [{ kind: 'hit' }],
      warning: [{ kind: 'hits', hits: 3, per: 'card', panes: 288 }],
    },
  ],
  [
    'behaviour',
    { notice: 'hit', warning: [{ valueMin: 7.5 }, { hits: 2, per: 'trading-day' }] },
    {
      notice: [{ kind: 'hit' }],
      warning: [
        { kind: 'value', min: 7.5 },
        { kind: 'hits', hits: 2, per: 'trading-day' },
      ],
    },
  ],
])('%s %j is read', (kind, written, ladder) => {
  expect(readLadder(written, kind)).toEqual({ ladder, faults: [] })
})

test.each<[DetectorKind, written: unknown, path: string, message: string]>([
  ['deadline', {}, '', 'expected stages, at least one'],
  ['deadline', null, '', 'expected stages, at least one'],
  ['deadline', ['-3d'], '', 'expected stages, at least one'],
  ['deadline', { notice: null }, 'notice', `null is not supported; a step is: ${DEADLINE}`],
  ['deadline', { notice: 0 }, 'notice', `0 is not supported; a step is: ${DEADLINE}`],
  ['deadline', { notice: '-1.5d' }, 'notice', `"-1.5d" is not supported; a step is: ${DEADLINE}`],
  ['deadline', { notice: '+4h' }, 'notice', `"+4h" is not supported; a step is: ${DEADLINE}`],
  ['deadline', { notice: '+1bd' }, 'notice', `"+1bd" is not supported; a step is: ${DEADLINE}`],
  ['deadline', { notice: '50%' }, 'notice', `"50%" is not supported; a step is: ${DEADLINE}`],
  ['deadline', { notice: '30d' }, 'notice', 'say -30d (before) or +30d (after)'],
  ['deadline', { notice: '-3661d' }, 'notice', '3661 days are over 3660'],
  [
    'deadline',
    { notice: 'hit' },
    'notice',
    `is a step of a behaviour; a deadline has: ${DEADLINE}`,
  ],
  [
    'deadline',
    { notice: { count: 2 } },
    'notice',
    `is a step of a fact; a deadline has: ${DEADLINE}`,
  ],
  ['fact', { notice: '-3d' }, 'notice', `"-3d" is a step of a deadline; a fact has: ${FACT}`],
  ['fact', { notice: 'hit' }, 'notice', `is a step of a behaviour; a fact has: ${FACT}`],
  ['fact', { notice: 2 }, 'notice', `2 is not supported; a step is: ${FACT}`],
  ['fact', { notice: {} }, 'notice', `{} is not supported; a step is: ${FACT}`],
  ['fact', { notice: { count: 0 } }, 'notice.count', 'Too small: expected number to be >=1'],
  ['fact', { notice: { count: 49 } }, 'notice.count', 'Too big: expected number to be <=48'],
  ['fact', { notice: { count: 1, per: 'card' } }, 'notice.per', 'unknown key'],
  [
    'fact',
    { notice: [{ count: 1 }, { count: 2 }] },
    'notice',
    'a stage of a fact begins with one count',
  ],
  [
    'fact',
    { notice: { count: 2 }, warning: { count: 2 } },
    'warning',
    'does not come after notice',
  ],
  [
    'fact',
    { 'consequence-due': { count: 3 } },
    'consequence-due',
    'a fact has no date on which its consequence comes',
  ],
  ['deadline', { notice: ['-3d', '+1d'] }, 'notice', 'a stage of a deadline begins on one date'],
  ['deadline', { notice: [] }, 'notice', 'expected a step'],
  ['deadline', { notice: '-14d', warning: '-30d' }, 'warning', 'does not come after notice'],
  ['deadline', { notice: '-14d', warning: '-14d' }, 'warning', 'does not come after notice'],
  [
    'deadline',
    { notice: '+2d', 'final-warning': '+1d' },
    'final-warning',
    'does not come after notice',
  ],
  [
    'deadline',
    { 'consequence-due': '-1d' },
    'consequence-due',
    'the consequence comes on its own date: write 0d',
  ],
  [
    'deadline',
    { 'consequence-due': '+0d' },
    'consequence-due',
    'the consequence comes on its own date: write 0d',
  ],
  [
    'behaviour',
    { notice: '-3d' },
    'notice',
    `"-3d" is a step of a deadline; a behaviour has: ${BEHAVIOUR}`,
  ],
  ['behaviour', { notice: 'Hit' }, 'notice', `"Hit" is not supported; a step is: ${BEHAVIOUR}`],
  ['behaviour', { notice: {} }, 'notice', `{} is not supported; a step is: ${BEHAVIOUR}`],
  [
    'behaviour',
    { warning: { hits: 2, per: 'week' } },
    'warning.per',
    `hits are per card, trading-day, day or window; a step is: ${BEHAVIOUR}`,
  ],
  [
    'behaviour',
    { warning: { hits: 2, per: 'card', within: '30d' } },
    'warning.within',
    'only P24h is supported within',
  ],
  [
    'behaviour',
    { warning: { hits: 1, per: 'card', within: 'P24h' } },
    'warning.hits',
    'Too small: expected number to be >=2',
  ],
  [
    'behaviour',
    { warning: { hits: 49, per: 'card', within: 'P24h' } },
    'warning.hits',
    'Too big: expected number to be <=48',
  ],
  [
    'behaviour',
    { warning: { hits: 3, per: 'trading-day' } },
    'warning.hits',
    'only 2 trading days are supported: this one and the one before',
  ],
  [
    'behaviour',
    { warning: [{ valueMin: 7 }, { valueMin: 0 }] },
    'warning.1.valueMin',
    'Too small: expected number to be >0',
  ],
  ['behaviour', { notice: { valueMin: 3 } }, 'notice', 'valueMin is supported for warning alone'],
  ['behaviour', { notice: 'hit', warning: 'hit' }, 'warning', 'does not come after notice'],
  [
    'behaviour',
    { 'final-warning': { hits: 2, per: 'trading-day' } },
    'final-warning',
    'a behaviour stops at warning: to suspend is the operator’s decision',
  ],
  [
    'behaviour',
    { 'consequence-due': 'hit' },
    'consequence-due',
    'a behaviour stops at warning: to suspend is the operator’s decision',
  ],
])('%s %j: %s: %s', (kind, written, path, message) => {
  const { faults } = readLadder(written, kind)
  expect(faults.map((it) => [it.path.join('.'), it.message])).toEqual([[path, message]])
})

test('guesses the stage that was meant, and reports every other mistake with it', () => {
  const { faults } = readLadder({ warnin: '-3d', notice: '1w' }, 'deadline')
  expect(faults).toEqual([
    { path: ['warnin'], message: 'is no stage', hint: 'did you mean "warning"?' },
    { path: ['notice'], message: `"1w" is not supported; a step is: ${DEADLINE}` },
  ])
})
