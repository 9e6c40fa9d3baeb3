/** What the inactivity clocks rest on: terminals with their activity, pauses, re-verifications. */
import { addMonths, dayFrom, type Day, type Place } from './civil.ts'
import type { Planned, Role } from './planned.ts'

/** Facts carry the instant at which they happened, so that the past can be asked again. */
type Dated = Readonly<{ ms: number; day: Day }>

export type TerminalFacts = {
  readonly terminalId: string
  delivered: Dated[]
  activated: Dated[]
  roles: (Dated & Readonly<{ role: Role }>)[]
  goneMs: number | undefined
  /** Instants of the sales of a date, voided ones taken out. */
  activity: Map<Day, number[]>
  lastDay: Day | undefined
  /** The last heartbeat told of sales not forwarded yet. */
  isWaiting: boolean
}

export type AbsenceFacts = {
  readonly place: Place
  terminals: Map<string, TerminalFacts>
  pauses: Readonly<{ ms: number; from: Day; to: Day }>[]
  pauseEnds: Dated[]
  reverified: Dated[]
  /** The merchant came from elsewhere: to the clocks that is an activation of each terminal. */
  migrated: Dated | undefined
}

export function createFacts(place: Place): AbsenceFacts {
  return {
    place,
    terminals: new Map(),
    pauses: [],
    pauseEnds: [],
    reverified: [],
    migrated: undefined,
  }
}

export function terminalOf(facts: AbsenceFacts, terminalId: string): TerminalFacts {
  let terminal = facts.terminals.get(terminalId)
  if (terminal === undefined) {
    terminal = {
      terminalId,
      delivered: [],
      activated: [],
      roles: [],
      goneMs: undefined,
      activity: new Map(),
      lastDay: undefined,
      isWaiting: false,
    }
    facts.terminals.set(terminalId, terminal)
  }
  return terminal
}

/** Everything that is no sale and no void. True when a clock may have moved. */
export function foldFact(facts: AbsenceFacts, event: Planned): boolean {
  const dated = { ms: event.timeMs, day: facts.place.dayAt(event.timeMs) }
  switch (event.type) {
    case 'merchant.pause.declared': {
      const { from, to } = event.data
      facts.pauses.push({ ms: dated.ms, from: dayFrom(from), to: dayFrom(to) })
      return true
    }
    case 'merchant.profile-changed': {
      const day = dayFrom(event.data.migratedAt)
      facts.migrated = { ms: facts.place.startMs(day), day }
      return true
    }
    case 'merchant.pause.ended':
      facts.pauseEnds.push(dated)
      return true
    case 'merchant.reverified': {
      const { result, asOf } = event.data
      if (result !== 'success') return false
      facts.reverified.push({ ms: dated.ms, day: asOf === undefined ? dated.day : dayFrom(asOf) })
      return true
    }
    default:
      return foldTerminal(facts, event, dated)
  }
}

function foldTerminal(facts: AbsenceFacts, event: Planned, dated: Dated): boolean {
  switch (event.type) {
    case 'terminal.delivered':
    case 'terminal.activated': {
      const terminal = terminalOf(facts, event.data.terminalId)
      terminal[event.type === 'terminal.delivered' ? 'delivered' : 'activated'].push(dated)
      if (event.data.role !== undefined) terminal.roles.push({ ...dated, role: event.data.role })
      return true
    }
    case 'terminal.role-changed':
      terminalOf(facts, event.data.terminalId).roles.push({ ...dated, role: event.data.role })
      return true
    case 'terminal.retired':
      terminalOf(facts, event.data.terminalId).goneMs = dated.ms
      return true
    case 'terminal.replaced':
      return replace(facts, event.data, dated.ms)
    case 'terminal.heartbeat': {
      const terminal = terminalOf(facts, event.data.terminalId)
      const wasWaiting = terminal.isWaiting
      terminal.isWaiting = (event.data.storedOfflineCount ?? 0) > 0
      return terminal.isWaiting !== wasWaiting
    }
    default:
      return false
  }
}

