/** Arbitrary histories of one account, dense in what the rules ask about: for fast-check. */
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { history } from './history.ts'
import type { Data } from './history.ts'

/** One event, days and minutes after 1 January 2026 in Shanghai. */
export type Told = Readonly<{ minute: number; type: string; data: Data }>

const DAY_MINUTES = 1_440
const LAST_DAY = 150

const instant = fc
  .tuple(fc.nat(LAST_DAY), fc.oneof(fc.constantFrom(0, 1, 600, 1_439), fc.nat(1_439)))
  .map(([day, minute]) => day * DAY_MINUTES + minute)
const dateOf = (day: number) => Temporal.PlainDate.from('2026-01-01').add({ days: day }).toString()
const date = fc.nat(LAST_DAY).map(dateOf)
const terminalId = fc.constantFrom('T1', 'T2', 'T3')
const one = (type: string, data: Record<string, Arbitrary<unknown>>): Arbitrary<Told[]> =>
  fc.record({ minute: instant, data: fc.record(data) }).map((it) => [{ type, ...it }])
const fixed = (type: string, data: Data) =>
  instant.map((minute): Told[] => [{ minute, type, data }])

const MONEY = { currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'USD') }
const TRANSACTIONS = ['x1', 'x2', 'x3', 'x4', 'x5', 'x6']
const transactionId = fc.constantFrom(...TRANSACTIONS)

/** Stan and rrn are left out: of two attempts that share them the first to arrive is kept. */
function sale(minute: number, more: Data): Told {
  const code = more['responseCode'] ?? '00'
  const data = {
    terminalId: 'T1',
    mti: '0200',
    amount: 10_000,
    currency: 'CNY',
    responseCode: code,
  }
  return { minute, type: 'card.authorisation', data: { ...data, approved: code === '00', ...more } }
}

const sales = fc
  .record({
    minute: instant,
    terminalId,
    amount: fc.constantFrom(0, 1, 9_900, 600_000, 2_000_000),
    ...MONEY,
    transactionId,
    more: fc.constantFrom<Data>({}, {}, { cardFlag: 'staff' }, { processingCode: '030000' }),
  })
  .map(({ minute, more, ...data }) => [sale(minute, { ...data, ...more })])

const burst = fc
  .record({
    minute: instant,
    card: fc.constantFrom('h1:a', 'h1:b', 'h1:c'),
    steps: fc.array(fc.nat(5), { minLength: 2, maxLength: 4 }),
    responseCode: fc.constantFrom('05', '51', '00'),
  })
  .map(({ minute, card, steps, responseCode }) => {
    let at = minute
    return [0, ...steps].map((step) => {
      at += step
      return sale(at, { cardToken: card, responseCode, transactionId: `b-${card}-${at}` })
    })
  })

/** Twenty-one trading days, then a day of many times as much, and perhaps another. */
const spike = fc
  .record({
    from: fc.nat(100),
    days: fc.constantFrom(1, 2),
    amount: fc.constantFrom(310_000, 800_000),
  })
  .map(({ from, days, amount }) => {
    const noon = (day: number) => (from + day) * DAY_MINUTES + 720
    const usual = Array.from({ length: 21 }, (_, day) =>
      sale(noon(day), { amount: 100_000, transactionId: `u-${from}-${day}` }),
    )
    const big = Array.from({ length: days }, (_, at) =>
      sale(noon(21 + at), { amount: 2 * amount, transactionId: TRANSACTIONS[at] }),
    )
    return [...usual, ...big]
  })

/** So many attempts, one a minute. */
const each = (minute: number, count: number, dataOf: (at: number) => Data): Told[] =>
  Array.from({ length: count }, (_, at) => {
    return sale(minute + at, { transactionId: `e-${minute}-${at}`, ...dataOf(at) })
  })
