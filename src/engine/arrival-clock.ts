/**
 * The proof of absence: note the wall time W, *then* ask where the log ends; once the position has
 * reached that end, all that was appended up to W is folded, and the clock may move to W − grace.
 */
import { Unavailable } from '../core/ports.ts'
import type { Clock } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { Proven } from './sweep.ts'

export type ArrivalClock = Readonly<{
  /** Asks for the log's end, unless an earlier question still waits for the position. */
  ask: () => Promise<'asked' | 'away'>
  /** The proof, once and only once the position has reached the end asked for. */
  provenAt: (position: number) => Proven | undefined
  /** A proof may be taken at this position. */
  isReached: (position: number) => boolean
  /** Whether it is time to ask, when the first timer could fire at `nextMs` of the clock. */
  isTime: (nextMs: EpochMs) => boolean
  /** Where a proof as of a wall time lets the clock move to; never past the run's end. */
  targetMs: (wallMs: EpochMs) => EpochMs
  /** As last heard. */
  endKnown: () => number | undefined
  /** A question has waited for the position for so long. */
  waitedMs: () => number
}>

export type ClockPorts = Readonly<{
  clock: Clock
  bounds: () => Promise<Readonly<{ earliest: number; end: number }>>
  graceMs: number
  untilMs: EpochMs | undefined
  busyMs: number
  idleMs: number
}>

/** Wall and monotonic clock may drift apart so far between two questions. */
const JUMP_MAX_MS = 5_000

export function createArrivalClock(ports: ClockPorts): ArrivalClock {
  const { clock, graceMs, untilMs = Infinity } = ports
  let asked: Readonly<{ proven: Proven; atMs: number }> | undefined
  let end: number | undefined
  let lastAskMs = -Infinity
  let aheadMs = clock.nowMs() - clock.monotonicMs()

  /** A host clock that stepped since the last question proves nothing in this one. */
  function hasJumped(): boolean {
    const beforeMs = aheadMs
    aheadMs = clock.nowMs() - clock.monotonicMs()
    return Math.abs(aheadMs - beforeMs) > JUMP_MAX_MS
  }

  async function ask(): Promise<'asked' | 'away'> {
    lastAskMs = clock.monotonicMs()
    if (hasJumped() || asked !== undefined) return 'asked'
    const wallMs = clock.nowMs()
    try {
      const bounds = await ports.bounds()
      end = bounds.end
      asked = { proven: { wallMs, end }, atMs: clock.monotonicMs() }
      return 'asked'
    } catch (error) {
      if (error instanceof Unavailable) return 'away'
      throw error
    }
  }

  function isReached(position: number): boolean {
    return asked !== undefined && position >= asked.proven.end
  }

  return {
    ask,
    isReached,
    provenAt: (position) => {
      if (!isReached(position)) return undefined
      const proven = asked?.proven
      asked = undefined
      return proven
    },
    isTime: (nextMs) => {
      const sinceMs = clock.monotonicMs() - lastAskMs
      const isWaiting = nextMs <= clock.nowMs() - graceMs
      return sinceMs >= (isWaiting ? ports.busyMs : ports.idleMs)
    },
    targetMs: (wallMs) => Math.min(wallMs - graceMs, untilMs),
    endKnown: () => end,
    waitedMs: () => (asked === undefined ? 0 : clock.monotonicMs() - asked.atMs),
  }
}
