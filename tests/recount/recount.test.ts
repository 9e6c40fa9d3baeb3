import { describe, expect, test } from 'vitest'
import {
  activated,
  bridge,
  inArrival,
  line,
  registered,
  sale,
  salesDaily,
  salesOn,
  told,
} from './given.ts'
import { recount } from './recount.ts'

const SHOP = [
  registered('2025-09-01 08:00'),
  activated('2025-09-01 08:30'),
  ...bridge('2025-09-15', '2025-12-31'),
]
const T2_ACTIVATED = activated('2025-09-01 08:40', 'T2')

/** One detector and subject, its records as `date time reason word`. */
function about(detector: string, subject: string, rows: readonly string[]): string[] {
  return rows.map((row) => {
    const [date, time, ...rest] = row.split(' ')
    return [date, time, detector, subject, ...rest].join(' ')
  })
}

function merchant(part: 'reverify' | 'stop', rows: readonly string[]): string[] {
  return about('merchant-inactivity', `account:${part}`, rows)
}

describe('an account that falls silent', () => {
  test('3: a ski rental that declared its summer hears of the end of the pause only', () => {
    const pause = { from: '2026-04-01', to: '2026-11-30' }
    const lines = inArrival(
      SHOP,
      bridge('2026-01-01', '2026-03-25'),
      line('merchant.pause.declared', '2026-03-25 12:00', pause),
      sale('2026-03-31 10:00'),
      salesOn('2026-12-01', 20),
    )
    expect(told(lines, '2026-12-01')).toEqual(
      about('pause-ending', 'account', [
        '2026-10-31 00:00 opened notice',
        '2026-11-23 00:00 raised warning',
        '2026-12-01 00:00 resolved cleared',
      ]),
    )
  })

  test('4: the same undeclared climbs to the consequence and clears at the first sale', () => {
    const lines = inArrival(SHOP, bridge('2026-01-01', '2026-03-25'), [
      sale('2026-03-31 10:00'),
      ...salesOn('2026-12-01', 20),
    ])
    expect(told(lines, '2026-12-01')).toEqual([
      ...merchant('reverify', [
        '2026-05-31 00:00 opened notice',
        '2026-06-16 00:00 raised warning',
        '2026-06-27 00:00 raised final-warning',
        '2026-06-30 00:00 raised consequence-due',
        '2026-12-01 09:00 resolved cleared',
      ]),
      '2026-12-01 10:48 dormant-reactivation account opened warning',
    ])
  })

  test.each([
    { name: 'undeclared', pause: [] },
    {
      name: 'declared',
      pause: [
        line('merchant.pause.declared', '2026-02-10 12:00', {
          from: '2026-02-12',
          to: '2026-02-27',
        }),
      ],
    },
  ])('5: sixteen days of Spring Festival, $name, say nothing', ({ pause }) => {
    const before = salesDaily('2026-01-12', '2026-02-11', 40)
    const after = salesDaily('2026-02-28', '2026-03-03', 40)
    expect(told(inArrival(SHOP, before, pause, after), '2026-03-03')).toEqual([])
  })

  test('6: a second till that is a backup is never missed', () => {
    const backup = { terminalId: 'T2', role: 'backup' }
    const lines = inArrival(
      SHOP,
      T2_ACTIVATED,
      line('terminal.role-changed', '2025-09-02 08:00', backup),
      salesDaily('2025-09-02', '2026-11-02', 1),
    )
    expect(told(lines, '2026-11-02')).toEqual([])
  })

  test('7: a second till that is primary walks both of its ladders', () => {
    const lines = inArrival(
      SHOP,
      T2_ACTIVATED,
      bridge('2025-09-15', '2026-01-10', 'T2'),
      sale('2026-01-15 12:00', { terminalId: 'T2' }),
      salesDaily('2025-09-02', '2027-01-15', 1),
    )
    const reverify = about('terminal-inactivity', 'terminal:T2:reverify', [
      '2026-03-16 00:00 opened notice',
      '2026-04-01 00:00 raised warning',
      '2026-04-12 00:00 raised final-warning',
      '2026-04-15 00:00 raised consequence-due',
    ])
    const stop = about('terminal-inactivity', 'terminal:T2:stop', [
      '2026-11-16 00:00 opened notice',
      '2026-12-16 00:00 raised warning',
      '2027-01-08 00:00 raised final-warning',
      '2027-01-15 00:00 raised consequence-due',
    ])
    expect(told(lines, '2027-01-15')).toEqual([...reverify, ...stop])
  })

  test.each([
    {
      name: 'a: one older than the stage retracts',
      late: sale('2026-03-10 10:00', { arrives: '2026-04-13 10:00' }),
      until: '2026-05-11',
      rows: [
        '2026-03-16 00:00 opened notice',
        '2026-04-01 00:00 raised warning',
        '2026-04-12 00:00 raised final-warning',
        '2026-04-13 10:00 retracted',
        '2026-05-11 00:00 opened notice',
      ],
    },
    {
      name: 'b: one younger than the stage resolves',
      late: sale('2026-04-05 10:00', { arrives: '2026-04-06 10:00' }),
      until: '2026-06-05',
      rows: [
        '2026-03-16 00:00 opened notice',
        '2026-04-01 00:00 raised warning',
        '2026-04-06 10:00 resolved cleared',
        '2026-06-05 00:00 opened notice',
      ],
    },
  ])('8: a forwarded sale, $name', ({ late, until, rows }) => {
    const online = [...bridge('2026-01-01', '2026-01-14'), sale('2026-01-15 10:00')]
    expect(told(inArrival(SHOP, online, late), until)).toEqual(merchant('reverify', rows))
  })

  test.each([
    { name: 'a: never verified', days: [], stage: 'warning' },
    { name: 'b: verified first', days: ['2026-05-08 10:00'], stage: 'notice' },
  ])('17: a sleeper, $name, wakes without a spike', ({ days, stage }) => {
    const reverified = days.map((when) => {
      return line('merchant.reverified', when, { result: 'success' })
    })
    const lines = inArrival(
      SHOP,
      salesDaily('2026-01-10', '2026-01-31', 40),
      reverified,
      salesOn('2026-05-11', 30),
      salesDaily('2026-05-12', '2026-05-16', 40),
    )
    const end = days[0] ?? '2026-05-11 09:00'
    expect(told(lines, '2026-05-16')).toEqual([
      ...merchant('reverify', [
        '2026-03-31 00:00 opened notice',
        '2026-04-16 00:00 raised warning',
        '2026-04-27 00:00 raised final-warning',
        '2026-04-30 00:00 raised consequence-due',
        `${end} resolved cleared`,
      ]),
      `2026-05-11 12:36 dormant-reactivation account opened ${stage}`,
      '2026-05-16 00:00 dormant-reactivation account resolved cleared',
    ])
  })

  test('29 c: a sale dated 2099 counts five minutes after it arrived', () => {
    const ahead = sale('2099-01-01 00:00', { arrives: '2026-06-10 12:00' })
    const lines = inArrival(registered('2026-06-01 08:00'), ahead)
    expect(told(lines, '2026-08-11')).toEqual(
      merchant('reverify', ['2026-08-11 00:00 opened notice']),
    )
  })
})

