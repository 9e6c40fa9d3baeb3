/** Recounts decline-ratio-spike: an hour, and a day of panes, against the declines of ninety days. */
import type { Day, Place } from './civil.ts'
import { inHour, hourEnds, type Attempt } from './recount-declines.ts'
import { createWatch, lowerBound, weigh } from './recount-watch.ts'
import type { Hit, Verdict, Watch } from './recount-watch.ts'
import type { Tell } from './recount-track.ts'

type Tally = { all: number; declined: number; byIssuer: Map<string, number> | undefined }

/** What the rule asks of the rest of the account. */
export type Past = Readonly<{
  isTradingDay: (day: Day) => boolean
  isPaused: (day: Day) => boolean
  /** No day up to this one is judged. */
  burnInEnd: () => Day | undefined
}>

export type Ratio = {
  readonly watch: Watch
  readonly place: Place
  readonly past: Past
  days: Map<Day, Tally>
  panes: Map<number, Tally>
  newestPane: number
}

const HOUR_MS = 3_600_000
const PANE_MS = 300_000
const PANES_OF_DAY = 288
const HOUR = { share: 0.3, countMin: 20 }
const DAY = { share: 0.2, countMin: 50 }
const TIMES = 3
const ISSUER_PERCENT_MAX = 70
const ISSUERS_KEPT = 8
const TRADING_DAYS_MIN = 20
const HISTORY_DAYS = 90
const DAYS_LATE_MS_MAX = 72 * HOUR_MS
const PANES_LATE_MS_MAX = 24 * HOUR_MS
/** Fewer declines than this reach neither share of so many attempts. */
const DECLINES_MIN = 10

export function createRatio(place: Place, past: Past, tell: Tell): Ratio {
  const watch = createWatch('decline-ratio-spike', { place, tell }, isNearAnother)
  return { watch, place, past, days: new Map(), panes: new Map(), newestPane: -Infinity }
}

/** Two hits of windows that share nothing, and are not far from each other. */
function isNearAnother(hit: Hit, hits: readonly Hit[]): boolean {
  const unit = hit.rule === 'hour' ? HOUR_MS : PANES_OF_DAY
  const most = hit.rule === 'hour' ? 3 * unit : 2 * unit
  return hits.some(({ rule, at }) => {
    return rule === hit.rule && hit.at - at >= unit && hit.at - at <= most
  })
}

/** `ring` holds the attempt, unless it came too late for it. */
export function foldRatio(
  ratio: Ratio,
  ring: readonly Attempt[],
  attempt: Attempt,
  arriveMs: number,
): void {
  const lateMs = arriveMs - attempt.ms
  const pane = Math.floor(attempt.ms / PANE_MS)
  const isRevision = attempt !== ring.at(-1)
  if (lateMs <= DAYS_LATE_MS_MAX) count(ratio.days, ratio.place.dayAt(attempt.ms), attempt)
  const verdicts = hourEnds(ring, attempt).map((endMs) => judgeHour(ratio, ring, endMs))
  if (lateMs <= PANES_LATE_MS_MAX) {
    count(ratio.panes, pane, attempt)
    noteNewest(ratio, pane)
    for (let at = pane; at <= Math.min(ratio.newestPane, pane + PANES_OF_DAY - 1); at++) {
      if (ratio.panes.has(at)) verdicts.push(judgePanes(ratio, at))
    }
  }
  weigh(ratio.watch, verdicts, arriveMs, isRevision)
}

/** Panes that no window reaches any more are forgotten. */
function noteNewest(ratio: Ratio, pane: number): void {
  if (pane <= ratio.newestPane) return
  ratio.newestPane = pane
  for (const at of ratio.panes.keys()) {
    if (at >= pane - 3 * PANES_OF_DAY) return
    ratio.panes.delete(at)
  }
}

