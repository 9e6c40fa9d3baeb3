import { describe, expect, test } from 'vitest'
import { clearsSentence, sentenceOf } from '../../src/cli/sentences.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { simulate } from '../../src/fleet/simulate.ts'
import { dayOf, warningRecord } from '../support/warning-record.ts'
import { play } from '../support/watch.ts'

const on = (date: string) => ({ atMs: Date.parse(`${date}T00:00:00+08:00`) })
const account = { terminalIds: [], subject: 'account' }
const invoice = {
  ...{ terminalIds: [], subject: 'invoice:I%3A7', consequenceOn: dayOf('2026-07-01') },
  seen: { open: 123_450, currency: 'CNY', feeType: 'sim-data', dueDate: '2026-06-01' },
}
const stop = { subject: 'terminal:T2:stop', consequenceOn: dayOf('2027-01-15') }
const spike = { ...account, detector: 'volume-spike', baseline: 40 }

describe('what was seen and what follows', () => {
  test.each<[Partial<WarningRecord>, string]>([
    [
      {},
      'Terminal T2 has taken no payment since 15 Jan 2026. Re-verification is due on 15 Apr 2026 (30 days left).',
    ],
    [
      { stage: 'final-warning', ...on('2026-04-14'), seen: { activatedOn: '2026-01-15' } },
      'Terminal T2 has taken no payment since 15 Jan 2026, when it was activated. Re-verification is due tomorrow, 15 Apr 2026.',
    ],
    [
      { stage: 'consequence-due', ...on('2026-04-15') },
      'Terminal T2 has taken no payment since 15 Jan 2026. Re-verification is due today, 15 Apr 2026: without it, payments may be stopped now.',
    ],
    [
      { stage: 'consequence-due', ...on('2026-04-20') },
      'Terminal T2 has taken no payment since 15 Jan 2026. Re-verification has been due since 15 Apr 2026: without it, payments may be stopped now.',
    ],
    [
      { ...stop, ...on('2026-11-16') },
      'Terminal T2 has taken no payment since 15 Jan 2026. It will be shut down and taken back on 15 Jan 2027 (60 days left).',
    ],
    [
      { ...stop, ...on('2026-11-16'), detector: 'merchant-inactivity', subject: 'account:stop' },
      'The merchant has taken no payment since 15 Jan 2026. The account will be closed on 15 Jan 2027 (60 days left).',
    ],
    [
      {
        ...{ detector: 'never-activated', subject: 'terminal:T1', ...on('2026-03-16') },
        ...{ seen: { deliveredOn: '2026-03-02' }, consequenceOn: dayOf('2026-05-31') },
      },
      'Terminal T1 was delivered on 2 Mar 2026 and has never been used. Its time for activation ends on 31 May 2026 (76 days left).',
    ],
    [
      {
        ...{ detector: 'pause-ending', ...account, ...on('2026-11-23') },
        ...{ seen: { pauseTo: '2026-11-30' }, consequenceOn: dayOf('2026-12-01') },
      },
      'The pause ends on 30 Nov 2026 (7 days left). Without payments from 1 Dec 2026 on, the account counts as inactive again.',
    ],
    [
      { detector: 'fee-due-soon', ...invoice, ...on('2026-05-25') },
      'A mobile data fee of 1,234.50 CNY (invoice I:7) is due on 1 Jun 2026 (7 days left). If it stays unpaid, payments may be stopped on 1 Jul 2026.',
    ],
    [
      { detector: 'fee-overdue', ...invoice, ...on('2026-06-16'), stage: 'final-warning' },
      'A mobile data fee of 1,234.50 CNY (invoice I:7) was due on 1 Jun 2026 and is unpaid. Payments may be stopped on 1 Jul 2026 (15 days left).',
    ],
    [
      {
        ...account,
        detector: 'decline-burst-card',
        value: 3,
        window: { fromMs: 0, toMs: 6e5 },
      },
      'One card was declined 3 times within 10 minutes. For the operator to look at; nothing is decided.',
    ],
    [
      { ...account, detector: 'decline-burst-card', value: 3, stage: 'warning' },
      'One card was declined 3 times. It is not the first such card of these hours: the operator may ask about it or suspend the account.',
    ],
    [
      { ...spike, value: 120, unit: 'sales', seen: { currency: 'CNY' } },
      '120 sales in one day, where 40 are usual. For the operator to look at; nothing is decided.',
    ],
    [
      {
        ...{ ...spike, value: 8_812_300, unit: 'minor-units', stage: 'warning', baseline: 209_600 },
        seen: { currency: 'CNY', tradingDays: 7 },
      },
      'Sales of 88,123.00 CNY within seven days, where 2,096.00 CNY a day are usual. The operator may ask for an explanation or suspend the account.',
    ],
    [
      { detector: 'of-tomorrow' },
      'of-tomorrow has reached the stage notice: suspension on 15 Apr 2026 (30 days left).',
    ],
  ])('%j', (differing, expected) => {
    expect(sentenceOf(warningRecord(differing))).toBe(expected)
  })
})

describe('why it is over', () => {
  test.each<[Partial<WarningRecord>, string]>([
    [{}, 'Over: terminal T2 no longer counts as inactive.'],
    [{ resolution: 'rolled-up' }, 'Terminal T2: now part of the warning about the whole account.'],
    [
      { detector: 'fee-due-soon', ...invoice, resolution: 'superseded' },
      'Invoice I:7: another step has taken the place of this warning.',
    ],
    [
      { detector: 'volume-spike', ...account, resolution: 'reviewed' },
      'Trade: the operator has accepted the explanation.',
    ],
    [
      { reason: 'retracted' },
      'Taken back: what arrived late shows that the warning about terminal T2 was not called for.',
    ],
  ])('%j', (differing, expected) => {
    const record = warningRecord({ reason: 'resolved', resolution: 'cleared', ...differing })
    expect(sentenceOf(record)).toBe(expected)
    expect(clearsSentence(record)).toBeUndefined()
  })
})

describe('every detector', () => {
  test('has words of its own for its remedies', () => {
    for (const { clears } of DETECTORS) {
      const said = clears.map((it) => clearsSentence(warningRecord({ clears: [it] })))
      const raw = clears.map((it) => `To clear it: ${it.replaceAll('-', ' ')}.`)
      const own = said.filter((it, at) => it !== raw[at] || clears[at] === 'pay')
      expect(own).toHaveLength(clears.length)
    }
  })

  test.each([
    ['second-till', 'terminal-inactivity'],
    ['calendar-clocks', 'merchant-inactivity'],
    ['never-activated', 'never-activated'],
    ['ski-declared', 'pause-ending'],
    ['invoice', 'fee-due-soon'],
    ['invoice', 'fee-overdue'],
    ['mistyped-pin', 'decline-burst-card'],
    ['promotion', 'volume-spike'],
  ])('in the scenario %s %s is worded whole from what the fold says', (scenario, detector) => {
    const said = recordsOf(scenario)
      .filter((it) => it.detector === detector)
      .map(sentenceOf)
    expect(said).not.toEqual([])
    const gap = /undefined|NaN|Infinity|null|reached the stage|for long|declared pause|several/
    expect(said.filter((it) => gap.test(it))).toEqual([])
  })
})

const recordsOf = memoised((scenario) => {
  return play(simulate({ merchants: 1, days: 1, seed: 1, scenario }).lines).records
})

function memoised<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>()
  return (name) => {
    const it = made.get(name) ?? make(name)
    made.set(name, it)
    return it
  }
}