describe('31: calendar clocks', () => {
  test.each([
    ['2025-11-30', '2026-02-28', ['2026-01-29', '2026-02-14', '2026-02-25', '2026-02-28']],
    ['2023-11-30', '2024-02-29', ['2024-01-30', '2024-02-15', '2024-02-26', '2024-02-29']],
    ['2024-02-29', '2024-05-29', ['2024-04-29', '2024-05-15', '2024-05-26', '2024-05-29']],
    ['2026-08-31', '2026-11-30', ['2026-10-31', '2026-11-16', '2026-11-27', '2026-11-30']],
  ])('from %s to %s', (last, until, dates) => {
    const opening = registered(`${last} 08:00`)
    expect(told([opening, sale(`${last} 10:00`)], until)).toEqual(
      merchant('reverify', [
        `${dates[0]} 00:00 opened notice`,
        `${dates[1]} 00:00 raised warning`,
        `${dates[2]} 00:00 raised final-warning`,
        `${dates[3]} 00:00 raised consequence-due`,
      ]),
    )
  })

  test('a year after 29 February ends on the 28th', () => {
    const rows = told([registered('2024-02-29 08:00'), sale('2024-02-29 10:00')], '2025-02-28')
    expect(rows.at(-1)).toBe(
      '2025-02-28 00:00 merchant-inactivity account:stop raised consequence-due',
    )
  })

  test('a midnight that does not exist is the first instant of its date', () => {
    const zone = 'America/Santiago'
    const lines = [
      registered('2026-06-06 08:00', zone, 'CL'),
      sale('2026-06-06 10:00', { zone, data: { currency: 'USD' } }),
    ]
    expect(told(lines, '2026-09-06', zone).at(-1)).toBe(
      '2026-09-06 01:00 merchant-inactivity account:reverify raised consequence-due',
    )
  })
})

