/** negative-balance: how long an account has owed more than a trifle. */
import { dayOf } from './civil.ts'
import { ladder, type Measure } from './measure.ts'
import { currencyOf, inTime, minorOf, type RawEvent } from './raw.ts'

const TRIFLE = 1
const BALANCES_KEPT = 48
const SINCE_DAYS = { notice: 1, warning: 7, 'final-warning': 30 }

export function measureBalance(events: readonly RawEvent[], zone: string): Measure[] {
  const currency = currencyOf(events)
  if (currency === undefined) return []
  const floor = -minorOf(TRIFLE, currency)
  const kept = events
    .filter(({ type, data }) => type === 'balance.negative' && data.currency === currency)
    .filter(({ data: { balance = 0 } }) => balance >= 0 || balance < floor)
    .sort(inTime)
    .slice(-BALANCES_KEPT)
  const lastClear = kept.findLastIndex(({ data: { balance = 0 } }) => balance >= 0)
  const first = kept[lastClear + 1]
  if (first === undefined) return []
  const since = dayOf(first.t, zone)
  return [
    {
      detector: 'negative-balance',
      subject: 'account',
      cause: since,
      steps: ladder(SINCE_DAYS, since, zone),
    },
  ]
}
