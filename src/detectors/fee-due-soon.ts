/** Announces an invoice a week before it is due. */
import { z } from 'zod'
import { openWarning } from '../core/account.ts'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { viewOf } from '../core/invoices.ts'
import { majorAmount, minorOf } from '../core/money.ts'
import { subjectOf } from '../core/subjects.ts'
import { dayText } from '../core/time.ts'

const limits = z.strictObject({
  /** Less than this open is not announced. */
  openMin: majorAmount,
  /** Days past due at which the operator suspends, where the invoice names no date. */
  suspendDays: z.int().positive(),
})

export const feeDueSoon = defineDetector<z.infer<typeof limits>>({
  name: 'fee-due-soon',
  version: 1,
  kind: 'deadline',
  on: ['invoices', 'lifecycle'],
  follows: 'fee-overdue',
  clears: ['pay', 'dispute'],
  documents: ['invoice'],
  advice: ['adv-pay'],
  limits,

  measure(account, { knownBeforeMs, dueByMs, zone }, { openMin, suspendDays }) {
    // Asked whether it was right to announce: not what was disputed by then.
    const announcedOn = knownBeforeMs === Infinity ? -Infinity : zone.dayOf(dueByMs)
    return [...account.facts.invoices].flatMap(([id, invoice]): Measure[] => {
      const view = viewOf(invoice, knownBeforeMs)
      if (view === undefined || view.isClosed) return []
      const { dueOn, suspendOn, currency, feeType, method } = view.version
      // Whether sales will cover an offset cannot be told beforehand.
      if (method === 'offset' || view.open < minorOf(openMin, currency)) return []
      if (view.disputedOn !== undefined && view.disputedOn < announcedOn) return []
      const subject = subjectOf('invoice', id)
      return [
        {
          kind: 'deadline',
          subject,
          consequence: 'suspension',
          from: dueOn,
          due: dueOn,
          consequenceOn: suspendOn ?? dueOn + suspendDays,
          endsOn: dueOn + 1,
          endsAs: openWarning(account, 'fee-overdue', subject) ? 'superseded' : 'cleared',
          cause: dayText(dueOn),
          ...(view.disputedOn !== undefined ? { held: 'disputed' } : {}),
          seen: { open: view.open, currency, feeType, dueDate: dayText(dueOn) },
        },
      ]
    })
  },
})