describe('9: a terminal that was delivered', () => {
  const delivered = line('terminal.delivered', '2026-03-02 10:00', {
    terminalId: 'T1',
    serialNo: 'SN-A',
  })
  const start = [registered('2026-03-02 09:00'), delivered]

  test('a: and never used climbs for ninety days', () => {
    expect(told(start, '2026-05-31')).toEqual(
      about('never-activated', 'terminal:T1', [
        '2026-03-16 00:00 opened notice',
        '2026-04-16 00:00 raised warning',
        '2026-05-21 00:00 raised final-warning',
        '2026-05-31 00:00 raised consequence-due',
      ]),
    )
  })

  test('b: and activated late is resolved', () => {
    const lines = inArrival(start, activated('2026-04-20 09:00'), sale('2026-04-20 09:10'))
    expect(told(lines, '2026-04-20')).toEqual(
      about('never-activated', 'terminal:T1', [
        '2026-03-16 00:00 opened notice',
        '2026-04-16 00:00 raised warning',
        '2026-04-20 09:00 resolved cleared',
      ]),
    )
  })
})

describe('behaviour', () => {
  function attempt(when: string, responseCode: string): string {
    const answer = { responseCode, approved: responseCode === '00', cardToken: 'h1:mistyped' }
    return sale(when, { data: answer })
  }

  test('12: a PIN mistyped three times is a notice for two days', () => {
    const lines = inArrival(
      SHOP,
      bridge('2026-01-15', '2026-06-10'),
      ['10:00', '10:02', '10:04'].map((time) => attempt(`2026-06-10 ${time}`, '55')),
      attempt('2026-06-10 10:06', '00'),
    )
    expect(told(lines, '2026-06-13')).toEqual(
      about('decline-burst-card', 'account', [
        '2026-06-10 10:04 opened notice',
        '2026-06-13 00:00 resolved cleared',
      ]),
    )
  })

  test.each([
    ['10:09:59', 1],
    ['10:10:00', 0],
  ])('a third decline at %s is inside the ten minutes or not', (third, bursts) => {
    const times = ['10:00:00', '10:05:00', third]
    const lines = [
      registered('2026-06-10 08:00'),
      ...times.map((time) => attempt(`2026-06-10 ${time}`, '51')),
    ]
    expect(told(lines, '2026-06-10')).toHaveLength(bursts)
  })

  test.each([
    { name: 'a: six times', number: 240, warning: [] },
    { name: 'b: eight times', number: 320, warning: [280] },
  ])('16: a promotion of $name the usual', ({ number, warning }) => {
    const promotion = salesOn('2026-06-18', number)
    const lines = inArrival(
      [registered('2026-05-01 08:00'), activated('2026-05-01 08:30')],
      salesDaily('2026-05-24', '2026-06-17', 40),
      promotion,
      salesDaily('2026-06-19', '2026-06-20', 40),
    )
    const timeOf = (nth: number) => Date.parse(JSON.parse(promotion[nth - 1] ?? '').time)
    const records = recount(lines, { untilMs: Date.parse('2026-06-21T00:02:00+08:00') })
    expect(records.map(({ reason, stage, time }) => [reason, stage, time])).toEqual([
      ['opened', 'notice', timeOf(120)],
      ...warning.map((nth) => ['raised', 'warning', timeOf(nth)]),
      [
        'resolved',
        warning.length > 0 ? 'warning' : 'notice',
        Date.parse('2026-06-21T00:00:00+08:00'),
      ],
    ])
  })
})

