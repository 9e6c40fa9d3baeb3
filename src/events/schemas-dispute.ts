/** `data` of what a cardholder, an issuer or a customer contests. */
import { z } from 'zod'
import { dataOf, form } from './forms.ts'

const disputeStage = z.enum(['retrieval', 'first-chargeback', 'pre-arb', 'arb'])

const disputeMembers = {
  disputeId: form.id,
  originalTransactionId: form.id.optional(),
  scheme: form.text.optional(),
  reasonCode: form.text.optional(),
  amount: form.amount.optional(),
  currency: form.currency.optional(),
  respondBy: form.dayOrInstant.optional(),
  outcome: form.text.optional(),
}
const disputeFollowUp = dataOf({ ...disputeMembers, stage: disputeStage.optional() })

const complaint = dataOf({
  complaintId: form.id,
  category: form.text.optional(),
  respondBy: form.dayOrInstant.optional(),
})

export const DISPUTE_SCHEMAS = {
  'dispute.opened': dataOf({ ...disputeMembers, stage: disputeStage }),
  'dispute.updated': disputeFollowUp,
  'dispute.closed': disputeFollowUp,
  'complaint.opened': complaint,
  'complaint.closed': complaint,
  'fraud.reported': dataOf({
    reportId: form.id,
    saleDate: form.day,
    reportDate: form.day,
    originalTransactionId: form.id.optional(),
    scheme: form.text.optional(),
    fraudType: form.text.optional(),
    amount: form.amount.optional(),
    currency: form.currency.optional(),
  }),
}
