import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import { wakeOf } from '../../src/core/wake.ts'
import { noteBusy, forgetBusy } from '../../src/core/idle.ts'
import { createZone, HOUR_MS } from '../../src/core/time.ts'
import { history } from '../support/history.ts'
import type { Shop } from '../support/heard.ts'
import { POLICY } from '../support/heard.ts'
import { play } from '../support/watch.ts'

const UTC = createZone('UTC')
const DAY = 20_000

describe('the quiet of an account', () => {
  test('is counted from the newest date with a sale or an attempt', () => {
    const account = newAccount('acq-a', 'M1')
    expect(wakeOf(account)).toBe(Infinity)
    const ends = [DAY, DAY + 5, DAY + 3].map((on) => {
      noteBusy(account, on, UTC, {})
      return wakeOf(account)
    })
    expect(ends).toEqual([DAY + 120, DAY + 125, DAY + 125].map((on) => UTC.startMs(on)))
  })

  test('forgets nothing before its time', () => {
    const account = newAccount('acq-a', 'M1')
    noteBusy(account, DAY, UTC, {})
    account.approvedMs = 7
    forgetBusy(account, UTC.startMs(DAY + 120) - 1, {})
    expect(account.idleMs).toBe(UTC.startMs(DAY + 120))
    forgetBusy(account, UTC.startMs(DAY + 120), {})
    expect([account.idleMs, wakeOf(account), account.approvedMs]).toEqual([Infinity, Infinity, 7])
  })
})

/** A day of everything, then nothing up to a local date. */
function quiet(until: string, more: (shop: Shop) => void = () => {}) {
  const shop = history()
  shop.activates('2026-01-01T08:10')
  shop.sells('2026-01-05T10:00', { cardToken: 'h1:a', amount: 150_000, stan: '1', rrn: '2' })
  shop.sells('2026-01-05T10:01', { responseCode: '51', issuerId: 'I1' })
  const refund = { transactionId: 'r', terminalId: 'T1', amount: 1, currency: 'CNY' }
  shop.tell('2026-01-05T10:02', 'card.refund', { ...refund, matched: false })
  shop.tell('2026-01-05T10:03', 'card.void', { originalTransactionId: 'x', sameDay: true })
  more(shop)
  const [account] = play(shop.lines(), {
    policy: POLICY,
    untilMs: shop.at(until),
  }).accounts.values()
  return { account: account!, shop }
}
const rowsOf = ({ account }: ReturnType<typeof quiet>) => {
  const { seen, attempts, panes, days, cards, amounts, refunds, waiting } = account
  const rows = [seen.ids, attempts.entries, panes.rows, days.rows]
  return [...rows.map(({ count }) => count), cards, amounts, refunds, waiting].map((it) =>
    typeof it === 'number' ? it : it.length,
  )
}

test('120 days on, single events and days are forgotten, and nothing else', () => {
  expect(rowsOf(quiet('2026-05-05'))).toEqual([4, 2, 1, 1, 1, 2, 1, 1])
  const later = quiet('2026-05-05T00:01')
  expect(rowsOf(later)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  const { facts, approvedMs } = later.account
  expect(facts.usual).toEqual({ lastOn: 20_458, fourWeeks: 150_000, outlier: 153_993 })
  expect(facts.terminals.get('T1')?.activity).toHaveLength(1)
  expect(facts.newestAttemptMs).toBe(later.shop.at('2026-01-05T10:01'))
  expect(approvedMs).toBe(later.shop.at('2026-01-05T10:00'))
})

test('an attempt on the way is another beginning', () => {
  const declined = (shop: Shop) => shop.sells('2026-03-05T10:00', { responseCode: '51' })
  expect(rowsOf(quiet('2026-07-02', declined))[3]).toBe(2)
  expect(rowsOf(quiet('2026-07-03T00:01', declined))[3]).toBe(0)
})

test('what comes much later than what was forgotten is late all the same', () => {
  const { account, shop } = quiet('2026-05-06', (it) => {
    it.sells('2026-01-05T09:00', { arrives: '2026-05-05T12:00' })
  })
  expect(account.attempts.entries.count).toBe(0)
  expect(account.facts.newestAttemptMs - HOUR_MS).toBe(shop.at('2026-01-05T09:01'))
})
