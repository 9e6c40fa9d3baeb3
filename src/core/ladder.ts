/** Which stage a measure has reached, and when the next one begins. Pure arithmetic on the policy. */
import type { Deadline, Fact, Lasting } from './detector.ts'
import type { CountStep, DeadlineStep, Ladder } from './policy.ts'
import type { Day, EpochMs, Zone } from './time.ts'
import { isHigher, STAGES } from './warning.ts'
import type { Stage } from './warning.ts'

export type StageStart = Readonly<{
  stage: Stage
  /** Where it begins: days after the cause, or how many. */
  threshold: number
  /** Undefined: of a fact. What is reached has begun, at whichever instant. */
  on: Day | undefined
  atMs: EpochMs
}>

/** Ascending. A stage that would begin at or after the consequence is skipped. */
export function stageStarts(ladder: Ladder, measure: Lasting, zone: Zone): readonly StageStart[] {
  const { stageMax } = measure
  const starts = measure.kind === 'fact' ? reached(ladder, measure) : dates(ladder, measure, zone)
  return stageMax === undefined ? starts : starts.filter((it) => !isHigher(it.stage, stageMax))
}

/** No others ever begin by themselves. */
function reached(ladder: Ladder, { count }: Fact): StageStart[] {
  const begun = { on: undefined, atMs: -Infinity }
  return STAGES.flatMap((stage): StageStart[] => {
    const step = ladder[stage]?.find((it): it is CountStep => it.kind === 'count')
    if (step === undefined || step.count > count) return []
    return [{ stage, threshold: step.count, ...begun }]
  })
}

function dates(ladder: Ladder, deadline: Deadline, zone: Zone): StageStart[] {
  const { due, consequenceOn = due } = deadline
  const hasConsequence = ladder['consequence-due'] !== undefined
  const starts: StageStart[] = []
  for (const stage of STAGES) {
    const step = deadlineStepOf(ladder, stage)
    if (step === undefined) continue
    const isLast = stage === 'consequence-due'
    const on = isLast ? consequenceOn : startOn(step, deadline)
    if (on === undefined) continue
    if (hasConsequence && !isLast && on >= (consequenceOn ?? Infinity)) continue
    const threshold = on - deadline.from
    starts.push({ stage, threshold, on, atMs: startMs(on, deadline, zone) })
  }
  return starts
}

function deadlineStepOf(ladder: Ladder, stage: Stage): DeadlineStep | undefined {
  for (const step of ladder[stage] ?? []) if ('days' in step) return step as DeadlineStep
  return undefined
}

function startMs(on: Day, { wait }: Deadline, zone: Zone): EpochMs {
  const atMs = zone.startMs(on)
  if (wait === undefined || wait.releasedMs >= atMs) return atMs
  return zone.startMs(on + wait.days)
}

/**
 * Local dates that do not count push a step after the cause back, where they lie before it. Undefined: there is
 * no date to be before.
 */
function startOn(
  { kind, days }: DeadlineStep,
  { from, due, uncounted = [] }: Deadline,
): Day | undefined {
  if (kind === 'before') return due === undefined ? undefined : due - Math.abs(days)
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
