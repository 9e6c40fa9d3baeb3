/** Section B.2: terminals and accounts that fall silent, devices never used, pauses that end. */
import {
  at,
  dayGiven,
  dayOf,
  daysBetween,
  latest,
  plusDays,
  plusMonths,
  type Day,
} from './civil.ts'
import { ladder, subjectOf, type Measure, type Step } from './measure.ts'
import { pausesOf, type Pause } from './pauses.ts'
import { inTime, type RawEvent } from './raw.ts'
import { activityOf, type ActiveSale } from './sales.ts'
import { hasStoredSales, terminalsOf, type Terminal } from './terminals.ts'

const REVERIFY = { months: 3, days: { notice: -30, warning: -14, 'final-warning': -3 } }
const STOP = { months: 12, days: { notice: -60, warning: -30, 'final-warning': -7 } }
const UNUSED = { notice: 14, warning: 45, 'final-warning': 80, 'consequence-due': 90 }
const ENDING = { notice: -30, warning: -7 }
const ENDING_LONGER_THAN_DAYS = 60
const WAIT_DAYS = 7

export type Inactivity = Readonly<{
  merchant: readonly Measure[]
  /** As if no warning about the merchant were open. */
  terminals: readonly Measure[]
  others: readonly Measure[]
}>

type Clocks = Readonly<{ d3: Day; d12: Day }>

/** From the raw events given; `byMs` says what today is. */
export function measureInactivity(
  events: readonly RawEvent[],
  zone: string,
  byMs: number,
): Inactivity {
  const activity = activityOf(events, zone)
  const pauses = pausesOf(events, zone)
  const terminals = terminalsOf(events, zone)
  const clocksOf = (startOn: Day | undefined): Clocks | undefined => {
    if (startOn === undefined) return undefined
    const d3 = plusMonths(latest([startOn, reverifiedOn(events, zone)]) ?? startOn, REVERIFY.months)
    return { d3: held(d3, pauses), d12: plusMonths(startOn, STOP.months) }
  }
  const today = dayOf(byMs, zone)
  const working = terminals.filter(({ isLive, isExempt }) => isLive && !isExempt)
  const wakesLater = (terminal: Terminal) => {
    const clocks = clocksOf(terminal.startOn)
    return clocks !== undefined && plusDays(clocks.d3, REVERIFY.days.notice) > today
  }
  const isAlone = ({ id }: Terminal) => !working.some((o) => o.id !== id && wakesLater(o))
  const context = { events, zone, activeEvents: standingSales(activity.sales) }
  const ids = terminals.map(({ id }) => id)
  return {
    merchant: measureClocks(clocksOf(accountStart(terminals)), undefined, ids, context),
    terminals: working.flatMap((terminal) => {
      const { id, startOn } = terminal
      const measures = measureClocks(clocksOf(startOn), id, [id], context)
      return isAlone(terminal) ? measures.map((m) => ({ ...m, isHeld: true })) : measures
    }),
    others: [...measureUnused(terminals, zone), ...measureEnding(pauses, zone, byMs)],
  }
}

function standingSales(sales: readonly ActiveSale[]): RawEvent[] {
  return sales.filter(({ isUndone }) => !isUndone).map(({ event }) => event)
}

function accountStart(terminals: readonly Terminal[]): Day | undefined {
  const isNoneLive = terminals.every(({ isLive }) => !isLive)
  const counted = terminals.filter(({ isLive, isExempt }) => (isLive || isNoneLive) && !isExempt)
  return latest(counted.map(({ startOn }) => startOn))
}

function reverifiedOn(events: readonly RawEvent[], zone: string): Day | undefined {
  const passed = events.filter(({ type, data }) => {
    return type === 'merchant.reverified' && data.result === 'success'
  })
  return latest(
    passed.map(({ t, data }) => (data.asOf ? dayGiven(data.asOf, zone) : dayOf(t, zone))),
  )
}

/** A pause that begins by the date moves it; one after another, for one may bring the next near. */
function held(d3: Day, pauses: readonly Pause[]): Day {
  return pauses.reduce((date, { from, end }) => {
    return from <= date ? (latest([date, plusMonths(end, REVERIFY.months)]) ?? date) : date
  }, d3)
}

type Context = Readonly<{
  events: readonly RawEvent[]
  zone: string
  activeEvents: readonly RawEvent[]
}>

function measureClocks(
  clocks: Clocks | undefined,
  terminalId: string | undefined,
  waitingIds: readonly string[],
  context: Context,
): Measure[] {
  if (clocks === undefined) return []
  const { events, zone, activeEvents } = context
  const who = terminalId === undefined ? ['account'] : ['terminal', terminalId]
  const detector = terminalId === undefined ? 'merchant-inactivity' : 'terminal-inactivity'
  const hasStored = waitingIds.some((id) => hasStoredSales(id, events))
  const isReleased = ({ atMs }: Step) => {
    return activeEvents.some(({ data, arrivalMs }) => {
      return waitingIds.includes(data.terminalId ?? '') && arrivalMs >= atMs
    })
  }
  const isWaiting = (step: Step) => hasStored && !isReleased(step)
  return [
    { part: 'reverify', date: clocks.d3, days: REVERIFY.days },
    { part: 'stop', date: clocks.d12, days: STOP.days },
  ].map(({ part, date, days }) => ({
    detector,
    subject: subjectOf(...who, part),
    cause: date,
    steps: ladder({ ...days, 'consequence-due': 0 }, date, zone),
    isWaiting,
  }))
}

/** When a stage stops waiting for sales that a terminal has stored. */
export function waitEndsMs({ day }: Step, zone: string): number {
  return at(plusDays(day, WAIT_DAYS), zone)
}

function measureUnused(terminals: readonly Terminal[], zone: string): Measure[] {
  return terminals.flatMap((terminal) => {
    const { id, isLive, isExempt, wasReplaced, deliveredOn, wasActivated, lastActiveOn } = terminal
    const isUsed = wasActivated || lastActiveOn !== undefined
    if (!isLive || isExempt || wasReplaced || isUsed || deliveredOn === undefined) return []
    return [
      {
        detector: 'never-activated',
        subject: subjectOf('terminal', id),
        cause: deliveredOn,
        steps: ladder(UNUSED, deliveredOn, zone),
      },
    ]
  })
}

function measureEnding(pauses: readonly Pause[], zone: string, byMs: number): Measure[] {
  const next = pauses
    .filter(({ from, to, isCut }) => !isCut && daysBetween(from, to) + 1 > ENDING_LONGER_THAN_DAYS)
    .find(({ end }) => at(plusDays(end, 1), zone) > byMs)
  if (next === undefined) return []
  return [
    {
      detector: 'pause-ending',
      subject: 'account',
      cause: next.end,
      steps: ladder(ENDING, next.end, zone),
      endsAtMs: at(plusDays(next.end, 1), zone),
    },
  ]
}

/** A request to cancel that was not withdrawn switches all of this off. */
export function isClosing(events: readonly RawEvent[]): boolean {
  const last = [...events].sort(inTime).findLast(({ type }) => {
    return type === 'cancellation.requested' || type === 'cancellation.withdrawn'
  })
  return last?.type === 'cancellation.requested'
}
