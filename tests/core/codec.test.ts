import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import type { Account } from '../../src/core/account.ts'
import { cardHash } from '../../src/core/attempts.ts'
import { blockAt, rowsOf } from '../../src/core/amount-rows.ts'
import { allCards } from '../../src/core/cards-of-day.ts'
import {
  createEncoder,
  decodeAccount,
  OLDEST_STATE_VERSION,
  STATE_VERSION,
} from '../../src/core/codec.ts'
import { createFold } from '../../src/core/fold.ts'
import { decode } from '../../src/events/decode.ts'
import { valuesOf } from '../support/account-values.ts'
import { POLICY } from '../support/heard.ts'
import type { Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'

function partition() {
  const fold = createFold(POLICY)
  return { fold, memory: fold.newPartition() }
}

/** Folds each line, and says which sections each of them changed. */
function folded(
  shop: Shop,
  { fold, memory } = partition(),
): {
  account: Account
  changed: string[]
  sections: Map<string, Uint8Array>
} {
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
  for (const day of ['23', '24', '25', '26', '27', '28', '28']) {
    const sold = { cardToken: 'h1:b', amount: 6_000, issuerId: 'I1', terminalId: 'T4' }
    shop.sells(`2026-01-${day}T09:00`, sold)
  }
  shop.sells('2026-01-29T10:04', { responseCode: '97', cardToken: 'h1:c', issuerId: 'I1' })
  shop.sells('2026-01-29T10:05', { cardToken: 'h1:d', amount: 150_000, terminalId: 'T4' })
  const money = { terminalId: 'T1', currency: 'CNY' }
  const refund = { ...money, transactionId: 'r1', amount: 60_000, matched: false }
  shop.tell('2026-01-29T10:06', 'card.refund', { ...refund, cashierId: 'k' })
  const document = { documentId: 'd1', docType: 'business-licence', validTo: '2026-03-01' }
  shop.tell('2026-01-20T08:00', 'kyc.document.updated', document)
  shop.tell('2026-01-21T08:00', 'balance.negative', { balance: -5_000, currency: 'CNY' })
  const payout = { payoutId: 'p1', accountRef: 'a1', returnCode: 'AC04' }
  shop.tell('2026-01-22T08:00', 'payout.returned', payout)
  shop.tell('2026-01-29T10:12', 'terminal.heartbeat', { terminalId: 'T1', storedOfflineCount: 4 })
  return shop
}

test('an account is read as it was written', () => {
  const whole = folded(eventful())
  const { waiting, cards, panes, amounts, refunds, attempts } = whole.account
  const [, partial, timeout] = waiting
  expect(partial).toMatchObject({ isPartial: true, tookTally: false, tookActivity: false })
  expect(timeout).toMatchObject({ isTimeout: true, tookTally: true, tookActivity: true })
  expect(whole.account.said.get('decline-burst-card')?.size).toBe(1)
  expect(cards.map(({ cards: all }) => allCards(all).map(([it]) => it))).toContainEqual(['h1:b'])
  const blocks = Array.from({ length: rowsOf(amounts) }, (_, row) => blockAt(amounts, row))
  expect([new Set(blocks).size, refunds.length, attempts.texts.length]).toEqual([2, 1, 5])
  expect(panes.issuers.at(-1)?.by).toEqual([['I1', 1]])
  expect(valuesOf(again(whole))).toEqual(valuesOf(whole.account))
})

test('no card is stored but as a hash, or where its day is tallied', () => {
  const { account, sections } = folded(eventful())
  expect(account.attempts.entries.count).toBeGreaterThan(0)
  const text = [...sections.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join()
  // Declined cards are in no tally of a day.
  for (const token of ['h1:a', 'h1:c']) {
    expect(text).not.toContain(token)
    expect(cardHash(token)).toBeGreaterThan(0)
  }
})

test('an account that has been quiet for long is one section', () => {
  const shop = history()
  shop.registers('2025-12-01T08:00')
  shop.activates('2025-12-01T08:10')
  shop.sells('2025-12-02T10:00', { amount: 6_000 })
  const { fold, memory } = partition()
  const { account } = folded(shop, { fold, memory })
  expect(account.isSmall).toBe(false)
  memory.clockMs = shop.at('2026-04-02')
  fold.timers(memory, account)
  const changed = fold.encodeChanged(account)
  expect(changed.map(([section, bytes]) => [section, bytes === undefined])).toEqual([
    ['n', true],
    ['p', true],
    ['f', false],
  ])
  expect(account.isSmall).toBe(true)
  expect(account.facts.usual?.fourWeeks).toBe(6_000)
  const read = decodeAccount('acq-a', 'M1', [undefined, undefined, changed[2]![1]])
  expect(read.isSmall).toBe(true)
  expect(valuesOf(read)).toEqual(valuesOf(account))
})

test('one of which nothing is stored is new', () => {
  expect(decodeAccount('acq-a', 'M1', [])).toEqual(newAccount('acq-a', 'M1'))
})

describe('what is written again', () => {
  test.each([
    [
      'a heartbeat',
      (shop: Shop) => shop.tell('2026-01-05T10:00', 'terminal.heartbeat', { terminalId: 'T1' }),
      '',
    ],
    ['a decline', (shop: Shop) => shop.sells('2026-01-05T10:00', { responseCode: '05' }), 'n'],
    [
      'a sale of a day that has sales',
      (shop: Shop) => shop.sells('2026-01-04T10:00', { amount: 5 }),
      'n',
    ],
    [
      'the fifth day’s first sale',
      (shop: Shop) => {
        for (const day of ['05', '06', '07', '08']) shop.sells(`2026-01-${day}T10:00`)
      },
      'n',
    ],
    [
      'the sixth day’s first sale',
      (shop: Shop) => {
        for (const day of ['05', '06', '07', '08', '09']) shop.sells(`2026-01-${day}T10:00`)
      },
      'np',
    ],
    [
      'the first sale after a day of nine cards',
      (shop: Shop) => {
        for (let at = 10; at < 18; at++) shop.sells(`2026-01-04T10:${at}`)
        shop.sells('2026-01-05T10:00')
      },
      'np',
    ],
    [
      'more than thirty-two new ids',
      (shop: Shop) => {
        for (let at = 10; at < 42; at++) shop.sells(`2026-01-04T10:${at}`, { amount: 1 })
      },
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

describe.each(['n', 'p', 'f'])('a section %s', (section) => {
  const withVersion = (version: number) => {
    const { sections } = folded(eventful())
    const bytes = sections.get(section)!.slice()
    bytes[0] = version
    return ['n', 'p', 'f'].map((it) => (it === section ? bytes : sections.get(it)))
  }

  test.each([
    [STATE_VERSION + 1, /version 4, this program knows 3/, 'a newer version'],
    [
      OLDEST_STATE_VERSION - 1,
      /version 1, from before the first release/,
      'one from before the release',
    ],
  ])('of version %i is refused: %s (%s)', (version, message) => {
    expect(() => decodeAccount('acq-a', 'M1', withVersion(version))).toThrow(message)
  })
})
