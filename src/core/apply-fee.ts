/** Invoices, payments, failed debits, disputes and write-offs, each kept with its own time. */
import type { EventOf } from '../events/event.ts'
import { parseDay } from '../events/time-text.ts'
import type { Applying } from './applying.ts'
import { dateOfText } from './applying.ts'
import { insertByTime } from './by-time.ts'
import { invoiceOf } from './invoices.ts'

type FeeType =
  | 'fee.invoiced'
  | 'fee.payment.received'
  | 'fee.collection.failed'
  | 'fee.disputed'
  | 'fee.written-off'

export function applyFee(
  { account, atMs, zone, changes, notes }: Applying,
  event: { [Type in FeeType]: EventOf<Type> }[FeeType],
): void {
  const invoice = invoiceOf(account.facts.invoices, event.data.invoiceId)
  account.dirty.facts = true
  changes.add('invoices')
  switch (event.type) {
    case 'fee.invoiced': {
      const { amount, currency, dueDate, suspendAt, feeType, method } = event.data
      const suspendOn = suspendAt === undefined ? undefined : dateOfText(suspendAt, zone)
      const dueOn = parseDay(dueDate) ?? NaN
      insertByTime(invoice.versions, { atMs, amount, currency, dueOn, suspendOn, feeType, method })
      break
    }
    case 'fee.payment.received': {
      const { amount, currency } = event.data
      const billed = invoice.versions.at(-1)?.currency
      if (billed !== undefined && billed !== currency) notes.push({ kind: 'currency-mismatch' })
      insertByTime(invoice.payments, { atMs, amount, currency })
      break
    }
    case 'fee.collection.failed':
      insertByTime(invoice.failures, { atMs, code: event.data.failureCode })
      break
    case 'fee.disputed': {
      const { status = 'open' } = event.data
      insertByTime(invoice.disputes, { atMs, on: zone.dayOf(atMs), status })
      break
    }
    case 'fee.written-off':
      invoice.writtenOffMs = Math.min(atMs, invoice.writtenOffMs ?? Infinity)
  }
}
