/** Money owed: every version of an invoice, payment and dispute by its own time, in whatever order told. */
import type { Day, EpochMs } from './time.ts'

const INVOICES_MAX = 64

export type Invoice = {
  versions: InvoiceVersion[]
  payments: { atMs: EpochMs; amount: number; currency: string }[]
  disputes: { atMs: EpochMs; on: Day; status: 'open' | 'accepted' | 'rejected' }[]
  /** Debits and offsets that did not go through. */
  failures: { atMs: EpochMs; code: string | undefined }[]
  writtenOffMs: EpochMs | undefined
}

type InvoiceVersion = {
  atMs: EpochMs
  amount: number
  currency: string
  dueOn: Day
  suspendOn: Day | undefined
  feeType: string
  method: string | undefined
}

/** An invoice as it stood just before an instant. */
export type InvoiceView = Readonly<{
  version: InvoiceVersion
  /** Minor units; 0 or less is paid. */
  open: number
  isClosed: boolean
  /** Local date since which it is disputed. */
  disputedOn: Day | undefined
  /** Local dates `[from, to)` of disputes that were rejected. */
  uncounted: readonly { from: Day; to: Day }[]
}>

export function invoiceOf(invoices: Map<string, Invoice>, id: string): Invoice {
  let invoice = invoices.get(id)
  if (invoice === undefined) {
    invoice = {
      ...{ versions: [], payments: [], disputes: [], failures: [] },
      writtenOffMs: undefined,
    }
    invoices.set(id, invoice)
    if (invoices.size > INVOICES_MAX) dropOne(invoices, id)
  }
  return invoice
}

/** The oldest one that is settled, else the oldest. */
function dropOne(invoices: Map<string, Invoice>, newest: string): void {
  let victim: string | undefined
  for (const [id, invoice] of invoices) {
    if (id === newest) continue
    victim ??= id
    const view = viewOf(invoice, Infinity)
    if (view !== undefined && (view.isClosed || view.open <= 0)) {
      victim = id
      break
    }
  }
  if (victim !== undefined) invoices.delete(victim)
}

/** Undefined where it was not invoiced yet. Facts of exactly `beforeMs` are not taken. */
export function viewOf(invoice: Invoice, beforeMs: EpochMs): InvoiceView | undefined {
  const version = invoice.versions.findLast(({ atMs }) => atMs < beforeMs)
  if (version === undefined) return undefined
  let open = version.amount
  for (const { atMs, amount, currency } of invoice.payments) {
    if (atMs < beforeMs && currency === version.currency) open -= amount
  }
  return { version, open, ...contestOf(invoice, beforeMs) }
}

/** Is it closed, whatever is open of it; is it disputed. */
function contestOf(
  { disputes, writtenOffMs = Infinity }: Invoice,
  beforeMs: EpochMs,
): Pick<InvoiceView, 'isClosed' | 'disputedOn' | 'uncounted'> {
  const uncounted: { from: Day; to: Day }[] = []
  let since: Day | undefined
  let isAccepted = false
  for (const { atMs, on, status } of disputes) {
    if (atMs >= beforeMs) break
    if (status === 'open') since ??= on
    else if (since !== undefined || status === 'accepted') {
      if (status === 'rejected' && since !== undefined) uncounted.push({ from: since, to: on })
      isAccepted ||= status === 'accepted'
      since = undefined
    }
  }
  return {
    isClosed: writtenOffMs < beforeMs || isAccepted,
    disputedOn: since,
    uncounted,
  }
}

/** What failed to be collected of an invoice while it was open. Undefined: there is nothing to collect. */
export type Collection = Readonly<{
  failures: Invoice['failures']
  isDisputed: boolean
  /** Undefined: nobody invoiced it yet, and it counts as open. */
  view: InvoiceView | undefined
}>

/** As known now of what happened before an instant, exclusive. */
export function collectionOf(invoice: Invoice, beforeMs: EpochMs): Collection | undefined {
  if (!isOpen(invoice, beforeMs)) return undefined
  const failures = invoice.failures.filter(({ atMs }) => atMs < beforeMs && isOpen(invoice, atMs))
  const isDisputed = contestOf(invoice, beforeMs).disputedOn !== undefined
  return { failures, isDisputed, view: viewOf(invoice, beforeMs) }
}

function isOpen(invoice: Invoice, beforeMs: EpochMs): boolean {
  const view = viewOf(invoice, beforeMs)
  if (view === undefined) return !contestOf(invoice, beforeMs).isClosed
  return !view.isClosed && view.open > 0
}
