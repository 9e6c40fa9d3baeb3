/** A partition that stopped, until somebody has decided about it. */
import type { Cursor } from '../core/ports.ts'
import { isSameCursor } from './own-reads.ts'
import type { Rest } from './pace.ts'

const ASK_AGAIN_MS = 5_000

/**
 * Whoever accepts an incident, or brings the state back, writes another cursor than the one it was
 * met with. False: nobody waits for that any more.
 */
export async function untilDecided(
  stored: () => Promise<Cursor | undefined>,
  met: Cursor | undefined,
  rest: Rest,
): Promise<boolean> {
  while (await rest(ASK_AGAIN_MS)) {
    const now = await stored()
    // An answer that ended with the waiting tells nothing.
    if (!isSameCursor(now, met) && (await rest(0))) return true
  }
  return false
}
