/** What opens a warning of each detector, and what it means to do what a warning says clears it. */
import { recordId } from '../../src/core/ids.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import type { Shop } from './heard.ts'
import { dates } from './history.ts'

/** Days after the warning by which doing it has shown. */
export type Remedy = Readonly<{
  days: number
  does: (shop: Shop, local: string, told: WarningRecord) => void
}>

const PAUSE_OF = { from: '2026-03-20', to: '2026-06-30' }
const idOf = ({ subject }: WarningRecord) => subject.split(':')[1] ?? ''
const at = (does: Remedy['does'], days = 0): Remedy => ({ days, does })
const tells = (type: string, dataOf: (told: WarningRecord) => object) =>
  at((shop, local, told) => shop.tell(local, type, { ...dataOf(told) }))
/** Something not done: nothing more happens. */
const leavesOff = (days: number) => at(() => {}, days)

/** By the words that `clears` is made of. */
export const REMEDIES: Readonly<Record<string, Remedy>> = {
  're-verify': tells('merchant.reverified', () => ({ result: 'success' })),
  'mark-as-backup': at((shop, local, { terminalIds }) => {
    for (const terminalId of terminalIds) {
      shop.tell(local, 'terminal.role-changed', { terminalId, role: 'backup' })
    }
  }),
  'declare-pause': tells('merchant.pause.declared', () => PAUSE_OF),
  'end-pause': tells('merchant.pause.ended', () => ({})),
  cancel: tells('cancellation.requested', () => ({ requestId: 'c-1' })),
  activate: tells('terminal.activated', (it) => ({ terminalId: idOf(it), serialNo: 'S' })),
  'return-terminal': tells('terminal.retired', (it) => ({ terminalId: idOf(it) })),
  sell: at((shop, local) => shop.sells(local)),
  pay: tells('fee.payment.received', (it) => ({
    ...{ invoiceId: idOf(it), amount: 12_000, currency: 'CNY' },
  })),
  // A dispute holds it; the operator's consent ends it.
  dispute: at((shop, local, told) => {
    shop.tell(local, 'fee.disputed', { invoiceId: idOf(told) })
    shop.tell(local, 'fee.disputed', { invoiceId: idOf(told), status: 'accepted' })
  }),
  'settle-balance': tells('balance.negative', () => ({ balance: 0, currency: 'CNY' })),
  'renew-document': tells('kyc.document.updated', (it) => ({
    ...{ documentId: idOf(it), docType: it.documents?.[0], validTo: '2031-03-20' },
  })),
  'mark-long-term': tells('kyc.document.updated', (it) => ({
    ...{ documentId: idOf(it), docType: it.documents?.[0], longTerm: true },
  })),
  // The payout that is made to it proves that it works.
  'change-settlement-account': at((shop, local) => {
    shop.tell(local, 'settlement.account.changed', { accountRef: 'a2' })
    const payout = { payoutId: 'p2', net: 120_000, currency: 'CNY', accountRef: 'a2' }
    shop.tell(local, 'payout.completed', payout)
  }),
  'explain-transactions': tells('information.submitted', (it) => ({
    ...{ warningId: recordId(it, it.reason, it.stage), outcome: 'accepted' },
  })),
  // Whoever made the refunds says so, and is believed.
  'confirm-refunds': tells('information.submitted', (it) => ({
    ...{ warningId: recordId(it, it.reason, it.stage), outcome: 'accepted' },
  })),
  // It is put right when the next approval comes.
  'operator-checks-network': at((shop, local) => shop.sells(local)),
  'check-terminal': leavesOff(3),
  'secure-terminal': leavesOff(3),
  'stop-retrying': leavesOff(3),
  'other-means-of-payment': leavesOff(3),
  'normal-trade': at((shop, local) => {
    const from = local.slice(0, 10)
    const to = Temporal.PlainDate.from(from).add({ days: 7 }).toString()
    for (const date of dates(from, to)) shop.sells(`${date}T23:00`, { amount: 10_000 })
  }, 9),
}

