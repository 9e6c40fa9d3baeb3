/** A day, or seven, of many times the sales of the ninety days before. */
import { z } from 'zod'
import type { Account } from '../core/account.ts'
import { baseBefore, span, tallyOf, tradingDayBefore } from '../core/days.ts'
import type { Base, LeftOut } from '../core/days.ts'
import { defineDetector } from '../core/detector.ts'
import type { Measure, Moment } from '../core/detector.ts'
import { majorAmount, minorOf } from '../core/money.ts'
import { holds, pausesOf } from '../core/pauses.ts'
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
    if (closed !== undefined) return week(account, moment, itsLimits, closed)
    if (again !== undefined) {
      return again.flatMap((day) => [
        ...localDay(account, moment, itsLimits, day),
        ...week(account, moment, itsLimits, day),
      ])
    }
    if (touchedOn === undefined) return []
    const measures: Measure[] = []
    for (let day = touchedOn; day <= Math.max(touchedOn, today); day++) {
      measures.push(...localDay(account, moment, itsLimits, day))
      measures.push(...week(account, moment, itsLimits, day))
    }
    return measures
  },
})

function localDay(account: Account, moment: Moment, itsLimits: Limits, day: Day): Measure[] {
  const base = comparedWith(account, moment, itsLimits, day)
  if (base === undefined) return []
  const { count, sum } = tallyOf(account.days, day)
  const { multipleMin, countMin, sumMin } = itsLimits
  const money = currencyOf(account, moment)
  const byCount = (min: number) => count >= countMin && count * base.m >= min * base.countTotal
  const bySum = (min: number) => {
    return sum >= minorOf(sumMin, money) && sum * base.m >= min * base.sumTotal
  }
  const atLeast = (min: number) => byCount(min) || bySum(min)
  const isCounted = byCount(multipleMin) || !bySum(multipleMin)
  return [
    {
      ...common(moment, base, day, day),
      rule: 'LD',
      isHit: atLeast(multipleMin),
      multipleAtLeast: atLeast,
      ...previousOf(account, day),
      ...compared(isCounted ? count : sum, isCounted, base, multipleMin),
      seen: { count, sum, currency: money } as const,
    },
  ]
}

function week(account: Account, moment: Moment, itsLimits: Limits, day: Day): Measure[] {
  const base = comparedWith(account, moment, itsLimits, day)
  if (base === undefined) return []
  const { sum, count, tradingDays } = span(account.days, day - WEEK_DAYS + 1, day)
  const { multipleMin, sumMin } = itsLimits
  const money = currencyOf(account, moment)
  const atLeast = (min: number) => {
    const isMuch = sum >= minorOf(sumMin, money) * tradingDays
    return tradingDays > 0 && isMuch && sum * base.m >= min * base.sumTotal * tradingDays
  }
  return [
    {
      ...common(moment, base, day - WEEK_DAYS + 1, day),
      rule: 'D7',
      isHit: atLeast(multipleMin),
      multipleAtLeast: atLeast,
      ...compared(sum, false, base, multipleMin * tradingDays),
      seen: { count, sum, currency: money, tradingDays },
    },
  ]
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

/** Undefined: nothing to judge against, or a day on which this is not judged. */
function comparedWith(
  account: Account,
  moment: Moment,
  { tradingDaysMin, trimPercent, burnInDays }: Limits,
  day: Day,
): Compared | undefined {
  const { facts } = account
  const activeOn = facts.activatedOn ?? facts.firstActivityOn
  const paused = pausedDays(account)
  const isNew = activeOn === undefined || day <= activeOn + burnInDays
  const held = isNew ? 'burn-in' : paused.has(day) ? 'pause' : undefined
  const base = baseBefore(account.days, day, eitherOf(paused, stoodDays(account)), trimPercent)
  if (base.tradingDays >= tradingDaysMin) return { ...base, isCohort: false, held }
  const money = currencyOf(account, moment)
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

const NO_DAYS: LeftOut = { name: '', has: () => false }

function pausedDays({ facts }: Account): LeftOut {
  if (facts.pauses.told.length === 0) return NO_DAYS
  const pauses = pausesOf(facts.pauses, PAUSE_MONTHS_MAX, Infinity)
  const name = pauses.map(({ from, end }) => `${from}-${end}`).join()
  return { name, has: (day) => pauses.some((pause) => holds(pause, day)) }
}

/** Days on which this detector stood at `warning`: they are no measure of normal trade. */
function stoodDays({ said }: Account): LeftOut {
  const memory = said.get(NAME)?.get('account')
  if (memory === undefined) return NO_DAYS
  const { stood, open } = memory
  const since = open?.warnedOn ?? Infinity
  return {
    name: `${since};${stood.map(({ from, to }) => `${from}-${to}`).join()}`,
    has: (day) => day >= since || stood.some(({ from, to }) => from <= day && day <= to),
  }
}

function eitherOf(a: LeftOut, b: LeftOut): LeftOut {
  if (a === NO_DAYS) return b
  return { name: `${a.name}|${b.name}`, has: (day) => a.has(day) || b.has(day) }
}

// As the inactivity detectors have it by default; here it only bounds what is left out.
const PAUSE_MONTHS_MAX = 12

const currencyOf = ({ facts }: Account, { profile }: Moment): string =>
  profile.currency ?? facts.currency ?? 'XXX'
