import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import type { Account } from '../../src/core/account.ts'
import { createEncoder, decodeAccount, STATE_VERSION } from '../../src/core/codec.ts'
import { createFold } from '../../src/core/fold.ts'
import { decode } from '../../src/events/decode.ts'
import { POLICY } from '../support/heard.ts'
import type { Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'

/** Folds each line, and says which sections each of them changed. */
function folded(shop: Shop): {
  account: Account
  changed: string[]
  sections: Map<string, Uint8Array>
} {
  const fold = createFold(POLICY)
  const memory = fold.newPartition()
  const account = fold.newAccount('acq-a', 'M1')
  const sections = new Map<string, Uint8Array>()
  const changed = shop.lines().map((line) => {
    const record = { offset: 0, key: undefined, value: Buffer.from(line), headers: [] }
    const read = decode({ ...record, timestampMs: undefined }, { keyOptional: true })
    if (read.kind !== 'event') throw new Error(line)
    fold.event(memory, account, read.event, read.event.receivedAtMs ?? read.event.timeMs)
    const all = fold.encodeChanged(account)
    for (const [section, bytes] of all) sections.set(section, bytes!)
    return all.map(([section]) => section).join('')
  })
  return { account, changed, sections }
}

/** As plain values, whatever the order of members and the width of what holds them. */
function valuesOf(account: Account) {
  const { seen, dirty: _, days, ...rest } = account
  const of = (column: ArrayLike<number>) => Array.from(column).slice(0, seen.ids.length)
  const ids = [seen.timesMs, seen.arrivalsMs, seen.ids, seen.bodies, seen.swipes].map(of)
  return { ...rest, ids, days: days.tallies }
}

const again = ({ sections }: ReturnType<typeof folded>) =>
  decodeAccount('acq-a', 'M1', [sections.get('n'), sections.get('p'), sections.get('f')])

/** A bit of everything that is remembered. */
function eventful(): Shop {
  const shop = history()
  shop.registers('2025-12-01T08:00', { scale: 9_000_000, migratedAt: '2025-11-01' })
  shop.tell('2025-12-01T08:05', 'terminal.delivered', { terminalId: 'T9', serialNo: 'SN-9' })
  shop.activates('2025-12-01T08:10', 'T1')
  shop.activates('2025-12-01T08:20', 'T2', { role: 'backup' })
  shop.tell('2025-12-02T08:20', 'terminal.role-changed', { terminalId: 'T2', role: 'primary' })
  const swap = { oldSerialNo: 'a', newSerialNo: 'b', newTerminalId: 'T3' }
  shop.tell('2025-12-03T08:20', 'terminal.replaced', { terminalId: 'T2', ...swap })
  shop.tell('2025-12-04T08:20', 'terminal.retired', { terminalId: 'T9' })
  shop.tell('2025-12-05T08:00', 'merchant.pause.declared', { from: '2026-01-10', to: '2026-04-20' })
  shop.sells('2026-01-05T10:00', { last4: '4821', stan: '1', rrn: '2' })
  shop.sells('2026-01-15T10:00', { transactionId: 'tx-v', currency: 'USD' })
  shop.sells('2026-01-15T16:00')
  shop.tell('2026-01-16T08:00', 'merchant.pause.ended', {})
  shop.tell('2026-01-17T08:00', 'merchant.reverified', { result: 'success' })
  const bill = { invoiceId: 'i1', feeType: 'pci', amount: 12_000, currency: 'CNY' }
  shop.tell('2026-01-18T08:00', 'fee.invoiced', {
    ...bill,
    dueDate: '2026-01-20',
    suspendAt: '2026-03-01',
  })
  shop.tell('2026-01-19T08:00', 'fee.payment.received', {
    invoiceId: 'i1',
    amount: 100,
    currency: 'CNY',
  })
  shop.tell('2026-01-25T08:00', 'fee.disputed', { invoiceId: 'i1' })
  shop.tell('2026-01-26T08:00', 'fee.written-off', { invoiceId: 'i2' })
  shop.tell('2026-01-27T08:00', 'cancellation.requested', { requestId: 'c' })
  shop.tell('2026-01-28T08:00', 'cancellation.withdrawn', { requestId: 'c' })
  for (const minute of ['00', '01', '02']) {
    shop.sells(`2026-01-29T10:${minute}`, { responseCode: '05', cardToken: 'h1:a', last4: '4821' })
  }
  shop.tell('2026-01-29T10:10', 'card.void', { originalTransactionId: 'tx-v', sameDay: false })
  const partial = { originalTransactionId: 'tx-9', reversalType: 'partial', amount: 5 }
  shop.tell('2026-01-29T10:11', 'card.reversal', partial)
  const attempt = { responseCode: '51', stan: '000001', rrn: '602910000001' }
  shop.sells('2026-01-29T10:03', { ...attempt, arrives: '2026-01-29T10:09' })
  const forgotten = { originalTransactionId: 'tx-old', originalTime: '2026-01-05T10:00:00+08:00' }
  const timeout = { ...forgotten, reversalType: 'system-timeout', terminalId: 'T1', amount: 12_850 }
  shop.tell('2026-01-29T10:11:30', 'card.reversal', timeout)
  shop.tell('2026-01-29T10:12', 'terminal.heartbeat', { terminalId: 'T1', storedOfflineCount: 4 })
  return shop
}

test('an account is read as it was written', () => {
  const whole = folded(eventful())
  const [, partial, timeout] = whole.account.attempts.waiting
  expect(partial).toMatchObject({ isPartial: true, tookTally: false, tookActivity: false })
  expect(timeout).toMatchObject({ isTimeout: true, tookTally: true, tookActivity: true })
  expect(whole.account.said.get('decline-burst-card')?.size).toBe(1)
  expect(valuesOf(again(whole))).toEqual(valuesOf(whole.account))
})

test('one of which nothing is stored is new', () => {
  expect(decodeAccount('acq-a', 'M1', [])).toEqual(newAccount('acq-a', 'M1'))
})

describe('what is written again', () => {
  test.each([
    [
      'a heartbeat',
      (shop: Shop) => shop.tell('2026-01-05T10:00', 'terminal.heartbeat', { terminalId: 'T1' }),
      'n',
    ],
    ['a decline', (shop: Shop) => shop.sells('2026-01-05T10:00', { responseCode: '05' }), 'n'],
    [
      'a sale of a day that has sales',
      (shop: Shop) => shop.sells('2026-01-04T10:00', { amount: 5 }),
      'np',
    ],
    [
      'a dispute',
      (shop: Shop) => shop.tell('2026-01-05T10:00', 'fee.disputed', { invoiceId: 'i' }),
      'nf',
    ],
    [
      'a type nothing is kept of',
      (shop: Shop) =>
        shop.tell('2026-01-05T10:00', 'terminal.fault', { terminalId: 'T1', faultClass: 'x' }),
      'n',
    ],
  ])('after %s', (_what, tell, sections) => {
    const shop = history()
    shop.registers('2026-01-01T08:00')
    shop.activates('2026-01-01T08:10')
    shop.sells('2026-01-04T09:00')
    tell(shop)
    expect(folded(shop).changed.at(-1)).toBe(sections)
  })

  test('nothing, after a repeat', () => {
    const shop = history()
    shop.sells('2026-01-04T09:00', { id: 'e', transactionId: 'tx' })
    shop.sells('2026-01-04T09:00', { id: 'e', transactionId: 'tx' })
    const same = folded(history())
    expect(same.changed).toEqual([])
    const [, repeated] = folded(shop).changed
    expect(repeated).toBe('')
  })
})

test('bytes handed out are not changed by the next account', () => {
  const encode = createEncoder()
  const first = newAccount('acq-a', 'M1')
  first.dirty = { now: true, past: true, facts: true }
  first.facts.mcc = '5411'
  const [, , [, bytes] = []] = encode(first)
  const copy = bytes?.slice()
  const second = newAccount('acq-a', 'M2')
  second.dirty = { now: true, past: true, facts: true }
  encode(second)
  expect(bytes).toEqual(copy)
})

test.each(['n', 'p', 'f'])('a section %s of a newer version is refused', (section) => {
  const { sections } = folded(eventful())
  const bytes = sections.get(section)!.slice()
  bytes[0] = STATE_VERSION + 1
  const all = ['n', 'p', 'f'].map((it) => (it === section ? bytes : sections.get(it)))
  expect(() => decodeAccount('acq-a', 'M1', all)).toThrow(/version 2, this program knows 1/)
})
