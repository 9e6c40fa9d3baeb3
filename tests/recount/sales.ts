/** Sales counted two ways: by local day for what compares with history, as activity for clocks. */
import { dayOf, HOUR_MS, msOf, perLength, type Day } from './civil.ts'
import {
  currencyOf,
  isSale,
  isWhole,
  latenessMs,
  undoingsOf,
  type RawEvent,
  type Undoing,
} from './raw.ts'

export const DAY_LATE_MS = 72 * HOUR_MS
const ACTIVITY_DAYS_KEPT = 2

export type Tally = { n: number; sum: number }

/** Early enough to change the tallies of days. */
export function entersDays(event: RawEvent): boolean {
  return latenessMs(event) <= DAY_LATE_MS
}

/** What is left of each sale, and what was taken off days whose sale was no longer at hand. */
export type Net = Readonly<{
  sales: ReadonlyMap<RawEvent, Tally>
  taken: readonly Readonly<{ by: RawEvent; original: RawEvent; day: Day; n: number; sum: number }>[]
}>

/** Of sales, voids and reversals that are no later than this. */
export function netSales(events: readonly RawEvent[], zone: string, lateMs: number): Net {
  const currency = currencyOf(events)
  const sales = new Map<RawEvent, Tally>()
  for (const sale of events.filter((event) => isSale(event) && latenessMs(event) <= lateMs)) {
    sales.set(sale, { n: 1, sum: sale.data.currency === currency ? (sale.data.amount ?? 0) : 0 })
  }
  const taken: Net['taken'][number][] = []
  const done = new Set<RawEvent>()
  const undoings = undoingsOf(events).filter((undoing) => isWithin(undoing, lateMs))
  for (const { by, original, inRing } of undoings) {
    const sale = sales.get(original)
    if (sale === undefined || done.has(original)) continue
    if (isWhole(by)) done.add(original)
    const part =
      by.data.currency === undefined || by.data.currency === currency ? by.data.amount : 0
    if (inRing && isWhole(by)) sales.set(original, { n: 0, sum: 0 })
    else if (inRing) sales.set(original, { n: 1, sum: Math.max(0, sale.sum - (part ?? 0)) })
    else {
      const day = dayOf(msOf(by.data.originalTime ?? ''), zone)
      taken.push({ by, original, day, n: isWhole(by) ? 1 : 0, sum: part ?? 0 })
    }
  }
  return { sales, taken }
}

/** Number and amount of the sales of each local day, net of voids and reversals. */
export const tallyDays = perLength(countDays)

function countDays(events: readonly RawEvent[], zone: string): ReadonlyMap<Day, Tally> {
  const { sales, taken } = netSales(events, zone, DAY_LATE_MS)
  const days = new Map<Day, Tally>()
  for (const [sale, { n, sum }] of sales) add(days, dayOf(sale.t, zone), n, sum)
  for (const { day, n, sum } of taken) add(days, day, -n, -sum)
  return days
}

function add(days: Map<Day, Tally>, day: Day, n: number, sum: number): void {
  const before = days.get(day) ?? { n: 0, sum: 0 }
  days.set(day, { n: Math.max(0, before.n + n), sum: Math.max(0, before.sum + sum) })
}

/** A void reaches the day of its sale through the ring, or by naming the time and the amount. */
export function changesDays(undoing: Undoing): boolean {
  return isWithin(undoing, DAY_LATE_MS)
}

export function isWithin({ by, original, inRing }: Undoing, lateMs: number): boolean {
  if (!isSale(original) || latenessMs(by) > lateMs || latenessMs(original) > lateMs) return false
  return inRing || (by.data.originalTime !== undefined && by.data.amount !== undefined)
}

export type ActiveSale = { event: RawEvent; terminalId: string; day: Day; isUndone: boolean }
export type Activity = Readonly<{
  /** Every sale that restarts a clock, of any age, in the order of folding. */
  sales: readonly ActiveSale[]
  /** Per terminal the newest two dates with such a sale, newest first. */
  kept: ReadonlyMap<string, readonly Day[]>
}>

export const activityOf = perLength(countActivity)

function countActivity(events: readonly RawEvent[], zone: string): Activity {
  const undoings = Map.groupBy(undoingsOf(events), ({ knownWith }) => knownWith)
  const sales: ActiveSale[] = []
  const kept = new Map<string, Day[]>()
  for (const event of events) {
    if (isActivity(event)) {
      const terminalId = event.data.terminalId ?? ''
      const day = dayOf(event.t, zone)
      sales.push({ event, terminalId, day, isUndone: false })
      const days = new Set([day, ...(kept.get(terminalId) ?? [])])
      kept.set(terminalId, [...days].sort().reverse().slice(0, ACTIVITY_DAYS_KEPT))
    }
    for (const undoing of undoings.get(event) ?? []) undo(undoing, sales, kept, zone)
  }
  return { sales, kept }
}

export function isActivity(event: RawEvent): boolean {
  const isOwn = event.data.cardFlag === 'owner' || event.data.cardFlag === 'staff'
  return isSale(event) && (event.data.amount ?? 0) >= 1 && !isOwn
}

function undo(
  undoing: Undoing,
  sales: readonly ActiveSale[],
  kept: Map<string, Day[]>,
  zone: string,
): void {
  const sale = sales.find(({ event, isUndone }) => event === undoing.original && !isUndone)
  if (sale === undefined || !undoesActivity(undoing, zone)) return
  const days = kept.get(sale.terminalId) ?? []
  if (!days.includes(sale.day)) return
  sale.isUndone = true
  const others = sales.filter(({ terminalId, day }) => {
    return terminalId === sale.terminalId && day === sale.day
  })
  if (others.some(({ isUndone }) => !isUndone)) return
  kept.set(
    sale.terminalId,
    days.filter((day) => day !== sale.day),
  )
}

/** A time-out always; a merchant's void only on the local day of its sale, as far as it tells. */
function undoesActivity({ by, original, inRing }: Undoing, zone: string): boolean {
  if (!isWhole(by)) return false
  if (by.data.reversalType === 'system-timeout') return true
  const voidedOn = dayOf(by.t, zone)
  if (by.data.originalTime !== undefined) {
    return dayOf(msOf(by.data.originalTime), zone) === voidedOn
  }
  return inRing ? dayOf(original.t, zone) === voidedOn : by.data.sameDay === true
}
