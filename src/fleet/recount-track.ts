/** One deadline of one subject: which stage has been told, and when the next one starts. */
import type { Day } from './civil.ts'

export const STAGES = ['notice', 'warning', 'final-warning', 'consequence-due'] as const
export type Stage = (typeof STAGES)[number]
export type Told = Stage | 'resolved' | 'retracted'
/** A stage is written when the arrival clock is this far past its instant. */
export const GRACE_MS = 60_000

/** Notes one record: `atMs` is its `time`. */
export type Tell = (detector: string, subject: string, told: Told, atMs: number) => void

/** Stages in climbing order with the instants at which they start. */
export type Clock = Readonly<{
  cause: Day
  steps: readonly Readonly<{ stage: Stage; atMs: number }>[]
  /** The warning ends by itself here. */
  endsMs?: number
}>

/** When something is judged. An event leaves stages that start within the grace to their timers. */
export type Moment = Readonly<{ atMs: number; dueByMs: number; byEvent: boolean }>

export type Track = {
  readonly detector: string
  readonly subject: string
  open: { stage: Stage; atMs: number; byEvent: boolean; cause: Day } | undefined
  /** The next instant at which this track has to be judged again. */
  nextMs: number
}

export type Judged = Readonly<{
  clock: Clock | undefined
  /** No stage may change, but an end is told. */
  isHeld?: boolean
  /** The clock as the facts that happened before an instant give it, with all that is known now. */
  clockBefore: (ms: number) => Clock | undefined
}>

export function createTrack(detector: string, subject: string): Track {
  return { detector, subject, open: undefined, nextMs: Infinity }
}

export function judgeTrack(track: Track, judged: Judged, moment: Moment, tell: Tell): void {
  const { clock } = judged
  const isPast = clock?.endsMs !== undefined && clock.endsMs <= moment.dueByMs
  const { open } = track
  if (open !== undefined && (clock === undefined || isPast || clock.cause !== open.cause)) {
    endTrack(track, isPast ? 'resolved' : howItEnds(open, judged), moment.atMs, tell)
  }
  if (clock !== undefined && !isPast && judged.isHeld !== true) climb(track, clock, moment, tell)
  track.nextMs = nextOf(track, clock, isPast, judged.isHeld === true, moment.dueByMs)
}

export function endTrack(track: Track, told: Told, atMs: number, tell: Tell): void {
  if (track.open !== undefined) tell(track.detector, track.subject, told, atMs)
  track.open = undefined
  track.nextMs = Infinity
}

/** Was the stage told last true at its instant, by all that is known now to have happened before? */
function howItEnds(open: NonNullable<Track['open']>, { clockBefore }: Judged): Told {
  // What happened at the very instant counts too where an event told the stage.
  const clock = clockBefore(open.byEvent ? open.atMs + 1 : open.atMs)
  const reached = clock === undefined ? undefined : reachedBy(clock, open.atMs)
  return rank(reached) < rank(open.stage) ? 'retracted' : 'resolved'
}

function climb(track: Track, clock: Clock, { atMs, dueByMs, byEvent }: Moment, tell: Tell): void {
  const stage = reachedBy(clock, dueByMs)
  if (stage === undefined || rank(stage) <= rank(track.open?.stage)) return
  track.open = { stage, atMs, byEvent, cause: clock.cause }
  tell(track.detector, track.subject, stage, atMs)
}

function nextOf(
  track: Track,
  clock: Clock | undefined,
  isPast: boolean,
  isHeld: boolean,
  dueByMs: number,
): number {
  if (clock === undefined || isPast) return Infinity
  let next = track.open !== undefined && clock.endsMs !== undefined ? clock.endsMs : Infinity
  if (isHeld) return next
  for (const { atMs } of clock.steps) if (atMs > dueByMs) next = Math.min(next, atMs)
  return next
}

function reachedBy({ steps }: Clock, ms: number): Stage | undefined {
  return steps.findLast((step) => step.atMs <= ms)?.stage
}

function rank(stage: Stage | undefined): number {
  return stage === undefined ? -1 : STAGES.indexOf(stage)
}
