import { describe, expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'merchant-inactivity'
const FIRST = 'account:reverify'
/** Of the sale on 15 January: three months end on 15 April. */
const CLIMB = [
  `2026-03-16 ${FIRST} opened notice`,
  `2026-04-01 ${FIRST} raised warning`,
  `2026-04-12 ${FIRST} raised final-warning`,
  `2026-04-15 ${FIRST} raised consequence-due`,
]
const NOTICE = CLIMB.slice(0, 1)

/** One till, active since December, that sold last on 15 January 2026. */
function quietShop(zone?: string): Shop {
  const shop = history(zone === undefined ? {} : { zone })
  shop.registers('2025-12-01T08:00')
  shop.activates('2025-12-01T08:10')
  shop.sells('2026-01-15T18:00', { id: 'last', last4: '4821' })
  return shop
}

const tells =
  (local: string, type: string, data: object, more: object = {}) =>
  (shop: Shop) => {
    shop.tell(local, type, { ...data }, more)
  }
const declares = (from: string, to: string, local = '2026-02-10T10:00') =>
  tells(local, 'merchant.pause.declared', { from, to })

function check({ tell, until, heard: expected }: Row): void {
  const shop = quietShop()
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

describe('the account’s first clock', () => {
  test.each<Row>([
    { until: '2026-03-15T23:58', heard: [], shows: 'is silent until thirty days before' },
    { until: '2026-11-15', heard: CLIMB, shows: 'climbs to its date' },
    {
      tell: (shop) => shop.sells('2026-03-01T10:00', { terminalId: 'T9' }),
      until: '2026-05-01',
      heard: [],
      shows: 'is one of all terminals, those unheard of until now too',
    },
    {
      tell: (shop) => {
        shop.activates('2026-02-01T10:00', 'T2', { role: 'training' })
        shop.sells('2026-03-01T10:00', { terminalId: 'T2' })
      },
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'does not count sales on a training terminal',
    },
    {
      tell: (shop) => shop.activates('2026-02-10T10:00', 'T2'),
      until: '2026-04-11',
      heard: [`2026-04-10 ${FIRST} opened notice`],
      shows: 'counts from an activation where that is the latest start',
    },
    {
      tell: (shop) => {
        shop.activates('2026-02-10T10:00', 'T2')
        shop.tell('2026-03-20T10:00', 'terminal.retired', { terminalId: 'T2' })
      },
      until: '2026-03-20T11:00',
      heard: [`2026-03-20 10:00 ${FIRST} opened notice`],
      shows: 'asks live terminals alone',
    },
    {
      tell: tells('2026-03-20T10:00', 'terminal.retired', { terminalId: 'T1' }),
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'asks those it had where none is live',
    },
  ])('$shows', check)

  test('a sale on a terminal that was retired ends a wait for stored sales', () => {
    const shop = quietShop()
    shop.sells('2026-01-10T10:00', { terminalId: 'T2' })
    shop.tell('2026-02-01T10:00', 'terminal.retired', { terminalId: 'T2' })
    shop.tell('2026-03-10T10:00', 'terminal.heartbeat', { terminalId: 'T1', storedOfflineCount: 1 })
    shop.sells('2026-03-18T10:00', { terminalId: 'T2' })
    expect(heard(shop, DETECTOR, '2026-03-18T11:00')).toEqual([
      `2026-03-18 10:00 ${FIRST} opened notice`,
    ])
  })

  test.each([
    ['a void minutes later', '2026-02-20T12:04', 'card.void', { sameDay: true }],
    [
      'a timeout heard of when the ring has forgotten it',
      ...['2026-02-25T10:00', 'card.reversal'],
      {
        ...{ reversalType: 'system-timeout', originalTime: '2026-02-20T12:00:00+08:00' },
        ...{ terminalId: 'T1', amount: 12_850, currency: 'CNY' },
      },
    ],
  ] as const)(
    'what undoes a sale on the owner’s card leaves the others: %s',
    (_, at, type, data) => {
      const shop = quietShop()
      shop.sells('2026-02-20T10:00')
      shop.sells('2026-02-20T12:00', { cardFlag: 'owner', transactionId: 'own' })
      shop.sells('2026-02-25T09:00', { responseCode: '05' })
      shop.tell(at, type, { originalTransactionId: 'own', ...data })
      expect(heard(shop, DETECTOR, '2026-04-21')).toEqual([`2026-04-20 ${FIRST} opened notice`])
    },
  )

  test('an account that was never activated and never sold has none', () => {
    const shop = history()
    shop.registers('2025-01-01T08:00')
    shop.tell('2025-01-02T08:00', 'terminal.registered', { terminalId: 'T1', serialNo: 'S' })
    expect(heard(shop, DETECTOR, '2026-12-31')).toEqual([])
  })

  test('a migration is a start like an activation', () => {
    const shop = history()
    shop.registers('2026-02-01T08:00', { migratedAt: '2026-01-15' })
    shop.tell('2026-02-01T08:10', 'terminal.registered', { terminalId: 'T1', serialNo: 'S' })
    expect(heard(shop, DETECTOR, '2026-03-16')).toEqual(NOTICE)
  })
})

describe('its end', () => {
  test.each<Row>([
    {
      tell: (shop) => shop.sells('2026-04-15T00:00'),
      until: '2026-06-15',
      heard: [
        ...CLIMB.slice(0, 3),
        `2026-04-15 ${FIRST} resolved cleared`,
        `2026-06-15 ${FIRST} opened notice`,
      ],
      shows: 'a sale that arrives with the date comes before it',
    },
    {
      tell: (shop) => shop.sells('2026-04-15T00:01'),
      until: '2026-06-15',
      heard: [
        ...CLIMB,
        `2026-04-15 00:01 ${FIRST} resolved cleared`,
        `2026-06-15 ${FIRST} opened notice`,
      ],
      shows: 'one that arrives a minute later comes after it',
    },
    {
      tell: (shop) => shop.sells('2026-04-14T23:59:59', { arrives: '2026-04-15T00:00:59' }),
      until: '2026-04-16',
      heard: [...CLIMB.slice(0, 3), `2026-04-15 00:00:59 ${FIRST} resolved cleared`],
      shows: 'one that was a minute on its way is waited for',
    },
    {
      tell: tells('2026-03-16T00:00:30', 'terminal.registered', {
        terminalId: 'T9',
        serialNo: 'SN-T9',
      }),
      until: '2026-03-17',
      heard: NOTICE,
      shows: 'what arrives within the minute and moves nothing leaves a stage to its instant',
    },
    {
      tell: tells('2026-04-20T10:00', 'merchant.reverified', {
        result: 'success',
        asOf: '2026-01-15',
      }),
      until: '2026-04-21',
      heard: CLIMB,
      shows: 'a verification of the date it counts from restarts nothing',
    },
    {
      tell: tells('2026-04-20T10:00', 'merchant.reverified', { result: 'success' }),
      until: '2026-06-20',
      heard: [
        ...CLIMB,
        `2026-04-20 10:00 ${FIRST} resolved cleared`,
        `2026-06-20 ${FIRST} opened notice`,
      ],
      shows: 'a verification restarts it',
    },
    {
      tell: tells('2026-04-20T10:00', 'cancellation.requested', { requestId: 'c' }),
      until: '2026-12-31',
      heard: [...CLIMB, `2026-04-20 10:00 ${FIRST} resolved superseded`],
      shows: 'an account that leaves is let go',
    },
  ])('$shows', check)

  test.each([
    ['same-day void', { type: 'card.void', data: { sameDay: true } }, NOTICE],
    ['timeout', { type: 'card.reversal', data: { reversalType: 'system-timeout' } }, NOTICE],
    ['part of it', { type: 'card.reversal', data: { reversalType: 'partial', amount: 100 } }, []],
  ])('a sale undone by a %s', (_how, { type, data }, expected) => {
    const shop = quietShop()
    shop.sells('2026-03-10T10:00', { transactionId: 'tx-u' })
    shop.tell('2026-03-10T11:00', type, { originalTransactionId: 'tx-u', ...data })
    expect(heard(shop, DETECTOR, '2026-03-16')).toEqual(expected)
  })

  test.each([
    ['with another sale of the date', true],
    ['alone on its date', false],
  ])('a timeout that overtakes its sale, %s: only that is undone', (_how, hasOther) => {
    const shop = quietShop()
    if (hasOther) shop.sells('2026-03-20T10:00')
    shop.tell('2026-03-20T11:00:01', 'card.reversal', {
      ...{ originalTransactionId: 'tx-u', originalTime: '2026-03-20T11:00:00+08:00' },
      ...{ terminalId: 'T1', amount: 12_850, currency: 'CNY', reversalType: 'system-timeout' },
    })
    const late = { transactionId: 'tx-u', amount: 12_850, arrives: '2026-03-20T11:00:03' }
    shop.sells('2026-03-20T11:00', late)
    const ended = hasOther ? [`2026-03-20 10:00 ${FIRST} resolved cleared`] : []
    expect(heard(shop, DETECTOR, '2026-03-21')).toEqual([...NOTICE, ...ended])
  })

  test('the void of the sale that had ended it brings it back, as a new episode', () => {
    const shop = quietShop()
    shop.sells('2026-03-20T10:00', { transactionId: 'tx-u' })
    const data = { originalTransactionId: 'tx-u', sameDay: true }
    shop.tell('2026-03-20T11:00', 'card.void', data)
    expect(heard(shop, DETECTOR, '2026-03-21')).toEqual([
      ...NOTICE,
      `2026-03-20 10:00 ${FIRST} resolved cleared`,
      `2026-03-20 11:00 ${FIRST} opened notice`,
    ])
  })
})

describe('a declared pause', () => {
  test.each<Row>([
    {
      tell: declares('2026-04-15', '2026-05-20'),
      until: '2026-07-21',
      heard: [`2026-07-21 ${FIRST} opened notice`],
      shows: 'that begins on the date moves it to three months after its end',
    },
    {
      tell: declares('2026-04-16', '2026-05-20'),
      until: '2026-04-15',
      heard: CLIMB,
      shows: 'that begins a day later does not',
    },
    {
      tell: declares('2026-02-15', '2026-05-20', '2026-04-02T10:00'),
      until: '2026-07-21',
      heard: [
        ...CLIMB.slice(0, 2),
        `2026-04-02 10:00 ${FIRST} resolved cleared`,
        `2026-07-21 ${FIRST} opened notice`,
      ],
      shows: 'told late ends what was said, from the moment it is known',
    },
    {
      tell: declares('2026-02-15', '2028-02-15'),
      until: '2027-04-15',
      heard: [
        `2026-11-16 account:stop opened notice`,
        `2026-12-16 account:stop raised warning`,
        `2027-01-08 account:stop raised final-warning`,
        `2027-01-15 account:stop raised consequence-due`,
        `2027-04-15 ${FIRST} opened notice`,
      ],
      shows: 'holds it for twelve months at most, and the second clock not at all',
    },
    {
      tell: (shop) => {
        declares('2026-02-15', '2026-05-20')(shop)
        shop.tell('2026-03-01T10:00', 'merchant.pause.ended', {})
      },
      until: '2026-05-02',
      heard: [`2026-05-02 ${FIRST} opened notice`],
      shows: 'that is ended counts to its end',
    },
  ])('$shows', check)
})

describe('months are calendar months', () => {
  test.each([
    ['2025-11-30', '2026-01-29', 'to the last of February, the 28th'],
    ['2023-11-30', '2024-01-30', 'or the 29th'],
    ['2026-08-31', '2026-10-31', 'to the last of November'],
    ['2026-05-31', '2026-08-01', 'and to a 31st where there is one'],
  ])('of %s: the notice is on %s, %s', (lastSaleOn, noticeOn) => {
    const shop = history()
    shop.registers(`${lastSaleOn}T08:00`)
    shop.activates(`${lastSaleOn}T08:10`)
    shop.sells(`${lastSaleOn}T12:00`)
    expect(heard(shop, DETECTOR, noticeOn)).toEqual([`${noticeOn} ${FIRST} opened notice`])
  })

  test.each(['America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Kiritimati'])('in %s', (zone) => {
    expect(heard(quietShop(zone), DETECTOR, '2026-04-15')).toEqual(CLIMB)
  })
})

test('a record says what it rests on', () => {
  const shop = quietShop()
  shop.activates('2026-01-15T08:10', 'T2')
  shop.sells('2026-01-15T09:00', { terminalId: 'T2' })
  const { records } = play(shop.lines(), { policy: POLICY, untilMs: shop.at('2026-03-17') })
  expect(records).toMatchObject([
    {
      ...{ value: 60, threshold: 60, limit: 90, unit: 'days', consequence: 'suspension' },
      window: { fromMs: shop.at('2026-01-15T18:00'), toMs: shop.at('2026-03-16') },
      seen: { lastSaleOn: '2026-01-15' },
      terminalIds: ['T1', 'T2'],
      audience: ['merchant', 'operator'],
      evidence: [{ eventId: 'last', amount: 12_850, currency: 'CNY', last4: '4821' }],
    },
  ])
})
