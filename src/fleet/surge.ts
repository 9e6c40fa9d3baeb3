/** Days of trade measured against the days before, as the rule measures them. */
import type { Day } from './civil.ts'
import { trimmed } from './recount-volume-rule.ts'
import type { Trading } from './shift.ts'

/** Far enough below the multiple at which a day is told of. */
const USUAL_TIMES = 2

/** The amounts of a day of extraordinary trade; undefined on any other, and in the first weeks. */
export function surgeOf(trading: Trading): number[] | undefined {
  const { plan, day, counts, sums } = trading
  const surge = plan.surges.find((one) => one.day === day)
  const days = surge === undefined ? [] : tradingDays(trading)
  if (surge === undefined || days.length < 20) return undefined
  const count = trimmed(days.map((at) => counts.get(at)!))
  const sum = trimmed(days.map((at) => sums.get(at)!))
  const amount = Math.max(1, Math.floor(sum.sum / sum.days / (count.sum / count.days)))
  const wanted = (surge.times * count.sum) / count.days
  // Just below: neither the number nor the sum may reach the multiple.
  const affordable = (surge.times * sum.sum) / sum.days / amount
  const length = surge.isBelow ? Math.ceil(Math.min(wanted, affordable)) - 1 : Math.ceil(wanted)
  return Array<number>(length).fill(amount)
}

/**
 * Neither this day nor the seven before were anything special: what is voided or forwarded now asks
 * no spike again.
 */
export function isUsual(trading: Trading, amounts: readonly number[]): boolean {
  const { day, sums } = trading
  const days = tradingDays(trading)
  if (days.length < 20) return true
  const base = trimmed(days.map((at) => sums.get(at)!))
  const most = (USUAL_TIMES * base.sum) / base.days
  if (amounts.reduce((sum, amount) => sum + amount, 0) > most) return false
  for (let at = day - 7; at < day; at++) if ((sums.get(at) ?? 0) > most) return false
  return true
}

function tradingDays({ day, counts }: Trading): Day[] {
  const days: Day[] = []
  for (let at = day - 90; at < day; at++) if ((counts.get(at) ?? 0) > 0) days.push(at)
  return days
}
