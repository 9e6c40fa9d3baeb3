import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { insertByTime } from '../../src/core/by-time.ts'
import { collectionOf, invoiceOf, viewOf } from '../../src/core/invoices.ts'
import type { Invoice } from '../../src/core/invoices.ts'

type Told =
  | Readonly<{ kind: 'bill'; atMs: number; amount: number; currency?: string; dueOn?: number }>
  | Readonly<{ kind: 'pay'; atMs: number; amount: number; currency?: string }>
  | Readonly<{
      kind: 'dispute'
      atMs: number
      on: number
      status: 'open' | 'accepted' | 'rejected'
    }>

function invoiceWith(...all: readonly Told[]): Invoice {
  const invoice = invoiceOf(new Map(), 'i')
  for (const it of all) {
    if (it.kind === 'dispute') insertByTime(invoice.disputes, it)
    else if (it.kind === 'pay') insertByTime(invoice.payments, { currency: 'CNY', ...it })
    else {
      const rest = { suspendOn: undefined, feeType: 'pci', method: undefined }
      insertByTime(invoice.versions, { currency: 'CNY', dueOn: 10, ...rest, ...it })
    }
  }
  return invoice
}
const bill = (atMs: number, amount: number, more: object = {}): Told => ({
  kind: 'bill',
  atMs,
  amount,
  ...more,
})
const pay = (atMs: number, amount: number, more: object = {}): Told => ({
  kind: 'pay',
  atMs,
  amount,
  ...more,
})
const dispute = (atMs: number, status: 'open' | 'accepted' | 'rejected' = 'open'): Told => {
  return { kind: 'dispute', atMs, on: atMs, status }
}

describe('what is open', () => {
  test.each<[Told[], number | undefined, string]>([
    [[], undefined, 'nothing was invoiced'],
    [[pay(1, 50)], undefined, 'paid, and not invoiced yet'],
    [[bill(1, 100)], 100, 'all of it'],
    [[bill(1, 100), pay(2, 40), pay(3, 60)], 0, 'paid in two parts'],
    [[pay(1, 40), bill(2, 100)], 60, 'paid in part before it was invoiced'],
    [[bill(1, 100), pay(2, 150)], -50, 'paid too much'],
    [[bill(1, 100), pay(2, 100, { currency: 'USD' })], 100, 'in another currency'],
    [[bill(2, 70), bill(1, 100)], 70, 'the latest version, heard of first'],
    [[bill(1, 100), bill(1, 70)], 70, 'of two of one time the second'],
  ])('%j → %s (%s)', (told, open) => {
    expect(viewOf(invoiceWith(...told), Infinity)?.open).toBe(open)
  })

  test('at an instant is what had happened before it', () => {
    const invoice = invoiceWith(bill(10, 100), pay(20, 30), bill(30, 50))
    const open = [10, 11, 20, 21, 30, 31].map((beforeMs) => viewOf(invoice, beforeMs)?.open)
    expect(open).toEqual([undefined, 100, 100, 70, 70, 20])
  })
})

describe('a dispute', () => {
  test.each<[Told[], object, string]>([
    [[], { disputedOn: undefined, isClosed: false, uncounted: [] }, 'none'],
    [[dispute(5)], { disputedOn: 5, isClosed: false, uncounted: [] }, 'open'],
    [
      [dispute(5), dispute(9, 'rejected')],
      { disputedOn: undefined, isClosed: false, uncounted: [{ from: 5, to: 9 }] },
      'rejected: its days do not count',
    ],
    [
      [dispute(5), dispute(7), dispute(9, 'rejected')],
      { uncounted: [{ from: 5, to: 9 }] },
      'told twice, it began once',
    ],
    [
      [dispute(5), dispute(9, 'rejected'), dispute(12), dispute(14, 'rejected')],
      {
        disputedOn: undefined,
        uncounted: [
          { from: 5, to: 9 },
          { from: 12, to: 14 },
        ],
      },
      'twice',
    ],
    [
      [dispute(5), dispute(9, 'accepted')],
      { disputedOn: undefined, isClosed: true, uncounted: [] },
      'accepted, it closes the invoice',
    ],
    [[dispute(9, 'accepted')], { isClosed: true }, 'accepted without having been told'],
    [
      [dispute(9, 'rejected')],
      { isClosed: false, disputedOn: undefined, uncounted: [] },
      'or rejected',
    ],
    [
      [dispute(9, 'rejected'), dispute(5)],
      { disputedOn: undefined, uncounted: [{ from: 5, to: 9 }] },
      'its rejection heard of first',
    ],
  ])('%j → %j (%s)', (told, expected) => {
    expect(viewOf(invoiceWith(bill(1, 100), ...told), Infinity)).toMatchObject(expected)
  })
})

