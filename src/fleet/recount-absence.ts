/** Recounts terminal-inactivity, merchant-inactivity, never-activated and pause-ending. */
import type { Day, Place } from './civil.ts'
import { addMonths } from './civil.ts'
import type { Planned } from './planned.ts'
import {
  createFacts,
  foldFact,
  isGone,
  lastActivityBefore,
  pausesBefore,
  reverifyDay,
  roleBefore,
  startBefore,
  terminalOf,
  type AbsenceFacts,
  type TerminalFacts,
} from './recount-absence-facts.ts'
import { createTrack, endTrack, judgeTrack, type Clock, type Moment } from './recount-track.ts'
import { STAGES, type Tell, type Track } from './recount-track.ts'

export type Absence = {
  readonly facts: AbsenceFacts
  readonly tell: Tell
  tracks: Map<string, Track>
  /** A cancellation runs: all of this is silent. */
  isOff: boolean
  nextMs: number
}

/** Days before the date of the clock, in the order of the stages. */
const REVERIFY = [30, 14, 3, 0]
const STOP = [60, 30, 7, 0]
/** Days after the delivery. */
const ACTIVATION = [14, 45, 80, 90]
const PAUSE = [30, 7]
const PAUSE_LONGER_THAN_DAYS = 60

export function createAbsence(place: Place, tell: Tell): Absence {
  const facts = createFacts(place)
  return { facts, tell, tracks: new Map(), isOff: false, nextMs: Infinity }
}

/** A sale of a terminal, by no owner's or staff's card. True when a clock may have moved. */
export function noteActivity(absence: Absence, terminalId: string, timeMs: number): boolean {
  const { facts } = absence
  const terminal = terminalOf(facts, terminalId)
  const day = facts.place.dayAt(timeMs)
  const times = terminal.activity.get(day)
  terminal.isWaiting = false
  if (times !== undefined) {
    times.push(timeMs)
    return false
  }
  terminal.activity.set(day, [timeMs])
  if (terminal.lastDay === undefined || day > terminal.lastDay) terminal.lastDay = day
  return true
}

/** Takes a voided or reversed sale back. True when its day has none left. */
export function undoActivity(absence: Absence, terminalId: string, timeMs: number): boolean {
  const terminal = terminalOf(absence.facts, terminalId)
  const day = absence.facts.place.dayAt(timeMs)
  const times = terminal.activity.get(day) ?? []
  const at = times.indexOf(timeMs)
  if (at < 0) return false
  times.splice(at, 1)
  if (times.length > 0) return false
  terminal.activity.delete(day)
  terminal.lastDay = lastActivityBefore({ ...terminal, lastDay: undefined }, Number.MAX_VALUE)
  return true
}

export function foldAbsence(absence: Absence, event: Planned): boolean {
  if (event.type === 'cancellation.requested') {
    endAbsence(absence, event.arriveMs)
    absence.isOff = true
    return false
  }
  if (event.type === 'cancellation.withdrawn') {
    absence.isOff = false
    return true
  }
  return foldFact(absence.facts, event)
}

export function endAbsence(absence: Absence, atMs: number): void {
  for (const track of absence.tracks.values()) endTrack(track, 'resolved', atMs, absence.tell)
  absence.nextMs = Infinity
}

export function judgeAbsence(absence: Absence, moment: Moment): void {
  if (absence.isOff) return
  judgeAccount(absence, moment)
  for (const terminal of absence.facts.terminals.values()) {
    judgeTerminal(absence, terminal, moment)
    judgeActivation(absence, terminal, moment)
  }
  judgePause(absence, moment)
  absence.nextMs = Infinity
  for (const track of absence.tracks.values()) {
    absence.nextMs = Math.min(absence.nextMs, track.nextMs)
  }
}

function judgeAccount(absence: Absence, moment: Moment): void {
  const { facts, tell } = absence
  const isHeld = [...facts.terminals.values()].some((terminal) => terminal.isWaiting)
  for (const kind of ['reverify', 'stop'] as const) {
    const track = trackOf(absence, 'merchant-inactivity', `account:${kind}`)
    const clockBefore = (ms: number) => idleClock(facts, accountStart(facts, ms), kind, ms)
    judgeTrack(track, { clock: clockBefore(Infinity), clockBefore, isHeld }, moment, tell)
  }
}

function judgeTerminal(absence: Absence, terminal: TerminalFacts, moment: Moment): void {
  const { facts, tell } = absence
  const isRolledUp = isAccountOpen(absence)
  for (const kind of ['reverify', 'stop'] as const) {
    const subject = `terminal:${terminal.terminalId}:${kind}`
    const track = trackOf(absence, 'terminal-inactivity', subject)
    if (isRolledUp) {
      endTrack(track, 'resolved', moment.atMs, tell)
      continue
    }
    const clockBefore = (ms: number) => terminalClock(facts, terminal, kind, ms)
    const clock = clockBefore(Infinity)
    if (clock !== undefined && !hasBusyOther(facts, terminal, moment)) {
      track.nextMs = Infinity
      continue
    }
    judgeTrack(track, { clock, clockBefore, isHeld: terminal.isWaiting }, moment, tell)
  }
}

