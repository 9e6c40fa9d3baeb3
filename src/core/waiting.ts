/** Voids and reversals whose sale is not known: it may still be on its way. */
import { NOMINAL_DAY_MS } from './time.ts'
import type { EpochMs } from './time.ts'

const WAITING_MAX = 32
const WAITING_MS = NOMINAL_DAY_MS

export type Waiting = {
  originalId: string
  atMs: EpochMs
  arrivedMs: EpochMs
  isPartial: boolean
  isTimeout: boolean
  amount: number | undefined
  /** It was already taken out of a day's tally, or of a terminal's activity. */
  tookTally: boolean
  tookActivity: boolean
}

/** The newest 32 by arrival, of the last 24 hours. */
export function waitFor(held: readonly Waiting[], waiting: Waiting): Waiting[] {
  const keptMs = waiting.arrivedMs - WAITING_MS
  return [...held.filter(({ arrivedMs }) => arrivedMs >= keptMs), waiting].slice(-WAITING_MAX)
}

/** Those of this transaction, unless they waited longer than a day. Bounds included. */
export function waitingOf(
  held: readonly Waiting[],
  originalId: string,
  arrivedMs: EpochMs,
): Waiting[] {
  return held.filter((it) => {
    return it.originalId === originalId && arrivedMs - it.arrivedMs <= WAITING_MS
  })
}
