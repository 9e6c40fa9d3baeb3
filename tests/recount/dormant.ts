/** dormant-reactivation: an account that slept for months and wakes with a start. */
import { findOpen, type Account, type Moment, type RecountRecord } from './account.ts'
import { at, dayOf, daysBetween, latest, plusDays, type Day } from './civil.ts'
import { hitsOf, judgeHits, SUBJECT, type Judgement, type Rule } from './hits.ts'
import { isInBurnIn, isPaused } from './history.ts'
import type { Stage } from './measure.ts'
import { pausesOf } from './pauses.ts'
import {
  currencyOf,
  isSale,
  isUndoing,
  isWhole,
  minorOf,
  undoingsOf,
  zoneOf,
  type RawEvent,
} from './raw.ts'
import {
  activityOf,
  changesDays,
  DAY_LATE_MS,
  entersDays,
  isActivity,
  netSales,
  tallyDays,
} from './sales.ts'

export const DORMANT = 'dormant-reactivation'

const GAP_DAYS = 60
const DAYS_WATCHED = 3
const WEEKLY_TIMES = 3
const WEEKS = 4
const SUM_MIN = 5_000
const COUNT_MIN = 10
const LARGE_TIMES = 2
const BLOCK_DAYS = 30
const BLOCKS = 4
const BINS_PER_TEN = 16

/** From the last activity to the first sale after it, and what was usual then. */
export type Gap = Readonly<{
  lastOn: Day
  firstOn: Day
  /** Of the four weeks that end on the last activity. */
  fourWeeks: number
  p99: number | undefined
}>

const rule: Rule = { detector: DORMANT, stageOf: ({ stage }) => stage }

export function judgeDormant(account: Account, event: RawEvent, moment: Moment): RecountRecord[] {
  const { events } = account
  const zone = zoneOf(events)
  const today = dayOf(event.arrivalMs, zone)
  const first = firstTouched(event, events, zone)
  const judge = (day: Day): Judgement => {
    return { key: day, end: 0, day, stage: judgeDay(account, day, zone) }
  }
  const open = findOpen(account, DORMANT, SUBJECT)
  const held = hitsOf(account, DORMANT).filter(({ episodeId }) => episodeId === open?.episodeId)
  if (first === undefined) {
    const active = firstActive(event, events, zone)
    if (active === undefined) return []
    const inside: Judgement[] = []
    for (let day = active; day <= today; day = plusDays(day, 1)) {
      const isWoken = (gapBefore(account, day, zone)?.firstOn ?? '') > active
      if (isWoken || held.some((hit) => hit.day === day)) inside.push(judge(day))
    }
    return judgeHits(account, rule, { windows: inside, isLate: true }, moment)
  }
  const windows: Judgement[] = []
  for (let day = first; day <= today || day === first; day = plusDays(day, 1)) {
    windows.push(judge(day))
  }
  const again = held.filter(({ day }) => day < first).map(({ day }) => judge(day))
  const isLate = isUndoing(event) || first < today
  return judgeHits(account, rule, { windows, isLate, again }, moment)
}

/** The day of a sale that enters the days, or of one that is undone there. */
function firstTouched(event: RawEvent, events: readonly RawEvent[], zone: string): Day | undefined {
  const days = undoingsOf(events)
    .filter((undoing) => undoing.knownWith === event && changesDays(undoing))
    .map(({ original }) => dayOf(original.t, zone))
  if (isSale(event) && entersDays(event)) days.push(dayOf(event.t, zone))
  return days.sort()[0]
}

/** Too late for the days, an activity may still lie inside the gap; so may one that is undone. */
function firstActive(event: RawEvent, events: readonly RawEvent[], zone: string): Day | undefined {
  const undone = undoingsOf(events).filter(({ knownWith }) => knownWith === event)
  return [event, ...undone.map(({ original }) => original)]
    .filter(isActivity)
    .map(({ t }) => dayOf(t, zone))
    .sort()[0]
}

function judgeDay(account: Account, day: Day, zone: string): Stage | undefined {
  const { events } = account
  const gap = gapBefore(account, day, zone)
  const currency = currencyOf(events)
  if (gap === undefined || currency === undefined) return undefined
  const { lastOn, firstOn } = gap
  const isPauseNear = pausesOf(events, zone).some(({ from, end }) => {
    return from <= firstOn && end >= lastOn
  })
  if (isPauseNear || isPaused(account, day, zone) || isInBurnIn(account, day, zone))
    return undefined
  const isHit = holds(events, zone, { gap, day, sumMin: minorOf(SUM_MIN, currency) })
  if (!isHit) return undefined
  return isExplained(events, zone, lastOn, day) ? 'notice' : 'warning'
}

