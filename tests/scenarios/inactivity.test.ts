/** Histories of shops that fall quiet; each list is complete. */
import { expect, test } from 'vitest'
import { history, shopDay } from '../support/history.ts'
import { play, told } from '../support/watch.ts'
import { baseShop, said } from './base-shop.ts'

const twenty = (shop: ReturnType<typeof history>, date: string) =>
  shopDay(shop, date, { sales: 20 })

test('a ski rental that declares its summer hears of the pause only', () => {
  const shop = baseShop({
    trades: (date) => date <= '2026-03-31',
    isOn: (date) => date < '2026-04-01' || date > '2026-11-29',
    until: '2026-12-01',
  })
  shop.tell('2026-03-25T10:00', 'merchant.pause.declared', { from: '2026-04-01', to: '2026-11-30' })
  twenty(shop, '2026-12-01')
  expect(said(shop, '2026-12-01')).toEqual([
    '2026-10-31 pause-ending account opened notice',
    '2026-11-23 pause-ending account raised warning',
    '2026-12-01 pause-ending account resolved cleared',
  ])
})

test('the same undeclared is warned of re-verification, until its first sale', () => {
  const shop = baseShop({ trades: (date) => date <= '2026-03-31', until: '2026-12-01' })
  twenty(shop, '2026-12-01')
  expect(said(shop, '2026-12-01')).toEqual([
    '2026-05-31 merchant-inactivity account:reverify opened notice',
    '2026-06-16 merchant-inactivity account:reverify raised warning',
    '2026-06-27 merchant-inactivity account:reverify raised final-warning',
    '2026-06-30 merchant-inactivity account:reverify raised consequence-due',
    '2026-12-01 09:00 merchant-inactivity account:reverify resolved cleared',
    '2026-12-01 11:42 dormant-reactivation account opened warning',
  ])
})

test.each(['on', 'off, with a pause declared'])('Spring Festival with the terminal %s', (how) => {
  const isClosed = (date: string) => date >= '2026-02-12' && date <= '2026-02-27'
  const shop = baseShop({
    trades: (date) => !isClosed(date),
    isOn: (date) => how === 'on' || !isClosed(date),
    until: '2026-04-15',
  })
  if (how !== 'on') {
    const dates = { from: '2026-02-12', to: '2026-02-27' }
    shop.tell('2026-02-01T10:00', 'merchant.pause.declared', dates)
  }
  expect(said(shop, '2026-04-15')).toEqual([])
})

test('a second till kept as a backup may be silent for fourteen months', () => {
  const shop = baseShop({ trades: () => true, until: '2026-11-30' })
  shop.activates('2025-09-01T07:20', 'T2', { role: 'backup' })
  expect(said(shop, '2026-11-30')).toEqual([])
})

test('a second till in use is warned of both its dates', () => {
  const shop = baseShop({ trades: () => true, until: '2027-01-15' })
  shop.activates('2025-09-01T07:20', 'T2')
  for (const date of ['2025-09-25', '2025-10-20', '2025-11-15', '2025-12-10', '2026-01-05']) {
    shop.sells(`${date}T18:00`, { terminalId: 'T2' })
  }
  shop.sells('2026-01-15T18:00', { terminalId: 'T2' })
  expect(said(shop, '2027-01-15')).toEqual([
    '2026-03-16 terminal-inactivity terminal:T2:reverify opened notice',
    '2026-04-01 terminal-inactivity terminal:T2:reverify raised warning',
    '2026-04-12 terminal-inactivity terminal:T2:reverify raised final-warning',
    '2026-04-15 terminal-inactivity terminal:T2:reverify raised consequence-due',
    '2026-11-16 terminal-inactivity terminal:T2:stop opened notice',
    '2026-12-16 terminal-inactivity terminal:T2:stop raised warning',
    '2027-01-08 terminal-inactivity terminal:T2:stop raised final-warning',
    '2027-01-15 terminal-inactivity terminal:T2:stop raised consequence-due',
  ])
})

test.each([
  {
    shows: 'an old sale proves the warning wrong',
    sold: '2026-03-10T12:00',
    arrives: '2026-04-13T09:00',
    until: '2026-05-11',
    then: [
      '2026-04-12 merchant-inactivity account:reverify raised final-warning',
      '2026-04-13 09:00 merchant-inactivity account:reverify retracted',
      '2026-05-11 merchant-inactivity account:reverify opened notice',
    ],
  },
  {
    shows: 'a new one ends it',
    sold: '2026-04-05T12:00',
    arrives: '2026-04-06T09:00',
    until: '2026-06-05',
    then: [
      '2026-04-06 09:00 merchant-inactivity account:reverify resolved cleared',
      '2026-06-05 merchant-inactivity account:reverify opened notice',
    ],
  },
])('a sale forwarded late: $shows', ({ sold, arrives, until, then }) => {
  const shop = baseShop({ trades: (date) => date <= '2026-01-15', until })
  shop.sells(sold, { arrives, offline: true })
  expect(said(shop, until)).toEqual([
    '2026-03-16 merchant-inactivity account:reverify opened notice',
    '2026-04-01 merchant-inactivity account:reverify raised warning',
    ...then,
  ])
})

