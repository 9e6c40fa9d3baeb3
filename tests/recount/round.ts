/** round-amount: large sales of a week that are too even. */
import { findOpen, openEpisodes, type Account, type Moment, type RecountRecord } from './account.ts'
import { dayOf, plusDays, type Day } from './civil.ts'
import { hitsOf, judgeHits, lowerBound, SUBJECT, type Judgement, type Rule } from './hits.ts'
import type { Stage } from './measure.ts'
import {
  currencyOf,
  isSale,
  isUndoing,
  minorOf,
  told,
  undoingsOf,
  zoneOf,
  type RawEvent,
} from './raw.ts'
import { changesDays, DAY_LATE_MS, entersDays, netSales } from './sales.ts'

export const ROUND = 'round-amount'

const WEEK_DAYS = 7
const AMOUNT_MIN = 1_000
const EVEN = 500
const SALES_MIN = 10
const SHARE_MIN = 0.3
const TUITION = ['8211', '8299'] as const
const EXEMPT = ['6513', '8398', '5541', '5542', '5947', '6540']

const rule: Rule = { detector: ROUND, stageOf: ({ stage }) => stage }

/** After all other behaviours: `others` are those that a hit looks at. */
export function judgeRound(
  account: Account,
  event: RawEvent,
  others: readonly string[],
  moment: Moment,
): RecountRecord[] {
  const { events } = account
  const zone = zoneOf(events)
  const today = dayOf(event.arrivalMs, zone)
  const first = firstTouched(event, events, zone)
  if (first === undefined) return []
  const isOtherOpen = openEpisodes(account).some(({ detector }) => others.includes(detector))
  const judge = (day: Day, mayWarn: boolean): Judgement => {
    const isHit = isRound(account, day)
    const wasWarning = hitsOf(account, ROUND).some((hit) => {
      return hit.day === day && hit.stage === 'warning'
    })
    const stage: Stage = mayWarn || wasWarning ? 'warning' : 'notice'
    return { key: day, end: 0, day, stage: isHit ? stage : undefined }
  }
  const windows: Judgement[] = []
  for (let day = first; day <= today || day === first; day = plusDays(day, 1)) {
    windows.push(judge(day, isOtherOpen))
  }
  const open = findOpen(account, ROUND, SUBJECT)
  const again = hitsOf(account, ROUND)
    .filter(({ day, episodeId }) => episodeId === open?.episodeId && day < first)
    .map(({ day }) => judge(day, false))
  const isLate = isUndoing(event) || first < today
  return judgeHits(account, rule, { windows, isLate, again }, moment)
}

/** The day of a large sale, or of one that a void or a reversal makes smaller. */
function firstTouched(event: RawEvent, events: readonly RawEvent[], zone: string): Day | undefined {
  const currency = currencyOf(events)
  if (currency === undefined) return undefined
  const isLarge = ({ data }: RawEvent) => {
    return data.currency === currency && (data.amount ?? 0) >= minorOf(AMOUNT_MIN, currency)
  }
  const days = undoingsOf(events)
    .filter((undoing) => undoing.knownWith === event && changesDays(undoing))
    .filter(({ original }) => isLarge(original))
    .map(({ original }) => dayOf(original.t, zone))
  if (isSale(event) && entersDays(event) && isLarge(event)) days.push(dayOf(event.t, zone))
  return days.sort()[0]
}

/** Does the rule hold of the seven days that end with this one? */
export function isRound({ events }: Account, day: Day): boolean {
  const currency = currencyOf(events)
  const mcc = told(events, 'mcc') ?? ''
  const isTuition = TUITION[0] <= mcc && mcc <= TUITION[1]
  if (currency === undefined || isTuition || EXEMPT.includes(mcc)) return false
  const zone = zoneOf(events)
  const from = plusDays(day, 1 - WEEK_DAYS)
  const { sales, taken } = netSales(events, zone, DAY_LATE_MS)
  const isWithin = (other: Day) => from <= other && other <= day
  const left = [...sales].filter(([{ t, data }]) => {
    return data.currency === currency && isWithin(dayOf(t, zone))
  })
  const amounts = left.map(([, { sum }]) => sum)
  // Of a sale no longer at hand the void tells the amount, a partial reversal only the part.
  const gone = taken.filter(({ n, day: other }) => n > 0 && isWithin(other)).map(({ sum }) => sum)
  const count = (is: (amount: number) => boolean) => {
    return amounts.filter(is).length - gone.filter(is).length
  }
  const isLarge = (amount: number) => amount >= minorOf(AMOUNT_MIN, currency)
  const n = count(isLarge)
  const k = count((amount) => isLarge(amount) && amount % minorOf(EVEN, currency) === 0)
  return n >= SALES_MIN && lowerBound(k, n) >= SHARE_MIN
}
