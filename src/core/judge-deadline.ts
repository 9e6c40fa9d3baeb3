/** Judges a detector's dates: ends what lost its cause, tells the stage that has begun, sets the next. */
import { memoryOf } from './account.ts'
import type { Memory } from './account.ts'
import type { Deadline, Measure, Moment } from './detector.ts'
import { stageBy, stageStarts } from './ladder.ts'
import type { StageStart } from './ladder.ts'
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
    if (measure?.kind !== 'deadline') setNext(judging, memory, Infinity)
  }
  for (const measure of measures) {
    if (measure.kind === 'deadline') judgeOne(judging, measure)
  }
  for (const [subject, memory] of known ?? []) {
    if (!isBlank(memory)) continue
    known?.delete(subject)
    account.dirty.facts = true
  }
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

function hasEnded({ endsOn }: Deadline, { zone, dueByMs }: Moment): boolean {
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
  const wasTrue = wasTrueAt(judging, open, subject)
  end(judging, memory, subject, wasTrue ? resolution : 'retracted')
}

function wasTrueAt(
  { account, armed, moment }: Judging,
  open: OpenWarning,
  subject: string,
): boolean {
  const then = asOf(moment, open.stageAtMs, open.isStageByEvent)
  const measure = armed.measure(account, then).find((it) => it.subject === subject)
  if (measure?.kind !== 'deadline') return false
  const starts = stageStarts(armed.ladderOf(measure.ladder), measure, moment.zone)
  const reached = stageBy(starts, open.stageAtMs)
  return reached !== undefined && STAGES.indexOf(reached.stage) >= STAGES.indexOf(open.stage)
}

function judgeOne(judging: Judging, measure: Deadline): void {
  const { account, armed, moment } = judging
  const { zone, dueByMs } = moment
  if (hasEnded(measure, moment)) {
    const memory = account.said.get(armed.name)?.get(measure.subject)
    if (memory !== undefined) setNext(judging, memory, Infinity)
    return
  }
  const memory = memoryOf(account, armed.name, measure.subject)
  const starts = stageStarts(armed.ladderOf(measure.ladder), measure, zone)
  const reached = stageBy(starts, dueByMs)
  if (measure.held !== undefined) {
    if (reached !== undefined && isHigher(reached.stage, memory.open?.stage)) {
      judging.notes.push({ kind: 'suppressed', detector: armed.name, cause: measure.held })
    }
  } else if (reached !== undefined && isHigher(reached.stage, memory.open?.stage)) {
    tell(
      judging,
      memory,
      measure,
      reached.stage,
      measure.cause,
      numbersOf(measure, reached, moment),
    )
  }
  setNext(judging, memory, nextMs(measure, starts, memory.open?.stage, moment))
}

/** Whole local days from the cause. */
function numbersOf(measure: Deadline, reached: StageStart, { today }: Moment) {
  const { from, due, consequenceOn = due } = measure
  const value = today - from
  return { value, threshold: reached.on - from, limit: consequenceOn - from, unit: 'days' }
}

/** The next instant at which this measure can change by itself. */
function nextMs(
  { endsOn, held }: Deadline,
  starts: readonly StageStart[],
  told: Stage | undefined,
  { zone, dueByMs }: Moment,
): number {
  const endsMs = endsOn === undefined ? Infinity : zone.startMs(endsOn)
  if (held !== undefined) return endsMs
  const next = starts.find(({ stage, atMs }) => atMs > dueByMs && isHigher(stage, told))
  return Math.min(endsMs, next?.atMs ?? Infinity)
}

function setNext({ account }: Judging, memory: Memory, atMs: number): void {
  if (memory.nextMs === atMs) return
  memory.nextMs = atMs
  account.wakeMs = undefined
  account.dirty.facts = true
}

function isBlank({ open, hits, nextMs: at, silentUntil, stood }: Memory): boolean {
  const isSilent = open === undefined && at === Infinity && silentUntil === undefined
  return isSilent && hits.length === 0 && stood.length === 0
}
