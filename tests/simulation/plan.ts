/** How long a run is, how fast its life, and which faults it meets: all drawn from the seed. */
import type { Prng } from '../support/prng.ts'
import type { FaultKind, Faults } from '../support/simulated-world.ts'

export type Plan = Readonly<{
  startMs: number
  partitions: number
  merchants: number
  records: number
  /** Timers of the toy are so many times as fast. */
  pace: number
  /** The whole log lies in the past when the run begins. */
  isPast: boolean
  /** Records are written for so long, and faults strike for so long. */
  liveMs: number
  healMs: number
  strikeEveryMs: number
  untilMs: number
  /** After the last fault and the run's end: idle within this. */
  idleWithinMs: number
  faults: Faults
}>

export const START_MS = 1_750_000_000_000
/** One run in so many is long: at the pace of a life, and with the longest waits. */
const LONG_EVERY = 40

export function planOf(dice: Prng, faults: Faults = {}): Plan {
  const isLong = dice.below(LONG_EVERY) === 0
  const pace = isLong ? 1 : 5
  const liveMs = isLong ? 120_000 : 24_000
  const isPast = dice.chance(0.3)
  return {
    startMs: START_MS,
    partitions: 2,
    merchants: isLong ? 6 : 4,
    records: isLong ? 40 + dice.below(120) : 20 + dice.below(50),
    pace,
    isPast,
    liveMs,
    healMs: isLong ? 150_000 : 28_000,
    strikeEveryMs: isLong ? 500 : 250,
    untilMs: isPast
      ? START_MS - 5_000 - dice.below(60_000 / pace)
      : START_MS + liveMs + dice.below(90_000 / pace),
    idleWithinMs: 180_000,
    // A host that is behind the instant to run to looks for blindness on the way: the plain fold does not.
    faults: { ...swarm(dice), ...(isPast ? { clockBehind: 0 } : {}), ...faults },
  }
}

const MOST: Record<FaultKind, number> = {
  ...{ neverSent: 0.1, replyLost: 0.1, doneLate: 0.1, crashAtCall: 0.004 },
  ...{ crash: 0.06, stop: 0.03, pause: 0.06, rebalance: 0.04 },
  ...{ clockAhead: 0.03, clockBehind: 0.03 },
  ...{ rollback: 0.02, emptied: 0.008, evicted: 0.008 },
  ...{ retention: 0.006, truncated: 0.004, recreated: 0.004 },
  ...{ duplicated: 0.1, delayed: 0.1 },
}

export const NO_FAULTS: Faults = Object.fromEntries(Object.keys(MOST).map((kind) => [kind, 0]))

/** Each fault at a strength of its own, or not at all. */
function swarm(dice: Prng): Faults {
  const kinds = Object.keys(MOST) as FaultKind[]
  return Object.fromEntries(
    kinds.map((kind) => [kind, dice.chance(0.4) ? 0 : dice.fraction() * MOST[kind]]),
  )
}
