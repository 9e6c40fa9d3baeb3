/** What is usual for an account: the ninety days before, less those that are no measure of it. */
import type { Account } from './account.ts'
import { dayOf, msOf, plusDays, type Day } from './civil.ts'
import { contains, pausesOf } from './pauses.ts'
import { zoneOf, type RawEvent } from './raw.ts'
import { activityOf, type Tally } from './sales.ts'

const HISTORY_DAYS = 90
const TRADING_DAYS_MIN = 20
const BURN_IN_DAYS = 14

export function tradingDays(days: ReadonlyMap<Day, Tally>): Day[] {
  return [...days].flatMap(([day, { n }]) => (n >= 1 ? [day] : [])).sort()
}

/** The trading days before a date that a detector compares with; none where they are too few. */
export function daysCompared(
  account: Account,
  detector: string,
  day: Day,
  days: ReadonlyMap<Day, Tally>,
): Day[] | undefined {
  const from = plusDays(day, -HISTORY_DAYS)
  const past = tradingDays(days).filter((other) => other >= from && other < day)
  const isLeftOut = isLeftOutBy(account, detector)
  const left = past.filter((other) => !isLeftOut(other))
  return left.length < TRADING_DAYS_MIN ? undefined : left
}

/** Days that are no measure of what is usual. */
function isLeftOutBy({ events, episodes }: Account, detector: string): (day: Day) => boolean {
  const zone = zoneOf(events)
  const pauses = pausesOf(events, zone)
  const windows = maintenanceOf(events)
  const warned = episodes.filter((e) => e.detector === detector && e.warningOn !== undefined)
  return (day) => {
    const isMaintained = windows.some(({ data }) => {
      const [from, to] = [msOf(data.startsAt ?? ''), msOf(data.endsAt ?? '')]
      return dayOf(from, zone) <= day && day <= dayOf(to - 1, zone)
    })
    const isWarned = warned.some(({ warningOn = '', closed }) => {
      if (closed?.reason === 'retracted') return false
      return day >= warningOn && (closed === undefined || day < dayOf(closed.atMs, zone))
    })
    return isMaintained || isWarned || pauses.some((pause) => contains(pause, day))
  }
}

function maintenanceOf(events: readonly RawEvent[]): RawEvent[] {
  const cancelled = events.filter(({ type }) => type === 'maintenance.cancelled')
  return events.filter(({ type, data }) => {
    if (type !== 'maintenance.scheduled') return false
    return !cancelled.some((other) => other.data.windowId === data.windowId)
  })
}

export function isPaused({ events }: Account, day: Day, zone: string): boolean {
  return pausesOf(events, zone).some((pause) => contains(pause, day))
}

/** The day of activation and fourteen whole days after it. */
export function isInBurnIn({ events }: Account, day: Day, zone: string): boolean {
  const activations = events.filter(({ type }) => type === 'terminal.activated')
  const sales = activityOf(events, zone).sales.filter(({ isUndone }) => !isUndone)
  const times = activations.length > 0 ? activations : sales.map(({ event }) => event)
  const first = times.map(({ t }) => dayOf(t, zone)).sort()[0]
  return first === undefined || day <= plusDays(first, BURN_IN_DAYS)
}
