/** The whole of the product's judgement: no clock, no I/O, no randomness. */
import type { TerminalEvent } from '../events/event.ts'
import { lifecycleOf } from './account.ts'
import type { Account, Memory } from './account.ts'
import { apply } from './apply.ts'
import type { Applying } from './applying.ts'
import type { Moment } from './detector.ts'
import { episodeId } from './ids.ts'
import { judgeDeadlines } from './judge-deadline.ts'
import { judgeLevels } from './judge-level.ts'
import type { Note } from './observer.ts'
import type { Policy } from './policy.ts'
import { end } from './say.ts'
import type { Judging } from './say.ts'
import { isBeyond, remember, repeatOf } from './seen-ids.ts'
import type { Repeat } from './seen-ids.ts'
import { swipeOf } from './swipe.ts'
import { MINUTE_MS } from './time.ts'
import type { EpochMs, Zone } from './time.ts'
import type { WarningRecord } from './warning.ts'

/** Beyond its arrival by more than this, an event's time is set back to it; exactly so much is kept. */
const AHEAD_MS_MAX = 5 * MINUTE_MS
const REVIEW_DAYS = 90

/** What can move an account: something happened, or a moment arrived at which nothing had. */
export type Input =
  | Readonly<{
      kind: 'event'
      event: TerminalEvent
      arrivedMs: EpochMs
      /** Absence is not judged beyond this: the partition sees nothing after it. */
      absenceByMs: EpochMs
    }>
  | Readonly<{ kind: 'instant'; atMs: EpochMs; absenceByMs: EpochMs }>

export type Step = Readonly<{
  fate: 'applied' | 'duplicate' | 'id-reused'
  /** Ends before openings, then by detector and subject. */
  warnings: readonly WarningRecord[]
  isStandingChanged: boolean
  notes: readonly Note[]
}>

/** `account` is updated in place; no reference to it is kept. */
export function step(policy: Policy, account: Account, input: Input): Step {
  return input.kind === 'event' ? fold(policy, account, input) : arrive(policy, account, input)
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
    changes: new Set(),
    touchedOn: undefined,
    isRevision: false,
  }
  apply(applying, event)
  const moment = momentOf(policy, account, event, applying)
  const records: WarningRecord[] = []
  const by = `${event.source}\n${event.id}`
  if (event.type === 'information.submitted') review(account, moment, event.data, by, records)
  for (const armed of moment.profile.armed) {
    if (!armed.on.some((change) => applying.changes.has(change))) continue
    const seen = armed.isAbsence === true ? limited(moment, absenceByMs) : moment
    judge({ account, armed, moment: seen, by, records, notes })
  }
  return finish(account, records, before !== lifecycleOf(account.facts), notes)
}

/** A repeat changes nothing; what is new is remembered. */
function admit(
  account: Account,
  event: TerminalEvent,
  timeMs: EpochMs,
  arrivedMs: EpochMs,
  zone: Zone,
  notes: Note[],
): Repeat {
  const { idHash, bodyHash } = event
  const sighting = { timeMs, arrivedMs, idHash, bodyHash, swipe: swipeOf(event, zone) }
  const repeat = repeatOf(account.seen, sighting)
  if (repeat !== 'new') return repeat
  if (isBeyond(account.seen, timeMs)) notes.push({ kind: 'late', action: 'unchecked' })
  remember(account.seen, sighting)
  account.dirty.now = true
  return 'new'
}

/** Only those whose own instant has come. */
function arrive(
  policy: Policy,
  account: Account,
  { atMs, absenceByMs }: Extract<Input, { kind: 'instant' }>,
): Step {
  const profile = profileOf(policy, account)
  const zone = policy.zoneOf(account.facts.zone ?? profile.zone)
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

function judge(judging: Judging): void {
  const { account, armed, moment } = judging
  const state = lifecycleOf(account.facts)
  const isOff =
    state === 'deregistered' || (state === 'closing' && armed.isOffWhileClosing === true)
  if (isOff) return switchOff(judging)
  const measures = armed.measure(account, moment)
  if (armed.kind === 'deadline') judgeDeadlines(judging, measures)
  else judgeLevels(judging, measures)
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

/** An accepted explanation ends a behaviour warning at once, and keeps its detector silent for a while. */
function review(
  account: Account,
  moment: Moment,
  data: Readonly<{ warningId?: string | undefined; outcome?: string | undefined }>,
  by: string,
  records: WarningRecord[],
): void {
  const { warningId, outcome } = data
  if (warningId === undefined || outcome !== 'accepted') return
  const { tenant, merchantId } = account
  for (const armed of moment.profile.armed) {
    if (armed.kind !== 'behaviour') continue
    for (const [subject, memory] of account.said.get(armed.name) ?? []) {
      if (memory.open === undefined) continue
      const { openedMs, openedBy } = memory.open
      const named = { tenant, merchantId, detector: armed.name, subject, openedMs, openedBy }
      if (!warningId.startsWith(episodeId(named))) continue
      end({ account, armed, moment, by, records, notes: [] }, memory, subject, 'reviewed')
      memory.silentUntil = moment.today + REVIEW_DAYS
      memory.nextMs = Infinity
      account.wakeMs = undefined
    }
  }
}

function momentOf(
  policy: Policy,
  account: Account,
  event: TerminalEvent,
  { atMs: eventMs, arrivedMs, touchedOn, isRevision }: Applying,
): Moment {
  const profile = profileOf(policy, account)
  const zone = policy.zoneOf(account.facts.zone ?? profile.zone)
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
  }
}

function finish(
  account: Account,
  records: WarningRecord[],
  isStandingChanged: boolean,
  notes: readonly Note[],
): Step {
  if (records.length > 1) records.sort(inOrder)
  const warnings = records.map((record) => ({ ...record, sequence: ++account.sequence }))
  const isChanged = isStandingChanged || warnings.length > 0
  return { fate: 'applied', warnings, isStandingChanged: isChanged, notes }
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

const profileOf = (policy: Policy, { tenant, facts: { country, mcc } }: Account) =>
  policy.profileOf({ tenant, country, mcc })

const NOTHING: Step = { fate: 'applied', warnings: [], isStandingChanged: false, notes: [] }
