/** A share of declined attempts far above what is acceptable and above the account's own. */
import { z } from 'zod'
import type { Account } from '../core/account.ts'
import { PANE_LATE_MS_MAX } from '../core/apply-sale.ts'
import { newestMs, oldestMs } from '../core/attempts.ts'
import { countIn, declinesIn, evidenceOf, isTooLate, windowEnds } from '../core/bursts.ts'
import { ratioBefore } from '../core/days.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Level, Measure, Moment } from '../core/detector.ts'
import { issuersOf, mostOfOne } from '../core/issuers.ts'
import { basisPoints, windowTo } from '../core/look.ts'
import type { Look } from '../core/look.ts'
import { eitherOf, isBurningIn, pausedDays, stoodDays } from '../core/left-out.ts'
import { dayTo, isNewestPane, newestDay, paneEnds } from '../core/panes.ts'
import { firstAndLast, isToTakeBack } from '../core/slots.ts'
import { PANES_A_DAY, paneEndMs, paneOf } from '../core/spans.ts'
import { HOUR_MS } from '../core/time.ts'
import type { Day, EpochMs } from '../core/time.ts'
import type { Stage } from '../core/warning.ts'
import { wilsonLow } from '../core/wilson.ts'

const NAME = 'decline-ratio-spike'

const share = z.strictObject({
  /** Lower end of the interval of the share, in per cent. */
  percentMin: z.int().min(1).max(100),
  attemptsMin: z.int().positive(),
})

const limits = z.strictObject({
  /** The last hour, exact to the attempt; and the 288 panes of five minutes that end with it. */
  hour: share,
  day: share,
  /** Times the account's own share. */
  multipleMin: z.int().min(2),
  /** With fewer trading days of its own nothing beyond a notice is told. */
  tradingDaysMin: z.int().positive(),
  /** With more of the declines than this of one issuer it is that issuer's trouble. */
  issuerPercentMax: z.int().min(1).max(100),
  burnInDays: z.int().nonnegative(),
})
type Limits = z.infer<typeof limits>
type Share = z.infer<typeof share>

const SLOT_MS = { B1h: HOUR_MS / 2, P24h: 6 * HOUR_MS } as const

export const declineRatioSpike = defineDetector<Limits>({
  name: NAME,
  version: 1,
  kind: 'behaviour',
  on: ['attempts', 'lifecycle'],
  isShare: true,
  clears: ['check-terminal', 'explain-transactions'],
  documents: ['transaction-voucher'],
  advice: ['adv-train', 'adv-secure'],
  limits,

  measure(account, moment, itsLimits) {
    const { event, eventMs, again } = moment
    if (again !== undefined || event?.type !== 'card.authorisation') return NONE
    if (eventMs === undefined) return NONE
    const inHours = hours(account, moment, itsLimits, eventMs)
    // Too late for the panes it is in no window of a day.
    const isIn = moment.atMs - event.timeMs <= PANE_LATE_MS_MAX
    const inDays = isIn ? days(account, moment, itsLimits, eventMs) : NONE
    return inHours.length + inDays.length === 0 ? NONE : [...inHours, ...inDays]
  },

  look: (account, moment, its) => [lastHour(account, moment, its), lastDay(account, moment, its)],
})

/** The share itself is below the limit, so the lower end of its interval is. */
function isBelow({ percentMin, attemptsMin }: Share, k: number, n: number): boolean {
  return n < attemptsMin || k * 100 < percentMin * n
}

function hours(
  account: Account,
  moment: Moment,
  its: Limits,
  eventMs: EpochMs,
): readonly Measure[] {
  const { attempts } = account
  const { hour } = attempts
  if (isTooLate(attempts, eventMs)) return NONE
  if (newestMs(attempts) === eventMs && isBelow(its.hour, hour.declines, hour.attempts)) return NONE
  return windowEnds(attempts, eventMs, HOUR_MS).flatMap((endMs): readonly Measure[] => {
    const { attempts: n, declines: k } = countIn(attempts, endMs, HOUR_MS)
    if (isBelow(its.hour, k, n) && !isToTakeBack(account, moment, NAME)) return NONE
    const on = moment.zone.dayOf(endMs)
    const judged = judge(account, moment, its, { share: its.hour, n, k, on })
    const declines = declinesIn(attempts, endMs, HOUR_MS)
    const isHit = judged.isHit && mostOfOne(declines) * 100 <= its.issuerPercentMax * k
    const fromMs = Math.max(endMs - HOUR_MS, (oldestMs(attempts) ?? endMs) - 1)
    return asHits({
      ...judged,
      isHit,
      rule: 'B1h',
      window: { fromMs: endMs - HOUR_MS, toMs: endMs },
      terminalIds: [...new Set(declines.map(({ terminalId }) => terminalId))],
      seen: { ...judged.seen, fromMs, codes: codesOf(declines) },
      evidence: isHit ? evidenceOf(attempts, declines) : [],
    })
  })
}

