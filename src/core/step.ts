/** The whole of the product's judgement: no clock, no I/O, no randomness. */
import type { TerminalEvent } from '../events/event.ts'
import { lifecycleOf } from './account.ts'
import type { Account, Memory } from './account.ts'
import { admit } from './admit.ts'
import { apply } from './apply.ts'
import type { Applying } from './applying.ts'
import { concernedBy, isAsked } from './concerned.ts'
import { bitsOf, noChanges } from './changes.ts'
import type { Measure, Moment } from './detector.ts'
import { SOLD } from './holding.ts'
import { forgetBusy } from './idle.ts'
import { judgeDeadlines } from './judge-deadline.ts'
import { judgeLevels } from './judge-level.ts'
import type { Note } from './observer.ts'
import type { Policy, Profile } from './policy.ts'
import { review } from './review.ts'
import { end } from './say.ts'
import type { Judging } from './say.ts'
import { stepPolicy } from './step-policy.ts'
import type { PolicyInput } from './step-policy.ts'
import { MINUTE_MS } from './time.ts'
import type { EpochMs } from './time.ts'
import type { WarningRecord } from './warning.ts'

/** Beyond its arrival by more than this, an event's time is set back to it; exactly so much is kept. */
const AHEAD_MS_MAX = 5 * MINUTE_MS

/** What can move an account: something happened, nothing had by a moment, or it is judged anew. */
export type Input =
  | Readonly<{
      kind: 'event'
      event: TerminalEvent
      arrivedMs: EpochMs
      /** Absence is not judged beyond this: the partition sees nothing after it. */
      absenceByMs: EpochMs
    }>
  | Readonly<{ kind: 'instant'; atMs: EpochMs; absenceByMs: EpochMs }>
  | PolicyInput

export type Step = Readonly<{
  fate: 'applied' | 'duplicate' | 'id-reused'
  /** Ends before openings, then by detector and subject. */
  warnings: readonly WarningRecord[]
  isStandingChanged: boolean
  notes: readonly Note[]
}>

/** `account` is updated in place; no reference to it is kept. */
export function step(policy: Policy, account: Account, input: Input): Step {
  if (input.kind === 'event') return fold(policy, account, input)
  if (input.kind === 'instant') return arrive(policy, account, input)
  const said = { records: [], notes: [] }
  stepPolicy(policy, account, input, said, judge)
  return finish(account, said.records, false, said.notes)
}

function fold(
  policy: Policy,
  account: Account,
  { event, arrivedMs, absenceByMs }: Extract<Input, { kind: 'event' }>,
): Step {
  const notes: Note[] = []
  const atMs = Math.min(event.timeMs, arrivedMs + AHEAD_MS_MAX)
  if (atMs < event.timeMs) notes.push({ kind: 'clamped' })
  const profile = profileOf(policy, account)
  const zone = policy.zoneOf(account.facts.zone ?? profile.zone)
  const repeat = admit(account, event, atMs, arrivedMs, zone, notes)
  if (repeat !== 'new') return { ...NOTHING, fate: repeat === 'reused' ? 'id-reused' : 'duplicate' }

  const before = lifecycleOf(account.facts)
  const applying: Applying = {
    account,
    atMs,
    arrivedMs,
    zone,
    notes,
    currency: profile.currency,
    counting: profile.counting,
    changes: noChanges(),
    touchedOn: undefined,
    isRevision: false,
    isOvertaken: false,
  }
  apply(applying, event)
  const { bits } = applying.changes
  if ((bits & SOLD) !== 0) account.sold = undefined
  const moment = momentOf(policy, account, event, applying, profile)
  const records: WarningRecord[] = []
  if (event.type === 'information.submitted') {
    review(account, moment, event.data, nameOf(event), records)
  }
  for (const armed of concernedBy(moment.profile.armed, bits)) {
    if (!isAsked(armed, account, bits)) continue
    const seen = armed.isAbsence === true ? limited(moment, absenceByMs) : moment
    const isOn = before === 'active' && lifecycleOf(account.facts) === 'active'
    const measures = isOn ? armed.measure(account, seen) : undefined
    // Nearly always there is nothing to say, and nothing was said.
    if (measures?.length === 0 && !account.said.has(armed.name)) continue
    judge({ account, armed, moment: seen, by: nameOf(event), records, notes }, measures)
  }
  return finish(account, records, before !== lifecycleOf(account.facts), notes)
}

const nameOf = ({ source, id }: TerminalEvent): string => `${source}\n${id}`