/** A new terminal id inherits what the old one had. A mere change of serial number changes nothing. */
function replace(
  facts: AbsenceFacts,
  data: Readonly<{ terminalId: string; newTerminalId?: string }>,
  ms: number,
): boolean {
  if (data.newTerminalId === undefined) return false
  const old = terminalOf(facts, data.terminalId)
  const heir = terminalOf(facts, data.newTerminalId)
  heir.activity = new Map(old.activity)
  heir.lastDay = old.lastDay
  heir.activated = [...old.activated]
  heir.roles = [...old.roles]
  old.goneMs = ms
  return true
}

export function roleBefore(terminal: TerminalFacts, ms: number): Role {
  return terminal.roles.findLast((role) => role.ms < ms)?.role ?? 'primary'
}

export function isGone(terminal: TerminalFacts, ms: number): boolean {
  return terminal.goneMs !== undefined && terminal.goneMs < ms
}

/** The last date with a sale that happened before `ms`. */
export function lastActivityBefore(terminal: TerminalFacts, ms: number): Day | undefined {
  if (ms === Infinity) return terminal.lastDay
  let last: Day | undefined
  for (const [day, times] of terminal.activity) {
    if ((last === undefined || day > last) && times.some((time) => time < ms)) last = day
  }
  return last
}

/** Where the clocks of a terminal start: its last sale, else its activation. */
export function startBefore(
  terminal: TerminalFacts,
  { migrated }: AbsenceFacts,
  ms: number,
): Day | undefined {
  const started = [...terminal.activated, ...(migrated === undefined ? [] : [migrated])]
  const days = started.filter((fact) => fact.ms < ms).map(({ day }) => day)
  const start =
    lastActivityBefore(terminal, ms) ?? (days.length > 0 ? Math.max(...days) : undefined)
  if (start === undefined) return undefined
  const left = terminal.roles.findLast(({ ms: atMs, role }, at, all) => {
    return atMs < ms && role === 'primary' && (all[at - 1]?.role ?? 'primary') !== 'primary'
  })
  return left === undefined ? start : Math.max(start, left.day)
}

/** A declared pause as it stands: with its end, and whether that was brought forward. */
export type Pause = Readonly<{ from: Day; to: Day; end: Day; isCutShort: boolean }>

export function pausesBefore(facts: AbsenceFacts, ms: number): Pause[] {
  const merged: { from: Day; to: Day }[] = []
  for (const pause of facts.pauses) {
    if (pause.ms >= ms) continue
    const earlier = merged.find(({ from, to }) => pause.from <= to + 1 && pause.to >= from - 1)
    if (earlier === undefined) merged.push({ from: pause.from, to: pause.to })
    else earlier.to = pause.to
  }
  return merged.map(({ from, to }) =>
    cutShort(facts, { from, to: Math.min(to, addMonths(from, 12)) }, ms),
  )
}

function cutShort(facts: AbsenceFacts, { from, to }: { from: Day; to: Day }, ms: number): Pause {
  let end = to
  for (const fact of facts.pauseEnds) {
    if (fact.ms < ms && fact.day >= from && fact.day <= end) end = fact.day
  }
  for (const terminal of facts.terminals.values()) {
    for (const [day, times] of terminal.activity) {
      if (day >= from && day <= end && times.some((time) => time < ms)) end = day
    }
  }
  // A sale on the pause's last day ends it too.
  const isSold = [...facts.terminals.values()].some((terminal) =>
    (terminal.activity.get(end) ?? []).some((time) => time < ms),
  )
  return { from, to, end, isCutShort: end < to || isSold }
}

/** D3: three months from the start or the later re-verification, or from the end of a pause. */
export function reverifyDay(facts: AbsenceFacts, start: Day, ms: number): Day {
  let from = start
  for (const fact of facts.reverified) if (fact.ms < ms) from = Math.max(from, fact.day)
  let due = addMonths(from, 3)
  for (const pause of pausesBefore(facts, ms).sort((a, b) => a.from - b.from)) {
    if (pause.from <= due) due = Math.max(due, addMonths(pause.end, 3))
  }
  return due
}
