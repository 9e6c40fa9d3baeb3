/** What the raw events say about each terminal of an account. */
import { dayGiven, dayOf, latest, type Day } from './civil.ts'
import type { RawEvent } from './raw.ts'
import { activityOf, type Activity } from './sales.ts'

export type Terminal = Readonly<{
  id: string
  isLive: boolean
  isExempt: boolean
  wasReplaced: boolean
  deliveredOn: Day | undefined
  wasActivated: boolean
  lastActiveOn: Day | undefined
  /** Where its clocks start; none without activity and activation. */
  startOn: Day | undefined
}>

const EXEMPT = ['backup', 'training', 'test']
const ROLE_EVENTS = [
  'terminal.registered',
  'terminal.delivered',
  'terminal.activated',
  'terminal.role-changed',
]

type History = Readonly<{ events: readonly RawEvent[]; zone: string; activity: Activity }>
type Given = Readonly<{ t: number; seq: number; role: string }>

export function terminalsOf(events: readonly RawEvent[], zone: string): Terminal[] {
  const history: History = { events, zone, activity: activityOf(events, zone) }
  const ids = new Set(
    events
      .flatMap(({ data }) => [data.terminalId, data.newTerminalId])
      .filter((id) => id !== undefined),
  )
  return [...ids].sort().map((id) => terminalOf(id, history))
}

function terminalOf(id: string, history: History): Terminal {
  const { events, zone } = history
  const roles = rolesOf(id, history, Infinity)
  const activatedOn = latest([
    activatedOf(id, history, Infinity),
    ...events
      .filter(({ type }) => type === 'merchant.registered' || type === 'merchant.profile-changed')
      .map(({ data }) => data.migratedAt)
      .filter((text) => text !== undefined)
      .map((text) => dayGiven(text, zone)),
  ])
  const lastActiveOn = lastActiveOf(id, history, Infinity)
  const startOn = lastActiveOn ?? activatedOn
  return {
    id,
    isLive: !isGone(id, events),
    isExempt: EXEMPT.includes(roles.at(-1)?.role ?? 'primary'),
    wasReplaced: events.some((e) => e.type === 'terminal.replaced' && e.data.terminalId === id),
    deliveredOn: latestOf(id, 'terminal.delivered', history, Infinity),
    wasActivated: activatedOf(id, history, Infinity) !== undefined,
    lastActiveOn,
    startOn: startOn === undefined ? undefined : latest([startOn, leftExemptionOn(roles, zone)]),
  }
}

/** Retired, or another id took its place. */
function isGone(id: string, events: readonly RawEvent[]): boolean {
  return (
    isReplacedByAnother(id, events) ||
    events.some((event) => {
      return event.type === 'terminal.retired' && event.data.terminalId === id
    })
  )
}

export function isReplacedByAnother(id: string, events: readonly RawEvent[]): boolean {
  return events.some((event) => {
    return isHandover(event) && event.data.terminalId === id
  })
}

function isHandover({ type, data }: RawEvent): boolean {
  const { terminalId, newTerminalId } = data
  return type === 'terminal.replaced' && newTerminalId !== undefined && newTerminalId !== terminalId
}

/** Does this make `id` the heir of another? */
export function isReplacedInto(id: string, event: RawEvent): boolean {
  return isHandover(event) && event.data.newTerminalId === id
}

/** The replacements up to an instant that made `id` the heir of another. */
function handoversTo(id: string, { events }: History, untilMs: number): RawEvent[] {
  return events.filter((event) => {
    return isReplacedInto(id, event) && event.t <= untilMs
  })
}

function latestOf(id: string, type: string, history: History, untilMs: number): Day | undefined {
  const { events, zone } = history
  const mine = events.filter((event) => {
    return event.type === type && event.data.terminalId === id && event.t <= untilMs
  })
  return latest(mine.map(({ t }) => dayOf(t, zone)))
}

function activatedOf(id: string, history: History, untilMs: number): Day | undefined {
  return latest([
    latestOf(id, 'terminal.activated', history, untilMs),
    ...handoversTo(id, history, untilMs).map((handover) => {
      return activatedOf(handover.data.terminalId ?? '', history, handover.t)
    }),
  ])
}

function lastActiveOf(id: string, history: History, untilMs: number): Day | undefined {
  const { sales, kept } = history.activity
  const days = (kept.get(id) ?? []).filter((day) => {
    return sales.some((sale) => {
      return sale.terminalId === id && sale.day === day && !sale.isUndone && sale.event.t <= untilMs
    })
  })
  return latest([
    ...days,
    ...handoversTo(id, history, untilMs).map((handover) => {
      return lastActiveOf(handover.data.terminalId ?? '', history, handover.t)
    }),
  ])
}

/** Every role that was told, by event time; an event that names none tells none. */
function rolesOf(id: string, history: History, untilMs: number): Given[] {
  const own = history.events.filter((event) => {
    return ROLE_EVENTS.includes(event.type) && event.data.terminalId === id && event.t <= untilMs
  })
  const given = own.flatMap(({ t, seq, data }) => {
    return data.role === undefined ? [] : [{ t, seq, role: data.role }]
  })
  const inherited = handoversTo(id, history, untilMs).flatMap(({ t, seq, data }) => {
    const before = rolesOf(data.terminalId ?? '', history, t)
    return [...before, { t, seq, role: before.at(-1)?.role ?? 'primary' }]
  })
  return [...given, ...inherited].sort((a, b) => a.t - b.t || a.seq - b.seq)
}

function leftExemptionOn(roles: readonly Given[], zone: string): Day | undefined {
  const left = roles.filter(({ role }, index) => {
    const before = roles[index - 1]?.role ?? 'primary'
    return EXEMPT.includes(before) && !EXEMPT.includes(role)
  })
  return latest(left.map(({ t }) => dayOf(t, zone)))
}

/** The last heartbeat by arrival, where it says that sales wait to be forwarded. */
export function hasStoredSales(id: string, events: readonly RawEvent[]): boolean {
  const last = events.findLast((event) => {
    return event.type === 'terminal.heartbeat' && event.data.terminalId === id
  })
  return (last?.data.storedOfflineCount ?? 0) > 0
}
