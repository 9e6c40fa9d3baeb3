import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createLiveView } from '../../src/cli/live-view.ts'
import { warningRecord } from '../support/warning-record.ts'

const dueMs = Date.parse('2026-04-15T00:00:00+08:00')
const progress = { simulatedMs: dueMs, events: 1_234_567, eventsPerSecond: 45_123.4, open: 37 }

function given(options: { isTTY?: boolean; columns?: number; env?: Record<string, string> } = {}) {
  const { isTTY = false, columns = 100, env = {} } = options
  const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns })
  const view = createLiveView({ stdout, env }, { zone: 'Asia/Shanghai' })
  return { ...view, text: () => (stdout.read() ?? '') as string }
}

function tellOne(view: ReturnType<typeof given>): void {
  view.warning(warningRecord())
  view.progress(progress)
  view.warning(warningRecord({ reason: 'raised', stage: 'consequence-due', atMs: dueMs }))
  view.warning(warningRecord({ reason: 'resolved', resolution: 'cleared', atMs: dueMs + 36e5 }))
  view.close()
}

test('in a pipe every warning is one line and nothing else is written', () => {
  const view = given()
  tellOne(view)
  const clear =
    'To clear it: verify the business again, mark the terminal as a backup, declare a pause or cancel the contract.'
  expect(view.text().split('\n')).toEqual([
    `2026-03-16 00:00 +08:00  notice           M1000042  terminal-inactivity  Terminal T2 has taken no payment since 15 Jan 2026. Re-verification is due on 15 Apr 2026 (30 days left).  ${clear}`,
    `2026-04-15 00:00 +08:00  consequence-due  M1000042  terminal-inactivity  Terminal T2 has taken no payment since 15 Jan 2026. Re-verification is due today, 15 Apr 2026: without it, payments may be stopped now.  ${clear}`,
    '2026-04-15 01:00 +08:00  resolved         M1000042  terminal-inactivity  Over: terminal T2 no longer counts as inactive.',
    '',
  ])
})

test('on a terminal without colours it is wrapped, with a line at the bottom', () => {
  const view = given({ isTTY: true, columns: 80, env: { NO_COLOR: '1' } })
  tellOne(view)
  const bottom =
    '\r\u001b[2K 15 Apr 2026 00:00  ·  1,234,567 events  ·  45,123/s  ·  37 open warnings '
  expect(view.text()).toBe(
    [
      '16 Mar 2026  ○ NOTICE  M1000042',
      '             Terminal T2 has taken no payment since 15 Jan 2026.',
      '             Re-verification is due on 15 Apr 2026 (30 days left).',
      '             To clear it: verify the business again, mark the terminal as a',
      '             backup, declare a pause or cancel the contract.',
      `${bottom}\r\u001b[2K15 Apr 2026  ■ CONSEQUENCE-DUE  M1000042`,
      '             Terminal T2 has taken no payment since 15 Jan 2026.',
      '             Re-verification is due today, 15 Apr 2026: without it, payments',
      '             may be stopped now.',
      '             To clear it: verify the business again, mark the terminal as a',
      '             backup, declare a pause or cancel the contract.',
      `${bottom}\r\u001b[2K15 Apr 2026  ✓ RESOLVED  M1000042`,
      '             Over: terminal T2 no longer counts as inactive.',
      `${bottom}\r\u001b[2K`,
    ].join('\n'),
  )
})

test('a warning taken back is told by that word, not by its stage', () => {
  const view = given()
  view.warning(warningRecord({ reason: 'retracted', stage: 'final-warning' }))
  expect(view.text()).toMatch(/ {2}retracted {8}M1000042 /)
})

test('on a terminal the stage is coloured', () => {
  const view = given({ isTTY: true })
  view.warning(warningRecord({ stage: 'consequence-due' }))
  expect(view.text()).toContain('\u001b[1m\u001b[31m■ CONSEQUENCE-DUE\u001b[39m\u001b[22m')
})

test('the line at the bottom never wraps', () => {
  const view = given({ isTTY: true, columns: 40, env: { NO_COLOR: '1' } })
  view.progress(progress)
  expect(view.text().replace('\r\u001b[2K', '')).toHaveLength(39)
})

test.each([true, false])('an id cannot steer the terminal (terminal: %s)', (isTTY) => {
  const view = given({ isTTY, env: { NO_COLOR: '1' } })
  view.warning(warningRecord({ merchantId: 'M\u001b[2J', subject: 'terminal:T%1B[2J:reverify' }))
  expect(view.text()).not.toContain('\u001b')
})
