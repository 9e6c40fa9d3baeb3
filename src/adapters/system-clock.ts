/** The clock and the dice of a real process. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Random } from '../core/ports.ts'

/** `sleep` resolves early, and does not throw, when its signal is aborted. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      delay(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        if (signal?.aborted !== true) throw error
      }),
  }
}

/** Writer ids of 72 random bits: no two lives of a partition ever share one. */
export function createSystemRandom(): Random {
  return {
    writerId: () => randomBytes(9).toString('base64url'),
    fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  }
}
