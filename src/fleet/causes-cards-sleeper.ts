/** Shops that were silent for two months, and then are very much awake. */
import type { Day } from './civil.ts'
import { minuteMs, money, newCard, swipe, undo, type Swiped } from './happen-cards.ts'
import { close, happens, officeMs, sellOnce } from './happen.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const NEVER = ['dormant-reactivation']
/** Of the ninety days before the return too few are left to compare its trade with. */
const LONG_GAP = [72, 85] as const

/** Nothing is sold between two dates, and after the second one only what is told, for some days. */
function sleep(plan: Plan, last: Day, back: Day): void {
  sellOnce(plan, last)
  close(plan, last, back + 5)
}

/** From the shortest on; without anything that is told late or taken back unless it is a long one. */
function someNight({ plan, rng }: Story, isLong = false): [last: Day, back: Day] {
  const last = plan.boardDay + rng.int(60, 200)
  plan.isCalm ||= !isLong
  return [last, last + (isLong ? rng.int(...LONG_GAP) : rng.int(60, 75))]
}

function sales(plan: Plan, day: Day, count: number, amount = plan.median): Swiped[] {
  return Array.from({ length: count }, (_, at) => {
    const minute = 580 + at * 22 + plan.rng.int(0, 15)
    return swipe(plan, minuteMs(plan, day, minute), { card: newCard(plan), amount })
  })
}

/** The tenth on the first date or on the third, the last that is looked at. */
function tenSales(story: Story): void {
  const { plan, rng } = story
  const [last, back] = someNight(story)
  sleep(plan, last, back)
  for (const [at, count] of rng.pick([[12], [4, 4, 3], [1, 0, 9]]).entries()) {
    sales(plan, back + at, count)
  }
}

function oneLarge(story: Story): void {
  const { plan } = story
  const [last, back] = someNight(story)
  sleep(plan, last, back)
  sales(plan, back, 1)
  sales(plan, back + 1, 1, plan.median * 20)
}

/** After four poor weeks: little by number, much against them. */
function muchInSum(story: Story): void {
  const { plan } = story
  const [last, back] = someNight(story)
  close(plan, last - 30, last - 1)
  sleep(plan, last, back)
  sales(plan, back, 4, money(plan, 740))
  sales(plan, back + 2, 3, money(plan, 740))
}

/** What came before makes it less of a surprise. */
function explained(story: Story): void {
  const { plan, rng } = story
  const [last, back] = someNight(story, true)
  sleep(plan, last, back)
  sales(plan, back, 11)
  const day = back - rng.int(1, 9)
  if (rng.chance(0.3)) {
    return happens(plan, day, { type: 'merchant.reverified', data: { result: 'success' } })
  }
  const terminal = plan.terminals[0]!
  if (rng.chance(0.5)) {
    const serials = { oldSerialNo: terminal.serialNo, newSerialNo: `${terminal.serialNo}b` }
    return happens(plan, day, {
      type: 'terminal.replaced',
      data: { terminalId: 'T1', ...serials },
    })
  }
  const data = { terminalId: 'T1', faultClass: 'card-reader' }
  happens(plan, last + 3, { type: 'terminal.fault', data })
  happens(plan, day, { type: 'terminal.recovered', data })
}

/** A sale of the silence is forwarded after the return: it was not so long. */
function notSoLong(story: Story): void {
  const { plan } = story
  const [last, back] = someNight(story, true)
  sleep(plan, last, back)
  sales(plan, back, 11)
  sellOnce(plan, back - 30, 'T1', { arriveMs: officeMs(plan, back + 1) })
}

function takenBack(story: Story): void {
  const { plan, rng } = story
  const [last, back] = someNight(story, true)
  sleep(plan, last, back)
  undo(plan, sales(plan, back, 10).at(-1)!, rng.int(2, 20))
  sales(plan, back + 1, 1)
}

function shortNight(story: Story): void {
  const { plan } = story
  const [last] = someNight(story)
  sleep(plan, last, last + 59)
  sales(plan, last + 59, 15)
}

/** Nine on the three dates, and many on the fourth. */
function stillSleepy(story: Story): void {
  const { plan } = story
  const [last, back] = someNight(story)
  sleep(plan, last, back)
  for (const later of [0, 1, 2]) sales(plan, back + later, 3)
  sales(plan, back + 3, 10)
}

const FASHION = { trades: ['fashion'], hasCents: true }

export const SLEEPING = [
  cause('11 asleep, then ten sales', tenSales),
  cause('11 asleep, then a large sale', oneLarge),
  cause('11 asleep, then much', muchInSum, FASHION),
  cause('11 asleep, for a reason', explained),
  cause('4 asleep, a forwarded sale tells otherwise', notSoLong),
  cause('11 asleep, the tenth sale taken back', takenBack),
  cause('near-miss: asleep for 59 days', shortNight, { never: NEVER }),
  cause('near-miss: slow to wake', stillSleepy, { never: NEVER }),
]
