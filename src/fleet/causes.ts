/** Everything that can befall a merchant, and how often: the deck from which a fleet is dealt. */
import { ABSENT } from './causes-absence.ts'
import { BEHAVIOUR } from './causes-behaviour.ts'
import { CLOSING } from './causes-closing.ts'
import { OWING } from './causes-fees.ts'
import { PAUSED } from './causes-pause.ts'
import { cause, type Cause } from './story.ts'

const HEALTHY = cause('healthy', () => undefined, {
  share: 85,
  never: ['merchant-inactivity', 'terminal-inactivity', 'never-activated', 'pause-ending'],
})

export const CAUSES: readonly Cause[] = [
  HEALTHY,
  ...ABSENT,
  ...PAUSED,
  ...OWING,
  ...BEHAVIOUR,
  ...CLOSING,
]
