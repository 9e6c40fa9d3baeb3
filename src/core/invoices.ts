/** Money owed: every version of an invoice, payment and dispute by its own time, in whatever order told. */
import type { Day, EpochMs } from './time.ts'

const INVOICES_MAX = 64
const FACTS_MAX = 48

export type Invoice = {
  versions: InvoiceVersion[]
  payments: { atMs: EpochMs; amount: number; currency: string }[]
  disputes: { atMs: EpochMs; on: Day; status: 'open' | 'accepted' | 'rejected' }[]
  writtenOffMs: EpochMs | undefined
}

export type InvoiceVersion = {
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
  isDisputed: boolean
  /** Local dates `[from, to)` of disputes that were rejected. */
  uncounted: readonly { from: Day; to: Day }[]
}>

export function invoiceOf(invoices: Map<string, Invoice>, id: string): Invoice {
  let invoice = invoices.get(id)
  if (invoice === undefined) {
    invoice = { versions: [], payments: [], disputes: [], writtenOffMs: undefined }
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

/** Inserts by time, after those of the same time. */
export function insertByTime<Fact extends { atMs: EpochMs }>(facts: Fact[], fact: Fact): void {
  let place = facts.length
  while (place > 0 && facts[place - 1]!.atMs > fact.atMs) place--
  facts.splice(place, 0, fact)
  if (facts.length > FACTS_MAX) facts.shift()
}

/** Undefined where it was not invoiced yet. Facts of exactly `beforeMs` are not taken. */
export function viewOf(invoice: Invoice, beforeMs: EpochMs): InvoiceView | undefined {
  const version = invoice.versions.findLast(({ atMs }) => atMs < beforeMs)
  if (version === undefined) return undefined
  let open = version.amount
  for (const { atMs, amount, currency } of invoice.payments) {
    if (atMs < beforeMs && currency === version.currency) open -= amount
  }
  const { writtenOffMs = Infinity } = invoice
  const disputes = invoice.disputes.filter(({ atMs }) => atMs < beforeMs)
  const uncounted: { from: Day; to: Day }[] = []
  let since: Day | undefined
  let isAccepted = false
  for (const { on, status } of disputes) {
    if (status === 'open') since ??= on
    else if (since !== undefined || status === 'accepted') {
      if (status === 'rejected' && since !== undefined) uncounted.push({ from: since, to: on })
      isAccepted ||= status === 'accepted'
      since = undefined
    }
  }
  return {
    version,
    open,
    isClosed: writtenOffMs < beforeMs || isAccepted,
    isDisputed: since !== undefined,
    uncounted,
  }
}
