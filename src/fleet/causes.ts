/** Everything that can befall a merchant, and how often: the deck from which a fleet is dealt. */
import { ABSENT } from './causes-absence.ts'
import { INDEBTED } from './causes-balance.ts'
import { BEHAVIOUR } from './causes-behaviour.ts'
import { REFUSED_BY_BANKS } from './causes-cards.ts'
import { REFUNDED } from './causes-cards-refunds.ts'
import { REPEATED } from './causes-cards-repeats.ts'
import { ROUND } from './causes-cards-round.ts'
import { SLEEPING } from './causes-cards-sleeper.ts'
import { CLOSING } from './causes-closing.ts'
import { COLLECTED } from './causes-collections.ts'
import { PAPERS } from './causes-documents.ts'
import { OWING } from './causes-fees.ts'
import { REFUSED } from './causes-network.ts'
import { PAUSED } from './causes-pause.ts'
import { RETURNED } from './causes-payouts.ts'
import { TRUE_DETECTORS } from './recount.ts'
import { cause, type Cause } from './story.ts'

const HEALTHY = cause('healthy', () => undefined, {
  share: 85,
  // The customers of one day may be a crowd by chance.
  never: TRUE_DETECTORS.filter((detector) => detector !== 'volume-spike'),
})

export const CAUSES: readonly Cause[] = [
  HEALTHY,
  ...ABSENT,
  ...PAUSED,
  ...OWING,
  ...BEHAVIOUR,
  ...CLOSING,
  ...COLLECTED,
  ...REFUSED,
  ...REFUSED_BY_BANKS,
  ...REPEATED,
  ...ROUND,
  ...SLEEPING,
]

/** What may come on top of another story, for it leaves trade and invoices alone. */
export const SECOND_CAUSES: readonly Cause[] = [...INDEBTED, ...PAPERS, ...RETURNED, ...REFUNDED]
