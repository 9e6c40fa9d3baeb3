/** A new policy is an input: what it would not have said ends, what it would have said by now is told. */
import { z } from 'zod'
import type { Account, Memory } from './account.ts'
import { defineDetector } from './detector.ts'
import type { Armed, Lasting, Measure, Moment } from './detector.ts'
import { isLasting } from './judge-deadline.ts'
import { HITS_MAX } from './judge-level.ts'
import { stageBy, stageStarts } from './ladder.ts'
import type { Policy, Profile } from './policy.ts'
import { asOf, end } from './say.ts'
import type { Judging } from './say.ts'
import type { EpochMs } from './time.ts'
import { isHigher, STAGES } from './warning.ts'
import type { OpenWarning, Resolution } from './warning.ts'

/** The policy changed at this instant of the arrival clock. Absence is not judged beyond `absenceByMs`. */
export type PolicyInput = Readonly<{ kind: 'policy'; atMs: EpochMs; absenceByMs: EpochMs }>

/**
 * Fills `records` and `notes`. With the policy that judged the account before, or a second time at the
 * same instant, nothing is said: a pass over all accounts may be begun anew where it was cut off.
 */
export function stepPolicy(
  policy: Policy,
  account: Account,
  { atMs, absenceByMs }: PolicyInput,
  into: Pick<Judging, 'records' | 'notes'>,
  judge: (judging: Judging) => void,
): void {
  const { tenant, facts } = account
  const profile = policy.profileOf({ tenant, country: facts.country, mcc: facts.mcc })
  const zone = policy.zoneOf(facts.zone ?? profile.zone)
  const dueByMs = atMs - policy.graceMs
  const today = zone.dayOf(atMs)
  const moment = { atMs, dueByMs, today, zone, profile, knownBeforeMs: Infinity }
  const judging = (armed: Armed): Judging => {
    const byMs = armed.isAbsence === true ? Math.min(dueByMs, absenceByMs) : dueByMs
    return { account, armed, moment: { ...moment, dueByMs: byMs }, by: 'policy', ...into }
  }
  dropDisarmed(account, judging, profile)
  for (const armed of profile.armed) {
    if (armed.kind !== 'behaviour') endLasting(judging(armed))
    if (armed.kind !== 'behaviour') judge(judging(armed))
    else judgeAgain(judging(armed), judge)
  }
}

/** Its warnings end, and no timer of it is left: nobody would answer. */
function dropDisarmed(
  account: Account,
  judging: (armed: Armed) => Judging,
  { armed, disarmed }: Profile,
): void {
  for (const [name, subjects] of account.said) {
    if (armed.some((it) => it.name === name)) continue
    const its = judging(disarmed.find((it) => it.name === name) ?? unknown(name))
    for (const [subject, memory] of subjects) {
      end(its, memory, subject, 'policy-changed')
      setNext(account, memory, Infinity)
      const { hits, stood, silentUntil } = memory
      if (hits.length > 0 || stood.length > 0 || silentUntil !== undefined) continue
      subjects.delete(subject)
      account.dirty.facts = true
    }
  }
}

/** A detector that this version does not have any more: its last word is that it is gone. */
function unknown(name: string): Armed {
  const silent = { on: [], clears: [], documents: [], advice: [], measure: () => [] }
  const gone = { ...silent, name, version: 1, kind: 'deadline', limits: z.unknown() } as const
  return defineDetector(gone).arm(undefined, {}, 'none')
}

function endLasting(judging: Judging): void {
  const { account, armed, moment } = judging
  const open = [...(account.said.get(armed.name) ?? [])].filter(([, it]) => it.open !== undefined)
  if (open.length === 0) return
  const measures = armed.measure(account, moment)
  for (const [subject, memory] of open) {
    const measure = measures.find((it) => it.subject === subject)
    const resolution = whyOver(judging, memory.open!, measure)
    if (resolution !== undefined) end(judging, memory, subject, resolution)
  }
}

/** Never taken back: it was true under the policy that told it. Undefined: it stands. */
function whyOver(
  judging: Judging,
  open: OpenWarning,
  measure: Measure | undefined,
): Resolution | undefined {
  if (measure === undefined || measure.kind === 'level') return 'policy-changed'
  if (measure.kind === 'over') return measure.resolution
  if (measure.cause !== open.cause) return 'policy-changed'
  const { zone, dueByMs } = judging.moment
  const { endsOn, endsAs = 'cleared' } = measure
  if (endsOn !== undefined && zone.startMs(endsOn) <= dueByMs) return endsAs
  const stands = measure.held !== undefined || isReached(judging, open, measure, dueByMs)
  return stands || wasReached(judging, open, measure) ? undefined : 'policy-changed'
}

function isReached(
  { armed, moment }: Judging,
  { stage }: OpenWarning,
  measure: Lasting,
  byMs: EpochMs,
): boolean {
  const starts = stageStarts(armed.ladderOf(measure.ladder), measure, moment.zone)
  const reached = stageBy(starts, byMs)?.stage
  return reached !== undefined && STAGES.indexOf(reached) >= STAGES.indexOf(stage)
}

/** Told when it was told: what happened since may have moved the date, and that ends nothing. */
function wasReached(judging: Judging, open: OpenWarning, { subject }: Lasting): boolean {
  const { account, armed, moment } = judging
  const then = asOf(moment, open.stageAtMs, open.knownBeforeMs)
  const measure = armed.measure(account, then).find((it) => it.subject === subject)
  return (
    measure !== undefined && isLasting(measure) && isReached(judging, open, measure, open.stageAtMs)
  )
}

/** Windows judged before are judged again where they hit in an episode that stands; no others. */
function judgeAgain(judging: Judging, judge: (judging: Judging) => void): void {
  const { account, armed } = judging
  const open = [...(account.said.get(armed.name) ?? [])].filter(([, it]) => it.open !== undefined)
  for (const [subject, memory] of open) {
    const { nextMs } = memory
    // With as many hits as are kept, older ones may be forgotten that told what stands.
    if (memory.hits.length < HITS_MAX) judge(ofSubject(judging, subject, memory))
    if (memory.open !== undefined && !hasStage(armed, memory.open)) {
      end(judging, memory, subject, 'policy-changed')
      setNext(account, memory, Infinity)
    }
    // A day whose close is still to come must not be passed over.
    if (memory.open !== undefined && nextMs < memory.nextMs) setNext(account, memory, nextMs)
  }
}

function ofSubject(judging: Judging, subject: string, { hits, open }: Memory): Judging {
  const { armed, moment } = judging
  const days = hits.filter(({ lastAtMs }) => lastAtMs >= open!.openedMs).map(({ on }) => on)
  const again = [...new Set(days)].sort((a, b) => a - b)
  const measure = (account: Account, at: Moment): readonly Measure[] =>
    armed.measure(account, at).filter((it) => it.subject === subject)
  const revised = { ...moment, again, isRevision: true, isOvertaken: true }
  return { ...judging, armed: { ...armed, measure }, moment: revised }
}

/** A ladder without the stage told, or a higher one, would never have told it. */
function hasStage(armed: Armed, { stage }: OpenWarning): boolean {
  const ladder = armed.ladderOf(undefined)
  return STAGES.some((it) => !isHigher(stage, it) && ladder[it] !== undefined)
}

function setNext(account: Account, memory: Memory, atMs: EpochMs): void {
  if (memory.nextMs === atMs) return
  memory.nextMs = atMs
  account.wakeMs = undefined
  account.dirty.facts = true
}
