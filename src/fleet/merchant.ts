/** Makes the merchants of a fleet: who they are, how they trade, and what will befall each. */
import { CAUSES, SECOND_CAUSES } from './causes.ts'
import { CLOSING } from './causes-closing.ts'
import { dateText, placeOf, type Day } from './civil.ts'
import { invoice, pay } from './happen.ts'
import { FOREVER, instantOf, say, type Plan } from './plan.ts'
import { addTill, deliver, terminalPlan } from './terminals.ts'
import { createRng, shuffled, type Rng } from './random.ts'
import { both, type Cause } from './story.ts'
import { byShare, COUNTRIES, TRADES, type Country, type Trade } from './trades.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/**
 * The causes of a fleet in the order of its merchants: of each story one, among as many healthy
 * merchants as there are, before the frequent stories come again.
 */
export function dealCauses(merchants: number, seed: number): Cause[] {
  const rng = createRng(seed, 0x0ca05e, 0)
  const healthy = CAUSES.find(({ name }) => name === 'healthy')!
  const again = CAUSES.filter((cause) => cause !== healthy).flatMap((cause) =>
    Array<Cause>(cause.share - 1).fill(cause),
  )
  const quiet = Array<Cause>(healthy.share - 1).fill(healthy)
  const dealt: Cause[] = [healthy]
  while (dealt.length < merchants) {
    dealt.push(...shuffled([...CAUSES, ...quiet], rng), ...shuffled(again, rng))
  }
  return dealSeconds(dealt.slice(0, merchants), rng)
}

/** Every other merchant with a story gets a second one, unless its account ends. */
function dealSeconds(dealt: readonly Cause[], rng: Rng): Cause[] {
  let left: Cause[] = []
  let stories = 0
  return dealt.map((first) => {
    const isAlone = first.name === 'healthy' || first.name.startsWith('near-miss')
    if (isAlone || CLOSING.includes(first) || stories++ % 2 === 1) return first
    if (left.length === 0) left = shuffled(SECOND_CAUSES, rng)
    return both(first, left.pop()!)
  })
}

/** `fromDay` and `days` bound the simulated time. The first merchant is a healthy one. */
export function createPlan(
  index: number,
  cause: Cause,
  { seed, fromDay, days }: Readonly<{ seed: number; fromDay: Day; days: number }>,
): Plan {
  const rng = createRng(seed, 0x9e3779, index)
  const countries = COUNTRIES.filter(({ exponent }) => exponent > 0 || !cause.hasCents)
  const country = byShare(countries, rng.next())
  const trade = tradeFor(cause, country, rng)
  const [min, max] = trade.mean
  // A few are large; those with a story are of ordinary size.
  const size = cause.name === 'healthy' && rng.chance(0.04) ? 4 : 1
  const isLater = index > 0 && cause.name === 'healthy' && rng.chance(0.12)
  const boardDay = fromDay + (isLater ? rng.int(5, Math.max(5, days >> 1)) : rng.int(1, 4))
  const plan: Plan = {
    index,
    merchantId: `M${String(1_000_001 + index)}`,
    country,
    place: placeOf(country.zone),
    trade,
    mean: size * (cause.isBusy ? max : min + (max - min) * rng.next() ** 1.5),
    median: Math.max(10, Math.round((trade.median * country.price * (0.7 + rng.next())) / 10) * 10),
    rng,
    boardDay,
    cause: cause.name,
    never: [...cause.never],
    terminals: [terminalPlan(1, boardDay + 1, rng)],
    closed: [],
    lastDay: FOREVER,
    surges: [],
    isCalm: cause.isBusy,
    isOpenOnHolidays: cause.isBusy || rng.chance(0.4),
    springDays: cause.isBusy ? 0 : rng.int(4, 15),
    script: [],
    serial: 0,
  }
  if (rng.chance(0.25) && cause.name === 'healthy') addTill(plan)
  sayHello(plan)
  if (!cause.isUnready) deliver(plan, plan.terminals[0]!, boardDay, boardDay)
  cause.plan({ plan, rng, endDay: fromDay + days })
  bill(plan, fromDay + days)
  return plan
}

/** No grocer where the young account's comparison is in a currency of other prices. */
function tradeFor(cause: Cause, { country }: Country, rng: Rng): Trade {
  const fitting = TRADES.filter(({ name }) => cause.trades.includes(name))
  const trade = byShare(fitting.length > 0 ? fitting : TRADES, rng.next())
  if (fitting.length > 0) return trade
  if (cause.isBusy) return country === 'JP' ? TRADES[2]! : rng.pick([TRADES[0]!, TRADES[2]!])
  return trade.mcc === '5411' && country === 'JP' ? TRADES[2]! : trade
}

function sayHello(plan: Plan): void {
  const { trade, country, mean, median, place, rng, boardDay } = plan
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const open = DAYS.filter((_, at) => trade.week[at]! > 0)
  const hours =
    trade.closes - trade.opens >= 1_439
      ? [{ days: DAYS, from: '00:00', to: '00:00' }]
      : [{ days: open, from: clock(trade.opens), to: clock(trade.closes) }]
  const data = {
    merchantType: mean < 6 ? 'micro' : 'individual-business',
    mcc: trade.mcc,
    timezone: place.zone,
    country: country.country,
    scale: Math.round(mean * median * 30),
    hours,
    locale: country.locale,
  }
  say(plan, { type: 'merchant.registered', data }, instantOf(place, rng, boardDay, 560))
  showPapers(plan)
}

/** One without an end, and one whose end is far from every date of a stream. */
function showPapers(plan: Plan): void {
  const { place, rng, boardDay, index } = plan
  const licence = { documentId: `doc-${index}`, docType: 'business-licence', longTerm: true }
  const validTo = dateText(boardDay + 1_500 + ((index * 37) % 2_000))
  const identity = { documentId: `doc-${index}i`, docType: 'legal-rep-id', validTo }
  for (const [at, paper] of [licence, identity].entries()) {
    const data = { ...paper, status: 'valid' } as const
    say(plan, { type: 'kyc.document.updated', data }, instantOf(place, rng, boardDay, 590 + at))
  }
}

/** Fees of a quiet life: invoiced each month, and paid before anybody has to be reminded. */
function bill(plan: Plan, endDay: Day): void {
  const { rng } = plan
  if (rng.chance(0.5)) return
  for (let due = plan.boardDay + rng.int(25, 50); due < endDay; due += rng.int(29, 32)) {
    if (due > plan.lastDay) return
    const bill = invoice(plan, due, rng.pick([18, 30, 45, 60]), { method: 'debit' })
    pay(plan, bill, due - rng.int(9, 19))
  }
}
