/** payout-returned: money that came back from the account it was sent to. */
import { dayOf, plusDays } from './civil.ts'
import { stepNow, subjectOf, type Measure } from './measure.ts'
import { inTime, type RawEvent } from './raw.ts'

const DAYS_COUNTED = 30
const RETURNS_FOR_FINAL = 2

export function measurePayouts(events: readonly RawEvent[], zone: string): Measure[] {
  const payouts = events.filter(({ type }) => type.startsWith('payout.')).sort(inTime)
  const returns = payouts.filter(isReturn)
  const paid = payouts.filter(({ type }) => type === 'payout.completed')
  const paidMs = Math.max(-Infinity, ...paid.map(({ t }) => t))
  const open = returns.filter(({ t }) => t >= paidMs)
  const subjects = new Set(open.map((event) => itemOf(event, payouts)))
  return [...subjects].map((subject) => {
    const mine = returns.filter((event) => itemOf(event, payouts) === subject)
    const isFinal = mine.some((event) => {
      return open.includes(event) && distinctUpTo(event, mine, zone) >= RETURNS_FOR_FINAL
    })
    const steps = [stepNow(isFinal ? 'final-warning' : 'warning')]
    return { detector: 'payout-returned', subject, cause: '', steps }
  })
}

function isReturn({ type }: RawEvent): boolean {
  return type === 'payout.returned' || type === 'payout.failed'
}

/** Where the money was to go, as far as anybody tells: the return, else the payout. */
function itemOf({ data: { payoutId = '' } }: RawEvent, payouts: readonly RawEvent[]): string {
  const mine = payouts.filter(({ data }) => data.payoutId === payoutId)
  const named = (events: readonly RawEvent[]) => events.find(({ data }) => data.accountRef)
  const sent = mine.filter(({ type }) => {
    return type === 'payout.scheduled' || type === 'payout.completed'
  })
  const ref = (named(mine.filter(isReturn)) ?? named(sent.reverse()))?.data.accountRef
  return ref === undefined ? subjectOf('payout', payoutId) : subjectOf('settlement-account', ref)
}

/** Payouts of the item that came back in the days that end with a return, its own among them. */
function distinctUpTo(event: RawEvent, mine: readonly RawEvent[], zone: string): number {
  const to = dayOf(event.t, zone)
  const from = plusDays(to, 1 - DAYS_COUNTED)
  // `mine` is in the order of time: what failed and was returned counts where it came first.
  const firsts = mine.filter(({ data }, index) => {
    return mine.findIndex((other) => other.data.payoutId === data.payoutId) === index
  })
  const counted = firsts.filter(({ t }) => from <= dayOf(t, zone) && dayOf(t, zone) <= to)
  return new Set([event, ...counted].map(({ data }) => data.payoutId)).size
}
