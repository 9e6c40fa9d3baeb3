/** `data` of the operator's decisions about an account, and of the way back or out. */
import { z } from 'zod'
import { dataOf, form } from './forms.ts'

const decision = {
  effectiveAt: form.dayOrInstant,
  reasonCategory: form.text.optional(),
  announcedAt: form.dayOrInstant.optional(),
  until: form.dayOrInstant.optional(),
  cureBy: form.dayOrInstant.optional(),
  appealBy: form.dayOrInstant.optional(),
  reviewBy: form.dayOrInstant.optional(),
  deregistrationAt: form.dayOrInstant.optional(),
  kind: form.text.optional(),
  authority: z.enum(['operator', 'network', 'regulator', 'court']).optional(),
  /** Listed so that it may not come back under another account. */
  blocked: z.boolean().optional(),
}
const decisionGiven = dataOf(decision)
const decisionWithReason = dataOf({ ...decision, reasonCategory: form.text })

const reviewCase = {
  caseId: form.id,
  items: form.texts.optional(),
  appealBy: form.dayOrInstant.optional(),
}
const caseMoved = dataOf(reviewCase)

const cancellation = {
  requestId: form.id,
  step: form.text.optional(),
  failureCode: form.text.optional(),
  field: form.text.optional(),
  actor: form.text.optional(),
  expectedEnd: form.dayOrInstant.optional(),
  contractEnd: form.dayOrInstant.optional(),
  nextWindow: form.dayOrInstant.optional(),
  blockers: form.texts.optional(),
}
const cancellationMoved = dataOf(cancellation)
const cancellationStep = dataOf({ ...cancellation, step: form.text })

export const LIFECYCLE_SCHEMAS = {
  'account.restricted': decisionWithReason,
  'account.released': decisionGiven,
  'account.suspended': decisionWithReason,
  'account.reinstated': decisionGiven,
  'account.deregistration.scheduled': decisionGiven,
  'account.deregistered': decisionGiven,
  'reinstatement.requested': caseMoved,
  'reinstatement.rejected': caseMoved,
  'appeal.opened': caseMoved,
  'appeal.decided': dataOf({ ...reviewCase, outcome: form.text.optional() }),
  'cancellation.requested': cancellationMoved,
  'cancellation.review.started': cancellationMoved,
  'cancellation.step.failed': cancellationStep,
  'cancellation.step.timeout': cancellationStep,
  'cancellation.blocked': cancellationMoved,
  'cancellation.confirmed': cancellationMoved,
  'cancellation.completed': cancellationMoved,
  'cancellation.withdrawn': cancellationMoved,
}
