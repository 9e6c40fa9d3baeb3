/** Recounts fee-due-soon and fee-overdue, invoice by invoice. */
import { dayFrom, type Day, type Place } from './civil.ts'
import type { Invoice, Planned } from './planned.ts'
import { createTrack, endTrack, judgeTrack, STAGES } from './recount-track.ts'
import type { Clock, Moment, Stage, Tell, Track } from './recount-track.ts'

type Dispute = { ms: number; day: Day; status: 'open' | 'accepted' | 'rejected' }

export type Owed = {
  versions: { ms: number; invoice: Invoice }[]
  payments: { ms: number; amount: number; currency: string }[]
  disputes: Dispute[]
  writtenOffMs: number | undefined
  dueSoon: Track
  overdue: Track
}

export type Fees = {
  readonly place: Place
  /** Minor units of one major unit. */
  readonly major: number
  readonly tell: Tell
  owed: Map<string, Owed>
  nextMs: number
}

const SOON_DAYS = 7
const OVERDUE_DAYS = [1, 8, 15]
const CONSEQUENCE_DAYS = 30
/** Major units: below the first nobody is reminded, below the second nothing climbs. */
const REMINDED_MIN = 1
const CLIMBS_MIN = 10

export function createFees(place: Place, major: number, tell: Tell): Fees {
  return { place, major, tell, owed: new Map(), nextMs: Infinity }
}

export function foldFee(fees: Fees, event: Planned): Owed | undefined {
  const ms = event.timeMs
  switch (event.type) {
    case 'fee.invoiced': {
      const owed = owedOf(fees, event.data.invoiceId)
      owed.versions.push({ ms, invoice: event.data })
      owed.versions.sort((a, b) => a.ms - b.ms)
      return owed
    }
    case 'fee.payment.received': {
      const owed = owedOf(fees, event.data.invoiceId)
      owed.payments.push({ ms, amount: event.data.amount, currency: event.data.currency })
      return owed
    }
    case 'fee.written-off': {
      const owed = owedOf(fees, event.data.invoiceId)
      owed.writtenOffMs = ms
      return owed
    }
    case 'fee.disputed': {
      const owed = owedOf(fees, event.data.invoiceId)
      owed.disputes.push({ ms, day: fees.place.dayAt(ms), status: event.data.status })
      return owed
    }
    default:
      return undefined
  }
}

/** Judges one invoice, or at a timer all of them. */
export function judgeFees(fees: Fees, moment: Moment, only?: Owed): void {
  for (const owed of only === undefined ? fees.owed.values() : [only]) judgeOwed(fees, owed, moment)
  fees.nextMs = Infinity
  for (const { dueSoon, overdue } of fees.owed.values()) {
    fees.nextMs = Math.min(fees.nextMs, dueSoon.nextMs, overdue.nextMs)
  }
}

export function endFees(fees: Fees, atMs: number): void {
  for (const { dueSoon, overdue } of fees.owed.values()) {
    endTrack(dueSoon, 'resolved', atMs, fees.tell)
    endTrack(overdue, 'resolved', atMs, fees.tell)
  }
  fees.nextMs = Infinity
}

function judgeOwed(fees: Fees, owed: Owed, moment: Moment): void {
  const isHeld = owed.disputes.at(-1)?.status === 'open'
  const soon = (ms: number) => dueSoonClock(fees, owed, ms)
  const late = (ms: number) => overdueClock(fees, owed, ms)
  const judged = { clock: soon(Infinity), clockBefore: soon, isHeld }
  judgeTrack(owed.dueSoon, judged, moment, fees.tell)
  judgeTrack(owed.overdue, { clock: late(Infinity), clockBefore: late, isHeld }, moment, fees.tell)
}

function dueSoonClock(fees: Fees, owed: Owed, ms: number): Clock | undefined {
  const open = openBefore(owed, ms)
  if (open === undefined || open.invoice.method === 'offset') return undefined
  if (open.amount < REMINDED_MIN * fees.major) return undefined
  const due = dayFrom(open.invoice.dueDate)
  const noticeMs = fees.place.startMs(due - SOON_DAYS)
  if (owed.disputes.some((dispute) => dispute.ms < ms && dispute.ms < noticeMs)) return undefined
  return {
    cause: due,
    steps: [{ stage: 'notice', atMs: noticeMs }],
    endsMs: fees.place.startMs(due + 1),
  }
}

function overdueClock(fees: Fees, owed: Owed, ms: number): Clock | undefined {
  const open = openBefore(owed, ms)
  if (open === undefined) return undefined
  const { place } = fees
  const due = dayFrom(open.invoice.dueDate)
  const moved = disputedDays(owed, due, ms)
  const { suspendAt } = open.invoice
  const endMs = place.startMs(
    suspendAt === undefined ? due + CONSEQUENCE_DAYS + moved : dayFrom(suspendAt),
  )
  const steps: { stage: Stage; atMs: number }[] = OVERDUE_DAYS.map((days, at) => ({
    stage: STAGES[at]!,
    atMs: place.startMs(due + days + moved),
  })).filter(({ atMs }) => atMs < endMs)
  steps.push({ stage: 'consequence-due', atMs: endMs })
  const isSmall = open.amount < CLIMBS_MIN * fees.major
  return { cause: due, steps: isSmall ? steps.slice(0, 1) : steps }
}

/** What is owed by the facts that happened before `ms`; undefined when nothing is. */
export function openBefore(
  owed: Owed,
  ms: number,
): { invoice: Invoice; amount: number } | undefined {
  const invoice = owed.versions.findLast((version) => version.ms < ms)?.invoice
  if (invoice === undefined) return undefined
  if (owed.writtenOffMs !== undefined && owed.writtenOffMs < ms) return undefined
  if (owed.disputes.findLast((dispute) => dispute.ms < ms)?.status === 'accepted') return undefined
  let amount = invoice.amount
  for (const payment of owed.payments) {
    if (payment.ms < ms && payment.currency === invoice.currency) amount -= payment.amount
  }
  return amount <= 0 ? undefined : { invoice, amount }
}

/** Local dates from a dispute's to the day before its rejection, those after the due date. */
function disputedDays(owed: Owed, due: Day, ms: number): number {
  let days = 0
  let from: Day | undefined
  for (const dispute of owed.disputes) {
    if (dispute.ms >= ms) continue
    if (dispute.status === 'open') from = dispute.day
    if (dispute.status === 'rejected' && from !== undefined) {
      days += Math.max(0, dispute.day - Math.max(from, due + 1))
    }
  }
  return days
}

function owedOf(fees: Fees, invoiceId: string): Owed {
  let owed = fees.owed.get(invoiceId)
  if (owed === undefined) {
    owed = {
      versions: [],
      payments: [],
      disputes: [],
      writtenOffMs: undefined,
      dueSoon: createTrack('fee-due-soon', `invoice:${invoiceId}`),
      overdue: createTrack('fee-overdue', `invoice:${invoiceId}`),
    }
    fees.owed.set(invoiceId, owed)
  }
  return owed
}