function count(tallies: Map<number, Tally>, at: number, { isDeclined, issuer }: Attempt): void {
  let tally = tallies.get(at)
  if (tally === undefined) {
    tally = { all: 0, declined: 0, byIssuer: undefined }
    tallies.set(at, tally)
  }
  tally.all++
  if (!isDeclined) return
  tally.declined++
  if (issuer === undefined) return
  tally.byIssuer ??= new Map()
  tally.byIssuer.set(issuer, (tally.byIssuer.get(issuer) ?? 0) + 1)
}

function judgeHour(ratio: Ratio, ring: readonly Attempt[], endMs: number): Verdict {
  const day = ratio.place.dayAt(endMs)
  const verdict = { rule: 'hour', day, at: endMs }
  const attempts = inHour(ring, endMs)
  if (attempts.length < HOUR.countMin) return { ...verdict, level: undefined }
  const tallies = new Map<number, Tally>()
  for (const attempt of attempts) count(tallies, 0, attempt)
  const tally = tallies.get(0)!
  const most = Math.max(0, ...(tally.byIssuer?.values() ?? []))
  if (isOneIssuer(most, tally.declined)) return { ...verdict, level: undefined }
  return { ...verdict, ...judge(ratio, tally, day, HOUR) }
}

function judgePanes(ratio: Ratio, pane: number): Verdict {
  const { place, days, panes } = ratio
  const day = place.dayAt(pane * PANE_MS)
  const fromDay = place.dayAt((pane - PANES_OF_DAY + 1) * PANE_MS)
  const verdict = { rule: 'panes', day, at: pane }
  const touched = [fromDay, ...(day > fromDay ? [day] : [])].flatMap((at) => days.get(at) ?? [])
  const declinedOfDays = touched.reduce((sum, { declined }) => sum + declined, 0)
  if (declinedOfDays < DECLINES_MIN) return { ...verdict, level: undefined }
  let all = 0
  let declined = 0
  for (let at = pane - PANES_OF_DAY + 1; at <= pane; at++) {
    const tally = panes.get(at)
    all += tally?.all ?? 0
    declined += tally?.declined ?? 0
  }
  if (isOneIssuer(mostOfOneIssuer(touched), declinedOfDays)) return { ...verdict, level: undefined }
  return { ...verdict, ...judge(ratio, { all, declined }, day, DAY) }
}

/** Trouble of one bank, not of the shop. */
function isOneIssuer(most: number, declined: number): boolean {
  return most * 100 > declined * ISSUER_PERCENT_MAX
}

function mostOfOneIssuer(days: readonly Tally[]): number {
  const sums = new Map<string, number>()
  for (const { byIssuer } of days) {
    const kept = [...(byIssuer ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    for (const [issuer, declined] of kept.slice(0, ISSUERS_KEPT)) {
      sums.set(issuer, (sums.get(issuer) ?? 0) + declined)
    }
  }
  return Math.max(0, ...sums.values())
}

function judge(
  { watch, past, days }: Ratio,
  { all, declined }: Readonly<{ all: number; declined: number }>,
  day: Day,
  limit: Readonly<{ share: number; countMin: number }>,
): Pick<Verdict, 'level' | 'isCapped'> {
  const none = { level: undefined }
  const burnInEnd = past.burnInEnd()
  if (all < limit.countMin || burnInEnd === undefined || day <= burnInEnd) return none
  const bound = lowerBound(declined, all)
  if (bound < limit.share || past.isPaused(day)) return none
  let tradingDays = 0
  const base = { all: 0, declined: 0 }
  for (let at = day - HISTORY_DAYS; at < day; at++) {
    const isLeftOut = watch.warned.has(at) || at >= (watch.warnedFrom ?? Infinity)
    if (!past.isTradingDay(at) || isLeftOut || past.isPaused(at)) continue
    tradingDays++
    base.all += days.get(at)?.all ?? 0
    base.declined += days.get(at)?.declined ?? 0
  }
  if (tradingDays < TRADING_DAYS_MIN) return { level: 'notice', isCapped: true }
  return bound * base.all >= TIMES * base.declined ? { level: 'notice' } : none
}
