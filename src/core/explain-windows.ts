/** The windows of one behaviour detector as they stand, its hits, and what the next stage would take. */
import type { Account, Memory } from './account.ts'
import type { Armed, Moment } from './detector.ts'
import type { DetectorNow, HitNow, WindowNow } from './explanation.ts'
import type { Look } from './look.ts'
import type { LevelStep } from './policy.ts'
import { dayText } from './time.ts'
import type { Day } from './time.ts'
import { isHigher, STAGES } from './warning.ts'

export function windowsOf(account: Account, armed: Armed, moment: Moment): WindowNow[] {
  const { zone } = moment
  return armed.look(account, moment).map(({ window: { fromMs, toMs }, ...look }: Look) => ({
    ...look,
    ...{ from: zone.text(fromMs), to: zone.text(toMs) },
  }))
}

/** One for each window: what is kept as the first and the last of a stretch is told once. */
export function hitsOf(memories: readonly Memory[], { zone }: Moment): HitNow[] {
  const hits = memories.flatMap((memory) => memory.hits)
  const byWindow = new Map(hits.map((hit) => [`${hit.rule} ${hit.endMs} ${hit.on}`, hit]))
  return [...byWindow.values()].map(({ rule, on, endMs, isStrong }) => {
    return { rule, on: dayText(on), to: zone.text(endMs), isStrong }
  })
}

export function climbsOf(armed: Armed, memories: readonly Memory[]): DetectorNow['climbs'] {
  const told = memories.flatMap(({ open }) => open?.stage ?? []).at(0)
  const ladder = armed.ladderOf(undefined)
  return STAGES.filter((stage) => isHigher(stage, told) && ladder[stage] !== undefined).map(
    (stage) => ({ stage, by: (ladder[stage] ?? []) as readonly LevelStep[] }),
  )
}

/**
 * The date at whose beginning a behaviour's warning ends, if nothing more is found: two whole dates after
 * the last hit, or the next date for a rule that is false by then.
 */
export function endsOnIfQuiet(armed: Armed, { open, hits }: Memory, today: Day): Day | undefined {
  if (open === undefined) return undefined
  const { ruleWindows = [] } = armed
  const last = hits.filter(({ rule }) => !ruleWindows.includes(rule)).map(({ on }) => on)
  return Math.max(today + 1, ...last.map((on) => on + 3))
}
