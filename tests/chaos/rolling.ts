/** A rolling restart of all instances, again and again, and nothing else. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LaneOptions } from './lanes.ts'

const EVERY_MS = 20_000
const RECOVERY_MAX_MS = 60_000

export async function runRolling(
  options: Omit<LaneOptions, 'faults' | 'dice' | 'gapMs'>,
): Promise<void> {
  const { world, records, isOver, done } = options
  const { instances, positions } = world
  while (!isOver()) {
    const nextMs = performance.now() + EVERY_MS
    for (let which = 0; which < instances.count && !isOver(); which++) {
      const [fromMs, before] = [Date.now(), records()]
      await instances.term(which)
      instances.start(which)
      const recoveryMs = await positions.moved(RECOVERY_MAX_MS)
      done({
        ...{ name: 'rolling restart', fromMs, recoveryMs, failure: undefined },
        toMs: recoveryMs === undefined ? undefined : Date.now(),
        records: records() - before,
      })
    }
    while (!isOver() && performance.now() < nextMs) await sleep(100)
  }
}
