/** One card again and again. */
import type { Card } from './cards.ts'
import type { Day } from './civil.ts'
import { minuteMs, money, newCard, swipe, undo, undoPart, type Swiped } from './happen-cards.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const NEVER = ['repeat-card']
const EVERYWHERE = ['restaurant', 'fashion', 'chemist', 'dentist', 'hairdresser']

function someDay({ plan, rng }: Story): number {
  return plan.boardDay + rng.int(20, 240)
}

/** Above the limit, in minor units. */
function amount(plan: Plan): number {
  return money(plan, plan.rng.int(55, 190))
}

/** Sales on one card, some minutes apart. */
function row(plan: Plan, day: Day, amounts: readonly number[], card = newCard(plan)): Swiped[] {
  let minute = plan.rng.int(560, 700)
  return amounts.map((one) => {
    minute += plan.rng.int(9, 55)
    return swipe(plan, minuteMs(plan, day, minute), { card, amount: one })
  })
}

function thrice(plan: Plan, day: Day): Swiped[] {
  const one = amount(plan)
  return row(plan, day, [one, one, one])
}

function fiveTimes(plan: Plan, day: Day, card?: Card): Swiped[] {
  const least = money(plan, 50)
  const amounts = [0, 7, 14, 21, 28].map((more) => least + money(plan, more))
  return row(plan, day, amounts, card)
}

function once(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  if (rng.chance(0.5)) thrice(plan, day)
  else fiveTimes(plan, day)
}

/** The last of them waits in the terminal. */
function toldLate(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  const card = newCard(plan)
  const one = amount(plan)
  row(plan, day, [one, one], card)
  const lastMs = minuteMs(plan, day, rng.int(850, 1_000))
  const arriveMs = lastMs + rng.int(2, 22) * 3_600_000
  swipe(plan, lastMs, { card, amount: one, arriveMs })
}

/** The later day within thirty, or just after them. */
function twice(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  const later = rng.pick([1, 3, 12, 29])
  thrice(plan, day)
  fiveTimes(plan, day + later)
}

function twiceFarApart(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  thrice(plan, day)
  thrice(plan, day + rng.int(30, 40))
}

function takenBack(story: Story): void {
  const { plan, rng } = story
  undo(plan, thrice(plan, someDay(story)).at(-1)!, rng.int(2, 25))
}

/** What is left of a warning is a notice. */
function secondTakenBack(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  thrice(plan, day)
  undo(plan, thrice(plan, day + 1).at(-1)!, rng.int(2, 25))
}

function almost(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  const [small, one, other] = [49, 85, 110].map((major) => money(plan, major)) as [
    number,
    number,
    number,
  ]
  row(plan, day, [small, small, small, small, small, small])
  row(plan, day + 3, [one, other, one, other])
  acrossMidnight(plan, day + 6, one)
  const card = newCard(plan)
  const [, second] = row(plan, day + 9, [one, one], card)
  undo(plan, second!, 3)
  swipe(plan, minuteMs(plan, day + 9, 960), { card, amount: one })
  const [first] = row(plan, day + 12, [other, other], card)
  undoPart(plan, first!, money(plan, 70), 4)
  swipe(plan, minuteMs(plan, day + 12, 960), { card, amount: other })
}

function acrossMidnight(plan: Plan, day: Day, one: number): void {
  const card = newCard(plan)
  for (const minute of [1_415, 1_430])
    swipe(plan, minuteMs(plan, day, minute), { card, amount: one })
  swipe(plan, minuteMs(plan, day + 1, 10), { card, amount: one })
}

/** Where it is the way of the trade. */
function exempt(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  fiveTimes(plan, day)
  thrice(plan, day + 5)
}

export const REPEATED = [
  cause('2 one card again and again', once, { trades: EVERYWHERE }),
  cause('2 one card again and again, told late', toldLate, { trades: EVERYWHERE }),
  cause('2 one card again and again on two days', twice, { trades: EVERYWHERE }),
  cause('2 such days far apart', twiceFarApart, { trades: EVERYWHERE }),
  cause('2 a repeated sale taken back', takenBack, { trades: EVERYWHERE }),
  cause('2 the second of such days taken back', secondTakenBack, { trades: EVERYWHERE }),
  cause('near-miss: one card, small or few or taken back', almost, {
    trades: EVERYWHERE,
    never: NEVER,
  }),
  cause('near-miss: one card where that is usual', exempt, {
    trades: ['café', 'market stall'],
    never: NEVER,
  }),
]