function holds(
  events: readonly RawEvent[],
  zone: string,
  { gap, day, sumMin }: Readonly<{ gap: Gap; day: Day; sumMin: number }>,
): boolean {
  const { firstOn, fourWeeks, p99 } = gap
  const isWithin = (other: Day) => firstOn <= other && other <= day
  const tallies = [...tallyDays(events, zone)].filter(([other]) => isWithin(other))
  const n = tallies.reduce((total, [, tally]) => total + tally.n, 0)
  const sum = tallies.reduce((total, [, tally]) => total + tally.sum, 0)
  const { sales, taken } = netSales(events, zone, DAY_LATE_MS)
  const gone = new Set(taken.filter(({ by }) => isWhole(by)).map(({ original }) => original))
  const isOneLarge = [...sales].some(([sale, left]) => {
    const isThere = left.n > 0 && !gone.has(sale) && isWithin(dayOf(sale.t, zone))
    return isThere && p99 !== undefined && left.sum >= LARGE_TIMES * p99
  })
  const isMuch = sum * WEEKS >= WEEKLY_TIMES * fourWeeks && sum >= sumMin
  return isMuch || n >= COUNT_MIN || isOneLarge
}

/** A swap, a repair or a verification between the last activity and the end of the day judged. */
function isExplained(events: readonly RawEvent[], zone: string, lastOn: Day, day: Day): boolean {
  const lastMs = activityOf(events, zone)
    .sales.filter((sale) => !sale.isUndone && sale.day === lastOn)
    .reduce((ms, { event }) => Math.max(ms, event.t), -Infinity)
  return events.some(({ type, t, data }) => {
    const isExplaining =
      type === 'terminal.replaced' ||
      type === 'terminal.recovered' ||
      (type === 'merchant.reverified' && data.result === 'success')
    return isExplaining && t > lastMs && t < at(plusDays(day, 1), zone)
  })
}

/** The gap that ended on this day or the two before; what was usual is kept as it was found first. */
function gapBefore(account: Account, day: Day, zone: string): Gap | undefined {
  const { events, gaps } = account
  const active = activityOf(events, zone).sales.filter(({ isUndone }) => !isUndone)
  const activeOn = new Set(active.map((sale) => sale.day))
  const traded = [...tallyDays(events, zone)].filter(([, { n }]) => n > 0).map(([other]) => other)
  const soldOn = [...new Set([...traded, ...activeOn])].sort()
  const from = plusDays(day, 1 - DAYS_WATCHED)
  for (const firstOn of soldOn.filter((other) => from <= other && other <= day)) {
    const lastOn = latest([...activeOn].filter((other) => other < firstOn))
    if (lastOn === undefined || daysBetween(lastOn, firstOn) < GAP_DAYS) continue
    if (soldOn.some((other) => lastOn < other && other < firstOn)) continue
    const known = gaps.find((gap) => gap.lastOn < firstOn && firstOn <= gap.firstOn)
    const { fourWeeks, p99 } = known ?? usualAt(events, zone, lastOn)
    const gap = { lastOn, firstOn, fourWeeks, p99 }
    if (known === undefined) gaps.push(gap)
    return gap
  }
  return undefined
}

function usualAt(
  events: readonly RawEvent[],
  zone: string,
  lastOn: Day,
): Pick<Gap, 'fourWeeks' | 'p99'> {
  const from = plusDays(lastOn, 1 - 7 * WEEKS)
  const fourWeeks = [...tallyDays(events, zone)]
    .filter(([day]) => from <= day && day <= lastOn)
    .reduce((total, [, { sum }]) => total + sum, 0)
  const block = blockOf(lastOn)
  const amounts = [...netSales(events, zone, DAY_LATE_MS).sales]
    .filter(([{ t }, { sum }]) => {
      const day = dayOf(t, zone)
      return sum > 0 && day <= lastOn && blockOf(day) > block - BLOCKS
    })
    .map(([, { sum }]) => sum)
    .sort((a, b) => a - b)
  const ranked = amounts[Math.ceil((amounts.length * 99) / 100) - 1]
  return { fourWeeks, p99: ranked === undefined ? undefined : edgeAbove(ranked) }
}

function blockOf(day: Day): number {
  return Math.floor(daysBetween('1970-01-01', day) / BLOCK_DAYS)
}

/** The upper edge of the bin that holds an amount. */
function edgeAbove(amount: number): number {
  let edge = 1
  for (let bin = 0; edge < amount; bin += 1) edge = Math.round(10 ** (bin / BINS_PER_TEN))
  return edge
}