function days(account: Account, moment: Moment, its: Limits, eventMs: EpochMs): readonly Measure[] {
  const { panes } = account
  const ownPane = paneOf(eventMs)
  if (isNewestPane(panes, ownPane)) {
    const { n, k } = newestDay(panes)
    if (isBelow(its.day, k, n)) return NONE
  }
  return paneEnds(panes, ownPane).flatMap((pane): readonly Measure[] => {
    const { n, k } = dayTo(panes, pane)
    if (isBelow(its.day, k, n) && !isToTakeBack(account, moment, NAME)) return NONE
    const toMs = paneEndMs(pane)
    const on = moment.zone.dayOf(toMs - 1)
    const judged = judge(account, moment, its, { share: its.day, n, k, on })
    const fromMs = paneEndMs(pane - PANES_A_DAY)
    const from = moment.zone.dayOf(fromMs)
    const { most, total } = issuersOf(account.panes, from, on)
    const isHit = judged.isHit && most * 100 <= its.issuerPercentMax * total
    return asHits({ ...judged, isHit, rule: 'P24h', window: { fromMs, toMs } })
  })
}

type Counted = Readonly<{ share: Share; n: number; k: number; on: Day }>

function judge(
  account: Account,
  { closed }: Moment,
  its: Limits,
  { share: { percentMin, attemptsMin }, n, k, on }: Counted,
  isLooking = false,
) {
  const low = wilsonLow(k, n)
  const isMuch = n >= attemptsMin && low * 100 >= percentMin
  // Where the absolute part is not reached, the base does not matter.
  const paused = pausedDays(account)
  const base =
    isMuch || isLooking
      ? ratioBefore(account.days, on, eitherOf(paused, stoodDays(account, NAME)))
      : { tradingDays: 0, attempts: 0, declines: 0 }
  const isOwn = base.tradingDays >= its.tradingDaysMin
  const usual = isOwn && base.attempts > 0 ? base.declines / base.attempts : 0
  const isNew = isBurningIn(account, on, its.burnInDays)
  const held = isNew ? 'burn-in' : paused.has(on) ? 'pause' : undefined
  return {
    kind: 'level',
    subject: 'account',
    consequence: 'suspension',
    on,
    isHit: isMuch && low >= its.multipleMin * usual,
    value: basisPoints(low),
    limit: Math.max(percentMin * 100, Math.ceil(its.multipleMin * usual * 10_000)),
    unit: 'basis-points',
    k,
    n,
    historyDays: base.tradingDays,
    seen: { declines: k, attempts: n },
    ...(isOwn ? { baseline: Math.round(usual * 10_000) } : { stageMax: 'notice' as const }),
    ...(held !== undefined && closed === undefined ? { held } : {}),
  } as const
}

function lastHour(account: Account, moment: Moment, its: Limits): Look {
  const { atMs, today: on } = moment
  const { attempts: n, declines: k } = countIn(account.attempts, atMs, HOUR_MS)
  const most = mostOfOne(declinesIn(account.attempts, atMs, HOUR_MS))
  const judged = judge(account, moment, its, { share: its.hour, n, k, on }, true)
  return { ...looked(judged, its, 'hour', most, k), rule: 'B1h', window: windowTo(atMs, HOUR_MS) }
}

function lastDay(account: Account, moment: Moment, its: Limits): Look {
  const pane = paneOf(moment.atMs)
  const { n, k } = dayTo(account.panes, pane)
  const window = { fromMs: paneEndMs(pane - PANES_A_DAY), toMs: paneEndMs(pane) }
  const on = moment.zone.dayOf(window.toMs - 1)
  const { most, total } = issuersOf(account.panes, moment.zone.dayOf(window.fromMs), on)
  const judged = judge(account, moment, its, { share: its.day, n, k, on }, true)
  return { ...looked(judged, its, 'day', most, total), rule: 'P24h', window }
}

function looked(
  judged: ReturnType<typeof judge> & Readonly<{ baseline?: number; stageMax?: Stage }>,
  its: Limits,
  span: 'hour' | 'day',
  most: number,
  declines: number,
): Omit<Look, 'rule' | 'window'> {
  const { value, k, n, baseline, historyDays, stageMax, held } = judged
  const { percentMin, attemptsMin } = its[span]
  const unit = 'basis-points'
  const ofOne = basisPoints(declines === 0 ? 0 : most / declines)
  return {
    isHit: judged.isHit && most * 100 <= its.issuerPercentMax * declines,
    limits: [
      { name: `${span}.percentMin`, value, limit: percentMin * 100, unit },
      { name: `${span}.attemptsMin`, value: n, limit: attemptsMin, unit: 'attempts' },
      ...(baseline === undefined
        ? []
        : [{ name: 'multipleMin', value, limit: baseline * its.multipleMin, unit }]),
      ...[{ name: 'issuerPercentMax', value: ofOne, limit: its.issuerPercentMax * 100, unit }].map(
        (limit) => ({ ...limit, isMost: true as const }),
      ),
    ],
    ...{ k, n, historyDays },
    ...(baseline === undefined ? {} : { baseline, baselineOf: 'account' }),
    ...(stageMax === undefined ? {} : { stageMax }),
    ...(held === undefined ? {} : { held }),
  }
}

function asHits(level: Omit<Level, 'key' | 'keeps'>): readonly Measure[] {
  return firstAndLast(level, SLOT_MS[level.rule as keyof typeof SLOT_MS])
}

function codesOf(declines: readonly Readonly<{ responseCode: string }>[]): string {
  const counts = Map.groupBy(declines, ({ responseCode }) => responseCode)
  const byCount = [...counts].sort(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1))
  return byCount
    .slice(0, 5)
    .map(([code, { length }]) => `${code}×${length}`)
    .join(' ')
}
