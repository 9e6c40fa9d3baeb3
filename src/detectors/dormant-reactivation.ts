/** An account that was silent for long and comes back with more than a shop that opens again. */
import { z } from 'zod'
import { hasOpen } from '../core/account.ts'
import type { Account } from '../core/account.ts'
import { span } from '../core/days.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Level, Moment } from '../core/detector.ts'
import { isBurningIn } from '../core/left-out.ts'
import type { Look } from '../core/look.ts'
import { currencyOf, majorAmount, minorOf } from '../core/money.ts'
import { pausesOf } from '../core/pauses.ts'
import type { Reactivation } from '../core/reactivation.ts'
import { dayText } from '../core/time.ts'
import type { Day } from '../core/time.ts'

/** The date of the first sale and the two after it. */
const WATCHED_DAYS = 3
const WEEKS = 4
const PAUSE_MONTHS_MAX = 12

const limits = z.strictObject({
  /** Local dates from the last activity to the first sale after it. */
  gapDays: z.int().min(30),
  salesMin: z.int().positive(),
  /** In major units, and at least so many times a usual week. */
  sumMin: majorAmount,
  weekMultiple: z.int().positive(),
  /** One sale of so many times that percentile of the usual amounts. */
  outlierMultiple: z.int().positive(),
  outlierPercent: z.int().min(50).max(100),
  burnInDays: z.int().nonnegative(),
})
type Limits = z.infer<typeof limits>

const NAME = 'dormant-reactivation'

export const dormantReactivation = defineDetector<Limits>({
  name: NAME,
  version: 1,
  kind: 'behaviour',
  on: ['sales', 'lifecycle'],
  clears: ['explain-transactions', 'normal-trade'],
  documents: ['transaction-voucher', 'business-licence'],
  advice: ['adv-keep-records'],
  limits,
  counting: ({ gapDays, outlierMultiple, outlierPercent }) => ({
    gapDays,
    outlierMultiple,
    outlierPercent,
  }),

  measure(account, moment, its) {
    const { closed, touchedOn, again, isRevision } = moment
    const known = account.facts.reactivation
    if (closed !== undefined || (known === undefined && !account.said.has(NAME))) return NONE
    if (again !== undefined) return again.map((day) => levelOf(account, moment, its, day))
    const isQuestioned = isRevision === true && hasOpen(account, NAME)
    // What was told of a silence that is none any more is taken back.
    if (known === undefined) return isQuestioned ? [notHit(moment, moment.today)] : NONE
    // Where no date's sales have changed, the silence before them all has.
    const first = touchedOn ?? (isQuestioned ? known.firstOn : Infinity)
    const touched = watchedDays(moment, known, Math.max(known.firstOn, first))
    const days = touched.length === 0 && isQuestioned ? hitDays(account) : touched
    return days.map((day) => levelOf(account, moment, its, day))
  },

  look(account, moment, its) {
    const known = account.facts.reactivation
    const { today } = moment
    const isWatched = known !== undefined && today < known.firstOn + WATCHED_DAYS
    return isWatched ? ways(account, moment, its, known) : silence(account, moment, its)
  },
})

/** How long the account has been silent. */
function silence({ facts }: Account, { zone, today, atMs }: Moment, { gapDays }: Limits): Look[] {
  const active = [...facts.terminals.values()].flatMap(({ activity }) => activity.at(-1)?.on ?? [])
  if (active.length === 0) return []
  const lastOn = Math.max(...active)
  return [
    {
      rule: 'LD',
      window: { fromMs: zone.startMs(lastOn), toMs: atMs },
      isHit: false,
      limits: [{ name: 'gapDays', value: today - lastOn, limit: gapDays, unit: 'days' }],
    },
  ]
}

