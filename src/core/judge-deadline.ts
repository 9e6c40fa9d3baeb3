/** Judges dates and counts: ends what lost its cause, tells the stage that has begun, sets the next. */
import { memoryOf } from './account.ts'
import { moveClock } from './wake.ts'
import type { Memory } from './account.ts'
import type { Lasting, Measure, Moment } from './detector.ts'
import { isQuiet } from './codec-facts.ts'
import { stageBy, stageStarts } from './ladder.ts'
import type { StageStart } from './ladder.ts'
import type { Ladder } from './policy.ts'
import { asOf, end, tell } from './say.ts'
import type { Judging } from './say.ts'
import { isHigher, STAGES } from './warning.ts'
import type { OpenWarning, Resolution, Stage } from './warning.ts'

export function judgeDeadlines(judging: Judging, measures: readonly Measure[]): void {
  const { account, armed, moment } = judging
  const known = account.said.get(armed.name)
  for (const [subject, memory] of known ?? []) {
    const measure = measures.find((it) => it.subject === subject)
    const resolution = whyOver(memory, measure, moment)
    if (resolution !== undefined) endOrTakeBack(judging, memory, subject, resolution)
    if (measure === undefined || !isLasting(measure)) setNext(judging, memory, Infinity)
  }
  for (const measure of measures) {
    if (isLasting(measure)) judgeOne(judging, measure)
  }
  for (const [subject, memory] of known ?? []) {
    if (!isBlank(memory)) continue
    known?.delete(subject)
    account.dirty.facts = true
  }
}

export function isLasting(measure: Measure): measure is Lasting {
  return measure.kind === 'deadline' || measure.kind === 'fact'
}

/** The cause is gone or another, or its time has run out. Undefined: it goes on. */
function whyOver(
  { open }: Memory,
  measure: Measure | undefined,
  moment: Moment,
): Resolution | undefined {
  if (open === undefined) return undefined
  if (measure === undefined || measure.kind === 'level') return 'cleared'
  if (measure.kind === 'over') return measure.resolution
  if (measure.cause !== open.cause) return 'cleared'
  return hasEnded(measure, moment) ? (measure.endsAs ?? 'cleared') : undefined
}

/** Its time has run out: it ends by itself. */
export function hasEnded({ endsOn }: Lasting, { zone, dueByMs }: Moment): boolean {
  return endsOn !== undefined && zone.startMs(endsOn) <= dueByMs
}

/**
 * Would the stage last told, with all that is now known to have happened before it, have been reached at
 * its own instant? Then it was true and the cause has ended; else it never was.
 */
function endOrTakeBack(
  judging: Judging,
  memory: Memory,
  subject: string,
  resolution: Resolution,
): void {
  const { open } = memory
  if (open === undefined) return
  // What happens at the very instant of the stage ends it; it does not deny it.
  const isAtIt = judging.moment.eventMs === open.stageAtMs
  // Another speaks in its place: nobody asks whether it was right to.
  const isTakenOver = resolution === 'superseded' || resolution === 'rolled-up'
  const wasTrue = isAtIt || isTakenOver || wasTrueAt(judging, open, subject)
  end(judging, memory, subject, wasTrue ? resolution : 'retracted')
}

function wasTrueAt(
  { account, armed, moment }: Judging,
  open: OpenWarning,
  subject: string,
): boolean {
  const then = asOf(moment, open.stageAtMs, open.knownBeforeMs)
  const measure = armed.measure(account, then).find((it) => it.subject === subject)
  if (measure === undefined || !isLasting(measure)) return false
  const starts = stageStarts(armed.ladderOf(measure.ladder), measure, moment.zone)
  const reached = stageBy(starts, open.stageAtMs)
  return reached !== undefined && STAGES.indexOf(reached.stage) >= STAGES.indexOf(open.stage)
}

function judgeOne(judging: Judging, measure: Lasting): void {
  const { account, armed, moment, notes } = judging
  const { zone, dueByMs } = moment
  if (hasEnded(measure, moment)) {
    const memory = account.said.get(armed.name)?.get(measure.subject)
    if (memory !== undefined) setNext(judging, memory, Infinity)
    return
  }
  const memory = memoryOf(account, armed.name, measure.subject)
  const { held, cause } = measure
  const ladder = armed.ladderOf(measure.ladder)
  const all = stageStarts(ladder, measure, zone)
  const starts = held === undefined ? all : startsWhileHeld(measure, all)
  const reached = stageBy(starts, dueByMs)
  if (reached !== undefined && isHigher(reached.stage, memory.open?.stage)) {
    tell(
      judging,
      memory,
      measure,
      reached.stage,
      cause,
      numbersOf(measure, reached, ladder, moment),
    )
  } else if (held !== undefined) {
    const withheld = stageBy(all, dueByMs)
    if (withheld !== undefined && isHigher(withheld.stage, memory.open?.stage)) {
      notes.push({ kind: 'suppressed', detector: armed.name, cause: held })
    }
  }
  renew(judging, memory, measure)
  setNext(judging, memory, nextMs(measure, starts, memory.open?.stage, moment))
}

function renew({ account }: Judging, { open }: Memory, { renewedMs }: Lasting): void {
  if (open === undefined || renewedMs === undefined || open.renewedMs === renewedMs) return
  open.renewedMs = renewedMs
  account.dirty.facts = true
}

/** None, or the last alone, which is held for some time only. */
export function startsWhileHeld(
  { consequenceHeldToMs: heldToMs }: Lasting,
  all: readonly StageStart[],
): readonly StageStart[] {
  const last = all.find(({ stage }) => stage === 'consequence-due')
  if (heldToMs === undefined || last === undefined) return []
  return [{ ...last, atMs: Math.max(last.atMs, heldToMs) }]
}

/** Whole local days from the cause, or how many. The limit is the consequence's, else the last stage's. */
function numbersOf(measure: Lasting, { threshold }: StageStart, ladder: Ladder, moment: Moment) {
  const { zone, today } = moment
  if (measure.kind === 'fact') {
    const limit = stageStarts(ladder, { ...measure, count: Infinity }, zone).at(-1)!.threshold
    return { value: measure.count, threshold, limit, unit: measure.unit }
  }
  const { from, due, consequenceOn = due } = measure
  const limit =
    consequenceOn === undefined
      ? stageStarts(ladder, measure, zone).at(-1)!.threshold
      : consequenceOn - from
  return { value: today - from, threshold, limit, unit: 'days' }
}

/** The next instant at which this measure can change by itself. */
function nextMs(
  { endsOn }: Lasting,
  starts: readonly StageStart[],
  told: Stage | undefined,
  { zone, dueByMs }: Moment,
): number {
  const endsMs = endsOn === undefined ? Infinity : zone.startMs(endsOn)
  const next = starts.find(({ stage, atMs }) => atMs > dueByMs && isHigher(stage, told))
  return Math.min(endsMs, next?.atMs ?? Infinity)
}

function setNext({ account }: Judging, memory: Memory, atMs: number): void {
  if (memory.nextMs === atMs) return
  moveClock(account, memory.nextMs, atMs)
  memory.nextMs = atMs
  // A clock that has said nothing is stored with what changes daily; a record marks both.
  if (isQuiet(memory)) account.dirty.now = true
  else account.dirty.facts = true
}

function isBlank({ open, hits, nextMs: at, silentUntil, stood }: Memory): boolean {
  const isSilent = open === undefined && at === Infinity && silentUntil === undefined
  return isSilent && hits.length === 0 && stood.length === 0
}
