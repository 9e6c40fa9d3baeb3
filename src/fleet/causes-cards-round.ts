/** Large sales of round sums. */
import type { Day } from './civil.ts'
import { minuteMs, money, newCard, swipe, undo, type Swiped } from './happen-cards.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const NEVER = ['round-amount']
/** Where nothing costs a thousand, and little is taken in a day. */
const CHEMIST = { trades: ['chemist'], hasCents: true }
const CHEAP = { trades: ['chemist', 'café'], hasCents: true }

function someDay({ plan, rng }: Story): number {
  return plan.boardDay + rng.int(30, 230)
}

/** So many a day, each on a card of its own, in major units; small enough to be no day of note. */
function sales(plan: Plan, from: Day, amounts: readonly number[], perDay = 2): Swiped[] {
  return amounts.map((major, at) => {
    const minute = 640 + (at % perDay) * 75 + plan.rng.int(0, 50)
    const timeMs = minuteMs(plan, from + Math.floor(at / perDay), minute)
    return swipe(plan, timeMs, { card: newCard(plan), amount: money(plan, major) })
  })
}

function rounds(plan: Plan, count: number): number[] {
  const first = plan.rng.int(0, 1)
  return Array.from({ length: count }, (_, at) => 1_000 + ((at + first) % 2) * 500)
}

function round(story: Story): void {
  const { plan, rng } = story
  sales(plan, someDay(story), rounds(plan, rng.int(10, 13)))
}

/** Six in ten are enough, five would not be. */
function roundEnough(story: Story): void {
  const { plan } = story
  sales(
    plan,
    someDay(story),
    [1_000, 1_230, 1_500, 1_340, 1_000, 1_110, 1_500, 1_480, 1_000, 1_500],
  )
}

/** So large that the day itself is told of. */
function roundAndMuch(story: Story): void {
  const { plan } = story
  plan.isCalm = true
  sales(plan, plan.boardDay + story.rng.int(60, 230), Array<number>(11).fill(5_000), 6)
}

/** One card makes a warning of the notice. */
function roundAndRepeated(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  plan.isCalm = true
  sales(plan, day, rounds(plan, 10))
  const card = newCard(plan)
  for (const minute of [700, 730, 760]) {
    swipe(plan, minuteMs(plan, day + 5, minute), { card, amount: money(plan, 1_000) })
  }
}

function takenBack(story: Story): void {
  const { plan, rng } = story
  undo(plan, sales(plan, someDay(story), rounds(plan, 10)).at(-1)!, rng.int(2, 25))
}

/** The tenth waits in the terminal for two days. */
function toldLate(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  sales(plan, day, rounds(plan, 9))
  const lastMs = minuteMs(plan, day + 4, 900)
  const arriveMs = lastMs + rng.int(20, 60) * 3_600_000
  swipe(plan, lastMs, { card: newCard(plan), amount: money(plan, 1_500), arriveMs })
}

/** Nine; ten in ten days; many that are not round; ten below a thousand; ten, one taken back. */
function almost(story: Story): void {
  const { plan } = story
  const day = plan.boardDay + story.rng.int(30, 150)
  sales(plan, day, rounds(plan, 9))
  sales(plan, day + 15, rounds(plan, 10), 1)
  const odd = Array.from({ length: 9 }, (_, at) => 1_010 + at * 37)
  sales(plan, day + 35, [1_000, 1_500, 1_000, 1_500, ...odd])
  sales(plan, day + 55, Array<number>(12).fill(500))
  const [first] = sales(plan, day + 75, rounds(plan, 10))
  undo(plan, first!, 12)
}

/** Fees of a school are round. */
function exempt(story: Story): void {
  const { plan } = story
  plan.isCalm = true
  sales(plan, someDay(story), Array<number>(12).fill(2_000), 1)
  sales(plan, someDay(story), rounds(plan, 12))
}

export const ROUND = [
  cause('1a round sums', round, { ...CHEAP }),
  cause('1a round sums, six in ten', roundEnough, CHEAP),
  cause('1a round sums, and many', roundAndMuch, CHEAP),
  cause('1a round sums, and one card again', roundAndRepeated, CHEMIST),
  cause('1a round sums, one taken back', takenBack, CHEAP),
  cause('1a round sums, one told late', toldLate, CHEAP),
  cause('near-miss: round sums, not enough', almost, { ...CHEAP, never: NEVER }),
  cause('near-miss: round sums of a school', exempt, {
    trades: ['driving school'],
    hasCents: true,
    never: NEVER,
  }),
]