const stories = fc.oneof(
  // One card again and again, of which a void may find the first.
  fc.tuple(instant, fc.constantFrom(3, 5), transactionId).map(([minute, count, id]) =>
    each(minute, count, (at) => ({
      ...{ amount: 5_000 + (count === 5 ? at : 0), cardToken: 'h1:r' },
      ...(at === 0 ? { transactionId: id } : {}),
    })),
  ),
  // Many cards, tried or refused for this and that.
  fc.tuple(instant, fc.constantFrom('14', '05'), fc.constantFrom(2, 5)).map(([minute, code, of]) =>
    each(minute, 22, (at) => ({
      ...{ amount: 100, cardToken: `h1:t${at}`, issuerId: `I${at % of}` },
      responseCode: at % 4 === 3 ? '00' : code,
    })),
  ),
  fc.tuple(instant, fc.constantFrom('00', '97')).map(([minute, code]) =>
    each(minute, 3, (at) => ({
      ...{ cardToken: `h1:n${at}`, issuerId: `I${at}`, responseCode: at === 2 ? code : '97' },
    })),
  ),
  instant.map((minute) => each(minute, 10, () => ({ amount: 150_000 }))),
  // A silence of sixty-one days, where nothing else is told.
  fc
    .nat(80 * DAY_MINUTES)
    .map((minute) => [
      ...each(minute, 1, () => ({ amount: 6_000 })),
      ...each(minute + 61 * DAY_MINUTES, 11, () => ({ amount: 700 })),
    ]),
)

const refunds = one('card.refund', {
  ...{ transactionId, terminalId, amount: fc.constantFrom(100, 60_000), ...MONEY },
  matched: fc.constantFrom(true, false, false),
})

const originalTransactionId = transactionId
const originalTime = fc.option(
  instant.map((minute) => `${dateOf(Math.floor(minute / DAY_MINUTES))}T10:00:00+08:00`),
  { nil: undefined },
)
const undone = fc.oneof(
  one('card.void', { originalTransactionId, sameDay: fc.boolean(), terminalId }),
  one('card.reversal', {
    originalTransactionId,
    reversalType: fc.constantFrom('system-timeout', 'merchant-void', 'partial'),
    originalTime,
    amount: fc.constantFrom(1, 9_900),
    currency: fc.constant('CNY'),
    terminalId,
  }),
)

/** A sale and, up to an hour later, its void or reversal: wherever they meet, the ring holds the sale. */
const undoneSoon = fc
  .record({
    ...{ minute: instant, after: fc.nat(59), terminalId },
    how: fc.constantFrom('void', 'system-timeout', 'merchant-void', 'partial'),
    amount: fc.constantFrom(1, 9_899),
  })
  .map(({ minute, after, terminalId, how, amount }): Told[] => {
    const transactionId = `v-${minute}`
    const original = { originalTransactionId: transactionId, terminalId }
    const sameDay = Math.floor(minute / DAY_MINUTES) === Math.floor((minute + after) / DAY_MINUTES)
    const undoes: Told =
      how === 'void'
        ? { minute: minute + after, type: 'card.void', data: { ...original, sameDay } }
        : {
            ...{ minute: minute + after, type: 'card.reversal' },
            data: { ...original, reversalType: how, amount, currency: 'CNY' },
          }
    return [sale(minute, { amount: 9_900, terminalId, transactionId }), undoes]
  })

const serialNo = fc.constant('SN')
const terminals = fc.oneof(
  one('terminal.activated', { terminalId, serialNo }),
  one('terminal.delivered', { terminalId, serialNo }),
  one('terminal.role-changed', { terminalId, role: fc.constantFrom('primary', 'backup', 'test') }),
  one('terminal.retired', { terminalId }),
)

const invoiceId = fc.constantFrom('i1', 'i2')
const fees = fc.oneof(
  one('fee.invoiced', {
    ...{ invoiceId, dueDate: date, currency: fc.constant('CNY') },
    feeType: fc.constant('pci'),
    amount: fc.constantFrom(50, 500, 12_000),
    method: fc.constantFrom('offset', 'debit', undefined),
    suspendAt: fc.option(date, { nil: undefined }),
  }),
  one('fee.payment.received', { invoiceId, amount: fc.constantFrom(6_000, 12_000), ...MONEY }),
  one('fee.disputed', { invoiceId, status: fc.constantFrom('open', 'accepted', 'rejected') }),
  one('fee.written-off', { invoiceId }),
  one('fee.collection.failed', { invoiceId: fc.constantFrom('i1', 'i2', 'i3') }),
)

const balance = fc.constantFrom(-5_000, -101, -50, 0, 2_000)
const documentId = fc.constantFrom('d1', 'd2')
const docType = fc.constantFrom('business-licence', 'business-licence', 'legal-rep-id')
const validTo = fc.option(date, { nil: undefined })
const longTerm = fc.constantFrom(true, undefined, undefined)
const papers = fc.oneof(
  one('balance.negative', { balance, ...MONEY }),
  one('kyc.document.updated', { documentId, docType, validTo, longTerm }),
  one('kyc.document.expiring', { documentId, docType, validTo }),
  one('kyc.document.rejected', { documentId, docType }),
)
/** What it holds back, it holds back from its arrival. */
const review = one('kyc.document.updated', {
  ...{ documentId, docType, validTo, status: fc.constant('pending') },
})

