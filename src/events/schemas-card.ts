/** `data` of the card traffic: authorisations, and what completes, undoes or gives back a sale. */
import { z } from 'zod'
import { dataOf, form } from './forms.ts'

const authorisation = dataOf({
  transactionId: form.id,
  /** DE41. */
  terminalId: form.id,
  mti: form.digits4,
  amount: form.amount,
  currency: form.currency,
  /** DE39. `approved` decides where the two contradict each other. */
  responseCode: form.id,
  approved: z.boolean(),
  processingCode: form.text.optional(),
  stan: form.id.optional(),
  rrn: form.id.optional(),
  authCode: form.text.optional(),
  mcc: form.digits4.optional(),
  entryMode: z.enum(['chip', 'contactless', 'magstripe', 'fallback', 'manual', 'qr']).optional(),
  posConditionCode: form.text.optional(),
  cvm: z.enum(['none', 'pin', 'signature', 'device']).optional(),
  cardToken: form.text.optional(),
  cardKeyId: form.id.optional(),
  last4: form.digits4.optional(),
  cardType: z.enum(['credit', 'debit', 'prepaid']).optional(),
  cardFlag: z.enum(['owner', 'staff']).optional(),
  scheme: form.text.optional(),
  issuerId: form.id.optional(),
  acquirerId: form.id.optional(),
  channel: form.text.optional(),
  offline: z.boolean().optional(),
  forwardedAt: form.instant.optional(),
  cashierId: form.id.optional(),
  localTxnTime: form.text.optional(),
  location: form.location.optional(),
})

const completion = dataOf({
  transactionId: form.id,
  originalTransactionId: form.id,
  terminalId: form.id,
  amount: form.amount,
  currency: form.currency,
  rrn: form.id.optional(),
  offline: z.boolean().optional(),
})

const reversal = dataOf({
  originalTransactionId: form.id,
  reversalType: z.enum(['system-timeout', 'merchant-void', 'partial']),
  originalTime: form.instant.optional(),
  cardToken: form.text.optional(),
  amount: form.amount.optional(),
  currency: form.currency.optional(),
  reason: form.freeText.optional(),
  terminalId: form.id.optional(),
})

const refund = dataOf({
  transactionId: form.id,
  terminalId: form.id,
  amount: form.amount,
  currency: form.currency,
  originalTransactionId: form.id.optional(),
  originalRrn: form.id.optional(),
  cardToken: form.text.optional(),
  /** Absent means true. */
  matched: z.boolean().optional(),
  matchFailure: z.enum(['no-original', 'exceeds-remaining', 'different-card', 'cash']).optional(),
  cashierId: form.id.optional(),
})

const voidOfSale = dataOf({
  originalTransactionId: form.id,
  sameDay: z.boolean(),
  originalTime: form.instant.optional(),
  cardToken: form.text.optional(),
  terminalId: form.id.optional(),
  amount: form.amount.optional(),
  currency: form.currency.optional(),
  cashierId: form.id.optional(),
})

export const CARD_SCHEMAS = {
  'card.authorisation': authorisation,
  'card.completion': completion,
  'card.reversal': reversal,
  'card.refund': refund,
  'card.void': voidOfSale,
}
