/** Recounts payout-returned: payouts that came back, by the account that they were sent to. */
import type { Day, Place } from './civil.ts'
import type { Planned } from './planned.ts'
import { createTally, endTally, judgeTally, type Tally } from './recount-count.ts'
import type { Stage, Tell } from './recount-track.ts'

/** Every time that a payout failed or came back, ascending. */
type Return = { times: number[]; accountRef: string | undefined }

export type Payouts = {
  readonly place: Place
  readonly tell: Tell
  /** By payoutId. */
  returns: Map<string, Return>
  /** The account of each payout that was announced or made. */
  accounts: Map<string, string>
  completedMs: number[]
  tallies: Map<string, Tally>
}

/** Local dates, that of the later return included. */
const AGAIN_DAYS = 30

export function createPayouts(place: Place, tell: Tell): Payouts {
  const none = { returns: new Map(), accounts: new Map(), completedMs: [], tallies: new Map() }
  return { place, tell, ...none }
}

export function foldPayout(payouts: Payouts, event: Planned): void {
  const { returns, accounts, completedMs } = payouts
  const { timeMs: ms } = event
  switch (event.type) {
    case 'payout.scheduled':
    case 'payout.completed': {
      const { payoutId, accountRef } = event.data
      if (accountRef !== undefined) accounts.set(payoutId, accountRef)
      if (event.type === 'payout.completed') completedMs.push(ms)
      break
    }
    case 'payout.failed':
    case 'payout.returned': {
      const { payoutId, accountRef } = event.data
      const known = returns.get(payoutId)
      if (known === undefined) returns.set(payoutId, { times: [ms], accountRef })
      else {
        known.times.push(ms)
        known.times.sort((one, other) => one - other)
        known.accountRef ??= accountRef
      }
      break
    }
    default:
      return
  }
  judgePayouts(payouts, event.arriveMs)
}

export function endPayouts({ tallies, tell }: Payouts, atMs: number): void {
  for (const tally of tallies.values()) endTally(tally, 'resolved', atMs, tell)
}

function judgePayouts(payouts: Payouts, atMs: number): void {
  const { returns, tallies, tell } = payouts
  if (returns.size === 0) return
  const bySubject = Map.groupBy(returns, ([payoutId, one]) => subjectOf(payouts, payoutId, one))
  for (const [subject, entries] of bySubject) {
    let tally = tallies.get(subject)
    if (tally === undefined) {
      tallies.set(subject, (tally = createTally('payout-returned', subject)))
    }
    const ofItem = entries.map(([, one]) => one)
    judgeTally(tally, (ms) => stageBefore(payouts, ofItem, ms), { atMs }, tell)
  }
}

/** Each time counts that no completed payout follows; of other payouts the first time counts. */
function stageBefore(
  { completedMs, place }: Payouts,
  ofItem: readonly Return[],
  ms: number,
): Stage | undefined {
  const isStanding = (at: number) => at < ms && !completedMs.some((paid) => paid > at && paid < ms)
  const standing = ofItem.flatMap((one) =>
    one.times.filter(isStanding).map((at) => ({ one, day: place.dayAt(at) })),
  )
  if (standing.length === 0) return undefined
  const isAgain = standing.some(({ one, day }) => {
    const isNear = (first: Day) => first <= day && first > day - AGAIN_DAYS
    return ofItem.some((other) => {
      const [first = Infinity] = other.times
      return other !== one && first < ms && isNear(place.dayAt(first))
    })
  })
  return isAgain ? 'final-warning' : 'warning'
}

function subjectOf({ accounts }: Payouts, payoutId: string, { accountRef }: Return): string {
  const ref = accountRef ?? accounts.get(payoutId)
  return ref === undefined ? `payout:${payoutId}` : `settlement-account:${ref}`
}
