/** A warning that follows a count of what has happened: no dates, every change comes by an event. */
import { STAGES, type Stage, type Tell, type Told } from './recount-track.ts'

export type Tally = {
  readonly detector: string
  readonly subject: string
  open: Readonly<{ stage: Stage; atMs: number }> | undefined
}

export function createTally(detector: string, subject: string): Tally {
  return { detector, subject, open: undefined }
}

/**
 * `stageBefore` is the stage by the facts that happened before an instant, with all that is known
 * now. While held nothing climbs, but an end is told. A stage that has become too high is kept.
 */
export function judgeTally(
  tally: Tally,
  stageBefore: (ms: number) => Stage | undefined,
  { atMs, isHeld = false }: Readonly<{ atMs: number; isHeld?: boolean }>,
  tell: Tell,
): void {
  const { open } = tally
  const stage = stageBefore(Infinity)
  if (stage === undefined) {
    // What happened at the very instant counts too: an event told the stage.
    const isTrue = open !== undefined && rank(stageBefore(open.atMs + 1)) >= rank(open.stage)
    endTally(tally, isTrue ? 'resolved' : 'retracted', atMs, tell)
    return
  }
  if (isHeld || rank(stage) <= rank(open?.stage)) return
  tally.open = { stage, atMs }
  tell(tally.detector, tally.subject, stage, atMs)
}

export function endTally(tally: Tally, told: Told, atMs: number, tell: Tell): void {
  if (tally.open !== undefined) tell(tally.detector, tally.subject, told, atMs)
  tally.open = undefined
}

function rank(stage: Stage | undefined): number {
  return stage === undefined ? -1 : STAGES.indexOf(stage)
}
