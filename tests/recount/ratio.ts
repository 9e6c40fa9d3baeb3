/** decline-ratio-spike and card-testing: shares of declines in an hour, and in a day of panes. */
import type { Account, Moment, RecountRecord } from './account.ts'
import { compareText, dayOf, HOUR_MS, plusDays, type Day } from './civil.ts'
import { judgeHits, lowerBound, type Hit, type Judgement, type Rule } from './hits.ts'
import { daysCompared, isInBurnIn, isPaused } from './history.ts'
import type { Stage } from './measure.ts'
import { hoursAt, panesAt, paneStartMs, type Window } from './panes.ts'
import { isAttempt, isDecline, latenessMs, zoneOf, type RawEvent } from './raw.ts'
import { entersDays, tallyDays } from './sales.ts'

export const RATIO = 'decline-ratio-spike'
export const TESTING = 'card-testing'

const PANE_LATE_MS = 24 * HOUR_MS
const HOURLY = { min: 0.3, attempts: 20 }
const DAILY = { min: 0.2, attempts: 50 }
const BASE_TIMES = 3
const PANES = 288
const ISSUERS_KEPT = 8
const TESTING_CODES = ['14', '15', '41', '43', '46', '54', '57', '59', '62', '63']
const TESTING_CARDS = 10
const TESTING_ISSUERS = 3
const TESTING_ATTEMPTS = 20
const TESTING_MIN = 0.2

const ratioRule: Rule = { detector: RATIO, stageOf: ratioStage }
const testingRule: Rule = { detector: TESTING, stageOf: () => 'warning' }

export function judgeRatio(account: Account, attempt: RawEvent, moment: Moment): RecountRecord[] {
  const { events } = account
  const zone = zoneOf(events)
  const hours = hoursAt(attempt, events, zone).map((window) => {
    return judgeHour(account, window, zone)
  })
  const isInPanes = latenessMs(attempt) <= PANE_LATE_MS
  const kept = isInPanes ? keptInPanes(events, attempt, zone) : []
  const panes = kept.includes(attempt) ? panesAt(attempt, kept, zone) : []
  const days = panes.map((window) => judgePanes(account, window, kept, zone))
  const judged = { windows: [...hours, ...days], isLate: isOvertaken(attempt, events) }
  return judgeHits(account, ratioRule, judged, moment)
}

export function judgeTesting(account: Account, attempt: RawEvent, moment: Moment): RecountRecord[] {
  const zone = zoneOf(account.events)
  const windows = hoursAt(attempt, account.events, zone).map(judgeCards)
  const judged = { windows, isLate: isOvertaken(attempt, account.events) }
  return judgeHits(account, testingRule, judged, moment)
}

/** Something later by time was known before. */
function isOvertaken(attempt: RawEvent, events: readonly RawEvent[]): boolean {
  return events.some((other) => isAttempt(other) && other.t > attempt.t)
}

/** What the panes of today and yesterday hold. */
function keptInPanes(events: readonly RawEvent[], attempt: RawEvent, zone: string): RawEvent[] {
  const yesterday = plusDays(dayOf(attempt.arrivalMs, zone), -1)
  return events.filter((event) => {
    const isEarly = isAttempt(event) && latenessMs(event) <= PANE_LATE_MS
    return isEarly && dayOf(event.t, zone) >= yesterday
  })
}

function judgeHour(account: Account, window: Window, zone: string): Judgement {
  const declines = window.entries.filter(isDecline)
  const isOneIssuer = isOfOneIssuer(countIssuers(declines), declines.length)
  return judge(account, { window, limits: HOURLY, isOneIssuer, zone })
}

function judgePanes(
  account: Account,
  window: Window,
  kept: readonly RawEvent[],
  zone: string,
): Judgement {
  const from = dayOf(paneStartMs(window.end), zone)
  const declines = kept.filter((event) => {
    const day = dayOf(event.t, zone)
    return isDecline(event) && day >= from && day <= window.day
  })
  const byDay = Map.groupBy(declines, ({ t }) => dayOf(t, zone))
  const issuers = new Map<string, number>()
  for (const ofDay of byDay.values()) {
    const largest = [...countIssuers(ofDay)]
      .sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
      .slice(0, ISSUERS_KEPT)
    for (const [issuer, count] of largest) issuers.set(issuer, (issuers.get(issuer) ?? 0) + count)
  }
  const isOneIssuer = isOfOneIssuer(issuers, declines.length)
  return judge(account, { window, limits: DAILY, isOneIssuer, zone })
}

function countIssuers(declines: readonly RawEvent[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { data } of declines) {
    if (data.issuerId === undefined) continue
    counts.set(data.issuerId, (counts.get(data.issuerId) ?? 0) + 1)
  }
  return counts
}

/** More than 70 % of them; those of no known issuer count in the whole. */
function isOfOneIssuer(issuers: ReadonlyMap<string, number>, declines: number): boolean {
  return Math.max(0, ...issuers.values()) * 10 > declines * 7
}

type Question = Readonly<{
  window: Window
  limits: Readonly<{ min: number; attempts: number }>
  isOneIssuer: boolean
  zone: string
}>

function judge(account: Account, { window, limits, isOneIssuer, zone }: Question): Judgement {
  const { key, end, day, entries } = window
  const no: Judgement = { key, end, day, stage: undefined }
  if (isInBurnIn(account, day, zone) || isPaused(account, day, zone)) return no
  if (isOneIssuer || entries.length < limits.attempts) return no
  const base = baseOf(account, day, zone)
  const bound = lowerBound(entries.filter(isDecline).length, entries.length)
  const isHit = bound >= Math.max(limits.min, BASE_TIMES * (base ?? 0))
  const stage: Stage = base === undefined ? 'notice' : 'warning'
  return isHit ? { ...no, stage } : no
}

/** Declines over attempts of the days compared with, all of them together. */
function baseOf(account: Account, day: Day, zone: string): number | undefined {
  const { events } = account
  const days = daysCompared(account, RATIO, day, tallyDays(events, zone))
  if (days === undefined) return undefined
  const compared = new Set(days)
  const attempts = events.filter((event) => {
    return isAttempt(event) && entersDays(event) && compared.has(dayOf(event.t, zone))
  })
  return attempts.length === 0 ? 0 : attempts.filter(isDecline).length / attempts.length
}

/** `stage` says how far a hit may go: with a base, to `warning` by an earlier one near enough. */
function ratioStage(hit: Hit, all: readonly Hit[]): Stage {
  const isHour = hit.key.startsWith('hour')
  const [near, far] = isHour ? [HOUR_MS, 3 * HOUR_MS] : [PANES, 2 * PANES]
  const isSecond = all.some((other) => {
    const distance = hit.end - other.end
    return other.key.startsWith('hour') === isHour && distance >= near && distance <= far
  })
  return isSecond && hit.stage === 'warning' ? 'warning' : 'notice'
}

function judgeCards({ key, end, day, entries }: Window): Judgement {
  const listed = entries.filter((event) => {
    return isDecline(event) && TESTING_CODES.includes(event.data.responseCode ?? '')
  })
  const given = (values: readonly (string | undefined)[]) => {
    return new Set(values.filter((value) => value !== undefined)).size
  }
  const isHit =
    given(listed.map(({ data }) => data.cardToken)) >= TESTING_CARDS &&
    given(listed.map(({ data }) => data.issuerId)) >= TESTING_ISSUERS &&
    entries.length >= TESTING_ATTEMPTS &&
    lowerBound(listed.length, entries.length) >= TESTING_MIN
  return { key, end, day, stage: isHit ? 'warning' : undefined }
}
