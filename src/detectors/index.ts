/** The list: every detector, in the order in which they are judged. */
import type { AnyDetector } from '../core/detector.ts'
import { cardTesting } from './card-testing.ts'
import { declineBurstCard } from './decline-burst-card.ts'
import { declineRatioSpike } from './decline-ratio-spike.ts'
import { documentExpiry } from './document-expiry.ts'
import { dormantReactivation } from './dormant-reactivation.ts'
import { feeCollectionFailed } from './fee-collection-failed.ts'
import { feeDueSoon } from './fee-due-soon.ts'
import { feeOverdue } from './fee-overdue.ts'
import { merchantInactivity } from './merchant-inactivity.ts'
import { negativeBalance } from './negative-balance.ts'
import { networkRejected } from './network-rejected.ts'
import { neverActivated } from './never-activated.ts'
import { pauseEnding } from './pause-ending.ts'
import { payoutReturned } from './payout-returned.ts'
import { repeatCard } from './repeat-card.ts'
import { roundAmount } from './round-amount.ts'
import { terminalInactivity } from './terminal-inactivity.ts'
import { unmatchedRefund } from './unmatched-refund.ts'
import { volumeSpike } from './volume-spike.ts'

export const DETECTORS: readonly AnyDetector[] = [
  // Each before those that follow it: an account speaks for its terminals, an overdue fee for one due.
  merchantInactivity,
  terminalInactivity,
  neverActivated,
  pauseEnding,
  feeOverdue,
  feeDueSoon,
  feeCollectionFailed,
  negativeBalance,
  documentExpiry,
  payoutReturned,
  networkRejected,
  declineBurstCard,
  declineRatioSpike,
  cardTesting,
  repeatCard,
  volumeSpike,
  dormantReactivation,
  unmatchedRefund,
  // After all behaviours: it climbs where another one is open.
  roundAmount,
]
