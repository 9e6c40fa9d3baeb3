/** What is known of each terminal of an account. */
import { MINUTE_MS } from './time.ts'
import type { Day, EpochMs } from './time.ts'

/** Few merchants have so many; a sender that makes ids up may tell of any number, and each is judged. */
export const TERMINALS_MAX = 512
const ACTIVITIES_MAX = 2
const TIMES_MAX = 8
/** What a void says of its sale's time may be off by so much: one ahead of its arrival was set back. */
const NEAR_MS = 5 * MINUTE_MS

export type Role = 'primary' | 'backup' | 'training' | 'test'

/** Sales of one local date on one terminal that count as activity. */
export type Activity = {
  on: Day
  count: number
  firstMs: EpochMs
  lastMs: EpochMs
  /** The last of them, for the evidence. */
  eventId: string
  amount: number
  currency: string
  responseCode: string | undefined
  last4: string | undefined
}

/** Of a sale nobody will be shown. An event has an id. */
export const NOTHING_SHOWN = {
  ...{ amount: 0, currency: '', responseCode: undefined, last4: undefined },
} as const

/** What evidence shows of a date before the last; the date itself stays, for it may be the last again. */
export function forgetShown(terminals: Iterable<Terminal>): void {
  for (const { activity } of terminals) {
    for (const it of activity.slice(0, -1)) Object.assign(it, NOTHING_SHOWN, { eventId: '' })
  }
}

export type Terminal = {
  /** By event time. */
  roles: { atMs: EpochMs; role: Role }[]
  deliveries: EpochMs[]
  activations: EpochMs[]
  retiredMs: EpochMs | undefined
  /** Swaps of the device under this or another id. */
  replacements: EpochMs[]
  /** Its last recovery from a fault; 0: none. */
  recoveredMs: EpochMs
  /** The terminal that took its place under another id. */
  successor: string | undefined
  /** Ascending; the newest two dates. */
  activity: Activity[]
  /** Its last heartbeat, by arrival, told of stored offline sales. */
  hasBacklog: boolean
  /** Arrival of its last activity: a stage that waits for stored sales waits no longer. */
  activeArrivedMs: EpochMs
}

/** That of the id, made when first heard of: for the one heard of longest ago, where there are as many as may be. */
export function terminalOf(terminals: Map<string, Terminal>, id: string): Terminal {
  let terminal = terminals.get(id)
  if (terminal === undefined) {
    if (terminals.size >= TERMINALS_MAX) forgetOne(terminals)
    terminal = {
      roles: [],
      deliveries: [],
      activations: [],
      retiredMs: undefined,
      replacements: [],
      recoveredMs: 0,
      successor: undefined,
      activity: [],
      hasBacklog: false,
      activeArrivedMs: 0,
    }
    terminals.set(id, terminal)
  }
  return terminal
}

/** Retired and replaced ones first: of them there is nothing more to say. */
function forgetOne(terminals: Map<string, Terminal>): void {
  let oldest: string | undefined
  let oldestMs = Infinity
  for (const [id, it] of terminals) {
    const isOver = it.retiredMs !== undefined || it.successor !== undefined
    const heardMs = isOver ? -1 : heardOfMs(it)
    if (heardMs < oldestMs) [oldest, oldestMs] = [id, heardMs]
  }
  if (oldest !== undefined) terminals.delete(oldest)
}

/** Heartbeats are not kept: one that never did more was never heard of. */
function heardOfMs({ roles, deliveries, activations, replacements, activity }: Terminal): EpochMs {
  const told = [deliveries.at(-1), activations.at(-1), replacements.at(-1), roles.at(-1)?.atMs]
  return Math.max(...told.map((at = 0) => at), activity.at(-1)?.firstMs ?? 0)
}

export function insertTime(times: EpochMs[], atMs: EpochMs): void {
  times.push(atMs)
  times.sort((a, b) => a - b)
  if (times.length > TIMES_MAX) times.shift()
}

export function tellRole(terminal: Terminal, role: Role, atMs: EpochMs): void {
  let place = terminal.roles.length
  while (place > 0 && terminal.roles[place - 1]!.atMs > atMs) place--
  terminal.roles.splice(place, 0, { atMs, role })
  if (terminal.roles.length > TIMES_MAX) terminal.roles.shift()
}

export function roleOf({ roles }: Terminal, beforeMs: EpochMs): Role {
  return roles.findLast(({ atMs }) => atMs < beforeMs)?.role ?? 'primary'
}

/** Backup, training and test terminals are expected to be idle. */
export function isExempt(terminal: Terminal, beforeMs: EpochMs): boolean {
  return roleOf(terminal, beforeMs) !== 'primary'
}

/** Neither retired nor replaced by another id. Either is final for a terminal id. */
export function isLive(terminal: Terminal, beforeMs: EpochMs): boolean {
  const { retiredMs = Infinity, successor, replacements } = terminal
  const isReplaced = successor !== undefined && replacements.some((at) => at < beforeMs)
  return retiredMs >= beforeMs && !isReplaced
}

/** What the evidence shows of a sale. */
export type Shown = Readonly<Omit<Activity, 'on' | 'count' | 'firstMs' | 'lastMs'>>

/** One sale more. True: the date of the last activity is another than before. */
export function noteActivity(
  { activity }: Terminal,
  on: Day,
  atMs: EpochMs,
  shown: Shown,
): boolean {
  let place = activity.length
  while (place > 0 && activity[place - 1]!.on > on) place--
  const known = activity[place - 1]
  if (known?.on === on) {
    countOn(known, atMs, shown)
    return false
  }
  activity.splice(place, 0, { on, count: 1, firstMs: atMs, lastMs: atMs, ...shown })
  const isLast = place === activity.length - 1
  if (activity.length > ACTIVITIES_MAX) activity.shift()
  return isLast
}

/** One more of a date: its last is what is shown. */
function countOn(known: Activity, atMs: EpochMs, shown: Shown): void {
  known.count++
  if (atMs < known.firstMs) known.firstMs = atMs
  if (atMs < known.lastMs) return
  known.lastMs = atMs
  known.eventId = shown.eventId
  known.amount = shown.amount
  known.currency = shown.currency
  known.responseCode = shown.responseCode
  known.last4 = shown.last4
}

/**
 * Beyond the dates kept nothing is undone; nor where a sale of that time (undefined: not known) was none of
 * those counted, as one by the owner's card.
 */
export function undoActivity(
  { activity }: Terminal,
  on: Day,
  saleMs: EpochMs | undefined,
): 'nothing' | 'one-less' | 'date-gone' {
  const at = activity.findIndex((known) => known.on === on)
  if (at < 0) return 'nothing'
  const { firstMs, lastMs } = activity[at]!
  if (saleMs !== undefined && !(saleMs >= firstMs - NEAR_MS && saleMs <= lastMs + NEAR_MS)) {
    return 'nothing'
  }
  activity[at]!.count--
  if (activity[at]!.count > 0) return 'one-less'
  activity.splice(at, 1)
  return 'date-gone'
}

export function lastActivity({ activity }: Terminal, beforeMs: EpochMs): Activity | undefined {
  return activity.findLast(({ firstMs }) => firstMs < beforeMs)
}
