/** Shops that say that they will be closed. */
import { dateText, type Day } from './civil.ts'
import { close, happens, noticeDay, sellOnce } from './happen.ts'
import { FOREVER, type Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const NEVER = ['merchant-inactivity', 'terminal-inactivity']

function declare(plan: Plan, on: Day, from: Day, to: Day): void {
  const data = { from: dateText(from), to: dateText(to), reason: 'season' }
  happens(plan, on, { type: 'merchant.pause.declared', data })
}

/** Declared and begun; the shop is closed until it returns. */
function begin({ plan, rng }: Story, days: readonly [min: number, max: number]): [Day, Day] {
  const from = plan.boardDay + rng.int(45, 100)
  const to = from + rng.int(...days)
  declare(plan, from - rng.int(3, 20), from, to)
  return [from, to]
}

/** Closed from the evening before: who sells after midnight would end the pause on its first day. */
function back(plan: Plan, from: Day, day: Day): void {
  close(plan, from - 1, day - 1)
  sellOnce(plan, day)
}

function onTime(story: Story): void {
  const [from, to] = begin(story, [75, 180])
  back(story.plan, from, to + 1)
}

/** After the notice, or after the warning that follows it. */
function early(story: Story): void {
  const { plan, rng } = story
  const [from, to] = begin(story, [75, 180])
  back(plan, from, to - rng.pick([rng.int(9, 26), rng.int(1, 5)]))
}

function endedByWord(story: Story): void {
  const { plan, rng } = story
  const [from, to] = begin(story, [75, 180])
  const day = to - rng.int(9, 26)
  happens(plan, day, { type: 'merchant.pause.ended', data: {} })
  back(plan, from, day + rng.int(1, 5))
}

function noReturn(story: Story): void {
  const [from] = begin(story, [65, 110])
  close(story.plan, from - 1, FOREVER)
}

function extended(story: Story): void {
  const { plan, rng } = story
  const [from, to] = begin(story, [75, 110])
  const later = to + rng.int(40, 70)
  declare(plan, to - rng.int(10, 25), to, later)
  back(plan, from, later + 1)
}

function afterNotice({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 80)
  const from = noticeDay(last) + rng.int(4, 12)
  const to = from + rng.int(70, 110)
  sellOnce(plan, last)
  declare(plan, from, from, to)
  back(plan, last + 1, to + rng.int(1, 20))
}

function short(story: Story): void {
  const [from, to] = begin(story, [20, 58])
  back(story.plan, from, to + 1)
}

function veryEarly(story: Story): void {
  const [from] = begin(story, [90, 180])
  back(story.plan, from, from + story.rng.int(10, 40))
}

export const PAUSED = [
  cause('11 a declared pause ends', onTime, { share: 3, never: NEVER }),
  cause('11 a declared pause, back early', early, { share: 2, never: NEVER }),
  cause('11 a declared pause ended by word', endedByWord, { never: NEVER }),
  cause('11 a declared pause without return', noReturn, { never: ['terminal-inactivity'] }),
  cause('11 a declared pause extended', extended, { never: NEVER }),
  cause('11 a pause declared after the notice', afterNotice, { never: ['terminal-inactivity'] }),
  cause('near-miss: a short pause', short, { never: [...NEVER, 'pause-ending'] }),
  cause('near-miss: a pause broken off', veryEarly, { never: [...NEVER, 'pause-ending'] }),
]
