import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'never-activated'
/** Of the delivery on 2 March. */
const CLIMB = [
  '2026-03-16 terminal:T1 opened notice',
  '2026-04-16 terminal:T1 raised warning',
  '2026-05-21 terminal:T1 raised final-warning',
  '2026-05-31 terminal:T1 raised consequence-due',
]
const NOTICE = CLIMB.slice(0, 1)

function delivered(): Shop {
  const shop = history()
  shop.registers('2026-03-02T09:00')
  shop.tell('2026-03-02T23:59', 'terminal.delivered', { terminalId: 'T1', serialNo: 'SN-T1' })
  return shop
}

const tells = (local: string, type: string, data: object = {}, more: object = {}) => {
  return (shop: Shop) => shop.tell(local, type, { terminalId: 'T1', ...data }, more)
}
const activates = (local: string, more: object = {}) =>
  tells(local, 'terminal.activated', { serialNo: 'SN-T1' }, more)
const swap = { oldSerialNo: 'SN-T1', newSerialNo: 'SN-T2' }

test.each<Row>([
  { until: '2026-03-15T23:58', heard: [], shows: 'thirteen days are no matter' },
  { until: '2026-12-31', heard: CLIMB, shows: 'climbs with the days since the delivery' },
  {
    tell: activates('2026-03-15T23:59'),
    until: '2026-05-31',
    heard: [],
    shows: 'activated in the last minute before',
  },
  {
    tell: activates('2026-05-21T10:00'),
    until: '2026-05-31',
    heard: [...CLIMB.slice(0, 3), '2026-05-21 10:00 terminal:T1 resolved cleared'],
    shows: 'activated after all',
  },
  {
    tell: activates('2026-03-10T10:00', { arrives: '2026-03-20T10:00' }),
    until: '2026-05-31',
    heard: [...NOTICE, '2026-03-20 10:00 terminal:T1 retracted'],
    shows: 'activated before, heard of later: it was never true',
  },
  {
    tell: activates('2026-03-01T10:00'),
    until: '2026-05-31',
    heard: [],
    shows: 'activated before it was delivered',
  },
  {
    tell: (shop) => shop.sells('2026-03-20T10:00', { amount: 1 }),
    until: '2026-05-31',
    heard: [...NOTICE, '2026-03-20 10:00 terminal:T1 resolved cleared'],
    shows: 'a sale shows that it is in use',
  },
  {
    tell: (shop) => shop.sells('2026-03-20T10:00', { responseCode: '05' }),
    until: '2026-04-16',
    heard: CLIMB.slice(0, 2),
    shows: 'a decline does not',
  },
  {
    tell: tells('2026-03-20T10:00', 'terminal.heartbeat'),
    until: '2026-04-16',
    heard: CLIMB.slice(0, 2),
    shows: 'nor does being switched on',
  },
  {
    tell: tells('2026-03-20T10:00', 'terminal.delivered', { serialNo: 'SN-T1' }),
    until: '2026-04-03',
    heard: [
      ...NOTICE,
      '2026-03-20 10:00 terminal:T1 resolved cleared',
      '2026-04-03 terminal:T1 opened notice',
    ],
    shows: 'delivered again, it counts from then',
  },
  {
    tell: tells('2026-02-20T10:00', 'terminal.delivered', { serialNo: 'SN-T1' }),
    until: '2026-03-16',
    heard: NOTICE,
    shows: 'the latest delivery counts, whichever was heard of first',
  },
  {
    tell: tells('2026-03-20T10:00', 'terminal.retired'),
    until: '2026-05-31',
    heard: [...NOTICE, '2026-03-20 10:00 terminal:T1 resolved cleared'],
    shows: 'sent back, it is over',
  },
  {
    tell: tells('2026-03-20T10:00', 'terminal.role-changed', { role: 'backup' }),
    until: '2026-05-31',
    heard: [...NOTICE, '2026-03-20 10:00 terminal:T1 resolved cleared'],
    shows: 'a backup may lie in its box',
  },
  {
    tell: (shop) => {
      tells('2026-03-10T10:00', 'terminal.role-changed', { role: 'backup' })(shop)
      tells('2026-03-20T10:00', 'terminal.role-changed', { role: 'primary' })(shop)
    },
    until: '2026-04-16',
    heard: ['2026-03-20 10:00 terminal:T1 opened notice', ...CLIMB.slice(1, 2)],
    shows: 'in its old role again, it counts as before',
  },
  {
    tell: tells('2026-03-20T10:00', 'terminal.replaced', swap),
    until: '2026-05-31',
    heard: [...NOTICE, '2026-03-20 10:00 terminal:T1 resolved cleared'],
    shows: 'swapped, it was looked at',
  },
  {
    tell: tells('2026-03-20T10:00', 'cancellation.requested', { requestId: 'c' }),
    until: '2026-05-31',
    heard: [...NOTICE, '2026-03-20 10:00 terminal:T1 resolved superseded'],
    shows: 'an account that leaves is let go',
  },
])('$shows', ({ tell, until, heard: expected }) => {
  const shop = delivered()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
})

test('what is registered and was not delivered is not waited for', () => {
  const shop = history()
  shop.registers('2026-03-02T09:00')
  shop.tell('2026-03-02T10:00', 'terminal.registered', { terminalId: 'T1', serialNo: 'SN-T1' })
  expect(heard(shop, DETECTOR, '2026-12-31')).toEqual([])
})

test('each terminal has a warning of its own, its id encoded', () => {
  const shop = delivered()
  shop.tell('2026-03-05T10:00', 'terminal.delivered', { terminalId: 'a:b%', serialNo: 'SN-2' })
  expect(heard(shop, DETECTOR, '2026-03-19')).toEqual([
    ...NOTICE,
    '2026-03-19 terminal:a%3Ab%25 opened notice',
  ])
})

test('a record says what it rests on', () => {
  const { records } = play(delivered().lines(), {
    policy: POLICY,
    untilMs: Date.parse('2026-03-17'),
  })
  expect(records).toMatchObject([
    {
      ...{ value: 14, threshold: 14, limit: 90, unit: 'days', consequence: 'deregistration' },
      seen: { deliveredOn: '2026-03-02' },
      terminalIds: ['T1'],
      isAbsence: true,
    },
  ])
})
