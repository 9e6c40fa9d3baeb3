/** Large sales of round amounts, more often than trade makes them. */
import { z } from 'zod'
import type { Account } from '../core/account.ts'
import { span } from '../core/days.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Level, Moment } from '../core/detector.ts'
import { basisPoints } from '../core/look.ts'
import { isAmongMccs, mccList } from '../core/mcc.ts'
import { majorAmount } from '../core/money.ts'
import type { Day } from '../core/time.ts'
import { wilsonLow } from '../core/wilson.ts'

const WEEK_DAYS = 7

const limits = z.strictObject({
  /** In major units: a sale of at least this is large … */
  amountMin: majorAmount,
  /** … and round where this divides it. */
  roundStep: majorAmount,
  salesMin: z.int().positive(),
  /** Lower end of the interval of the share of round ones. */
  sharePercentMin: z.int().min(1).max(100),
  /** Where prices are round: tuition, rent, fuel, gift cards. */
  exemptMccs: mccList,
})
type Limits = z.infer<typeof limits>

const NAME = 'round-amount'

export const roundAmount = defineDetector<Limits>({
  name: NAME,
  version: 1,
  kind: 'behaviour',
  on: ['large-sales', 'lifecycle'],
  ruleWindows: ['D7'],
  clears: ['explain-transactions', 'normal-trade'],
  documents: ['transaction-voucher', 'sales-invoice'],
  advice: ['adv-keep-records'],
  limits,
  counting: ({ amountMin, roundStep }) => ({ largeMin: amountMin, roundStep }),

  measure(account, moment, its) {
    const { closed, touchedOn, today, again } = moment
    if (isAmongMccs(its.exemptMccs, account.facts.mcc)) return NONE
    const days = again ?? (closed === undefined ? daysFrom(touchedOn, today) : [closed])
    const weeks = days.map((day) => week(account, moment, its, day))
    // Nearly always there is nothing to say, and nothing said to be taken back.
    return account.said.has(NAME) ? weeks : weeks.filter(({ isHit }) => isHit)
  },

  look(account, moment, its) {
    const {
      rule,
      window,
      isHit,
      value,
      limit,
      k = 0,
      n = 0,
    } = week(account, moment, its, moment.today)
    const limits = [
      { name: 'sharePercentMin', value, limit, unit: 'basis-points' },
      { name: 'salesMin', value: n, limit: its.salesMin, unit: 'large-sales' },
    ]
    const isExempt = isAmongMccs(its.exemptMccs, account.facts.mcc)
    return [{ rule, window, isHit, limits, k, n, ...(isExempt ? { held: 'exempt-mcc' } : {}) }]
  },
})

function daysFrom(touchedOn: Day | undefined, today: Day): Day[] {
  if (touchedOn === undefined) return []
  const length = Math.max(touchedOn, today) - touchedOn + 1
  return Array.from({ length }, (_, after) => touchedOn + after)
}

function week({ days }: Account, { zone }: Moment, its: Limits, day: Day): Level {
  const from = day - WEEK_DAYS + 1
  const { large: n, round: k } = span(days, from, day)
  const low = wilsonLow(k, n)
  return {
    kind: 'level',
    subject: 'account',
    consequence: 'suspension',
    rule: 'D7',
    window: { fromMs: zone.startMs(from), toMs: zone.startMs(day + 1) },
    on: day,
    isHit: n >= its.salesMin && low * 100 >= its.sharePercentMin,
    value: basisPoints(low),
    limit: its.sharePercentMin * 100,
    unit: 'basis-points',
    k,
    n,
    seen: { round: k, large: n },
  }
}