test.each([
  [20, false],
  [21, true],
])('written off at 20, before %i it is closed: %s', (beforeMs, isClosed) => {
  const invoice = { ...invoiceWith(bill(1, 100)), writtenOffMs: 20 }
  expect(viewOf(invoice, beforeMs)?.isClosed).toBe(isClosed)
})

test('comes out the same in whatever order it is told', () => {
  const told = [
    bill(1, 100),
    bill(8, 90),
    pay(3, 10),
    pay(9, 5),
    dispute(4),
    dispute(6, 'rejected'),
  ]
  const expected = viewOf(invoiceWith(...told), Infinity)
  fc.assert(
    fc.property(fc.shuffledSubarray(told, { minLength: told.length }), (shuffled) => {
      expect(viewOf(invoiceWith(...shuffled), Infinity)).toEqual(expected)
    }),
    { seed: 1, numRuns: 100 },
  )
})

describe('of more than 64 invoices', () => {
  const many = (count: number, paid: number) => {
    const invoices = new Map<string, Invoice>()
    for (let at = 0; at < count; at++) {
      const { versions, payments } = invoiceOf(invoices, `i${at}`)
      const rest = { dueOn: 10, suspendOn: undefined, feeType: 'pci', method: undefined }
      versions.push({ atMs: 1, amount: 100, currency: 'CNY', ...rest })
      if (at === paid) payments.push({ atMs: 2, amount: 100, currency: 'CNY' })
    }
    return invoices
  }

  test('one that is settled goes first, else the oldest', () => {
    expect(many(64, 5).size).toBe(64)
    expect(many(65, 5).has('i5')).toBe(false)
    expect(many(65, 5).has('i0')).toBe(true)
    expect(many(66, 5).has('i0')).toBe(false)
    expect(many(66, 5).has('i65')).toBe(true)
  })
})

describe('what failed to be collected', () => {
  const fail = (atMs: number) => ({ atMs, code: undefined })
  test.each<[Told[], number[] | undefined, string]>([
    [[], [10, 20, 30], 'never invoiced it counts as open'],
    [[bill(15, 100)], [10, 20, 30], 'before it was invoiced, too'],
    [[bill(1, 0)], undefined, 'of nothing'],
    [[bill(1, 100), pay(15, 100), bill(25, 200)], [10, 30], 'not while it was paid'],
    [[bill(1, 100), pay(20, 100)], undefined, 'paid'],
    [[bill(1, 100), pay(20, 100), bill(40, 200)], [10, 20], 'paid at the instant it failed'],
    [[dispute(15, 'accepted')], undefined, 'never invoiced, and nothing is owed'],
  ])('%j: at %j (%s)', (told, expected) => {
    const invoice = invoiceWith(...told)
    invoice.failures.push(fail(10), fail(20), fail(30))
    expect(collectionOf(invoice, Infinity)?.failures.map(({ atMs }) => atMs)).toEqual(expected)
  })

  test('is disputed, whether or not it was invoiced', () => {
    const of = (...told: Told[]) => collectionOf(invoiceWith(...told), Infinity)?.isDisputed
    expect([of(dispute(1)), of(bill(1, 100), dispute(2))]).toEqual([true, true])
    expect(of(bill(1, 100), dispute(2), dispute(3, 'rejected'))).toBe(false)
  })
})