/** Only those whose own instant has come. */
function arrive(
  policy: Policy,
  account: Account,
  { atMs, absenceByMs }: Extract<Input, { kind: 'instant' }>,
): Step {
  const profile = profileOf(policy, account)
  const zone = policy.zoneOf(account.facts.zone ?? profile.zone)
  forgetBusy(account, atMs, profile.counting)
  const today = zone.dayOf(atMs)
  const isDayClose = zone.startMs(today) === atMs
  const moment: Moment = {
    ...{ atMs, dueByMs: atMs, today, zone, profile },
    knownBeforeMs: Infinity,
    ...(isDayClose ? { closed: today - 1 } : {}),
  }
  const records: WarningRecord[] = []
  const notes: Note[] = []
  for (const armed of profile.armed) {
    const seen = armed.isAbsence === true ? limited(moment, absenceByMs) : moment
    const isDue = isAnyDue(account.said.get(armed.name), seen.dueByMs)
    const isAffected = armed.follows !== undefined && records.some(isOf(armed.follows))
    if (isDue || isAffected) {
      judge({ account, armed, moment: seen, by: 'timer', records, notes })
    }
  }
  return finish(account, records, false, notes)
}

function judge(judging: Judging, known?: readonly Measure[]): void {
  const { account, armed, moment } = judging
  const state = lifecycleOf(account.facts)
  const isOff =
    state === 'deregistered' || (state === 'closing' && armed.isOffWhileClosing === true)
  if (isOff) return switchOff(judging)
  const measures = known ?? armed.measure(account, moment)
  if (measures.length === 0 && !account.said.has(armed.name)) return
  if (armed.kind === 'behaviour') judgeLevels(judging, measures)
  else judgeDeadlines(judging, measures)
}

/** What stands is superseded, whatever it rests on, and no timer is left. */
function switchOff(judging: Judging): void {
  const { account, armed } = judging
  for (const [subject, memory] of account.said.get(armed.name) ?? []) {
    end(judging, memory, subject, 'superseded')
    if (memory.nextMs === Infinity) continue
    memory.nextMs = Infinity
    account.wakeMs = undefined
    account.dirty.facts = true
  }
}

function momentOf(
  policy: Policy,
  account: Account,
  event: TerminalEvent,
  applying: Applying,
  before: Profile,
): Moment {
  const { atMs: eventMs, arrivedMs, touchedOn, isRevision, isOvertaken } = applying
  const isOther = (applying.changes.bits & PROFILE) !== 0
  const profile = isOther ? profileOf(policy, account) : before
  const zone = isOther ? policy.zoneOf(account.facts.zone ?? profile.zone) : applying.zone
  const today = zone.dayOf(arrivedMs)
  return {
    atMs: arrivedMs,
    // A stage that became due within the grace is left to its timer, and carries its own instant.
    dueByMs: arrivedMs - policy.graceMs,
    today,
    zone,
    profile,
    event,
    eventMs,
    touchedOn,
    knownBeforeMs: Infinity,
    isRevision: isRevision || (touchedOn !== undefined && touchedOn < today),
    isOvertaken,
  }
}

function finish(
  account: Account,
  records: WarningRecord[],
  isStandingChanged: boolean,
  notes: readonly Note[],
): Step {
  if (records.length === 0) {
    if (!isStandingChanged && notes.length === 0) return NOTHING
    return { fate: 'applied', warnings: records, isStandingChanged, notes }
  }
  records.sort(inOrder)
  const warnings = records.map((record) => ({ ...record, sequence: ++account.sequence }))
  return { fate: 'applied', warnings, isStandingChanged: true, notes }
}

function inOrder(a: WarningRecord, b: WarningRecord): number {
  const endsFirst = Number(isEnd(b)) - Number(isEnd(a))
  return endsFirst || compare(a.detector, b.detector) || compare(a.subject, b.subject)
}

const isEnd = ({ reason }: WarningRecord) => reason === 'resolved' || reason === 'retracted'
const isOf = (detector: string) => (record: WarningRecord) => record.detector === detector
/** By code point, as `<` compares all ids we accept. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function limited(moment: Moment, absenceByMs: EpochMs): Moment {
  return absenceByMs < moment.dueByMs ? { ...moment, dueByMs: absenceByMs } : moment
}

function isAnyDue(subjects: ReadonlyMap<string, Memory> | undefined, byMs: EpochMs): boolean {
  if (subjects === undefined) return false
  for (const { nextMs } of subjects.values()) if (nextMs <= byMs) return true
  return false
}

function profileOf(policy: Policy, account: Account): Profile {
  const { tenant, facts, chosen } = account
  const { country, mcc } = facts
  if (chosen?.policy === policy && chosen.country === country && chosen.mcc === mcc) {
    return chosen.profile
  }
  const profile = policy.profileOf({ tenant, country, mcc })
  account.chosen = { policy, country, mcc, profile }
  return profile
}

/** Who the account is: it may select another profile, and has another zone. */
const PROFILE = bitsOf(['profile'])

const NOTHING: Step = { fate: 'applied', warnings: [], isStandingChanged: false, notes: [] }
