/** Tells that an invoice could not be collected, and again when it could not a second time. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { collectionOf } from '../core/invoices.ts'
import { subjectOf } from '../core/subjects.ts'

const limits = z.strictObject({})

export const feeCollectionFailed = defineDetector<z.infer<typeof limits>>({
  name: 'fee-collection-failed',
  version: 1,
  kind: 'fact',
  on: ['invoices', 'lifecycle'],
  clears: ['pay', 'dispute'],
  documents: ['invoice', 'payment-receipt'],
  advice: ['adv-pay'],
  limits,

  measure({ facts }, { knownBeforeMs }) {
    return [...facts.invoices].flatMap(([id, invoice]): Measure[] => {
      const collection = collectionOf(invoice, knownBeforeMs)
      const last = collection?.failures.at(-1)
      if (collection === undefined || last === undefined) return []
      const { failures, isDisputed, view } = collection
      return [
        {
          kind: 'fact',
          subject: subjectOf('invoice', id),
          consequence: 'suspension',
          cause: '',
          count: failures.length,
          unit: 'failures',
          ...(isDisputed ? { held: 'disputed' } : {}),
          seen: {
            ...(last.code === undefined ? {} : { failureCode: last.code }),
            ...(view === undefined
              ? {}
              : {
                  open: view.open,
                  currency: view.version.currency,
                  feeType: view.version.feeType,
                }),
          },
        },
      ]
    })
  },
})
