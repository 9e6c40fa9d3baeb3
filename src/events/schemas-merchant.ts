/** `data` of who the merchant is, and of what proves it. */
import { z } from 'zod'
import { dataOf, form, FIELD_MISSING } from './forms.ts'

const timeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/)
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const DAYS_MAX = 7
const HOURS_MAX = 100

/** `to` at or before `from` ends on the next day. */
const hours = z.object({
  days: z.array(z.enum(WEEKDAYS)).max(DAYS_MAX),
  from: timeOfDay,
  to: timeOfDay,
})

const merchantType = z.enum(['enterprise', 'individual-business', 'micro'])

const profile = {
  country: form.country.optional(),
  /** Turnover a month as declared, in minor units. */
  scale: form.amount.optional(),
  hours: z.array(hours).max(HOURS_MAX).optional(),
  locale: form.text.optional(),
  addressCode: form.text.optional(),
  contactRefs: form.texts.optional(),
  calendarId: form.id.optional(),
  migratedAt: form.dayOrInstant.optional(),
}
const profileChange = dataOf({
  ...profile,
  merchantType: merchantType.optional(),
  mcc: form.digits4.optional(),
  timezone: form.zone.optional(),
})

const pause = {
  from: form.day.optional(),
  to: form.day.optional(),
  reason: form.freeText.optional(),
}

const document = dataOf({
  documentId: form.id,
  docType: form.id,
  numberMasked: form.text.optional(),
  validFrom: form.day.optional(),
  validTo: form.day.optional(),
  longTerm: z.boolean().optional(),
  status: z.enum(['valid', 'pending']).optional(),
})

const informationSubmitted = dataOf({
  requestId: form.id.optional(),
  warningId: form.id.optional(),
  items: form.texts.optional(),
  /** Absent means received. */
  outcome: z.enum(['received', 'accepted', 'rejected']).optional(),
}).refine((data) => data.requestId !== undefined || data.warningId !== undefined, {
  error: FIELD_MISSING,
  path: ['requestId'],
})

const agreement = dataOf({
  clause: form.freeText,
  effectiveAt: form.dayOrInstant.optional(),
  acceptBy: form.dayOrInstant.optional(),
  cureBy: form.dayOrInstant.optional(),
  dueAt: form.dayOrInstant.optional(),
  accepted: z.boolean().optional(),
})

export const MERCHANT_SCHEMAS = {
  'merchant.registered': dataOf({
    ...profile,
    merchantType,
    mcc: form.digits4,
    timezone: form.zone,
  }),
  'merchant.profile-changed': profileChange,
  'merchant.closed': profileChange,
  /** Both days are part of the pause. */
  'merchant.pause.declared': dataOf({ ...pause, from: form.day, to: form.day }),
  'merchant.pause.ended': dataOf(pause),
  'merchant.reverified': dataOf({
    result: z.enum(['success', 'fail']),
    failReason: form.freeText.optional(),
    asOf: form.dayOrInstant.optional(),
  }),
  'kyc.document.updated': document,
  'kyc.document.expiring': document,
  'kyc.document.rejected': document,
  'registry.status.changed': dataOf({
    status: z.enum(['in-business', 'revoked', 'cancelled', 'abnormal-list']),
    asOf: form.dayOrInstant,
  }),
  'information.requested': dataOf({
    requestId: form.id,
    items: form.texts,
    dueAt: form.dayOrInstant,
    relatedTransactionIds: form.texts.optional(),
    where: form.text.optional(),
    warningId: form.id.optional(),
  }),
  'information.submitted': informationSubmitted,
  'agreement.changed': agreement,
  'agreement.violation.recorded': agreement,
  'requirement.added': agreement,
}
