/** Histories in which something ends by another's doing: each list is complete. */
import { expect, test } from 'vitest'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'
import { baseShop, said } from './base-shop.ts'

test('a delivered terminal that is replaced under another id waits no longer', () => {
  const shop = history()
  shop.registers('2026-03-02T09:00')
  shop.tell('2026-03-02T10:00', 'terminal.delivered', { terminalId: 'T1', serialNo: 'SN-A' })
  shop.tell('2026-03-20T10:00', 'terminal.replaced', {
    terminalId: 'T1',
    oldSerialNo: 'SN-A',
    newSerialNo: 'SN-B',
    newTerminalId: 'T2',
  })
  expect(said(shop, '2026-04-30')).toEqual([
    '2026-03-16 never-activated terminal:T1 opened notice',
    '2026-03-20 10:00 never-activated terminal:T1 resolved superseded',
  ])
})

test('with the account everything that stands is over', () => {
  const shop = baseShop({ trades: () => true, from: '2026-05-01', until: '2026-06-11' })
  shop.activates('2026-02-20T10:00', 'T2')
  for (const time of ['10:00', '10:02', '10:04']) {
    shop.sells(`2026-06-10T${time}`, { responseCode: '55', cardToken: 'h1:77b1e0' })
  }
  shop.tell('2026-06-11T10:00', 'account.deregistered', { effectiveAt: '2026-06-11' })
  const lines = said(shop, '2026-12-31')
  expect(lines.slice(-2)).toEqual([
    '2026-06-11 10:00 decline-burst-card account resolved superseded',
    '2026-06-11 10:00 terminal-inactivity terminal:T2:reverify resolved superseded',
  ])
})

test('a cancellation switches the clocks off, and its withdrawal on again', () => {
  const shop = baseShop({ trades: (date) => date <= '2026-01-15', until: '2026-04-20' })
  shop.tell('2026-03-20T10:00', 'cancellation.requested', { requestId: 'cx-1' })
  shop.tell('2026-04-05T10:00', 'cancellation.withdrawn', { requestId: 'cx-1' })
  expect(said(shop, '2026-04-12')).toEqual([
    '2026-03-16 merchant-inactivity account:reverify opened notice',
    '2026-03-20 10:00 merchant-inactivity account:reverify resolved superseded',
    '2026-04-05 10:00 merchant-inactivity account:reverify opened warning',
    '2026-04-12 merchant-inactivity account:reverify raised final-warning',
  ])
})

test('what is said to clear a clock is what clears it', () => {
  const shop = baseShop({ trades: (date) => date <= '2026-01-15', until: '2026-01-15' })
  const { records } = play(shop.lines(), { untilMs: shop.at('2026-12-01') })
  const clears = new Map(records.map(({ subject, clears: words }) => [subject, words]))
  expect(clears.get('account:reverify')).toContain('re-verify')
  // A verification restarts the first clock only.
  expect(clears.get('account:stop')).toEqual(['mark-as-backup', 'cancel'])
})