describe('21: an invoice of 120.00 due on 1 June', () => {
  const invoice = {
    invoiceId: 'inv-31',
    feeType: 'terminal-rental',
    amount: 12000,
    currency: 'CNY',
    dueDate: '2026-06-01',
  }
  const soon = about('fee-due-soon', 'invoice:inv-31', [
    '2026-05-25 00:00 opened notice',
    '2026-06-02 00:00 resolved superseded',
  ])
  const overdue = (rows: readonly string[]) => {
    const all = ['2026-06-02 00:00 opened notice', ...rows]
    return [...soon, ...about('fee-overdue', 'invoice:inv-31', all)]
  }
  const paid = (when: string, amount: number, arrives = when) => {
    const data = { invoiceId: 'inv-31', amount, currency: 'CNY' }
    return line('fee.payment.received', when, data, { arrives })
  }
  const invoiced = (data: object = {}) => [
    registered('2026-05-01 08:00'),
    line('fee.invoiced', '2026-05-01 09:00', { ...invoice, ...data }),
  ]

  test('a: paid in two parts', () => {
    const lines = [...invoiced(), paid('2026-06-12 10:00', 6000), paid('2026-06-20 10:00', 6000)]
    expect(told(lines, '2026-07-02')).toEqual(
      overdue([
        '2026-06-09 00:00 raised warning',
        '2026-06-16 00:00 raised final-warning',
        '2026-06-20 10:00 resolved cleared',
      ]),
    )
  })

  test('b: disputed', () => {
    const disputed = line('fee.disputed', '2026-06-05 10:00', { invoiceId: 'inv-31' })
    expect(told([...invoiced(), disputed], '2026-07-02')).toEqual(overdue([]))
  })

  test('b: a rejected dispute moves the stages by the days it stood', () => {
    const disputes = [
      line('fee.disputed', '2026-06-05 10:00', { invoiceId: 'inv-31' }),
      line('fee.disputed', '2026-06-10 10:00', { invoiceId: 'inv-31', status: 'rejected' }),
    ]
    expect(told([...invoiced(), ...disputes], '2026-07-07')).toEqual(
      overdue([
        '2026-06-14 00:00 raised warning',
        '2026-06-21 00:00 raised final-warning',
        '2026-07-06 00:00 raised consequence-due',
      ]),
    )
  })

  test('c: of 8.00 stays a notice', () => {
    expect(told(invoiced({ amount: 800 }), '2026-07-02')).toEqual(overdue([]))
  })

  test('a payment dated before the due date retracts', () => {
    const lines = [...invoiced(), paid('2026-05-30 10:00', 12000, '2026-06-03 10:00')]
    expect(told(lines, '2026-07-02')).toEqual(overdue(['2026-06-03 10:00 retracted']))
  })

  test('what is collected by offset is not announced, and is overdue all the same', () => {
    const rows = told(invoiced({ method: 'offset' }), '2026-06-02')
    expect(rows).toEqual(['2026-06-02 00:00 fee-overdue invoice:inv-31 opened notice'])
  })
})

describe('the name of a record', () => {
  test('is made of the account, the detector, the subject and the instant', () => {
    const lines = inArrival(
      SHOP,
      T2_ACTIVATED,
      bridge('2025-09-15', '2026-01-10', 'T2'),
      sale('2026-01-15 12:00', { terminalId: 'T2' }),
      salesDaily('2025-09-02', '2026-03-17', 1),
    ).map((text) => JSON.stringify({ ...JSON.parse(text), tenantid: 'acq-a', subject: 'M1000234' }))
    const [record] = recount(lines)
    expect(record?.openedAtMs).toBe(1773590400000)
    expect(record?.id).toBe('ffea6kxhuv27zhgjrybs7jbod7-notice')
  })
})
