/** Declared pauses as ranges of whole local days, both ends included. */
import { dayOf, perLength, plusDays, plusMonths, type Day } from './civil.ts'
import { inTime, type RawEvent } from './raw.ts'
import { activityOf, type ActiveSale } from './sales.ts'

export type Pause = {
  from: Day
  /** As declared. */
  to: Day
  /** Where it really ends: the cap of twelve months, an earlier end, a sale. */
  end: Day
  /** Ended by `merchant.pause.ended` or by a sale. */
  isCut: boolean
}

const MONTHS_MAX = 12

/** In the order of event time, whatever the order of arrival. */
export const pausesOf = perLength(countPauses)

function countPauses(events: readonly RawEvent[], zone: string): readonly Pause[] {
  const pauses: Pause[] = []
  if (!events.some(({ type }) => type === 'merchant.pause.declared')) return pauses
  const standing = activityOf(events, zone).sales.filter(({ isUndone }) => !isUndone)
  const saleOf = new Map(standing.map((sale) => [sale.event, sale]))
  for (const event of [...events].sort(inTime)) {
    if (event.type === 'merchant.pause.declared') declare(pauses, event, standing)
    if (event.type === 'merchant.pause.ended') endEarly(pauses, dayOf(event.t, zone))
    const sale = saleOf.get(event)
    if (sale !== undefined)
      cut(
        pauses.find((pause) => contains(pause, sale.day)),
        sale.day,
      )
  }
  return pauses.sort((a, b) => (a.from < b.from ? -1 : 1))
}

function declare(pauses: Pause[], event: RawEvent, sales: readonly ActiveSale[]): void {
  const { from = '', to = '' } = event.data
  if (to < from) return
  const touched = pauses.find((pause) => {
    return from <= plusDays(pause.end, 1) && to >= plusDays(pause.from, -1)
  })
  const pause = touched ?? { from, to, end: to, isCut: false }
  if (touched === undefined) pauses.push(pause)
  pause.from = pause.from < from ? pause.from : from
  pause.to = to
  pause.end = earlier(to, plusMonths(pause.from, MONTHS_MAX))
  pause.isCut = false
  const inside = sales
    .filter((sale) => inTime(sale.event, event) < 0 && sale.day >= from && sale.day <= pause.end)
    .map(({ day }) => day)
    .sort()
  cut(pause, inside[0])
}

function endEarly(pauses: Pause[], day: Day): void {
  const running = pauses.find((pause) => contains(pause, day))
  if (running !== undefined) return cut(running, day)
  // Ended before it began: there never was one.
  const next = pauses.findIndex(({ from }) => from > day)
  if (next >= 0) pauses.splice(next, 1)
}

function cut(pause: Pause | undefined, day: Day | undefined): void {
  if (pause === undefined || day === undefined) return
  pause.end = day
  pause.isCut = true
}

export function contains({ from, end }: Pause, day: Day): boolean {
  return from <= day && day <= end
}

function earlier(a: Day, b: Day): Day {
  return a < b ? a : b
}
