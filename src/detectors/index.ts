/** The list: every detector, in the order in which they are judged. */
import type { AnyDetector } from '../core/detector.ts'
import { declineBurstCard } from './decline-burst-card.ts'
import { feeDueSoon } from './fee-due-soon.ts'
import { feeOverdue } from './fee-overdue.ts'
import { merchantInactivity } from './merchant-inactivity.ts'
import { neverActivated } from './never-activated.ts'
import { pauseEnding } from './pause-ending.ts'
import { terminalInactivity } from './terminal-inactivity.ts'
import { volumeSpike } from './volume-spike.ts'

export const DETECTORS: readonly AnyDetector[] = [
  // Each before those that follow it: an account speaks for its terminals, an overdue fee for one due.
  merchantInactivity,
  terminalInactivity,
  neverActivated,
  pauseEnding,
  feeOverdue,
  feeDueSoon,
  declineBurstCard,
  volumeSpike,
]
