/** Recounts fee-collection-failed: debits and offsets that failed while their invoice was open. */
import type { Planned } from './planned.ts'
import { createTally, endTally, judgeTally, type Tally } from './recount-count.ts'
import { openBefore, type Fees, type Owed } from './recount-fees.ts'
import type { Tell } from './recount-track.ts'

export type Collections = {
  readonly fees: Fees
  readonly tell: Tell
  failed: Map<string, { times: number[]; tally: Tally }>
}

/** Reads the invoices of `fees`: an event has to be folded there first. */
export function createCollections(fees: Fees, tell: Tell): Collections {
  return { fees, tell, failed: new Map() }
}

export function foldCollection(collections: Collections, event: Planned): void {
  switch (event.type) {
    case 'fee.collection.failed':
      failuresOf(collections, event.data.invoiceId).times.push(event.timeMs)
      break
    case 'fee.invoiced':
    case 'fee.payment.received':
    case 'fee.written-off':
    case 'fee.disputed':
      break
    default:
      return
  }
  judgeInvoice(collections, event.data.invoiceId, event.arriveMs)
}

export function endCollections({ failed, tell }: Collections, atMs: number): void {
  for (const { tally } of failed.values()) endTally(tally, 'resolved', atMs, tell)
}

function judgeInvoice({ fees, failed, tell }: Collections, invoiceId: string, atMs: number): void {
  const failures = failed.get(invoiceId)
  if (failures === undefined) return
  const owed = fees.owed.get(invoiceId)
  const stageBefore = (ms: number) => {
    if (!isOpen(owed, ms)) return undefined
    const count = failures.times.filter((at) => at < ms && isOpen(owed, at)).length
    return count === 0 ? undefined : count === 1 ? 'notice' : 'warning'
  }
  const isHeld = owed?.disputes.at(-1)?.status === 'open'
  judgeTally(failures.tally, stageBefore, { atMs, isHeld }, tell)
}

/** What was never invoiced is open until it is written off or the dispute of it is won. */
function isOpen(owed: Owed | undefined, ms: number): boolean {
  if (owed === undefined) return true
  if (owed.versions.some((version) => version.ms < ms)) return openBefore(owed, ms) !== undefined
  if (owed.writtenOffMs !== undefined && owed.writtenOffMs < ms) return false
  return owed.disputes.findLast((dispute) => dispute.ms < ms)?.status !== 'accepted'
}

function failuresOf({ failed }: Collections, invoiceId: string) {
  let failures = failed.get(invoiceId)
  if (failures === undefined) {
    failures = { times: [], tally: createTally('fee-collection-failed', `invoice:${invoiceId}`) }
    failed.set(invoiceId, failures)
  }
  return failures
}
