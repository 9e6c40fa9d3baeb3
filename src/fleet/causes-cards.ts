/** Refusals by many banks at once, and thieves who try stolen cards. */
import type { Card } from './cards.ts'
import { minuteMs, money, newCard, swipe } from './happen-cards.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const NO_RATIO = ['decline-ratio-spike']
const NO_TESTING = ['card-testing']
const KIOSK = ['car-wash kiosk']
const LIVELY = { trades: ['grocer', 'café'], hasCents: true }
/** Reasons that have nothing to do with whether a card is known. */
const ORDINARY = ['51', '05', '61', '65', '55'] as const
const OF_THIEVES = ['14', '54', '14', '59', '54', '63'] as const

type Burst = Readonly<{
  declined: number
  approved: number
  minutes: number
  codes?: readonly string[]
  amount?: number
  cardOf?: (at: number) => Card
}>

/** Attempts at even steps from an instant on, the approved ones spread among the others. */
function burst(plan: Plan, fromMs: number, it: Burst): void {
  const { rng } = plan
  const { declined, approved, minutes, codes = ORDINARY, amount = plan.median } = it
  const all = declined + approved
  const step = (minutes * 60_000) / all
  let done = 0
  for (let at = 0; at < all; at++) {
    const isApproved = done * all < at * approved
    if (isApproved) done++
    const code = isApproved ? '00' : rng.pick(codes)
    const card = isApproved ? newCard(plan) : (it.cardOf?.(at - done) ?? newCard(plan))
    swipe(plan, fromMs + Math.floor(at * step) + rng.int(0, 4_000), { card, code, amount })
  }
}

function someDay({ plan, rng }: Story): number {
  return plan.boardDay + rng.int(45, 250)
}

// Few are approved: the refusals must not make it a day of much trade.
const BAD_HOUR = { declined: 21, approved: 5, minutes: 18 }
const BAD_DAY = { declined: 27, approved: 10, minutes: 660 }

function badHour(story: Story): void {
  const { plan, rng } = story
  burst(plan, minuteMs(plan, someDay(story), rng.int(600, 960)), BAD_HOUR)
}

/** Seventy percent of one bank is not more than seventy. */
function justEnoughBanks(story: Story): void {
  const { plan, rng } = story
  const cardOf = (at: number) => {
    const card = newCard(plan)
    return at < 21 ? { ...card, issuerId: 'I9' } : { ...card, issuerId: `I${1 + (at % 4)}` }
  }
  const fromMs = minuteMs(plan, someDay(story), rng.int(600, 960))
  burst(plan, fromMs, { declined: 30, approved: 6, minutes: 18, cardOf })
}

function badHours(story: Story): void {
  const { plan, rng } = story
  const first = minuteMs(plan, someDay(story), rng.int(600, 780))
  burst(plan, first, BAD_HOUR)
  burst(plan, first + rng.int(95, 150) * 60_000, BAD_HOUR)
}

/** Never twenty of them in one hour. */
function badDay(story: Story): void {
  burst(story.plan, minuteMs(story.plan, someDay(story), 540), BAD_DAY)
}

function badDays(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  for (const later of [0, 1]) burst(plan, minuteMs(plan, day + later, 560 + later * 60), BAD_DAY)
}

function oneBank(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  const cardOf = () => ({ ...newCard(plan), issuerId: 'I7' })
  burst(plan, minuteMs(plan, day, rng.int(600, 960)), { ...BAD_HOUR, cardOf })
  burst(plan, minuteMs(plan, day + 9, 540), { declined: 44, approved: 4, minutes: 480, cardOf })
}

function notBadEnough(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  burst(plan, minuteMs(plan, day, rng.int(600, 960)), { declined: 8, approved: 14, minutes: 25 })
  burst(plan, minuteMs(plan, day + 9, 540), { declined: 9, approved: 18, minutes: 660 })
}

function night(plan: Plan, day: number): number {
  return minuteMs(plan, day, plan.rng.int(125, 200))
}

function testing(story: Story): void {
  const { plan } = story
  const sizes = { declined: 23, approved: 7, minutes: 15, codes: OF_THIEVES }
  burst(plan, night(plan, someDay(story)), { ...sizes, amount: money(plan, 1) })
}

/** Each card twice, and once more two nights later. */
function testingAgain(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  for (const later of [0, 2]) {
    const cards = Array.from({ length: 12 }, () => newCard(plan))
    const cardOf = (at: number) => cards[at % 12]!
    const sizes = { declined: 24, approved: 6, minutes: 24, codes: OF_THIEVES, cardOf }
    burst(plan, night(plan, day + later), { ...sizes, amount: money(plan, 2) })
  }
}

/** Too few cards; too few banks; refused for other reasons. */
function noTesting(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  const few = Array.from({ length: 8 }, () => newCard(plan))
  const sizes = { declined: 16, approved: 6, minutes: 22, codes: OF_THIEVES }
  burst(plan, night(plan, day), { ...sizes, cardOf: (at) => few[at % 8]! })
  const cardOf = (at: number) => ({ ...newCard(plan), issuerId: `I${1 + (at % 2)}` })
  burst(plan, night(plan, day + 12), { ...sizes, cardOf })
  burst(plan, night(plan, day + 24), { ...sizes, codes: ORDINARY })
}

export const REFUSED_BY_BANKS = [
  cause('1b refused by many banks in one hour', badHour),
  cause('1b refused by many banks, most of one', justEnoughBanks),
  cause('1b refused by many banks hour after hour', badHours, LIVELY),
  cause('1b refused by many banks over a day', badDay, { isBusy: true }),
  cause('1b refused by many banks day after day', badDays, { isBusy: true }),
  cause('1b stolen cards tried at night', testing, { trades: KIOSK }),
  cause('1b stolen cards tried again', testingAgain, { trades: KIOSK }),
  cause('near-miss: refused by one bank', oneBank, { isBusy: true, never: NO_RATIO }),
  cause('near-miss: not refused often enough', notBadEnough, { isBusy: true, never: NO_RATIO }),
  cause('near-miss: refusals that are no test', noTesting, { trades: KIOSK, never: NO_TESTING }),
]
