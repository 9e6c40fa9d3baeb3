/** Where the inactivity clocks of terminals and of their account start, and what they lead to. */
import type { Facts } from './account.ts'
import { pausesOf } from './pauses.ts'
import { isExempt, isLive, lastActivity } from './terminals.ts'
import type { Role, Terminal } from './terminals.ts'
import { addMonths } from './time.ts'
import type { Day, EpochMs, Zone } from './time.ts'

/** Where a terminal's clocks start: last activity, else activation; never before it left an exempt role. */
export function startOf(
  terminal: Terminal,
  { migratedMs = Infinity }: Facts,
  zone: Zone,
  beforeMs: EpochMs,
): Day | undefined {
  const active = lastActivity(terminal, beforeMs)
  const activatedMs = Math.max(
    terminal.activations.findLast((at) => at < beforeMs) ?? -Infinity,
    migratedMs < beforeMs ? migratedMs : -Infinity,
  )
  const start = active?.on ?? (activatedMs === -Infinity ? undefined : zone.dayOf(activatedMs))
  const leftMs = leftExemptMs(terminal, beforeMs)
  if (start === undefined || leftMs === undefined) return start
  return Math.max(start, zone.dayOf(leftMs))
}

function leftExemptMs({ roles }: Terminal, beforeMs: EpochMs): EpochMs | undefined {
  let left: EpochMs | undefined
  let before: Role = 'primary'
  for (const { atMs, role } of roles) {
    if (atMs >= beforeMs) break
    if (role === 'primary' && before !== 'primary') left = atMs
    before = role
  }
  return left
}

export type Clocks = Readonly<{ start: Day; reverifyOn: Day; stopOn: Day }>

/**
 * The dates a start leads to. A re-verification restarts the first of them; a pause declared for on or
 * before it moves it to as long after the pause's end. The second knows neither.
 */
export function clocksFrom(
  start: Day,
  { verifications, pauses }: Facts,
  months: Readonly<{ reverifyMonths: number; stopMonths: number; pauseMonthsMax: number }>,
  beforeMs: EpochMs,
): Clocks {
  let restart = start
  for (const { atMs, on } of verifications) if (atMs < beforeMs) restart = Math.max(restart, on)
  let reverifyOn = addMonths(restart, months.reverifyMonths)
  for (const { from, end } of pausesOf(pauses, months.pauseMonthsMax, beforeMs)) {
    if (from <= reverifyOn) {
      reverifyOn = Math.max(reverifyOn, addMonths(end, months.reverifyMonths))
    }
  }
  return { start, reverifyOn, stopOn: addMonths(start, months.stopMonths) }
}

/** Live terminals in no exempt role. */
export function countingTerminals(facts: Facts, beforeMs: EpochMs): [string, Terminal][] {
  const counting = [...facts.terminals].filter(([, it]) => !isExempt(it, beforeMs))
  return counting.filter(([, it]) => isLive(it, beforeMs))
}

/** The latest start among the terminals that count; where none is live, among those it had. */
export function accountStart(facts: Facts, zone: Zone, beforeMs: EpochMs): Day | undefined {
  const all = [...facts.terminals.values()]
  const isAnyLive = all.some((it) => isLive(it, beforeMs))
  const counting = all.filter((it) => {
    return !isExempt(it, beforeMs) && (!isAnyLive || isLive(it, beforeMs))
  })
  let latest: Day | undefined
  for (const terminal of counting) {
    const start = startOf(terminal, facts, zone, beforeMs)
    if (start !== undefined && start > (latest ?? -Infinity)) latest = start
  }
  return latest
}
