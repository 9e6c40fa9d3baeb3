/** A day, or seven, of many times the sales of the ninety days before. */
import { z } from 'zod'
import type { Account } from '../core/account.ts'
import { baseBefore, span, tallyOf, tradingDayBefore } from '../core/days.ts'
import type { Base } from '../core/days.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Measure, Moment } from '../core/detector.ts'
import { eitherOf, isBurningIn, pausedDays, stoodDays } from '../core/left-out.ts'
import type { Look } from '../core/look.ts'
import { currencyOf, majorAmount, minorOf } from '../core/money.ts'
import type { Day } from '../core/time.ts'

const NAME = 'volume-spike'
const WEEK_DAYS = 7

const limits = z.strictObject({
  /** Times the base at which a day or a week stands out. */
  multipleMin: z.int().min(2),
  countMin: z.int().positive(),
  /** A day's sum, in major units; of a week: this times its trading days. */
  sumMin: majorAmount,
  /** With fewer trading days of its own, an account is compared with its cohort. */
  tradingDaysMin: z.int().positive(),
  /** Left out at each end of the base. */
  trimPercent: z.int().min(0).max(49),
  /** Whole local days after activation on which nothing is judged. */
  burnInDays: z.int().nonnegative(),
})
type Limits = z.infer<typeof limits>

/** What a day is compared with: sums, so that multiples compare in integers. */
type Compared = Base & Readonly<{ isCohort: boolean; held: string | undefined }>

export const volumeSpike = defineDetector<Limits>({
  name: NAME,
  version: 1,
  kind: 'behaviour',
  on: ['sales', 'lifecycle'],
  ruleWindows: ['D7'],
  clears: ['explain-transactions', 'normal-trade'],
  documents: ['transaction-voucher', 'sales-invoice', 'business-licence'],
  advice: ['adv-keep-records'],
  limits,

  measure(account, moment, itsLimits) {
    const { closed, touchedOn, today, again } = moment
    if (closed !== undefined) {
      const base = comparedWith(account, moment, itsLimits, closed)
      return base === undefined
        ? NONE
        : [week({ account, moment, its: itsLimits, day: closed, base })]
    }
    if (again !== undefined) {
      return again.flatMap((day) => dayAndWeek(account, moment, itsLimits, day))
    }
    if (touchedOn === undefined) return NONE
    // Nearly always the day is open, has no hit, and is no news.
    if (touchedOn >= today && isOrdinary(account, moment, itsLimits, touchedOn)) return NONE
    const measures: Measure[] = []
    for (let day = touchedOn; day <= Math.max(touchedOn, today); day++) {
      measures.push(...dayAndWeek(account, moment, itsLimits, day))
    }
    return measures
  },

  look(account, moment, its) {
    const { today } = moment
    const base = comparedWith(account, moment, its, today)
    const { count, sum } = tallyOf(account.days, today)
    const week = span(account.days, today - WEEK_DAYS + 1, today)
    const min = minorOf(its.sumMin, currencyOf(moment.profile, account.facts))
    const { countTotal = 0, sumTotal = 0 } = base ?? {}
    const unit = 'minor-units'
    const ways: readonly Way[] = [
      {
        ...{ name: 'countMin', value: count, min: its.countMin, unit: 'sales' },
        total: countTotal,
      },
      { ...{ name: 'sumMin', value: sum, min, unit }, total: sumTotal },
      {
        ...{ name: 'sumMin', value: week.sum, min: min * week.tradingDays, unit, isWeek: true },
        total: sumTotal * week.tradingDays,
      },
    ]
    return ways.map((way) => lookAt(account, moment, its, way, base))
  },
})

/** `total`: what the value is compared with, as the sum of a base. */
type Way = Readonly<
  Record<'value' | 'min' | 'total', number> & Record<'name' | 'unit', string> & { isWeek?: true }
>

function lookAt(
  account: Account,
  moment: Moment,
  its: Limits,
  { name, value, min, unit, total, isWeek }: Way,
  base: Compared | undefined,
): Look {
  const { today, zone } = moment
  const from = isWeek === true ? today - WEEK_DAYS + 1 : today
  const window = { fromMs: zone.startMs(from), toMs: zone.startMs(today + 1) }
  const absolute = { name, value, limit: min, unit }
  const rule = isWeek === true ? 'D7' : 'LD'
  const about = { rule, window, seen: { currency: currencyOf(moment.profile, account.facts) } }
  if (base === undefined || total === Infinity) {
    const { tradingDays } = ownBase(account, today, its)
    const lacks = { name: 'tradingDaysMin', value: tradingDays, limit: its.tradingDaysMin }
    const limits = [absolute, { ...lacks, unit: 'trading-days' }]
    return { ...about, isHit: false, limits, held: 'nothing-to-compare' }
  }
  const { baseline, limit } = compared(value, false, { ...base, sumTotal: total }, its.multipleMin)
  const isMuch = value >= min && value * base.m >= its.multipleMin * total
  return {
    ...about,
    isHit: isMuch && value > 0,
    limits: [absolute, { name: 'multipleMin', value, limit, unit }],
    ...{ baseline, historyDays: base.tradingDays },
    baselineOf: base.isCohort ? 'cohort' : 'account',
    ...(base.isCohort ? { stageMax: 'notice' } : {}),
    ...(base.held === undefined ? {} : { held: base.held }),
  }
}

