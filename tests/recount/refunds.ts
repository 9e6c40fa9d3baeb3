/** unmatched-refund: money given back that nobody had paid. */
import type { Account, Moment, RecountRecord } from './account.ts'
import { dayGiven, HOUR_MS, plusDays, type Day } from './civil.ts'
import { judgeHits, type Judgement, type Rule } from './hits.ts'
import { panesAt } from './panes.ts'
import { currencyOf, latenessMs, minorOf, told, zoneOf, type RawEvent } from './raw.ts'

export const UNMATCHED = 'unmatched-refund'

const LATE_MS = 72 * HOUR_MS
const AMOUNT_MIN = 500
const COUNT_MIN = 3
const MIGRATION_DAYS = 180

const rule: Rule = { detector: UNMATCHED, stageOf: ({ stage }) => stage }

export function judgeRefunds(account: Account, refund: RawEvent, moment: Moment): RecountRecord[] {
  const { events } = account
  const zone = zoneOf(events)
  const counted = events.filter(isCounted)
  if (!counted.includes(refund)) return []
  const currency = currencyOf(events)
  const windows = panesAt(refund, counted, zone).map(({ key, end, day, entries }): Judgement => {
    const isLarge = entries.some(({ data }) => {
      const min = currency === undefined ? Infinity : minorOf(AMOUNT_MIN, currency)
      return data.currency === currency && (data.amount ?? 0) >= min
    })
    const stage = isMigrating(day, events, zone) ? 'notice' : 'warning'
    return { key, end, day, stage: isLarge || entries.length >= COUNT_MIN ? stage : undefined }
  })
  const isLate = counted.some(({ t }) => t > refund.t)
  return judgeHits(account, rule, { windows, isLate }, moment)
}

function isCounted(event: RawEvent): boolean {
  const isUnmatched = event.type === 'card.refund' && event.data.matched === false
  return isUnmatched && latenessMs(event) <= LATE_MS
}

/** Sales from before a move of systems may be unknown here. */
function isMigrating(day: Day, events: readonly RawEvent[], zone: string): boolean {
  const migratedAt = told(events, 'migratedAt')
  return migratedAt !== undefined && day < plusDays(dayGiven(migratedAt, zone), MIGRATION_DAYS)
}