const payoutId = fc.constantFrom('p1', 'p2', 'p3', 'p4')
const accountRef = fc.constantFrom('a1', 'a1', undefined)
const net = fc.constant(120_000)
const returnCode = fc.constantFrom('AC04', 'R02')
const payouts = fc.oneof(
  one('payout.scheduled', { payoutId, accountRef, net, ...MONEY }),
  one('payout.completed', { payoutId, accountRef, net, ...MONEY }),
  one('payout.returned', { payoutId, accountRef, returnCode }),
  one('payout.failed', { payoutId, accountRef, returnCode }),
)

const facts = fc.oneof(
  fc.tuple(instant, fc.nat(LAST_DAY), fc.nat(90)).map(([minute, from, length]): Told[] => [
    {
      ...{ minute, type: 'merchant.pause.declared' },
      data: { from: dateOf(from), to: dateOf(from + length) },
    },
  ]),
  fixed('merchant.pause.ended', {}),
  one('merchant.reverified', { result: fc.constantFrom('success', 'fail') }),
  fixed('account.suspended', { effectiveAt: '2026-01-01', reasonCategory: 'risk' }),
  fixed('account.reinstated', { effectiveAt: '2026-01-01' }),
  fixed('cancellation.requested', { requestId: 'c' }),
  fixed('cancellation.withdrawn', { requestId: 'c' }),
)

const replaced = one('terminal.replaced', {
  terminalId,
  newTerminalId: fc.constantFrom('T2', 'T3', undefined),
  oldSerialNo: serialNo,
  newSerialNo: serialNo,
})
const ending = fixed('account.deregistered', { effectiveAt: '2026-01-01' })
const heartbeats = one('terminal.heartbeat', {
  terminalId,
  storedOfflineCount: fc.constantFrom(0, 3),
})

const usual = [
  sales,
  sales,
  burst,
  spike,
  stories,
  stories,
  refunds,
  undoneSoon,
  terminals,
  terminals,
  fees,
  fees,
  facts,
  papers,
  payouts,
]
const joined = (kinds: readonly Arbitrary<Told[]>[]): Arbitrary<Told[]> =>
  fc.array(fc.oneof(...kinds), { maxLength: 20, size: 'max' }).map((all) => all.flat())

/** Anything in time. */
export const anyHistory = joined([...usual, undone, replaced, heartbeats, review, ending])

/** Without what is known by arrival alone: heartbeats, sales a void still finds, terminals a swap finds. */
export const anyOrderlyHistory = joined(usual)

const START = '2025-12-31T09:00'

type LinesOptions = Readonly<{
  /** Minutes of delay by place in the list. */
  lateOf?: (at: number) => number
  /** Activated and with a sale before it begins. */
  isInUse?: boolean
}>

/**
 * In order of arrival. No two events have the same
 * time, and no two sales the same id: of those that had, the later to arrive would count as the later.
 */
export function linesOf(
  all: readonly Told[],
  { lateOf = () => 0, isInUse = false }: LinesOptions = {},
): string[] {
  const shop = history()
  shop.registers(START)
  if (isInUse) shop.activates(START)
  if (isInUse) shop.sells(START, { amount: 100 })
  const taken = new Set<unknown>()
  const midnight = Temporal.PlainDateTime.from('2026-01-01T00:00')
  for (const [at, { minute, type, data }] of all.entries()) {
    const happens = midnight.add({ minutes: minute, milliseconds: at })
    const arrives = happens.add({ minutes: lateOf(at) }).toString()
    const { transactionId } = data
    const isTaken = transactionId === undefined || taken.has(transactionId)
    taken.add(transactionId)
    const whole =
      type === 'card.authorisation' && isTaken ? { ...data, transactionId: `tx-${at}` } : data
    shop.tell(happens.toString(), type, whole, { arrives, id: `e-${at}` })
  }
  return shop.lines()
}

/** Every stage that the histories can lead to has begun. */
export const LONG_AFTER_MS = Date.parse('2027-12-31T00:00:00+08:00')