test.each([
  {
    activates: false,
    then: [
      '2026-05-21 never-activated terminal:T1 raised final-warning',
      '2026-05-31 never-activated terminal:T1 raised consequence-due',
    ],
  },
  {
    activates: true,
    then: ['2026-04-20 10:00 never-activated terminal:T1 resolved cleared'],
  },
])('delivered, and activated: $activates', ({ activates, then }) => {
  const shop = history()
  shop.registers('2026-03-02T09:00')
  shop.tell('2026-03-02T10:00', 'terminal.delivered', { terminalId: 'T1', serialNo: 'SN-A' })
  if (activates) {
    shop.activates('2026-04-20T10:00')
    shop.sells('2026-04-20T10:30')
  }
  expect(said(shop, '2026-05-31')).toEqual([
    '2026-03-16 never-activated terminal:T1 opened notice',
    '2026-04-16 never-activated terminal:T1 raised warning',
    ...then,
  ])
})

test('a sleeper wakes: its clock clears with the first sale, and the tenth is remarked on', () => {
  const wakes = (date: string) => date >= '2026-05-11'
  const shop = baseShop({
    trades: (date) => date <= '2026-01-31' || wakes(date),
    until: '2026-05-20',
    day: (it, date) => shopDay(it, date, date === '2026-05-11' ? { sales: 30 } : {}),
  })
  expect(said(shop, '2026-05-20')).toEqual([
    '2026-03-31 merchant-inactivity account:reverify opened notice',
    '2026-04-16 merchant-inactivity account:reverify raised warning',
    '2026-04-27 merchant-inactivity account:reverify raised final-warning',
    '2026-04-30 merchant-inactivity account:reverify raised consequence-due',
    '2026-05-11 09:00 merchant-inactivity account:reverify resolved cleared',
    '2026-05-11 11:42 dormant-reactivation account opened warning',
    '2026-05-16 dormant-reactivation account resolved cleared',
  ])
})

test('a sleeper is verified again before it wakes', () => {
  const shop = baseShop({
    trades: (date) => date <= '2026-01-31' || date >= '2026-05-11',
    until: '2026-05-20',
    day: (it, date) => shopDay(it, date, date === '2026-05-11' ? { sales: 30 } : {}),
  })
  shop.tell('2026-05-08T15:00', 'merchant.reverified', { result: 'success' })
  expect(said(shop, '2026-05-20').slice(3)).toEqual([
    '2026-04-30 merchant-inactivity account:reverify raised consequence-due',
    '2026-05-08 15:00 merchant-inactivity account:reverify resolved cleared',
    '2026-05-11 11:42 dormant-reactivation account opened notice',
    '2026-05-16 dormant-reactivation account resolved cleared',
  ])
})

test.each([
  ['Asia/Shanghai', '2025-11-30', ['2026-01-29', '2026-02-14', '2026-02-25', '2026-02-28']],
  ['Asia/Shanghai', '2023-11-30', ['2024-01-30', '2024-02-15', '2024-02-26', '2024-02-29']],
  ['Asia/Shanghai', '2024-02-29', ['2024-04-29', '2024-05-15', '2024-05-26', '2024-05-29']],
  ['Asia/Shanghai', '2026-08-31', ['2026-10-31', '2026-11-16', '2026-11-27', '2026-11-30']],
  ['America/Santiago', '2026-06-06', ['2026-08-07', '2026-08-23', '2026-09-03', '2026-09-06']],
])('in %s the months of %s are calendar months', (zone, lastSaleOn, days) => {
  const shop = history({ zone })
  shop.registers(`${lastSaleOn}T08:00`)
  shop.activates(`${lastSaleOn}T08:10`)
  shop.sells(`${lastSaleOn}T12:00`)
  const untilMs = shop.at(days[3]!) + 2 * 60 * 60_000
  const { records } = play(shop.lines(), { untilMs })
  const reverify = records.filter(({ subject }) => subject === 'account:reverify')
  expect(told(reverify).map((line) => line.slice(0, 10))).toEqual(days)
  // Where midnight does not exist, the day begins an hour later: no stage is skipped or doubled.
  if (zone === 'America/Santiago') {
    expect(told(reverify).at(-1)).toMatch(/^2026-09-06 01:00:00/)
  }
})

test('the second clock of a leap day ends on the last of February', () => {
  const shop = history()
  shop.registers('2024-02-29T08:00')
  shop.activates('2024-02-29T08:10')
  shop.sells('2024-02-29T12:00')
  const { records } = play(shop.lines(), { untilMs: shop.at('2025-03-02') })
  const stops = records.filter(({ subject }) => subject === 'account:stop')
  expect(told(stops).at(-1)).toBe(
    '2025-02-28 00:00:00 merchant-inactivity account:stop raised consequence-due',
  )
})
