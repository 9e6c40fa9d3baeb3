/** Payouts that come back. */
import { weekdayOf, type Day } from './civil.ts'
import { happens } from './happen.ts'
import { instantOf, say, type Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

/** Minutes of the local day. */
const MORNING = 570
const NOON = 720
const AFTERNOON = 960

/** A date and a minute of it. */
type When = readonly [day: Day, minute: number]

function msOf({ place, rng }: Plan, [day, minute]: When): number {
  return instantOf(place, rng, day, minute)
}

function payoutId(plan: Plan): string {
  return `pr-${plan.index}s${plan.serial}`
}

function comesBack(
  plan: Plan,
  when: When,
  more: Readonly<{ id?: string; isFailure?: boolean; isUnknown?: boolean; told?: When }> = {},
): void {
  const { id = payoutId(plan), isFailure = false, isUnknown = false, told } = more
  const account = isUnknown ? {} : { accountRef: `sa-${plan.index}` }
  const returnCode = plan.rng.pick(['AC04', 'AC01', 'AC06'])
  const data = { payoutId: id, returnCode, returnScheme: 'sepa-iso20022', ...account }
  const type = isFailure ? 'payout.failed' : 'payout.returned'
  say(plan, { type, data }, msOf(plan, when), told === undefined ? undefined : msOf(plan, told))
}

function amounts(plan: Plan) {
  return { net: plan.median * 20, currency: plan.country.currency, accountRef: `sa-${plan.index}` }
}

function isPaid(plan: Plan, when: When, told?: When): void {
  const data = { payoutId: payoutId(plan), ...amounts(plan) }
  const arriveMs = told === undefined ? undefined : msOf(plan, told)
  say(plan, { type: 'payout.completed', data }, msOf(plan, when), arriveMs)
}

/** On Saturdays and Sundays nobody is paid out. */
function saturdayFrom(day: Day): Day {
  return day + ((12 - weekdayOf(day)) % 7)
}

/** Once, and once more when the first is long past. */
function returned({ plan, rng }: Story): void {
  const day = plan.boardDay + rng.int(30, 120)
  comesBack(plan, [day, MORNING])
  const data = { accountRef: `sa-${plan.index}`, nameMatches: true }
  happens(plan, day + 1, { type: 'settlement.account.changed', data })
  isPaid(plan, [day + rng.int(3, 5), NOON])
  const later = day + rng.int(40, 70)
  comesBack(plan, [later, MORNING], { isFailure: true })
  isPaid(plan, [later + rng.int(2, 9), NOON])
}

/** Failed, paid after all, and only then returned: one payout, told of once. */
function failedAndReturned({ plan, rng }: Story): void {
  const day = saturdayFrom(plan.boardDay + rng.int(30, 200))
  const id = payoutId(plan)
  comesBack(plan, [day, MORNING], { id, isFailure: true })
  isPaid(plan, [day + 1, NOON])
  comesBack(plan, [day + 1, AFTERNOON], { id })
}

/** Neither event names the account: of one payout it was announced, of the other nobody knows it. */
function accountUntold({ plan, rng }: Story): void {
  const day = saturdayFrom(plan.boardDay + rng.int(30, 200))
  const id = payoutId(plan)
  const data = { payoutId: id, ...amounts(plan) }
  say(plan, { type: 'payout.scheduled', data }, msOf(plan, [day - 1, AFTERNOON]))
  comesBack(plan, [day, MORNING], { id, isUnknown: true })
  comesBack(plan, [day + 1, MORNING], { isUnknown: true })
  isPaid(plan, [day + rng.int(3, 6), NOON])
}

/** Two while the first still stands; months later two with a payout in between. */
function again({ plan, rng }: Story): void {
  const day = saturdayFrom(plan.boardDay + rng.int(30, 100))
  comesBack(plan, [day, MORNING], { isFailure: true })
  comesBack(plan, [day + 1, MORNING])
  isPaid(plan, [day + 4, NOON])
  const later = day + rng.int(50, 90)
  comesBack(plan, [later, MORNING])
  isPaid(plan, [later + 1, NOON])
  const last = later + rng.int(5, 29)
  comesBack(plan, [last, MORNING])
  isPaid(plan, [last + 2, NOON])
}

function paidBefore({ plan, rng }: Story): void {
  const day = saturdayFrom(plan.boardDay + rng.int(30, 200))
  comesBack(plan, [day, MORNING], { told: [day + 1, MORNING] })
  isPaid(plan, [day, AFTERNOON], [day + 1, AFTERNOON])
}

/** Both are older than the payout that was made meanwhile. */
function olderThanPaid({ plan, rng }: Story): void {
  const day = plan.boardDay + rng.int(30, 200)
  isPaid(plan, [day + 1, NOON])
  comesBack(plan, [day, MORNING], { told: [day + rng.int(2, 8), AFTERNOON] })
  comesBack(plan, [day, AFTERNOON], { told: [day + rng.int(2, 8), AFTERNOON], isFailure: true })
}

export const RETURNED = [
  cause('17 a payout returned', returned),
  cause('17 a payout failed and returned', failedAndReturned),
  cause('17 a payout returned, the account untold', accountUntold),
  cause('17 payouts returned again', again),
  cause('17 a payout returned, a later one told late', paidBefore),
  cause('near-miss: a return older than the latest payout', olderThanPaid, {
    never: ['payout-returned'],
  }),
]
