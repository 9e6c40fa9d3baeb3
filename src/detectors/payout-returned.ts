/** Tells that a payout came back from the merchant's bank, and when another of the same account did. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import { returnedOf } from '../core/payouts.ts'
import { subjectOf } from '../core/subjects.ts'

const limits = z.strictObject({
  /** Local dates in which returns of one account count together, that of the last included. */
  spanDays: z.int().positive(),
})

export const payoutReturned = defineDetector<z.infer<typeof limits>>({
  name: 'payout-returned',
  version: 1,
  kind: 'fact',
  on: ['payouts', 'lifecycle'],
  clears: ['change-settlement-account'],
  documents: ['settlement-account-proof', 'bank-statement', 'legal-rep-id'],
  advice: ['adv-update-data'],
  limits,

  measure({ facts: { payouts } }, { knownBeforeMs, zone }, { spanDays }) {
    return returnedOf(payouts, zone, spanDays, knownBeforeMs).map((returned) => {
      const { accountRef, last, count } = returned
      return {
        kind: 'fact',
        subject:
          accountRef === undefined
            ? subjectOf('payout', last.payoutId)
            : subjectOf('settlement-account', accountRef),
        consequence: 'payout-hold',
        cause: '',
        count,
        unit: 'returns',
        seen: {
          payoutId: last.payoutId,
          returnCode: last.code,
          ...(last.scheme === undefined ? {} : { returnScheme: last.scheme }),
        },
      }
    })
  },
})
