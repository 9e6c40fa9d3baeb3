/** Refunds of sales that nobody finds. */
import { dateText } from './civil.ts'
import { minuteMs, money, refund } from './happen-cards.ts'
import { happens } from './happen.ts'
import { cause, type Story } from './story.ts'

const NEVER = ['unmatched-refund']
const HOUR_MS = 3_600_000

function someDay({ plan, rng }: Story): number {
  return plan.boardDay + rng.int(30, 260)
}

function large(story: Story): void {
  const { plan, rng } = story
  const atMs = minuteMs(plan, someDay(story), rng.int(600, 1_100))
  refund(plan, atMs, money(plan, rng.pick([500, 640, 1_250])))
}

/** The third in the last minutes of the day of panes, or soon after the first. */
function three(story: Story): void {
  const { plan, rng } = story
  const atMs = minuteMs(plan, someDay(story), rng.int(600, 1_100))
  const lastHours = rng.pick([2, 23.8])
  for (const hours of [0, 1, lastHours]) {
    refund(plan, atMs + hours * HOUR_MS, money(plan, rng.int(60, 300)))
  }
}

function toldLate(story: Story): void {
  const { plan, rng } = story
  const atMs = minuteMs(plan, someDay(story), rng.int(600, 1_100))
  refund(plan, atMs, money(plan, 720), { arriveMs: atMs + rng.int(2, 30) * HOUR_MS })
}

/** A notice while the old books are missing, a warning after half a year. */
function migrated(story: Story): void {
  const { plan, rng } = story
  const day = plan.boardDay
  const data = { migratedAt: dateText(day - 60) }
  happens(plan, day + 1, { type: 'merchant.profile-changed', data })
  const before = rng.pick([119, rng.int(30, 118)])
  refund(plan, minuteMs(plan, day + before, 900), money(plan, 700))
  refund(plan, minuteMs(plan, day + rng.int(125, 200), 900), money(plan, 700))
}

/** Two; three in more than a day; and a large one of a sale that is known. */
function almost(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  const small = money(plan, 150)
  for (const minute of [620, 700]) refund(plan, minuteMs(plan, day, minute), small)
  const atMs = minuteMs(plan, day + 5, 620)
  for (const hours of [0, 13, 24.1]) refund(plan, atMs + hours * HOUR_MS, small)
  refund(plan, minuteMs(plan, day + 10, 800), money(plan, 900), { isMatched: true })
}

export const REFUNDED = [
  cause('1c a large refund of no sale', large),
  cause('1c three refunds of no sale', three),
  cause('1c a refund of no sale, told late', toldLate),
  cause('1c refunds of no sale after a migration', migrated),
  cause('near-miss: refunds of no sale, few or small', almost, { never: NEVER }),
]
