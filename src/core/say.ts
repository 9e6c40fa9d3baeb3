/** Puts one stage change into words that leave the account: the record, and what is remembered of it. */
import type { Account, Memory } from './account.ts'
import type { Armed, Lasting, Level, Moment } from './detector.ts'
import type { Note } from './observer.ts'
import type { Day, EpochMs } from './time.ts'
import type { Audience, Reason, Resolution, Stage, WarningRecord } from './warning.ts'

/** One detector being judged on one input. */
export type Judging = Readonly<{
  account: Account
  armed: Armed
  moment: Moment
  /** `source ⏎ id` of the event, or `timer`. */
  by: string
  records: WarningRecord[]
  notes: Note[]
}>

type Numbers = Readonly<{ value: number; threshold: number; limit: number; unit: string }>

/** A higher stage than the one that stands: the first of an episode, or the next. */
export function tell(
  judging: Judging,
  memory: Memory,
  given: Lasting | Level,
  stage: Stage,
  cause: string,
  numbers: Numbers,
): void {
  const { armed, moment, by } = judging
  const measure = given.kind === 'level' ? { ...given, ...given.details?.() } : given
  const { open } = memory
  const consequenceOn =
    measure.kind === 'deadline' ? (measure.consequenceOn ?? measure.due) : undefined
  const renewedMs = measure.kind === 'level' ? undefined : measure.renewedMs
  memory.open = {
    openedMs: open?.openedMs ?? moment.atMs,
    openedBy: open?.openedBy ?? by,
    stage,
    stageAtMs: moment.atMs,
    knownBeforeMs: knownBy(moment),
    cause,
    consequence: measure.consequence,
    consequenceOn,
    audience: measure.audience ?? audienceOf(measure, stage),
    terminalIds: measure.terminalIds ?? [],
    warnedOn: open?.warnedOn,
    ...(renewedMs === undefined ? {} : { renewedMs }),
  }
  const { window, evidence } = measure
  record(judging, memory, measure.subject, open === undefined ? 'opened' : 'raised', {
    ...(open === undefined ? {} : { previousStage: open.stage }),
    ...numbers,
    ...(measure.kind === 'level' ? ofLevel(measure) : {}),
    ...(window === undefined ? {} : { window }),
    ...(measure.seen === undefined ? {} : { seen: measure.seen }),
    clears: measure.clears ?? armed.clears,
    documents: documentsOf(measure) ?? armed.documents,
    advice: armed.advice,
    ...(evidence === undefined || evidence.length === 0 ? {} : { evidence }),
  })
}

const documentsOf = (it: Lasting | Level) => (it.kind === 'level' ? undefined : it.documents)

/** The event that tells it counts, unless its clock is ahead of its arrival. */
function knownBy({ atMs, event }: Moment): EpochMs {
  return event === undefined ? atMs : atMs + 1
}

/** What a behaviour's first stage says is a question, and goes to the operator alone. */
function audienceOf({ kind }: Lasting | Level, stage: Stage): readonly Audience[] {
  return kind === 'level' && stage === 'notice' ? ['operator'] : ['merchant', 'operator']
}

/** The episode is over. What is remembered of its time at `warning` keeps those days out of baselines. */
export function end(
  judging: Judging,
  memory: Memory,
  subject: string,
  resolution: Resolution | 'retracted',
): void {
  const { open } = memory
  if (open === undefined) return
  if (resolution === 'retracted') record(judging, memory, subject, 'retracted', {})
  else {
    record(judging, memory, subject, 'resolved', { resolution })
    if (open.warnedOn !== undefined) keepStood(memory, open.warnedOn, judging.moment.today - 1)
  }
  memory.open = undefined
}

function keepStood({ stood }: Memory, from: Day, to: Day): void {
  if (to < from) return
  stood.push({ from, to })
  while (stood[0]!.to < to - KEPT_DAYS) stood.shift()
}

// The 90 days of a baseline, for a day judged up to three days late, and some room.
const KEPT_DAYS = 100

function record(
  { account, armed, moment, records }: Judging,
  { open }: Memory,
  subject: string,
  reason: Reason,
  details: Partial<WarningRecord>,
): void {
  if (open === undefined) return
  account.dirty.now = account.dirty.facts = true
  const { profile, zone, event, atMs } = moment
  records.push({
    tenant: account.tenant,
    merchantId: account.merchantId,
    detector: armed.name,
    detectorVersion: armed.version,
    subject,
    reason,
    stage: open.stage,
    openedMs: open.openedMs,
    openedBy: open.openedBy,
    atMs,
    ...(event === undefined ? {} : { causationId: event.id }),
    // Given when all of one input's records stand in order.
    sequence: 0,
    zone: zone.name,
    consequence: open.consequence,
    ...(open.consequenceOn === undefined ? {} : { consequenceOn: open.consequenceOn }),
    source: armed.source,
    audience: open.audience,
    terminalIds: open.terminalIds,
    profile: profile.name,
    policyHash: profile.hash,
    isAbsence: armed.isAbsence === true,
    ...details,
  })
}

function ofLevel({ k, n, baseline, historyDays }: Level): Partial<WarningRecord> {
  return {
    ...(k === undefined ? {} : { k }),
    ...(n === undefined ? {} : { n }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(historyDays === undefined ? {} : { historyDays }),
  }
}

/** The moment at which a told stage is questioned: only what happened before it counts. */
export function asOf(moment: Moment, stageAtMs: EpochMs, knownBeforeMs: EpochMs): Moment {
  const { zone, profile } = moment
  return {
    atMs: stageAtMs,
    dueByMs: stageAtMs,
    today: zone.dayOf(stageAtMs),
    zone,
    profile,
    knownBeforeMs,
  }
}
