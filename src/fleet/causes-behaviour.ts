/** Cards refused again and again, and days of extraordinary trade. */
import { refuse } from './happen.ts'
import { say } from './plan.ts'
import { cause, type Story } from './story.ts'

const NO_BURST = ['decline-burst-card']
const NO_SPIKE = ['volume-spike']

function someDay({ plan, rng }: Story): number {
  return plan.boardDay + rng.int(20, 260)
}

function pin(story: Story): void {
  refuse(story.plan, someDay(story), '55', [0, 120, 240])
}

function otherCodes(story: Story): void {
  refuse(story.plan, someDay(story), story.rng.pick(['05', '54', '62']), [0, 35, 90, 200])
}

function threeCards(story: Story): void {
  const day = someDay(story)
  for (const code of ['05', '14', '54']) refuse(story.plan, day, code, [0, 50, 170])
}

/** The second before the first has cleared, the third long after. */
function again(story: Story): void {
  const day = someDay(story)
  for (const later of [0, 2, 14]) refuse(story.plan, day + later, '61', [0, 200, 599])
}

function twice(story: Story): void {
  refuse(story.plan, someDay(story), '51', [0, 60])
}

function slowly(story: Story): void {
  refuse(
    story.plan,
    someDay(story),
    '55',
    story.rng.pick([
      [0, 330, 660],
      [0, 300, 600],
    ]),
  )
}

/** One attempt sent three times by an adapter that lost its id. */
function resent(story: Story): void {
  const { plan } = story
  refuse(plan, someDay(story), '51', [0])
  const sent = plan.script.at(-1)!
  if (sent.type !== 'card.authorisation') return
  for (const seconds of [40, 95]) {
    const timeMs = sent.timeMs + seconds * 1_000
    say(plan, { type: sent.type, data: sent.data }, timeMs, timeMs + 700)
  }
}

function surge(story: Story, times: readonly number[], isBelow = false): void {
  const { plan } = story
  const day = plan.boardDay + story.rng.int(60, 250)
  for (const [at, one] of times.entries()) {
    if (one > 0) plan.surges.push({ day: day + at, times: one, isBelow })
  }
}

function threefold(story: Story): void {
  surge(story, [3.1 + story.rng.next()])
}

function sevenfold(story: Story): void {
  surge(story, [7.1 + story.rng.next()])
}

function twoDays(story: Story): void {
  surge(story, [3.3, 3.6])
}

/** An ordinary day between two: not two trading days running. */
function twoDaysApart(story: Story): void {
  surge(story, [3.3, 0, 3.4])
}

function aWeek(story: Story): void {
  surge(story, [3.3, 3.6, 3.5, 3.4, 3.8, 3.7, 3.9])
}

function justBelow(story: Story): void {
  surge(story, [2.9], true)
}

export const BEHAVIOUR = [
  cause('1b a PIN mistyped three times', pin),
  cause('1b a card refused again and again', otherCodes),
  cause('1b three cards refused again and again', threeCards),
  cause('1b refusals on several days', again),
  cause('1a three times the usual trade', threefold, { isBusy: true, share: 2 }),
  cause('1a seven times the usual trade', sevenfold, { isBusy: true }),
  cause('1a two such days running', twoDays, { isBusy: true }),
  cause('1a two such days, not running', twoDaysApart, { isBusy: true }),
  cause('1a a week of them', aWeek, { isBusy: true }),
  cause('near-miss: a card refused twice', twice, { never: NO_BURST }),
  cause('near-miss: three refusals in more than ten minutes', slowly, { never: NO_BURST }),
  cause('near-miss: one refusal sent three times', resent, { never: NO_BURST }),
  cause('near-miss: not quite three times the trade', justBelow, { isBusy: true, never: NO_SPIKE }),
]
