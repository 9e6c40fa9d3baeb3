import { expect, test } from 'vitest'
import { episodeId, recordId } from '../../src/core/ids.ts'
import type { Reason, Stage } from '../../src/core/warning.ts'

const MERCHANT = { tenant: 'acq-a', merchantId: 'M1000234' }
const CLOCK = {
  ...MERCHANT,
  ...{ detector: 'terminal-inactivity', subject: 'terminal:T2:reverify' },
  ...{ openedMs: 1_773_590_400_000, openedBy: 'timer' },
}
const BURST = {
  ...MERCHANT,
  ...{ detector: 'decline-burst-card', subject: 'account' },
  ...{ openedMs: 1_781_057_041_200, openedBy: 'urn:switch:1\ne-88213' },
}

test('the published episodes have their published names', () => {
  expect(episodeId(CLOCK)).toBe('ffea6kxhuv27zhgjrybs7jbod7')
  expect(episodeId(BURST)).toBe('6ksn2takcvjqux5xqyuw47z2is')
})

test.each<[Reason, Stage, string, string]>([
  ['opened', 'notice', 'notice', 'the stage reached'],
  ['raised', 'final-warning', 'final-warning', 'the stage reached'],
  ['raised', 'consequence-due', 'consequence-due', 'the stage reached'],
  ['resolved', 'warning', 'resolved', 'an end occurs once'],
  ['retracted', 'notice', 'retracted', 'an end occurs once'],
])('%s at %s → -%s (%s)', (reason, stage, suffix) => {
  expect(recordId(CLOCK, reason, stage)).toBe(`ffea6kxhuv27zhgjrybs7jbod7-${suffix}`)
})

test.each([
  { tenant: 'acq-b' },
  { merchantId: 'M1000235' },
  { detector: 'merchant-inactivity' },
  { subject: 'terminal:T2:stop' },
  { openedMs: 1_773_590_400_001 },
  { openedBy: 'policy' },
])('another %o is another episode', (differing) => {
  expect(episodeId({ ...CLOCK, ...differing })).not.toBe(episodeId(CLOCK))
})

test('is text that any system takes', () => {
  for (let openedMs = 0; openedMs < 300; openedMs++) {
    expect(episodeId({ ...CLOCK, openedMs })).toMatch(/^[a-z2-7]{26}$/)
  }
})
