/** A fleet in which something befalls every merchant: much to be said in few records. */
import { dayFrom } from '../../src/fleet/civil.ts'
import { fleetOf } from '../../src/fleet/fleet.ts'
import { linesOf } from '../../src/fleet/stream.ts'

/** In order of arrival; the last line arrives at `untilMs`. Healthy merchants are left out. */
export function fleetLines(
  options: Readonly<{ merchants: number; days: number; seed: number }>,
): Readonly<{ lines: readonly string[]; untilMs: number }> {
  const fleet = fleetOf({ ...options, fromDay: dayFrom('2025-01-01') })
  // The first one closes the stream.
  const actors = fleet.actors.filter(({ cause }, at) => at === 0 || cause !== 'healthy')
  return { lines: [...linesOf({ ...fleet, actors })], untilMs: fleet.untilMs }
}
