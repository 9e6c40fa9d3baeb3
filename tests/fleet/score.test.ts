import { expect, test } from 'vitest'
import { differenceText, scoreOf } from '../../src/fleet/score.ts'
import type { Truth } from '../../src/fleet/simulate.ts'

const CLOCK = { detector: 'merchant-inactivity', subject: 'account:reverify' }
const NOTICE = { ...CLOCK, stage: 'notice', date: '2026-05-31' } as const
const RESOLVED = { ...CLOCK, stage: 'resolved', date: '2026-06-03' } as const

const TRUTH: Truth = {
  seed: 1,
  from: '2026-01-01',
  until: '2026-12-31T00:00:00.000Z',
  merchants: [
    { merchantId: 'M1', cause: '11 idle', expect: [NOTICE, RESOLVED], never: ['volume-spike'] },
  ],
}

function said(merchantId: string, reason: string, stage: string, date: string, more = {}): string {
  const data = { ...CLOCK, reason, stage, ...more }
  // Late in the evening: another date in UTC.
  return JSON.stringify({ subject: merchantId, time: `${date}T23:30:00-04:00`, data })
}

const OPENED = said('M1', 'opened', 'notice', '2026-05-31')
const ENDED = said('M1', 'resolved', 'notice', '2026-06-03')

test('what is said as it ought to be matches, in any order', () => {
  expect(scoreOf(TRUTH, [ENDED, '', OPENED])).toEqual({ missing: [], unexpected: [], matched: 2 })
})

test.each([
  ['nothing said', [], 2, 0, 'both are missing'],
  ['an end not said', [OPENED], 1, 0, 'it is missing'],
  ['said twice', [OPENED, OPENED, ENDED], 0, 1, 'one is too many'],
  ['said a day late', [said('M1', 'opened', 'notice', '2026-06-01'), ENDED], 1, 1, 'both ways'],
  ['another stage', [said('M1', 'opened', 'warning', '2026-05-31'), ENDED], 1, 1, 'both ways'],
  [
    'retracted instead',
    [OPENED, said('M1', 'retracted', 'notice', '2026-06-03')],
    1,
    1,
    'both ways',
  ],
  ['a stranger', [OPENED, ENDED, said('M9', 'opened', 'notice', '2026-05-31')], 0, 1, 'unexpected'],
  [
    'another detector of the truth',
    [OPENED, ENDED, said('M1', 'opened', 'notice', '2026-05-31', { detector: 'volume-spike' })],
    0,
    1,
    'unexpected',
  ],
  [
    'a detector that the truth does not cover',
    [OPENED, ENDED, said('M1', 'opened', 'notice', '2026-05-31', { detector: 'terminal-moved' })],
    0,
    0,
    'passed over',
  ],
])('%s: %#', (_, lines, missing, unexpected) => {
  const result = scoreOf(TRUTH, lines)
  expect([result.missing.length, result.unexpected.length]).toEqual([missing, unexpected])
})

test('the difference names merchant, cause and what was ruled out', () => {
  const spike = said('M1', 'opened', 'notice', '2026-06-09', {
    detector: 'volume-spike',
    subject: 'account',
  })
  expect(differenceText(scoreOf(TRUTH, [OPENED, spike]))).toBe(
    [
      'M1  11 idle',
      '  missing     2026-06-03  merchant-inactivity  account:reverify  resolved',
      '  unexpected  2026-06-09  volume-spike  account  notice  (ruled out by the truth)',
      '1 matched, 1 missing, 1 unexpected',
    ].join('\n'),
  )
})

test('a line that is no warning record is named', () => {
  expect(() => scoreOf(TRUTH, [OPENED, '{"subject":"M1"}'])).toThrow(/line 2 is no warning record/)
})
