/** fee-collection-failed: debits of an invoice that failed while it was open. */
import { stepNow, subjectOf, type Measure } from './measure.ts'
import { inTime, type RawEvent } from './raw.ts'

const FAILURES_FOR_WARNING = 2

export function measureCollections(events: readonly RawEvent[]): Measure[] {
  const failed = events.filter(({ type }) => type === 'fee.collection.failed')
  const ids = new Set(failed.map(({ data }) => data.invoiceId ?? ''))
  return [...ids].flatMap((id) => {
    const mine = events.filter((event) => isOfInvoice(event, id)).sort(inTime)
    const counted = mine.filter(({ type, t }) => {
      return type === 'fee.collection.failed' && isOpenAt(mine, t)
    })
    if (counted.length === 0 || !isOpenAt(mine, Infinity)) return []
    const stage = counted.length >= FAILURES_FOR_WARNING ? 'warning' : 'notice'
    return [
      {
        detector: 'fee-collection-failed',
        subject: subjectOf('invoice', id),
        cause: '',
        steps: [stepNow(stage)],
        isHeld: isDisputed(mine),
      },
    ]
  })
}

function isOfInvoice({ type, data }: RawEvent, id: string): boolean {
  return type.startsWith('fee.') && data.invoiceId === id
}

/** By what is known now of that instant; one never invoiced is open until somebody closes it. */
function isOpenAt(mine: readonly RawEvent[], ms: number): boolean {
  const byThen = mine.filter(({ t }) => t <= ms)
  if (byThen.some(isClosing)) return false
  const invoiced = mine.findLast(({ type }) => type === 'fee.invoiced')
  if (invoiced === undefined) return true
  const { amount = 0, currency } = invoiced.data
  const paid = byThen
    .filter(({ type, data }) => type === 'fee.payment.received' && data.currency === currency)
    .reduce((sum, { data }) => sum + (data.amount ?? 0), 0)
  return amount - paid > 0
}

function isClosing({ type, data }: RawEvent): boolean {
  return type === 'fee.written-off' || (type === 'fee.disputed' && data.status === 'accepted')
}

function isDisputed(mine: readonly RawEvent[]): boolean {
  const last = mine.findLast(({ type }) => type === 'fee.disputed')
  return last !== undefined && (last.data.status ?? 'open') === 'open'
}
