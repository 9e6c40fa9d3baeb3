/** Days of extraordinary trade, measured against the days before as the rule measures them. */
import { trimmed } from './recount/volume.ts'
import type { Trading } from './trading.ts'

export type Planned = Readonly<{ count: number; amount: number; sumMax: number }>

/** Undefined on an ordinary day. Before there are twenty trading days nothing surges. */
export function surgeOf(trading: Trading): Planned | undefined {
  const { plan, day, counts, sums } = trading
  const surge = plan.surges.find((one) => one.day === day)
  if (surge === undefined) return undefined
  const days: number[] = []
  for (let at = day - 90; at < day; at++) if ((counts.get(at) ?? 0) > 0) days.push(at)
  if (days.length < 20) return undefined
  const count = trimmed(days.map((at) => counts.get(at)!))
  const sum = trimmed(days.map((at) => sums.get(at)!))
  const amount = Math.max(1, Math.floor(sum.sum / sum.days / (count.sum / count.days)))
  const wanted = (surge.times * count.sum) / count.days
  // Just below: neither the number nor the sum may reach the multiple.
  const sumMax = surge.isBelow ? (surge.times * sum.sum) / sum.days : Infinity
  return { count: surge.isBelow ? Math.ceil(wanted) - 1 : Math.ceil(wanted), amount, sumMax }
}