/** A story that opens a warning of each detector, at the latest on 20 March 2026. */
export const OPENINGS: Readonly<Record<string, (shop: Shop) => void>> = {
  'merchant-inactivity': (shop) => {
    shop.activates('2025-12-01T08:10')
    shop.sells('2026-01-15T18:00')
  },
  'terminal-inactivity': (shop) => {
    shop.activates('2025-12-01T08:10')
    shop.activates('2025-12-01T08:20', 'T2')
    shop.sells('2026-01-15T18:00', { terminalId: 'T2' })
    for (const date of ['2026-01-20', '2026-03-01']) shop.sells(`${date}T12:00`)
  },
  'never-activated': (shop) => {
    shop.tell('2026-03-02T10:00', 'terminal.delivered', { terminalId: 'T1', serialNo: 'S' })
  },
  'pause-ending': (shop) => {
    const pause = { from: '2026-01-10', to: '2026-04-15' }
    shop.tell('2026-01-05T10:00', 'merchant.pause.declared', pause)
  },
  'fee-overdue': bills('2026-03-15'),
  'fee-due-soon': bills('2026-03-25'),
  'fee-collection-failed': (shop) => {
    bills('2026-03-25')(shop)
    shop.tell('2026-03-19T10:00', 'fee.collection.failed', { invoiceId: 'i1' })
  },
  'negative-balance': (shop) => {
    const data = { balance: -5_000, currency: 'CNY' }
    shop.tell('2026-03-18T10:00', 'balance.negative', data)
  },
  'document-expiry': (shop) => {
    const data = { documentId: 'd1', docType: 'business-licence', validTo: '2026-06-10' }
    shop.tell('2026-01-10T10:00', 'kyc.document.updated', data)
  },
  'payout-returned': (shop) => {
    const data = { payoutId: 'p1', returnCode: 'AC04', accountRef: 'a1' }
    shop.tell('2026-03-19T10:00', 'payout.returned', data)
  },
  'decline-burst-card': (shop) => {
    for (const minute of ['00', '01', '02']) {
      shop.sells(`2026-03-20T10:${minute}`, { responseCode: '05', cardToken: 'h1:a' })
    }
  },
  'network-rejected': (shop) => {
    for (const issuerId of ['I1', 'I2']) {
      shop.sells('2026-03-20T10:00', { responseCode: '97', issuerId })
    }
  },
  'decline-ratio-spike': (shop) => {
    shop.activates('2025-12-01T08:10')
    triesCards(shop, '05')
  },
  'card-testing': (shop) => triesCards(shop, '14'),
  'repeat-card': (shop) => {
    for (const minute of ['00', '01', '02']) {
      shop.sells(`2026-03-20T10:${minute}`, { amount: 6_000, cardToken: 'h1:a' })
    }
  },
  'round-amount': (shop) => {
    for (let at = 10; at < 20; at++) shop.sells(`2026-03-20T10:${at}`, { amount: 150_000 })
  },
  'dormant-reactivation': (shop) => {
    shop.activates('2025-12-01T08:10')
    shop.sells('2026-01-15T18:00')
    for (let at = 10; at < 20; at++) shop.sells(`2026-03-20T10:${at}`, { amount: 1_000 })
  },
  'unmatched-refund': (shop) => {
    const data = { transactionId: 'r1', terminalId: 'T1', amount: 60_000, currency: 'CNY' }
    shop.tell('2026-03-20T10:00', 'card.refund', { ...data, matched: false })
  },
  'volume-spike': (shop) => {
    shop.activates('2025-12-01T08:10')
    for (const date of dates('2026-02-20', '2026-03-19')) {
      shop.sells(`${date}T12:00`, { amount: 10_000 })
    }
    shop.sells('2026-03-20T10:00', { amount: 500_000 })
  },
}

/** Twenty cards of five issuers, declined. */
function triesCards(shop: Shop, responseCode: string): void {
  for (let at = 10; at < 30; at++) {
    shop.sells(`2026-03-20T10:${at}`, { amount: 100, responseCode, issuerId: `I${at % 5}` })
  }
}

function bills(dueDate: string) {
  const invoice = { invoiceId: 'i1', feeType: 'pci', amount: 12_000, currency: 'CNY', dueDate }
  return (shop: Shop) => shop.tell('2026-03-01T10:00', 'fee.invoiced', invoice)
}
