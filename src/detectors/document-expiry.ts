/** Counts the days to the last date of a document, and from it to the date of the consequence. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { expiryOf, pendingSince } from '../core/documents.ts'
import { subjectOf } from '../core/subjects.ts'
import { dayText } from '../core/time.ts'
import type { EpochMs, Zone } from '../core/time.ts'

const limits = z.strictObject({
  /** Days after its last date by which a document has to be renewed. */
  renewDays: z.int().positive(),
  /** An upload under review holds the consequence back so many days at most. */
  reviewDays: z.int().positive(),
})

export const documentExpiry = defineDetector<z.infer<typeof limits>>({
  name: 'document-expiry',
  version: 1,
  kind: 'deadline',
  isAbsence: true,
  on: ['documents', 'lifecycle'],
  clears: ['renew-document', 'mark-long-term'],
  documents: [],
  advice: ['adv-update-data'],
  limits,

  measure({ facts: { documents } }, { knownBeforeMs, zone }, { renewDays, reviewDays }) {
    return [...documents].flatMap(([id, document]): Measure[] => {
      const expiry = expiryOf(documents, document, knownBeforeMs)
      if (expiry === undefined) return []
      const { validTo, docType } = expiry
      return [
        {
          kind: 'deadline',
          subject: subjectOf('document', id),
          consequence: 'suspension',
          from: validTo,
          due: validTo,
          consequenceOn: validTo + renewDays,
          cause: dayText(validTo),
          documents: [docType],
          ...heldBy(pendingSince(document), reviewDays, zone),
          seen: { docType, validTo: dayText(validTo) },
        },
      ]
    })
  },
})

function heldBy(arrivedMs: EpochMs | undefined, reviewDays: number, zone: Zone) {
  if (arrivedMs === undefined) return {}
  const consequenceHeldToMs = zone.startMs(zone.dayOf(arrivedMs) + reviewDays)
  return { held: 'under-review', consequenceHeldToMs }
}
