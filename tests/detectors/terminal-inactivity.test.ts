import { describe, expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'terminal-inactivity'
const T2 = 'terminal:T2:reverify'
/** Of the sale on 15 January: three months end on 15 April. */
const CLIMB = [
  `2026-03-16 ${T2} opened notice`,
  `2026-04-01 ${T2} raised warning`,
  `2026-04-12 ${T2} raised final-warning`,
  `2026-04-15 ${T2} raised consequence-due`,
]
const NOTICE = CLIMB.slice(0, 1)

/** T1 sells on the first of each month, T2 sold last on 15 January 2026. */
function twoTills(): Shop {
  const shop = history()
  shop.registers('2025-12-01T08:00')
  shop.activates('2025-12-01T08:10')
  shop.activates('2025-12-01T08:20', 'T2')
  for (let month = 0; month < 14; month++) {
    const date = Temporal.PlainDate.from('2025-12-01').add({ months: month })
    shop.sells(`${date.toString()}T12:00`)
  }
  shop.sells('2026-01-15T18:00', { terminalId: 'T2', id: 'last' })
  return shop
}

const sells =
  (local: string, more: object = {}) =>
  (shop: Shop) => {
    shop.sells(local, { terminalId: 'T2', ...more })
  }
const tells = (local: string, type: string, data: object) => (shop: Shop) => {
  shop.tell(local, type, { terminalId: 'T2', ...data })
}
const voids =
  (local: string, more: object = {}) =>
  (shop: Shop) => {
    shop.sells('2026-02-20T10:00', { terminalId: 'T2', transactionId: 'tx-v' })
    const data = { originalTransactionId: 'tx-v', sameDay: local < '2026-02-21', terminalId: 'T2' }
    shop.tell(local, 'card.void', { originalTime: '2026-02-20T10:00:00+08:00', ...data, ...more })
  }

function check({ tell, until, heard: expected }: Row): void {
  const shop = twoTills()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

describe('the first clock', () => {
  test.each<Row>([
    { until: '2026-03-15T23:58', heard: [], shows: 'silent until thirty days before' },
    { until: '2026-04-14T23:58', heard: CLIMB.slice(0, 3), shows: 'one stage at a time' },
    { until: '2026-10-01', heard: CLIMB, shows: 'climbs to the date and stays there' },
    {
      tell: sells('2026-03-15T23:59'),
      until: '2026-05-15',
      heard: [],
      shows: 'a sale in the last minute before starts it anew: its own notice comes on 16 May',
    },
    {
      tell: sells('2026-03-16T00:30'),
      until: '2026-05-17',
      heard: [
        ...NOTICE,
        `2026-03-16 00:30 ${T2} resolved cleared`,
        `2026-05-17 ${T2} opened notice`,
      ],
      shows: 'a sale half an hour later ends what was said, and counts from its own date',
    },
  ])('$shows', check)

  test.each([
    [{ amount: 1 }, true, 'of one minor unit'],
    [{ amount: 0 }, false, 'of nothing'],
    [{ responseCode: '05' }, false, 'that was declined'],
    [{ cardFlag: 'owner' }, false, 'by the owner'],
    [{ cardFlag: 'staff' }, false, 'by the staff'],
    [{ processingCode: '030000' }, false, 'that is authorised only'],
    [{ processingCode: '000000', mti: '0100' }, true, 'authorised as a purchase'],
    [{ currency: 'USD' }, true, 'in another currency'],
  ])('a sale with %o restarts it: %s (one %s)', (more, isActivity, _shows) => {
    const tell = sells('2026-03-01T10:00', more)
    check({ tell, until: '2026-03-16', heard: isActivity ? [] : NOTICE, shows: '' })
  })

  test.each<Row>([
    {
      tell: tells('2026-03-01T10:00', 'card.completion', {
        transactionId: 'c1',
        originalTransactionId: 'p1',
        amount: 500,
        currency: 'CNY',
      }),
      until: '2026-04-15',
      heard: [],
      shows: 'so is a completion',
    },
    {
      tell: tells('2026-03-01T10:00', 'terminal.heartbeat', {}),
      until: '2026-03-16',
      heard: NOTICE,
      shows: 'being switched on is not',
    },
    {
      tell: voids('2026-02-20T23:00'),
      until: '2026-03-16',
      heard: NOTICE,
      shows: 'a sale voided on its own day never was',
    },
    {
      tell: voids('2026-02-21T01:00'),
      until: '2026-04-15',
      heard: [],
      shows: 'one voided on the next day was',
    },
  ])('$shows', check)
})

describe('what ends it or takes it back', () => {
  test.each<Row>([
    {
      tell: sells('2026-04-01T09:00'),
      until: '2026-05-31',
      heard: [...CLIMB.slice(0, 2), `2026-04-01 09:00 ${T2} resolved cleared`],
      shows: 'a sale ends it at the stage reached',
    },
    {
      tell: sells('2026-03-15T23:59', { arrives: '2026-03-20T09:00' }),
      until: '2026-04-15',
      heard: [...NOTICE, `2026-03-20 09:00 ${T2} retracted`],
      shows: 'one of the day before, heard of later, proves it wrong',
    },
    {
      tell: sells('2026-03-16T00:00', { arrives: '2026-03-20T09:00' }),
      until: '2026-04-15',
      heard: [...NOTICE, `2026-03-20 09:00 ${T2} resolved cleared`],
      shows: 'one of its very instant does not: it was true until then',
    },
    {
      tell: sells('2026-01-15T09:00', { arrives: '2026-03-20T09:00' }),
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'nor does one that leaves the date where it is',
    },
    {
      tell: tells('2026-03-20T10:00', 'terminal.role-changed', { role: 'backup' }),
      until: '2026-04-15',
      heard: [...NOTICE, `2026-03-20 10:00 ${T2} resolved cleared`],
      shows: 'a backup may be idle',
    },
    {
      tell: tells('2026-03-20T10:00', 'terminal.retired', {}),
      until: '2026-04-15',
      heard: [...NOTICE, `2026-03-20 10:00 ${T2} resolved cleared`],
      shows: 'a retired one too',
    },
    {
      tell: tells('2026-03-20T10:00', 'merchant.reverified', { result: 'success' }),
      until: '2026-05-21',
      heard: [
        ...NOTICE,
        `2026-03-20 10:00 ${T2} resolved cleared`,
        `2026-05-21 ${T2} opened notice`,
      ],
      shows: 'verified again, it counts three months from that date',
    },
    {
      tell: tells('2026-03-20T10:00', 'merchant.reverified', {
        result: 'success',
        asOf: '2026-01-16',
      }),
      until: '2026-03-20T11:00',
      heard: [
        ...NOTICE,
        `2026-03-20 10:00 ${T2} resolved cleared`,
        `2026-03-20 10:00 ${T2} opened notice`,
      ],
      shows:
        'from the date the verification itself names, so that the next notice may stand at once',
    },
    {
      tell: tells('2026-03-20T10:00', 'merchant.reverified', { result: 'fail' }),
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'a verification that failed changes nothing',
    },
    {
      tell: tells('2026-03-20T10:00', 'cancellation.requested', { requestId: 'c1' }),
      until: '2026-04-15',
      heard: [...NOTICE, `2026-03-20 10:00 ${T2} resolved superseded`],
      shows: 'an account that leaves is let go',
    },
    {
      tell: tells('2026-03-20T10:00', 'account.deregistered', { effectiveAt: '2026-03-20' }),
      until: '2026-04-15',
      heard: [...NOTICE, `2026-03-20 10:00 ${T2} resolved superseded`],
      shows: 'so is one that has left',
    },
    {
      tell: tells('2026-03-20T10:00', 'account.suspended', {
        effectiveAt: '2026-03-20',
        reasonCategory: 'risk',
      }),
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'a suspension stops no clock',
    },
  ])('$shows', check)

  test('a withdrawn cancellation judges it anew, at the stage reached', () => {
    const shop = twoTills()
    shop.tell('2026-03-20T10:00', 'cancellation.requested', { requestId: 'c1' })
    shop.tell('2026-04-05T10:00', 'cancellation.withdrawn', { requestId: 'c1' })
    expect(heard(shop, DETECTOR, '2026-04-15').slice(1)).toEqual([
      `2026-03-20 10:00 ${T2} resolved superseded`,
      `2026-04-05 10:00 ${T2} opened warning`,
      ...CLIMB.slice(2),
    ])
  })
})

describe('who is exempt, and who speaks', () => {
  test.each(['backup', 'training', 'test'])('a %s terminal is silent', (role) => {
    const tell = tells('2026-01-20T10:00', 'terminal.role-changed', { role })
    check({ tell, until: '2026-04-15', heard: [], shows: '' })
  })

  test.each<Row>([
    {
      tell: (shop) => {
        shop.tell('2026-01-20T10:00', 'terminal.role-changed', { terminalId: 'T2', role: 'backup' })
        shop.tell('2026-02-20T10:00', 'terminal.role-changed', {
          terminalId: 'T2',
          role: 'primary',
        })
      },
      until: '2026-04-20',
      heard: [`2026-04-20 ${T2} opened notice`],
      shows: 'in use again, it counts from the date it left the role',
    },
    {
      tell: tells('2026-03-20T10:00', 'terminal.role-changed', {
        terminalId: 'T1',
        role: 'backup',
      }),
      until: '2026-03-20T11:00',
      heard: [...NOTICE, `2026-03-20 10:00 ${T2} resolved rolled-up`],
      shows: 'with the other one a backup the account is idle and speaks for it',
    },
  ])('$shows', check)

  /** T1 sells last on this date, T2 on 15 January. */
  function until(lastOfT1: string): Shop {
    const shop = history()
    shop.registers('2025-12-01T08:00')
    for (const id of ['T1', 'T2']) shop.activates('2025-12-01T08:10', id)
    shop.sells(`${lastOfT1}T12:00`)
    shop.sells('2026-01-15T18:00', { terminalId: 'T2' })
    return shop
  }

  test('a busy terminal beside it has its own notice still to come: a day later is enough', () => {
    expect(heard(until('2026-01-16'), DETECTOR, '2026-04-15')).toEqual([
      ...NOTICE,
      `2026-03-17 ${T2} resolved rolled-up`,
    ])
  })

  test('with the same date for both the account alone speaks', () => {
    expect(heard(until('2026-01-15'), DETECTOR, '2026-04-15')).toEqual([])
    expect(heard(until('2026-01-15'), 'merchant-inactivity', '2026-03-16')).toHaveLength(1)
  })

  test('with its own date come the other one is busy no more, though the account waits', () => {
    const shop = until('2026-01-15')
    shop.tell('2026-03-10T10:00', 'terminal.heartbeat', { terminalId: 'T1', storedOfflineCount: 1 })
    expect(heard(shop, DETECTOR, '2026-03-20')).toEqual([])
    expect(heard(shop, 'merchant-inactivity', '2026-03-20')).toEqual([])
  })

  test('the only terminal leaves it to the account', () => {
    const shop = history()
    shop.registers('2025-12-01T08:00')
    shop.activates('2025-12-01T08:10')
    expect(heard(shop, DETECTOR, '2026-12-31')).toEqual([])
  })
})

describe('what moves or holds the date', () => {
  const pause = (from: string, to: string) => (shop: Shop) => {
    shop.tell('2026-02-10T10:00', 'merchant.pause.declared', { from, to })
  }
  const stores = (local: string, storedOfflineCount: number) => (shop: Shop) => {
    shop.tell(local, 'terminal.heartbeat', { terminalId: 'T2', storedOfflineCount })
  }

  test.each<Row>([
    {
      tell: pause('2026-04-15', '2026-04-20'),
      until: '2026-04-15',
      heard: [],
      shows: 'a pause from that date on moves it',
    },
    {
      tell: pause('2026-04-16', '2026-04-20'),
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'one a day later does not',
    },
    {
      tell: stores('2026-03-10T10:00', 1),
      until: '2026-03-23',
      heard: [`2026-03-23 ${T2} opened notice`],
      shows: 'with sales still stored in the terminal a stage waits seven days',
    },
    {
      tell: stores('2026-03-10T10:00', 0),
      until: '2026-03-16',
      heard: NOTICE,
      shows: 'a heartbeat without any does not hold it',
    },
    {
      tell: (shop) => {
        stores('2026-03-10T10:00', 1)(shop)
        stores('2026-03-18T10:00', 0)(shop)
      },
      until: '2026-03-18T11:00',
      heard: [`2026-03-18 10:00 ${T2} opened notice`],
      shows: 'told that none is left, it waits no longer',
    },
  ])('$shows', check)

  test('replaced by another id after its device was, what was told of it is superseded', () => {
    const shop = twoTills()
    const swap = { oldSerialNo: 'SN-T2', newSerialNo: 'SN-T2b' }
    tells('2026-02-01T10:00', 'terminal.replaced', swap)(shop)
    tells('2026-03-20T10:00', 'terminal.replaced', { ...swap, newTerminalId: 'T3' })(shop)
    expect(heard(shop, DETECTOR, '2026-03-20T11:00')).toEqual([
      ...NOTICE,
      `2026-03-20 10:00 ${T2} resolved superseded`,
      '2026-03-20 10:00 terminal:T3:reverify opened notice',
    ])
  })

  test('under its new id the clock goes on', () => {
    const shop = twoTills()
    const serials = { oldSerialNo: 'SN-T2', newSerialNo: 'SN-T3' }
    const data = { terminalId: 'T2', newTerminalId: 'T3', ...serials }
    shop.tell('2026-03-20T10:00', 'terminal.replaced', data)
    expect(heard(shop, DETECTOR, '2026-04-01')).toEqual([
      ...NOTICE,
      `2026-03-20 10:00 ${T2} resolved superseded`,
      '2026-03-20 10:00 terminal:T3:reverify opened notice',
      '2026-04-01 terminal:T3:reverify raised warning',
    ])
  })

  test('a swap under the same id is no activity', () => {
    const swap = { oldSerialNo: 'SN-T2', newSerialNo: 'SN-T3' }
    check({
      tell: tells('2026-03-20T10:00', 'terminal.replaced', swap),
      until: '2026-04-15',
      heard: CLIMB,
      shows: '',
    })
  })

  test('the second clock climbs to twelve months, whatever was verified meanwhile', () => {
    const shop = twoTills()
    shop.tell('2026-03-20T10:00', 'merchant.reverified', { result: 'success' })
    const stops = heard(shop, DETECTOR, '2027-01-15').filter((line) => line.includes(':stop'))
    expect(stops).toEqual([
      '2026-11-16 terminal:T2:stop opened notice',
      '2026-12-16 terminal:T2:stop raised warning',
      '2027-01-08 terminal:T2:stop raised final-warning',
      '2027-01-15 terminal:T2:stop raised consequence-due',
    ])
  })
})

test('a record says what it rests on', () => {
  const { records } = play(twoTills().lines(), { policy: POLICY })
  expect(records.find(({ detector }) => detector === DETECTOR)).toMatchObject({
    value: 60,
    threshold: 60,
    limit: 90,
    unit: 'days',
    consequence: 'suspension',
    seen: { lastSaleOn: '2026-01-15' },
    terminalIds: ['T2'],
    evidence: [{ eventId: 'last', terminalId: 'T2', amount: 12_850, currency: 'CNY' }],
    isAbsence: true,
  })
})
