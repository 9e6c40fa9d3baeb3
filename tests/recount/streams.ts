/** Short random streams of valid events that visit the corners of the rules. */
import { BEHAVIOURS } from './behaviour.ts'
import { msOf, plusDays } from './civil.ts'
import { createDraw, type Draw } from './draw.ts'
import { createPlan, PLACES, type Plan, type Planned } from './plan.ts'
import { addBursts, addSpikes } from './plan-cards.ts'
import { addInvoices, addMerchantFacts, addTerminals } from './plan-facts.ts'
import { addDoubtful, addRefusals } from './plan-network.ts'
import { addRatios, addTesting } from './plan-shares.ts'
import { addDormancy, addEven, addRefunds } from './plan-habits.ts'
import { addBalances, addCollections, addDocuments, addPayouts } from './plan-told.ts'
import { recount } from './recount.ts'

export type Stream = Readonly<{
  /** In the order of their arrivals, which never go back. */
  lines: readonly string[]
  /** The end of the stream, at or after the last arrival. */
  untilMs: number
}>

const ACCOUNTS_MAX = 4
export const HABITS = [
  'silence',
  'silence',
  'fees',
  'bursts',
  'spikes',
  'told',
  'told',
  'network',
  'ratio',
  'testing',
  'even',
  'dormant',
  'refunds',
  'all',
] as const
export type Habit = (typeof HABITS)[number]

/** The same seed gives the same bytes. With `habit` every account of the stream has that one. */
export function randomStream(seed: number, habit?: Habit): Stream {
  const draw = createDraw(seed)
  const events: Planned[] = []
  const startOn = plusDays('2025-06-01', draw.whole(0, 500))
  const accounts = draw.whole(1, ACCOUNTS_MAX)
  const ends: number[] = []
  for (let index = 1; index <= accounts; index += 1) {
    const frame = {
      draw,
      place: draw.one(PLACES),
      merchantId: `M${index}`,
      tenant: draw.one(['default', 'acq-a']),
      startOn: plusDays(startOn, draw.whole(0, 3)),
      mcc: draw.one(['5411', '5999', '5999', '5814', '8220']),
    }
    const chosen = habit ?? draw.one(HABITS)
    const days = daysOf(chosen, draw)
    const plan = createPlan({ ...frame, days }, events)
    ends.push(plan.endMs)
    fill(plan, chosen, days)
  }
  const untilMs = Math.max(...ends)
  const inOrder = events.sort((a, b) => a.arrivalMs - b.arrivalMs).map(({ text }) => text)
  return {
    lines: draw.percent(REVIEWED_STREAMS_PERCENT) ? withReviews(inOrder, draw) : inOrder,
    untilMs,
  }
}

function daysOf(habit: Habit, draw: Draw): number {
  if (habit === 'spikes') return 75
  if (habit === 'bursts' || habit === 'network') return draw.whole(10, 30)
  if (habit === 'ratio') return 70
  if (habit === 'testing' || habit === 'refunds') return draw.whole(15, 50)
  if (habit === 'even') return draw.whole(20, 60)
  if (habit === 'dormant') return 160
  return draw.percent(15) ? 400 : draw.whole(90, 240)
}

function fill(plan: Plan, habit: Habit, days: number): void {
  const { draw } = plan
  if (habit === 'silence' || habit === 'all') {
    addTerminals(plan, days)
    addMerchantFacts(plan, days)
  }
  if (habit === 'fees' || habit === 'all') addInvoices(plan, Math.min(days, 150))
  if (habit === 'bursts' || habit === 'all') {
    const bursts = draw.whole(1, 5)
    for (let index = 0; index < bursts; index += 1) addBursts(plan, plan.day(1, Math.min(days, 30)))
  }
  if (habit === 'told' || habit === 'all') {
    const until = Math.min(days, 200)
    addDocuments(plan, until)
    addBalances(plan, until)
    addCollections(plan, until)
    addPayouts(plan, until)
  }
  if (habit === 'network' || habit === 'all') {
    const refusals = draw.whole(1, 4)
    for (let index = 0; index < refusals; index += 1) {
      const day = plan.day(2, Math.min(days, 30))
      if (draw.percent(20)) addDoubtful(plan, day)
      else addRefusals(plan, day)
    }
  }
  if (habit === 'ratio') addRatios(plan)
  if (habit === 'testing') addTesting(plan, days)
  if (habit === 'even') addEven(plan, days)
  if (habit === 'dormant') addDormancy(plan)
  if (habit === 'refunds' || habit === 'all') addRefunds(plan, Math.min(days, 50))
  if (habit === 'spikes') {
    plan.add('terminal.activated', plan.on(plan.startOn, 60), {
      terminalId: 'T1',
      serialNo: 'SN-1',
    })
    addSpikes(plan)
  }
}

const REVIEWED_PERCENT = 40
const REVIEWED_STREAMS_PERCENT = 50

/** The operator accepts some explanations: by the id of a record, or of its episode. */
function withReviews(lines: readonly string[], draw: Draw): string[] {
  const behaviour = recount(lines).filter(({ detector, reason }) => {
    return BEHAVIOURS.includes(detector) && reason === 'opened'
  })
  const reviews: Planned[] = behaviour.flatMap(({ id, time, tenant, merchantId }, index) => {
    if (!draw.percent(REVIEWED_PERCENT)) return []
    const arrivalMs = time + draw.whole(1, 100_000) * 1000
    const instant = Temporal.Instant.fromEpochMilliseconds(arrivalMs).toString()
    const warningId = draw.percent(50) ? id : id.slice(0, 26)
    const outcome = draw.percent(80) ? 'accepted' : 'received'
    const line = {
      id: `review-${index}`,
      source: 'urn:review',
      type: 'information.submitted',
      tenantid: tenant,
      subject: merchantId,
      time: instant,
      receivedat: instant,
      data: { warningId, outcome },
    }
    return [{ arrivalMs, text: JSON.stringify(line) }]
  })
  const all = [
    ...lines.map((text) => ({ arrivalMs: msOf(JSON.parse(text).receivedat), text })),
    ...reviews,
  ]
  return all.sort((a, b) => a.arrivalMs - b.arrivalMs).map(({ text }) => text)
}
