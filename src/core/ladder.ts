/** Which stage a measure has reached, and when the next one begins. Pure arithmetic on the policy. */
import type { Hit } from './account.ts'
import type { Deadline, Level } from './detector.ts'
import type { DeadlineStep, Ladder, LevelStep } from './policy.ts'
import type { Day, EpochMs, Zone } from './time.ts'
import { STAGES } from './warning.ts'
import type { Stage } from './warning.ts'

export type StageStart = Readonly<{ stage: Stage; on: Day; atMs: EpochMs }>

/** Ascending. A stage that would begin at or after the consequence is skipped. */
export function stageStarts(ladder: Ladder, deadline: Deadline, zone: Zone): StageStart[] {
  const starts: StageStart[] = []
  const consequence = ladder['consequence-due'] === undefined ? Infinity : deadline.due
  for (const stage of STAGES) {
    const step = ladder[stage]?.find((it): it is DeadlineStep => 'days' in it)
    if (step === undefined) continue
    const on = startOn(step, deadline)
    const isSkipped = stage !== 'consequence-due' && on >= consequence
    if (!isSkipped) starts.push({ stage, on, atMs: startMs(on, deadline, zone) })
    if (stage === deadline.stageMax) break
  }
  return starts
}

function startMs(on: Day, { wait }: Deadline, zone: Zone): EpochMs {
  const atMs = zone.startMs(on)
  if (wait === undefined || wait.releasedMs >= atMs) return atMs
  return zone.startMs(on + wait.days)
}

/** Local dates that do not count push a step after the cause back, where they lie before it. */
function startOn({ kind, days }: DeadlineStep, { from, due, uncounted = [] }: Deadline): Day {
  if (kind === 'before') return due - Math.abs(days)
  let on = from + Math.abs(days)
  for (const idle of uncounted) {
    const first = Math.max(idle.from, from + 1)
    if (first <= on) on += Math.max(0, idle.to - first)
  }
  return on
}

/** The highest stage begun by an instant, inclusive. */
export function stageBy(starts: readonly StageStart[], byMs: EpochMs): StageStart | undefined {
  return starts.findLast(({ atMs }) => atMs <= byMs)
}

/** What a hit reaches, given all hits known of this detector and subject, itself among them. */
export function stageOfHit(ladder: Ladder, hit: Hit, hits: readonly Hit[]): Stage | undefined {
  let reached: Stage | undefined
  for (const stage of STAGES) {
    const steps = ladder[stage] ?? []
    if (steps.some((step) => 'kind' in step && holds(step, hit, hits))) reached = stage
  }
  return reached
}

function holds(step: DeadlineStep | LevelStep, hit: Hit, hits: readonly Hit[]): boolean {
  switch (step.kind) {
    case 'hit':
      return true
    case 'value':
      return hit.isStrong
    case 'hits':
      return step.per === 'card' ? cardsHit(step.panes, hit, hits) >= step.hits : isTwice(hit, hits)
    default:
      return false
  }
}

/** Cards whose latest hit lies in the panes that end with this hit's. */
function cardsHit(panes = Infinity, hit: Hit, hits: readonly Hit[]): number {
  const { pane = 0 } = hit
  const near = hits.filter((it) => (it.pane ?? 0) > pane - panes && (it.pane ?? 0) <= pane)
  return new Set(near.map(({ key }) => key)).size
}

/** The rule held on the trading day before as well. */
function isTwice(hit: Hit, hits: readonly Hit[]): boolean {
  const { rule, previousOn } = hit
  return previousOn !== undefined && hits.some((it) => it.rule === rule && it.on === previousOn)
}

/** Whether a level's value alone reaches `warning`. */
export function isStrong(ladder: Ladder, level: Level): boolean {
  const steps = ladder.warning ?? []
  return steps.some((step) => step.kind === 'value' && level.multipleAtLeast?.(step.min) === true)
}
