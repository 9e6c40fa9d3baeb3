/** What a deadline detector sees of one subject, before anybody asks what has been said already. */
import { at, plusDays, type Day } from './civil.ts'

export const STAGES = ['notice', 'warning', 'final-warning', 'consequence-due'] as const
export type Stage = (typeof STAGES)[number]

export type Step = Readonly<{ stage: Stage; day: Day; atMs: number }>
export type Measure = Readonly<{
  detector: string
  subject: string
  /** When it becomes another, the episode ends. */
  cause: string
  steps: readonly Step[]
  /** From this instant on there is nothing to say. */
  endsAtMs?: number
  /** Nothing is opened or raised meanwhile. */
  isHeld?: boolean
  /** Until this instant one stage of it is neither opened nor raised. */
  heldUntilMs?: (step: Step) => number
  /** A stage whose date came waits for forwarded sales. */
  isWaiting?: (step: Step) => boolean
}>

/** Steps of a ladder in days from a date. */
export function ladder(
  days: Readonly<Partial<Record<Stage, number>>>,
  from: Day,
  zone: string,
): Step[] {
  return STAGES.flatMap((stage) => {
    const offset = days[stage]
    if (offset === undefined) return []
    const day = plusDays(from, offset)
    return [{ stage, day, atMs: at(day, zone) }]
  })
}

/** What follows from a count, whenever it is asked. */
export function stepNow(stage: Stage): Step {
  return { stage, day: '', atMs: -Infinity }
}

export function rank(stage: Stage | undefined): number {
  return stage === undefined ? -1 : STAGES.indexOf(stage)
}

/** The highest stage whose instant has come. */
export function stageAt(measure: Measure, byMs: number): Stage | undefined {
  if (measure.endsAtMs !== undefined && measure.endsAtMs <= byMs) return undefined
  return measure.steps
    .filter(({ atMs }) => atMs <= byMs)
    .map(({ stage }) => stage)
    .sort((a, b) => rank(a) - rank(b))
    .at(-1)
}

/** `:`, `%` and control characters of an id are percent-encoded. */
export function subjectOf(...parts: readonly string[]): string {
  return parts.map(encodePart).join(':')
}

function encodePart(part: string): string {
  // oxlint-disable-next-line no-control-regex
  return part.replace(/[%:\u0000-\u001f\u007f-\u009f]/g, (char) => encodeURIComponent(char))
}
