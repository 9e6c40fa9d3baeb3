/** Codes by which the network refuses an account, and what only looks like them. */
import { authorisation, cardOf, type Card } from './cards.ts'
import type { Day } from './civil.ts'
import { close, officeMs, sellOnce } from './happen.ts'
import { say, type Plan } from './plan.ts'
import { cause, type Story } from './story.ts'
import { deliver, terminalPlan } from './terminals.ts'

const MINUTE_MS = 60_000
const NEVER = ['network-rejected']

/** Minutes count from the first attempt. */
type Attempt = Readonly<{
  card: Card
  code: string
  minute: number
  toldMinute?: number
  terminalId?: string
  isOffline?: boolean
}>

function attempts(plan: Plan, startMs: number, list: readonly Attempt[]): void {
  for (const { card, code, minute, toldMinute, terminalId = 'T1', isOffline } of list) {
    const number = plan.serial + 600_000
    const timeMs = startMs + minute * MINUTE_MS
    const arriveMs = startMs + (toldMinute ?? minute) * MINUTE_MS + plan.rng.int(200, 900)
    const attempt = {
      transactionId: `tx-${plan.index}s${plan.serial}`,
      terminalId,
      amount: plan.median,
      card,
      code,
      stan: String(number).slice(-6),
      rrn: `8${String(number).padStart(11, '0')}`,
      isQr: false,
      ...(isOffline === true ? { forwardedAt: plan.place.stamp(arriveMs) } : {}),
    }
    say(plan, { type: 'card.authorisation', data: authorisation(plan, attempt) }, timeMs, arriveMs)
  }
}

/** Cards not seen before: of one issuer, or no two of the same. */
function cards(plan: Plan, count: number, isOneIssuer = false): Card[] {
  const found: Card[] = []
  for (let number = 600_000 + plan.serial * 1_000; found.length < count; number++) {
    const card = cardOf(plan, number)
    const isFit = found.every(({ issuerId }) => (issuerId === card.issuerId) === isOneIssuer)
    if (isFit) found.push(card)
  }
  return found
}

function someDay({ plan, rng }: Story): Day {
  return plan.boardDay + rng.int(20, 250)
}

/** Two refusals on an ordinary day: the next sale shows that all is well. */
function amidTrade(story: Story): void {
  const { plan, rng } = story
  const [one, other] = cards(plan, 2)
  attempts(plan, officeMs(plan, someDay(story)), [
    { card: one!, code: '03', minute: 0 },
    { card: other!, code: rng.pick(['97', '58']), minute: rng.int(1, 29) },
  ])
}

/** Nothing is approved for days but what a terminal approves by itself. */
function forDays(story: Story): void {
  const { plan, rng } = story
  const day = someDay(story)
  const back = day + rng.int(2, 6)
  close(plan, day, back - 1)
  const [one, other, third, fourth] = cards(plan, 4)
  attempts(plan, officeMs(plan, day), [
    { card: one!, code: '97', minute: 0 },
    { card: other!, code: '97', minute: 6 },
    { card: third!, code: '58', minute: 20 },
    { card: fourth!, code: '00', minute: 50, toldMinute: 900, isOffline: true },
  ])
  sellOnce(plan, back)
}

/** The second refusal is told late, and the approval that came after it later still. */
function approvedBefore(story: Story): void {
  const { plan } = story
  const day = someDay(story)
  close(plan, day, day)
  const [one, other, third] = cards(plan, 3)
  attempts(plan, officeMs(plan, day), [
    { card: one!, code: '03', minute: 0 },
    { card: other!, code: '03', minute: 10, toldMinute: 30 },
    { card: third!, code: '00', minute: 20, toldMinute: 40 },
  ])
}

/** One issuer; too far apart; one card; an approval told before the refusal that it came after. */
function provesNothing(story: Story): void {
  const { plan } = story
  const day = plan.boardDay + 20 + story.rng.int(0, 100)
  const [first, second, third] = cards(plan, 3, true)
  attempts(plan, officeMs(plan, day), [
    { card: first!, code: '03', minute: 0 },
    { card: second!, code: '03', minute: 5 },
    { card: third!, code: '97', minute: 9 },
  ])
  const [one, other, last] = cards(plan, 3)
  const far = [
    { card: one!, code: '03', minute: 0 },
    { card: other!, code: '97', minute: 40 },
  ]
  attempts(plan, officeMs(plan, day + 10), far)
  const same = [0, 8].map((minute) => ({ card: one!, code: '03', minute }))
  attempts(plan, officeMs(plan, day + 20), same)
  close(plan, day + 30, day + 30)
  attempts(plan, officeMs(plan, day + 30), [
    { card: one!, code: '03', minute: 0 },
    { card: last!, code: '00', minute: 20 },
    { card: other!, code: '97', minute: 10, toldMinute: 30 },
  ])
}

/** Hours after its activation a till is not known everywhere. */
function newTill(story: Story): void {
  const { plan, rng } = story
  const day = plan.boardDay + rng.int(10, 200)
  const till = terminalPlan(2, day + 2, rng)
  plan.terminals.push(till)
  deliver(plan, till, day, day)
  const [one, other] = cards(plan, 2)
  attempts(plan, plan.place.startMs(day) + rng.int(1_100, 1_200) * MINUTE_MS, [
    { card: one!, code: '97', minute: 0, terminalId: 'T2' },
    { card: other!, code: '97', minute: 10, terminalId: 'T2' },
  ])
}

export const REFUSED = [
  cause('8 refused by the network amid trade', amidTrade),
  cause('8 refused by the network for days', forDays),
  cause('8 refused by the network, an approval told late', approvedBefore),
  cause('near-miss: network codes that prove nothing', provesNothing, { never: NEVER }),
  cause('near-miss: network codes at a new till', newTill, { never: NEVER }),
]