/** Nothing of this detector is known, and the day and its week are below every limit in absolute terms. */
function isOrdinary(account: Account, moment: Moment, its: Limits, day: Day): boolean {
  if (account.said.has(NAME)) return false
  const sumMin = minorOf(its.sumMin, currencyOf(moment.profile, account.facts))
  const { count, sum } = tallyOf(account.days, day)
  if (count >= its.countMin || sum >= sumMin) return false
  const week = span(account.days, day - WEEK_DAYS + 1, day)
  return week.tradingDays === 0 || week.sum < sumMin * week.tradingDays
}

/** A day, and what it or the week that ends with it is compared with. */
type Judged = Readonly<{
  account: Account
  moment: Moment
  its: Limits
  day: Day
  base: Compared
}>

/** Both are compared with the same. */
function dayAndWeek(account: Account, moment: Moment, its: Limits, day: Day): Measure[] {
  const base = comparedWith(account, moment, its, day)
  if (base === undefined) return []
  const judged = { account, moment, its, day, base }
  return [localDay(judged), week(judged)]
}

function localDay({ account, moment, its, day, base }: Judged): Measure {
  const { count, sum } = tallyOf(account.days, day)
  const { multipleMin, countMin, sumMin } = its
  const money = currencyOf(moment.profile, account.facts)
  const byCount = (min: number) => count >= countMin && count * base.m >= min * base.countTotal
  const bySum = (min: number) => {
    return sum >= minorOf(sumMin, money) && sum * base.m >= min * base.sumTotal
  }
  const atLeast = (min: number) => byCount(min) || bySum(min)
  const isCounted = byCount(multipleMin) || !bySum(multipleMin)
  return {
    ...common(moment, base, day, day),
    rule: 'LD',
    isHit: atLeast(multipleMin),
    multipleAtLeast: atLeast,
    ...previousOf(account, day),
    ...compared(isCounted ? count : sum, isCounted, base, multipleMin),
    seen: { count, sum, currency: money } as const,
  }
}

function week({ account, moment, its, day, base }: Judged): Measure {
  const { sum, count, tradingDays } = span(account.days, day - WEEK_DAYS + 1, day)
  const { multipleMin, sumMin } = its
  const money = currencyOf(moment.profile, account.facts)
  const atLeast = (min: number) => {
    const isMuch = sum >= minorOf(sumMin, money) * tradingDays
    return tradingDays > 0 && isMuch && sum * base.m >= min * base.sumTotal * tradingDays
  }
  return {
    ...common(moment, base, day - WEEK_DAYS + 1, day),
    rule: 'D7',
    isHit: atLeast(multipleMin),
    multipleAtLeast: atLeast,
    ...compared(sum, false, base, multipleMin * tradingDays),
    seen: { count, sum, currency: money, tradingDays },
  }
}

function common({ zone, closed }: Moment, base: Compared, from: Day, on: Day) {
  const { isCohort, tradingDays, held } = base
  // At a day's close the question is whether the rule still holds, not whether it may be told.
  const isHeld = held !== undefined && closed === undefined
  return {
    kind: 'level',
    subject: 'account',
    consequence: 'suspension',
    window: { fromMs: zone.startMs(from), toMs: zone.startMs(on + 1) },
    on,
    historyDays: tradingDays,
    ...(isCohort ? { stageMax: 'notice' as const } : {}),
    ...(isHeld ? { held } : {}),
  } as const
}

/** Figures for people: the base rounded, the limit as the multiple of it. */
function compared(value: number, isCounted: boolean, base: Compared, multiple: number) {
  const total = isCounted ? base.countTotal : base.sumTotal
  const unit = isCounted ? 'sales' : 'minor-units'
  const baseline = Math.round(total / base.m)
  return { value, limit: Math.ceil((multiple * total) / base.m), unit, baseline }
}

function previousOf({ days }: Account, day: Day): Readonly<{ previousOn?: Day }> {
  const previousOn = tradingDayBefore(days, day)
  return previousOn === undefined ? {} : { previousOn }
}

function ownBase(account: Account, day: Day, { trimPercent }: Limits): Base {
  const leftOut = eitherOf(pausedDays(account), stoodDays(account, NAME))
  return baseBefore(account.days, day, leftOut, trimPercent)
}

/** Undefined: nothing to judge against, or a day on which this is not judged. */
function comparedWith(
  account: Account,
  moment: Moment,
  its: Limits,
  day: Day,
): Compared | undefined {
  const { facts } = account
  const isNew = isBurningIn(account, day, its.burnInDays)
  const held = isNew ? 'burn-in' : pausedDays(account).has(day) ? 'pause' : undefined
  const base = ownBase(account, day, its)
  if (base.tradingDays >= its.tradingDaysMin) return { ...base, isCohort: false, held }
  const money = currencyOf(moment.profile, account.facts)
  const scale = facts.scale === undefined ? undefined : facts.scale / minorOf('1', money)
  const cohort = moment.profile.cohortOf(facts.mcc, scale)
  if (cohort?.count === undefined && cohort?.sum === undefined) return undefined
  return {
    tradingDays: base.tradingDays,
    m: 1,
    countTotal: cohort.count ?? Infinity,
    sumTotal: cohort.sum === undefined ? Infinity : cohort.sum * minorOf('1', money),
    isCohort: true,
    held,
  }
}
