import { describe, expect, test } from 'vitest'
import { SCENARIOS, simulate } from '../../src/fleet/simulate.ts'

const LETTERS: Readonly<Record<string, string>> = {
  notice: 'N',
  warning: 'W',
  'final-warning': 'F',
  'consequence-due': 'C',
}

/** `detector subject: N 03-16, W 04-01` of each merchant up to a date, records in their order. */
function toldOf(scenario: string, until = '9999-12-31'): Record<string, string[]> {
  const truth = simulate({ merchants: 0, days: 0, seed: 1, scenario }).truth()
  return Object.fromEntries(
    truth.merchants.map(({ merchantId, expect: expected }) => {
      const bySubject = Map.groupBy(
        expected.filter(({ date }) => date <= until),
        ({ detector, subject }) => `${detector} ${subject}`,
      )
      const texts = [...bySubject].map(([key, records]) => {
        const stages = records.map(
          ({ stage, date }) => `${LETTERS[stage] ?? stage} ${date.slice(5)}`,
        )
        return `${key}: ${stages.join(', ')}`
      })
      return [merchantId, texts]
    }),
  )
}

const FEE = 'fee-overdue invoice:inv-31'
const SOON = 'fee-due-soon invoice:inv-31: N 05-25, resolved 06-02'
const IDLE = 'merchant-inactivity account:reverify'
const SPIKE = 'volume-spike account'

// Worked out by hand from the rules; the recount must come to the same.
type Row = readonly [name: string, expected: Record<string, string[]>, until?: string]
const TABLE: readonly Row[] = [
  ['corner-shop', { F1: [] }],
  ['restaurant', { F2: [] }],
  ['ski-declared', { F3: ['pause-ending account: N 10-31, W 11-23, resolved 12-01'] }],
  [
    'ski-undeclared',
    {
      F4: [
        `${IDLE}: N 05-31, W 06-16, F 06-27, C 06-30, resolved 12-01`,
        'dormant-reactivation account: W 12-01',
      ],
    },
  ],
  ['spring-festival', { F5a: [], F5b: [] }],
  ['backup-till', { F6: [] }],
  [
    'second-till',
    {
      F7: [
        'terminal-inactivity terminal:T2:reverify: N 03-16, W 04-01, F 04-12, C 04-15',
        'terminal-inactivity terminal:T2:stop: N 11-16, W 12-16, F 01-08, C 01-15',
      ],
    },
  ],
  [
    'late-offline',
    {
      F8a: [`${IDLE}: N 03-16, W 04-01, F 04-12, retracted 04-13, N 05-11`],
      F8b: [`${IDLE}: N 03-16, W 04-01, resolved 04-06`],
    },
    '2026-05-11',
  ],
  [
    'never-activated',
    {
      F9a: ['never-activated terminal:T1: N 03-16, W 04-16, F 05-21, C 05-31'],
      F9b: ['never-activated terminal:T1: N 03-16, W 04-16, resolved 04-20'],
    },
  ],
  [
    'card-testing',
    {
      F11: [
        'decline-ratio-spike account: N 06-03, resolved 06-06',
        'card-testing account: W 06-03, resolved 06-06',
      ],
    },
  ],
  [
    'cash-out',
    {
      F14: [
        `${SPIKE}: N 05-11, W 05-11`,
        'repeat-card account: N 05-11, W 05-12',
        'round-amount account: W 05-12',
      ],
    },
  ],
  ['mistyped-pin', { F12: ['decline-burst-card account: N 06-10, resolved 06-13'] }],
  [
    'promotion',
    {
      F16a: [`${SPIKE}: N 06-18, resolved 06-21`],
      F16b: [`${SPIKE}: N 06-18, W 06-18, resolved 06-21`],
    },
  ],
  [
    'sleeper',
    {
      F17a: [
        `${IDLE}: N 03-31, W 04-16, F 04-27, C 04-30, resolved 05-11`,
        'dormant-reactivation account: W 05-11, resolved 05-16',
      ],
      F17b: [
        `${IDLE}: N 03-31, W 04-16, F 04-27, C 04-30, resolved 05-08`,
        'dormant-reactivation account: N 05-11, resolved 05-16',
      ],
    },
  ],
  [
    'invoice',
    {
      F21a: [SOON, `${FEE}: N 06-02, W 06-09, F 06-16, resolved 06-20`],
      F21b: [SOON, `${FEE}: N 06-02`],
      F21c: [SOON, `${FEE}: N 06-02`],
    },
  ],
  [
    'licence',
    {
      F22a: ['document-expiry document:doc-5: N 04-01, W 05-31, F 06-23, resolved 07-01'],
      F22b: ['document-expiry document:doc-5: N 04-01, W 05-31, resolved 06-25'],
    },
  ],
  [
    'returned-payout',
    { F23a: ['payout-returned settlement-account:sa-1: W 06-11, resolved 06-15'] },
  ],
  [
    'network-codes',
    { F26a: ['network-rejected account: F 06-15, resolved 06-15'], F26b: [], F26c: [], F26d: [] },
  ],
  [
    'orphan-refunds',
    {
      F18a: ['unmatched-refund account: W 06-10, resolved 06-13'],
      F18b: ['unmatched-refund account: W 06-10, resolved 06-13'],
      F18c: [],
      F18d: [],
    },
  ],
  ['bad-delivery', { F29a: [], F29b: [], F29c: [`${IDLE}: N 08-11, W 08-27, F 09-07, C 09-10`] }],
  [
    'calendar-clocks',
    {
      F31a: [
        `${IDLE}: N 01-29, W 02-14, F 02-25, C 02-28`,
        'merchant-inactivity account:stop: N 10-01, W 10-31, F 11-23, C 11-30',
      ],
      F31b: [
        `${IDLE}: N 01-30, W 02-15, F 02-26, C 02-29`,
        'merchant-inactivity account:stop: N 10-01, W 10-31, F 11-23, C 11-30',
      ],
      F31c: [
        `${IDLE}: N 04-29, W 05-15, F 05-26, C 05-29`,
        'merchant-inactivity account:stop: N 12-30, W 01-29, F 02-21, C 02-28',
      ],
      F31d: [`${IDLE}: N 10-31, W 11-16, F 11-27, C 11-30`],
      F31e: [`${IDLE}: N 08-07, W 08-23, F 09-03, C 09-06`],
    },
  ],
]

describe('the named scenarios', { timeout: 60_000 }, () => {
  for (const [name, expected, until] of TABLE) {
    test(`${name} is told as worked out by hand`, () => {
      expect(toldOf(name, until)).toEqual(expected)
    })
  }

  test('all of them are in the table', () => {
    expect(TABLE.map(([name]) => name).toSorted()).toEqual(
      SCENARIOS.map(({ name }) => name).toSorted(),
    )
  })

  test('an unknown one is refused with the list of names', () => {
    expect(() => simulate({ merchants: 1, days: 1, seed: 1, scenario: 'nosuch' })).toThrow(
      /no scenario is called nosuch; there are .*corner-shop/,
    )
  })
})