/** By the number of sales, by their sum, or by one of them. */
function ways(account: Account, moment: Moment, its: Limits, known: Reactivation): Look[] {
  const level = localDay(account, moment, its, known, moment.today)
  const { isHit, window, seen = {}, stageMax, held } = level
  const [count, sum, outliers] = [
    Number(seen['count']),
    Number(seen['sum']),
    Number(seen['outliers']),
  ]
  const unit = 'minor-units'
  const weekly = Math.ceil((its.weekMultiple * known.fourWeeks) / WEEKS)
  const sumMin = minorOf(its.sumMin, String(seen['currency']))
  const all = [
    [{ name: 'salesMin', value: count, limit: its.salesMin, unit: 'sales' }],
    [
      { name: 'sumMin', value: sum, limit: sumMin, unit },
      { name: 'weekMultiple', value: sum, limit: weekly, unit },
    ],
    [{ name: 'outlierMultiple', value: outliers, limit: 1, unit: 'sales' }],
  ]
  const why = held ?? (isPaused(account, known) ? 'pause' : undefined)
  return all.map((limits) => ({
    rule: 'LD',
    window,
    isHit: isHit && limits.every(({ value, limit }) => value >= limit),
    ...{ limits, seen },
    ...(stageMax === undefined ? {} : { stageMax }),
    ...(why === undefined ? {} : { held: why }),
  }))
}

/** What was told rests on them. */
function hitDays({ said }: Account): Day[] {
  return (said.get(NAME)?.get('account')?.hits ?? []).map(({ on }) => on)
}

/** Those of the watched dates that have come, from one of them on. */
function watchedDays({ touchedOn, today }: Moment, { firstOn }: Reactivation, from: Day): Day[] {
  const to = Math.min(firstOn + WATCHED_DAYS - 1, Math.max(touchedOn ?? today, today))
  return Array.from({ length: WATCHED_DAYS }, (_, after) => firstOn + after).filter(
    (day) => from <= day && day <= to,
  )
}

function levelOf(account: Account, moment: Moment, its: Limits, day: Day): Level {
  const known = account.facts.reactivation
  const isWatched =
    known !== undefined && day >= known.firstOn && day < known.firstOn + WATCHED_DAYS
  return isWatched ? localDay(account, moment, its, known, day) : notHit(moment, day)
}

function localDay(
  account: Account,
  moment: Moment,
  its: Limits,
  known: Reactivation,
  day: Day,
): Level {
  const { facts, days } = account
  const { firstOn, lastOn, fourWeeks, large } = known
  const { count, sum } = span(days, firstOn, day)
  const currency = currencyOf(moment.profile, facts)
  const outliers = large.slice(0, day - firstOn + 1).reduce((total, some) => total + some, 0)
  const isByCount = count >= its.salesMin
  const isBySum =
    sum * WEEKS >= its.weekMultiple * fourWeeks && sum >= minorOf(its.sumMin, currency)
  const isNew = isBurningIn(account, day, its.burnInDays)
  return {
    ...notHit(moment, day),
    window: { fromMs: moment.zone.startMs(firstOn), toMs: moment.zone.startMs(day + 1) },
    isHit: (isByCount || isBySum || outliers > 0) && !isPaused(account, known),
    ...(isByCount || !isBySum
      ? { value: count, limit: its.salesMin, unit: 'sales' }
      : { value: sum, limit: minorOf(its.sumMin, currency), unit: 'minor-units' }),
    seen: {
      ...{ gapDays: firstOn - lastOn, lastSale: dayText(lastOn), firstSale: dayText(firstOn) },
      ...{ count, sum, currency, outliers },
    },
    ...(isExplained(account, known) ? { stageMax: 'notice' } : {}),
    ...(isNew ? { held: 'burn-in' } : {}),
  }
}

function notHit({ zone }: Moment, day: Day): Level {
  return {
    kind: 'level',
    subject: 'account',
    consequence: 'suspension',
    rule: 'LD',
    window: { fromMs: zone.startMs(day), toMs: zone.startMs(day + 1) },
    on: day,
    isHit: false,
    value: 0,
    limit: 0,
    unit: 'sales',
    audience: ['operator'],
  }
}

/** A declared pause that touches the silence, its bounds included. */
function isPaused({ facts }: Account, { lastOn, firstOn }: Reactivation): boolean {
  const pauses = pausesOf(facts.pauses, PAUSE_MONTHS_MAX, Infinity)
  return pauses.some(({ from, end }) => from <= firstOn && end >= lastOn)
}

/** A terminal was replaced or repaired, or the merchant verified again, since the last activity. */
function isExplained({ facts }: Account, { lastMs }: Reactivation): boolean {
  const isSince = (atMs: number) => atMs > lastMs
  if (facts.verifications.some(({ atMs }) => isSince(atMs))) return true
  return [...facts.terminals.values()].some(
    ({ replacements, recoveredMs }) => replacements.some(isSince) || isSince(recoveredMs),
  )
}
