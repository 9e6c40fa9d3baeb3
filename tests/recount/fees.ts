/** Section B.3: invoices before and after their due date. */
import { at, dayGiven, dayOf, plusDays, type Day } from './civil.ts'
import { ladder, subjectOf, type Measure, type Step } from './measure.ts'
import { inTime, minorOf, type RawEvent } from './raw.ts'

const SOON_DAYS = -7
const SOON_OPEN_MIN = 1
const CLIMB_OPEN_MIN = 10
const OVERDUE_DAYS = { notice: 1, warning: 8, 'final-warning': 15 } as const
const CONSEQUENCE_DAYS = 30

type Invoice = Readonly<{
  id: string
  dueDate: Day
  openMinor: number
  currency: string
  method: string | undefined
  suspendAt: string | undefined
  isDisputed: boolean
  disputes: readonly RawEvent[]
}>

export function measureFees(events: readonly RawEvent[], zone: string): Measure[] {
  return openInvoices(events).flatMap((invoice) => [
    ...measureDueSoon(invoice, zone),
    measureOverdue(invoice, zone),
  ])
}

function openInvoices(events: readonly RawEvent[]): Invoice[] {
  const ids = new Set(events.filter(({ type }) => type === 'fee.invoiced').map(invoiceIdOf))
  return [...ids].sort().flatMap((id) => {
    const mine = events.filter((event) => invoiceIdOf(event) === id).sort(inTime)
    const invoiced = mine.findLast(({ type }) => type === 'fee.invoiced')
    if (invoiced === undefined) return []
    const { amount = 0, currency = '', dueDate = '', method, suspendAt } = invoiced.data
    const paid = mine
      .filter(({ type, data }) => type === 'fee.payment.received' && data.currency === currency)
      .reduce((sum, { data }) => sum + (data.amount ?? 0), 0)
    const disputes = mine.filter(({ type }) => type === 'fee.disputed')
    const isClosed =
      mine.some(({ type }) => type === 'fee.written-off') ||
      disputes.some(({ data }) => data.status === 'accepted')
    const openMinor = amount - paid
    if (isClosed || openMinor <= 0) return []
    const isDisputed = disputes.length > 0 && isOpening(disputes.at(-1))
    return [{ id, dueDate, openMinor, currency, method, suspendAt, isDisputed, disputes }]
  })
}

function invoiceIdOf({ data }: RawEvent): string {
  return data.invoiceId ?? ''
}

function isOpening(dispute: RawEvent | undefined): boolean {
  return (dispute?.data.status ?? 'open') === 'open'
}

function measureDueSoon(invoice: Invoice, zone: string): Measure[] {
  const { id, dueDate, openMinor, currency, method, isDisputed } = invoice
  if (method === 'offset' || openMinor < minorOf(SOON_OPEN_MIN, currency)) return []
  return [
    {
      detector: 'fee-due-soon',
      subject: subjectOf('invoice', id),
      cause: dueDate,
      steps: ladder({ notice: SOON_DAYS }, dueDate, zone),
      endsAtMs: at(plusDays(dueDate, 1), zone),
      isHeld: isDisputed,
    },
  ]
}

/** What makes the notice before the due date wrong from the start: a dispute older than it. */
export function isWithheld(events: readonly RawEvent[], subject: string, zone: string): boolean {
  const invoice = openInvoices(events).find(({ id }) => subjectOf('invoice', id) === subject)
  if (invoice === undefined || !invoice.isDisputed) return false
  const since = invoice.disputes.findLast((dispute, index) => {
    return isOpening(dispute) && !(index > 0 && isOpening(invoice.disputes[index - 1]))
  })
  return since !== undefined && since.t < at(plusDays(invoice.dueDate, SOON_DAYS), zone)
}

function measureOverdue(invoice: Invoice, zone: string): Measure {
  const { id, dueDate, openMinor, currency, suspendAt, isDisputed } = invoice
  const left = daysLeftOut(invoice, zone)
  const consequenceOn =
    suspendAt === undefined
      ? plusDays(dueDate, CONSEQUENCE_DAYS + left.size)
      : dayGiven(suspendAt, zone)
  const climbs = openMinor >= minorOf(CLIMB_OPEN_MIN, currency)
  const steps = Object.entries(OVERDUE_DAYS)
    .map(([stage, dpd]) => stepOn(stage as Step['stage'], dayPastDue(dueDate, dpd, left), zone))
    .filter(({ stage, day }) => day < consequenceOn && (climbs || stage === 'notice'))
  return {
    detector: 'fee-overdue',
    subject: subjectOf('invoice', id),
    cause: dueDate,
    steps: climbs ? [...steps, stepOn('consequence-due', consequenceOn, zone)] : steps,
    isHeld: isDisputed,
  }
}

function stepOn(stage: Step['stage'], day: Day, zone: string): Step {
  return { stage, day, atMs: at(day, zone) }
}

/** The dates after the due date on which a dispute stood that was rejected later. */
function daysLeftOut({ dueDate, disputes }: Invoice, zone: string): Set<Day> {
  const left = new Set<Day>()
  let openedOn: Day | undefined
  for (const dispute of disputes) {
    const day = dayOf(dispute.t, zone)
    if (isOpening(dispute)) openedOn ??= day
    else if (openedOn !== undefined) {
      for (let date = openedOn; date < day; date = plusDays(date, 1)) {
        if (date > dueDate) left.add(date)
      }
      openedOn = undefined
    }
  }
  return left
}

/** The first date on which so many days past due are counted. */
function dayPastDue(dueDate: Day, dpd: number, left: ReadonlySet<Day>): Day {
  let date = dueDate
  for (let counted = 0; counted < dpd;) {
    date = plusDays(date, 1)
    if (!left.has(date)) counted += 1
  }
  return date
}
