/** volume-spike: a local day, or seven of them, against the ninety before. */
import type { Account, DayHit } from './account.ts'
import { plusDays, type Day } from './civil.ts'
import { daysCompared, isInBurnIn, isPaused, tradingDays } from './history.ts'
import type { Stage } from './measure.ts'
import { currencyOf, minorOf, told, zoneOf } from './raw.ts'
import { tallyDays, type Tally } from './sales.ts'

const WEEK_DAYS = 7
const COUNT_MIN = 20
const AMOUNT_MIN = 5_000
const NOTICE_TIMES = 3
const WARNING_TIMES = 7
const COHORTS: Readonly<Record<string, Readonly<{ n: number; amount: number }>>> = {
  5411: { n: 60, amount: 4_000 },
}

/** A mean as a sum over days, so that it is never divided. */
type Mean = Readonly<{ sum: number; days: number }>
type Base = Readonly<{ n: Mean; sum: Mean; isOwn: boolean }>

/** The judgement of one local day, or `undefined` where the rule does not hold or is not judged. */
export function judgeDay(account: Account, day: Day): DayHit | undefined {
  const zone = zoneOf(account.events)
  if (isInBurnIn(account, day, zone) || isPaused(account, day, zone)) return undefined
  const days = tallyDays(account.events, zone)
  const base = baseOf(account, day, days)
  const currency = currencyOf(account.events)
  if (base === undefined || currency === undefined) return undefined
  const isAt = (times: number) => holds(day, days, base, times, minorOf(AMOUNT_MIN, currency))
  const { ld, d7 } = isAt(NOTICE_TIMES)
  if (!ld && !d7) return undefined
  const far = isAt(WARNING_TIMES)
  const isWarning = base.isOwn && (far.ld || far.d7 || (ld && wasHitOnTradingDayBefore()))
  const stage: Stage = isWarning ? 'warning' : 'notice'
  return { day, ld, d7, stage }

  function wasHitOnTradingDayBefore(): boolean {
    const before = tradingDays(days).findLast((other) => other < day)
    return before !== undefined && account.dayHits.get(before)?.ld === true
  }
}

/** Does the seven-day rule hold at the close of a day, whatever else is held back? */
export function isWeekTrue(account: Account, day: Day): boolean {
  const zone = zoneOf(account.events)
  const days = tallyDays(account.events, zone)
  const base = baseOf(account, day, days)
  const currency = currencyOf(account.events)
  if (base === undefined || currency === undefined) return false
  return holds(day, days, base, NOTICE_TIMES, minorOf(AMOUNT_MIN, currency)).d7
}

function holds(
  day: Day,
  days: ReadonlyMap<Day, Tally>,
  base: Base,
  times: number,
  amountMin: number,
): Readonly<{ ld: boolean; d7: boolean }> {
  const { n, sum } = days.get(day) ?? { n: 0, sum: 0 }
  const first = plusDays(day, 1 - WEEK_DAYS)
  const week = tradingDays(days).filter((other) => other >= first && other <= day)
  const weekSum = week.reduce((total, other) => total + (days.get(other)?.sum ?? 0), 0)
  const isMany = n >= COUNT_MIN && reaches(n, times, base.n)
  const isMuch = sum >= amountMin && reaches(sum, times, base.sum)
  const isWeekMuch = reaches(weekSum, times * week.length, base.sum)
  return {
    ld: isMany || isMuch,
    d7: week.length > 0 && isWeekMuch && weekSum >= amountMin * week.length,
  }
}

/** value ≥ times · mean, in integers. */
function reaches(value: number, times: number, mean: Mean): boolean {
  return value * mean.days >= times * mean.sum
}

function baseOf(account: Account, day: Day, days: ReadonlyMap<Day, Tally>): Base | undefined {
  const left = daysCompared(account, 'volume-spike', day, days)
  if (left === undefined) return cohortOf(account)
  const tallies = left.map((other) => days.get(other) ?? { n: 0, sum: 0 })
  return {
    n: trimmed(tallies.map(({ n }) => n)),
    sum: trimmed(tallies.map(({ sum }) => sum)),
    isOwn: true,
  }
}

function trimmed(values: readonly number[]): Mean {
  const dropped = Math.floor(values.length / 10)
  const kept = [...values].sort((a, b) => a - b).slice(dropped, values.length - dropped)
  return { sum: kept.reduce((total, value) => total + value, 0), days: kept.length }
}

function cohortOf({ events }: Account): Base | undefined {
  const cohort = COHORTS[told(events, 'mcc') ?? '']
  const currency = currencyOf(events)
  if (cohort === undefined || currency === undefined) return undefined
  const sum = minorOf(cohort.amount, currency)
  return { n: { sum: cohort.n, days: 1 }, sum: { sum, days: 1 }, isOwn: false }
}
