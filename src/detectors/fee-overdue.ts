/** Counts the days an invoice is past its due date towards the date of suspension. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { viewOf } from '../core/invoices.ts'
import { majorAmount, minorOf } from '../core/money.ts'
import { subjectOf } from '../core/subjects.ts'
import { dayText } from '../core/time.ts'

const limits = z.strictObject({
  /** Days past due at which the operator suspends, where the invoice names no date. */
  suspendDays: z.int().positive(),
  /** With less than this open nothing beyond the first stage is told. */
  climbOpenMin: majorAmount,
})

export const feeOverdue = defineDetector<z.infer<typeof limits>>({
  name: 'fee-overdue',
  version: 1,
  kind: 'deadline',
  isAbsence: true,
  on: ['invoices', 'lifecycle'],
  clears: ['pay', 'dispute'],
  documents: ['invoice', 'payment-receipt'],
  advice: ['adv-pay'],
  limits,

  measure({ facts }, { knownBeforeMs }, { suspendDays, climbOpenMin }) {
    return [...facts.invoices].flatMap(([id, invoice]): Measure[] => {
      const view = viewOf(invoice, knownBeforeMs)
      if (view === undefined || view.isClosed || view.open <= 0) return []
      const { dueOn, suspendOn, currency, feeType } = view.version
      const uncounted = view.uncounted.map(({ from, to }) => ({
        from: Math.max(from, dueOn + 1),
        to: Math.max(to, dueOn + 1),
      }))
      const lostDays = uncounted.reduce((days, { from, to }) => days + to - from, 0)
      const isSmall = view.open < minorOf(climbOpenMin, currency)
      return [
        {
          kind: 'deadline',
          subject: subjectOf('invoice', id),
          consequence: 'suspension',
          from: dueOn,
          due: suspendOn ?? dueOn + suspendDays + lostDays,
          cause: dayText(dueOn),
          uncounted,
          ...(isSmall ? { stageMax: 'notice' } : {}),
          ...(view.disputedOn !== undefined ? { held: 'disputed' } : {}),
          seen: { open: view.open, currency, feeType, dueDate: dayText(dueOn) },
        },
      ]
    })
  },
})
