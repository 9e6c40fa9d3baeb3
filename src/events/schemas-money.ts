/** `data` of money on its way to the merchant, or owed by it. */
import { z } from 'zod'
import { dataOf, form } from './forms.ts'

const accountClass = z.enum(['i', 'ii', 'iii', 'corporate'])

const payoutMembers = {
  payoutId: form.id,
  net: form.signedAmount.optional(),
  currency: form.currency.optional(),
  returnCode: form.text.optional(),
  batchIds: form.texts.optional(),
  gross: form.amount.optional(),
  fees: form.amount.optional(),
  adjustments: form.signedAmount.optional(),
  expectedAt: form.dayOrInstant.optional(),
  accountRef: form.id.optional(),
  accountClass: accountClass.optional(),
  rail: form.text.optional(),
  returnScheme: z.enum(['nacha', 'sepa-iso20022', 'cn-bank', 'stripe']).optional(),
  endToEndId: form.id.optional(),
  holdReason: form.freeText.optional(),
  reviewBy: form.dayOrInstant.optional(),
  channel: form.text.optional(),
}
const payoutOfAmount = dataOf({
  ...payoutMembers,
  net: form.signedAmount,
  currency: form.currency,
})
const payoutNotPaid = dataOf({ ...payoutMembers, returnCode: form.text })
const payoutStopped = dataOf(payoutMembers)

export const PAYOUT_SCHEMAS = {
  'batch.closed': dataOf({
    batchId: form.id,
    terminalId: form.id,
    localDate: form.day,
    count: form.count,
    sum: form.amount,
    currency: form.currency,
    sumRefund: form.amount.optional(),
  }),
  'payout.scheduled': payoutOfAmount,
  'payout.completed': payoutOfAmount,
  'payout.failed': payoutNotPaid,
  'payout.returned': payoutNotPaid,
  'payout.held': payoutStopped,
  'payout.released': payoutStopped,
  'settlement.account.changed': dataOf({
    accountRef: form.id,
    accountClass: accountClass.optional(),
    nameMatches: z.boolean().optional(),
  }),
}

const feeType = z.enum([
  'monthly-minimum',
  'terminal-rental',
  'sim-data',
  'pci',
  'chargeback',
  'dormancy',
  'deposit',
  'early-termination',
  'other',
])
const feeMethod = z.enum(['offset', 'debit', 'transfer'])

const feeOfInvoice = dataOf({ invoiceId: form.id, failureCode: form.text.optional() })

const deposit = { amount: form.amount, currency: form.currency }

export const FEE_SCHEMAS = {
  'fee.invoiced': dataOf({
    invoiceId: form.id,
    feeType,
    amount: form.amount,
    currency: form.currency,
    /** Included: overdue begins on the day after. */
    dueDate: form.day,
    periodStart: form.day.optional(),
    periodEnd: form.day.optional(),
    method: feeMethod.optional(),
    suspendAt: form.dayOrInstant.optional(),
  }),
  'fee.payment.received': dataOf({
    invoiceId: form.id,
    amount: form.amount,
    currency: form.currency,
    method: feeMethod.optional(),
  }),
  'fee.collection.failed': feeOfInvoice,
  'fee.written-off': feeOfInvoice,
  'fee.disputed': dataOf({
    invoiceId: form.id,
    failureCode: form.text.optional(),
    /** Absent means open. */
    status: z.enum(['open', 'accepted', 'rejected']).optional(),
  }),
  'fee.change.announced': dataOf({
    changeId: form.id,
    effectiveAt: form.day,
    old: form.text.optional(),
    new: form.text.optional(),
    feeType: feeType.optional(),
  }),
  'balance.negative': dataOf({
    /** Zero or more clears. */
    balance: form.signedAmount,
    currency: form.currency,
    causes: form.texts.optional(),
  }),
  'deposit.paid': dataOf(deposit),
  'deposit.target-set': dataOf({
    ...deposit,
    target: form.amount,
    windowEnd: form.dayOrInstant,
  }),
  'deposit.refunded': dataOf(deposit),
}
