/** Balances below nought. */
import type { Day } from './civil.ts'
import { officeMs } from './happen.ts'
import { instantOf, say, type Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

/** Minutes of the day: the balance falls in the morning and is made good in the afternoon. */
const MORNING = 560
const AFTERNOON = 900

function stands(plan: Plan, day: Day, minute: number, balance: number, toldOn?: Day): void {
  const { currency } = plan.country
  const arriveMs = toldOn === undefined ? undefined : officeMs(plan, toldOn)
  const data = balance < 0 ? { balance, currency, causes: ['refunds'] } : { balance, currency }
  say(
    plan,
    { type: 'balance.negative', data },
    instantOf(plan.place, plan.rng, day, minute),
    arriveMs,
  )
}

/** `sales` is how many ordinary ones it would take to make it good. */
function falls(plan: Plan, day: Day, sales: number): void {
  stands(plan, day, MORNING, -Math.max(sales * plan.median, 5 * 10 ** plan.country.exponent))
}

function recovers(plan: Plan, day: Day, toldOn?: Day): void {
  stands(plan, day, AFTERNOON, plan.median, toldOn)
}

function someDay({ plan, rng }: Story): Day {
  return plan.boardDay + rng.int(20, 130)
}

/** The second time only for days. */
function refunds(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  falls(plan, day, 4)
  falls(plan, day + 2, 9)
  recovers(plan, day + rng.int(8, 28))
  const again = day + rng.int(60, 110)
  falls(plan, again, 2)
  recovers(plan, again + rng.int(2, 6))
}

function forWeeks(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  for (const [at, later] of [0, 6, 12, 25].entries()) falls(plan, day + later, 3 * (at + 1))
  if (rng.chance(0.6)) recovers(plan, day + rng.int(31, 80))
}

/** Made good the same day, and told of on a later one. */
function toldLate(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  falls(plan, day, 3)
  recovers(plan, day, day + rng.int(1, 6))
}

/** It had been made good in between: what stands began later than was thought. */
function betweenToldLate(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  falls(plan, day, 3)
  falls(plan, day + 5, 6)
  recovers(plan, day + 3, day + rng.int(8, 11))
  recovers(plan, day + rng.int(14, 30))
}

function sameDay(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  falls(plan, day, 3)
  recovers(plan, day)
  falls(plan, day + rng.int(20, 60), 2)
  const last = plan.script.at(-1)!
  recovers(plan, plan.place.dayAt(last.timeMs))
}

/** No more than one major unit, for weeks. */
function justBelow(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  const { exponent } = plan.country
  stands(plan, day, MORNING, -Math.ceil(10 ** exponent / 2))
  stands(plan, day + 15, MORNING, -(10 ** exponent))
  recovers(plan, day + rng.int(35, 60))
}

const NEVER = ['negative-balance']

export const INDEBTED = [
  cause('3 refunds over sales', refunds),
  cause('3 in debt for weeks', forWeeks),
  cause('3 a balance made good, told late', toldLate),
  cause('3 a balance made good in between, told late', betweenToldLate),
  cause('near-miss: a balance made good the same day', sameDay, { never: NEVER }),
  cause('near-miss: a balance just below nought', justBelow, { never: NEVER }),
]
