/** repeat-card: one card again and again on one local day. */
import type { Account, Moment, RecountRecord } from './account.ts'
import { compareText, dayOf, HOUR_MS, plusDays, type Day } from './civil.ts'
import { judgeHits, type Hit, type Judgement, type Rule } from './hits.ts'
import type { Stage } from './measure.ts'
import {
  currencyOf,
  isSale,
  isUndoing,
  isWhole,
  latenessMs,
  minorOf,
  told,
  undoingsOf,
  zoneOf,
  type RawEvent,
  type Undoing,
} from './raw.ts'
import { isWithin } from './sales.ts'

export const REPEAT = 'repeat-card'

const LATE_MS = 24 * HOUR_MS
const AMOUNT_MIN = 50
const SAME_AMOUNT = 3
const ANY_AMOUNT = 5
const CARDS_KEPT = 256
const DAYS_NEAR = 29
const EXEMPT = ['4111', '4131', '4784', '7523', '5814', '5499']

const rule: Rule = { detector: REPEAT, stageOf }

/** A sale, or what undoes one, judges the days from the sale's to today. */
export function judgeRepeats(account: Account, event: RawEvent, moment: Moment): RecountRecord[] {
  const { events } = account
  const zone = zoneOf(events)
  const today = dayOf(event.arrivalMs, zone)
  const counted = events.filter((sale) => isCounted(sale, events, zone))
  const known = undoingsOf(events).filter(({ knownWith }) => knownWith === event)
  const undone = known.filter(
    (undoing) => counted.includes(undoing.original) && reaches(undoing, zone),
  )
  const touched = undone.map(({ original }) => dayOf(original.t, zone))
  if (counted.includes(event)) touched.push(dayOf(event.t, zone))
  const first = touched.sort()[0]
  if (first === undefined) return []
  const windows: Judgement[] = []
  for (let day = first; day <= today || day === first; day = plusDays(day, 1)) {
    windows.push({ key: day, end: 0, day, stage: judgeDay(day, counted, events, zone) })
  }
  return judgeHits(account, rule, { windows, isLate: isUndoing(event) || first < today }, moment)
}

/** With a card, large enough, early enough for a day that is still held. */
function isCounted(sale: RawEvent, events: readonly RawEvent[], zone: string): boolean {
  const { cardToken, amount = 0, currency } = sale.data
  const own = currencyOf(events)
  if (!isSale(sale) || sale.type === 'card.completion' || cardToken === undefined) return false
  if (own === undefined || currency !== own || amount < minorOf(AMOUNT_MIN, own)) return false
  return latenessMs(sale) <= LATE_MS && isHeld(sale.t, sale.arrivalMs, zone)
}

/** Today and yesterday are held card by card. */
function isHeld(ms: number, whenMs: number, zone: string): boolean {
  return dayOf(ms, zone) >= plusDays(dayOf(whenMs, zone), -1)
}

/** Through the ring, or by naming the card, the time and the amount; then as a whole only. */
function reaches(undoing: Undoing, zone: string): boolean {
  const { by, original, inRing, knownWith } = undoing
  if (!isWithin(undoing, LATE_MS) || !isHeld(original.t, knownWith.arrivalMs, zone)) return false
  return inRing || (isWhole(by) && by.data.cardToken !== undefined)
}

function judgeDay(
  day: Day,
  counted: readonly RawEvent[],
  events: readonly RawEvent[],
  zone: string,
): Stage | undefined {
  if (EXEMPT.includes(told(events, 'mcc') ?? '')) return undefined
  const sales = counted.filter(({ t }) => dayOf(t, zone) === day)
  const byCard = Map.groupBy(sales, ({ data }) => data.cardToken ?? '')
  const kept = [...byCard.keys()].sort(compareText).slice(0, CARDS_KEPT)
  const isHit = kept.some((card) => {
    const amounts = (byCard.get(card) ?? []).flatMap((sale) => amountLeft(sale, events, zone) ?? [])
    const same = amounts.map((amount) => amounts.filter((other) => other === amount).length)
    return amounts.length >= ANY_AMOUNT || Math.max(0, ...same) >= SAME_AMOUNT
  })
  return isHit ? 'notice' : undefined
}

/** What is left of a sale, where it still is one and large enough. */
function amountLeft(sale: RawEvent, events: readonly RawEvent[], zone: string): number | undefined {
  const own = currencyOf(events) ?? ''
  let left = sale.data.amount ?? 0
  for (const undoing of undoingsOf(events)) {
    if (undoing.original !== sale || !reaches(undoing, zone)) continue
    const { by } = undoing
    if (isWhole(by)) return undefined
    if (by.data.currency === undefined || by.data.currency === own) left -= by.data.amount ?? 0
  }
  return left >= minorOf(AMOUNT_MIN, own) ? left : undefined
}

function stageOf({ day }: Hit, all: readonly Hit[]): Stage {
  const from = plusDays(day, -DAYS_NEAR)
  return all.some((other) => other.day >= from && other.day < day) ? 'warning' : 'notice'
}
