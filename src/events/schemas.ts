/** Every event type of the input, and what its `data` has to hold. */
import type { z } from 'zod'
import { CARD_SCHEMAS } from './schemas-card.ts'
import { DISPUTE_SCHEMAS } from './schemas-dispute.ts'
import { LIFECYCLE_SCHEMAS } from './schemas-lifecycle.ts'
import { MERCHANT_SCHEMAS } from './schemas-merchant.ts'
import { FEE_SCHEMAS, PAYOUT_SCHEMAS } from './schemas-money.ts'
import { OPERATOR_SCHEMAS } from './schemas-operator.ts'
import { TERMINAL_SCHEMAS } from './schemas-terminal.ts'

/**
 * Tolerant of members we do not know, strict about those we do. An unknown value of an optional
 * closed list fails here; `validateData` reads it as absent and says so.
 */
export const DATA_SCHEMAS = {
  ...CARD_SCHEMAS,
  ...DISPUTE_SCHEMAS,
  ...PAYOUT_SCHEMAS,
  ...FEE_SCHEMAS,
  ...TERMINAL_SCHEMAS,
  ...MERCHANT_SCHEMAS,
  ...OPERATOR_SCHEMAS,
  ...LIFECYCLE_SCHEMAS,
}

/** `data` by type, as sent: dates and instants are text, amounts whole minor units. */
export type EventData = {
  [Type in keyof typeof DATA_SCHEMAS]: Readonly<z.output<(typeof DATA_SCHEMAS)[Type]>>
}