function isAccountOpen({ tracks }: Absence): boolean {
  return ['reverify', 'stop'].some(
    (kind) => tracks.get(`merchant-inactivity account:${kind}`)?.open !== undefined,
  )
}

/** Another live terminal in no exempt role whose first stage is after today. */
function hasBusyOther(facts: AbsenceFacts, terminal: TerminalFacts, moment: Moment): boolean {
  const today = facts.place.dayAt(moment.atMs)
  return [...facts.terminals.values()].some((other) => {
    if (other === terminal || !counts(other, Infinity)) return false
    const start = startBefore(other, facts, Infinity)
    return start !== undefined && reverifyDay(facts, start, Infinity) - REVERIFY[0]! > today
  })
}

function judgeActivation(absence: Absence, terminal: TerminalFacts, moment: Moment): void {
  if (terminal.delivered.length === 0) return
  const { facts, tell } = absence
  const track = trackOf(absence, 'never-activated', `terminal:${terminal.terminalId}`)
  const clockBefore = (ms: number): Clock | undefined => {
    const delivered = terminal.delivered.findLast((fact) => fact.ms < ms)?.day
    const isUsed =
      terminal.activated.some((fact) => fact.ms < ms) ||
      lastActivityBefore(terminal, ms) !== undefined
    if (delivered === undefined || isUsed || !counts(terminal, ms)) return undefined
    return { cause: delivered, steps: stepsOf(facts.place, ACTIVATION, (days) => delivered + days) }
  }
  judgeTrack(track, { clock: clockBefore(Infinity), clockBefore }, moment, tell)
}

function judgePause(absence: Absence, moment: Moment): void {
  const { facts, tell } = absence
  if (facts.pauses.length === 0) return
  const track = trackOf(absence, 'pause-ending', 'account')
  const clockBefore = (ms: number): Clock | undefined => {
    const pause = pausesBefore(facts, ms).at(-1)
    if (pause === undefined || pause.isCutShort) return undefined
    if (pause.end - pause.from + 1 <= PAUSE_LONGER_THAN_DAYS) return undefined
    const steps = stepsOf(facts.place, PAUSE, (days) => pause.end - days)
    return { cause: pause.end, steps, endsMs: facts.place.startMs(pause.end + 1) }
  }
  judgeTrack(track, { clock: clockBefore(Infinity), clockBefore }, moment, tell)
}

function terminalClock(
  facts: AbsenceFacts,
  terminal: TerminalFacts,
  kind: 'reverify' | 'stop',
  ms: number,
): Clock | undefined {
  const start = counts(terminal, ms) ? startBefore(terminal, facts, ms) : undefined
  return idleClock(facts, start, kind, ms)
}

function idleClock(
  facts: AbsenceFacts,
  start: Day | undefined,
  kind: 'reverify' | 'stop',
  ms: number,
): Clock | undefined {
  if (start === undefined) return undefined
  const cause = kind === 'stop' ? addMonths(start, 12) : reverifyDay(facts, start, ms)
  const ladder = kind === 'stop' ? STOP : REVERIFY
  return { cause, steps: stepsOf(facts.place, ladder, (days) => cause - days) }
}

/** The latest start among the terminals in no exempt role: of the live ones, if there are any. */
function accountStart(facts: AbsenceFacts, ms: number): Day | undefined {
  const terminals = [...facts.terminals.values()]
  const live = terminals.filter((terminal) => !isGone(terminal, ms))
  let latest: Day | undefined
  for (const terminal of live.length > 0 ? live : terminals) {
    const isExempt = roleBefore(terminal, ms) !== 'primary'
    const start = isExempt ? undefined : startBefore(terminal, facts, ms)
    if (start !== undefined && (latest === undefined || start > latest)) latest = start
  }
  return latest
}

function counts(terminal: TerminalFacts, ms: number): boolean {
  return !isGone(terminal, ms) && roleBefore(terminal, ms) === 'primary'
}

function stepsOf(place: Place, ladder: readonly number[], dayOf: (days: number) => Day) {
  return ladder.map((days, at) => ({ stage: STAGES[at]!, atMs: place.startMs(dayOf(days)) }))
}

function trackOf({ tracks }: Absence, detector: string, subject: string): Track {
  const key = `${detector} ${subject}`
  let track = tracks.get(key)
  if (track === undefined) tracks.set(key, (track = createTrack(detector, subject)))
  return track
}
