/** Lives of a partition that were lost one after another, none with a commit of its own: no progress either. */
import type { Clock } from '../core/ports.ts'

export type BarrenLives = Readonly<{
  lost: (hasCommitted: boolean) => void
  /** A dependency did not answer: then the waiting is for that. */
  away: () => void
  /** From the first of them to the last; 0 when that was some time ago. */
  spanMs: () => number
}>

/** Lives that were lost so far apart have nothing to do with each other. */
const APART_MS = 15_000

export function createBarrenLives(clock: Clock): BarrenLives {
  let firstMs = 0
  let lastMs = -Infinity

  function begin(): void {
    firstMs = lastMs
  }

  const isOver = (): boolean => clock.monotonicMs() - lastMs > APART_MS

  return {
    lost: (hasCommitted) => {
      const isFirst = isOver() || hasCommitted
      lastMs = clock.monotonicMs()
      if (isFirst) begin()
    },
    away: () => {
      lastMs = -Infinity
      begin()
    },
    spanMs: () => (isOver() ? 0 : lastMs - firstMs),
  }
}
