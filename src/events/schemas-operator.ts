/** `data` of what the operator plans, limits, announces or sees happen to its own systems. */
import { z } from 'zod'
import { dataOf, form, scope } from './forms.ts'

const maintenance = {
  windowId: form.id,
  startsAt: form.instant.optional(),
  endsAt: form.instant.optional(),
  impact: form.freeText.optional(),
}
const maintenanceFollowUp = dataOf(maintenance)

const incident = { incidentId: form.id, impact: form.freeText.optional() }

const security = dataOf({ kind: form.text.optional(), channel: form.text.optional() })

const impersonation = { channel: form.text.optional(), claimedSender: form.text.optional() }

const limit = z.object({
  kind: form.id,
  amount: form.amount,
  currency: form.currency,
  period: z.enum(['transaction', 'day', 'month', 'year']),
  channel: form.text.optional(),
  cardType: z.enum(['credit', 'debit', 'prepaid']).optional(),
})

export const OPERATOR_SCHEMAS = {
  'limit.changed': dataOf({ limit, effectiveAt: form.dayOrInstant.optional() }),
  'maintenance.scheduled': dataOf({
    ...maintenance,
    startsAt: form.instant,
    endsAt: form.instant,
  }),
  'maintenance.started': maintenanceFollowUp,
  'maintenance.ended': maintenanceFollowUp,
  'maintenance.cancelled': maintenanceFollowUp,
  'incident.opened': dataOf({ ...incident, scope }),
  'incident.closed': dataOf(incident),
  'security.login.locked': security,
  'credential.reset': security,
  'security.event': security,
  'impersonation.reported': dataOf(impersonation),
  'notice.verified': dataOf({
    ...impersonation,
    noticeId: form.id,
    result: z.enum(['issued', 'expired', 'unknown']),
  }),
}
