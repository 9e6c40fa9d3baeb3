/** A fleet of merchants, dealt from the deck of causes. */
import { DAY_MS, type Day } from './civil.ts'
import { createPlan, dealCauses } from './merchant.ts'
import type { Plan } from './plan.ts'
import { createRng } from './random.ts'
import type { Actor, Fleet } from './stream.ts'
import { createTrading } from './trading.ts'

/** A fleet in which every cause occurs about as often as its share of the deck. */
export function fleetOf({
  merchants,
  days,
  seed,
  fromDay,
}: Readonly<{ merchants: number; days: number; seed: number; fromDay: Day }>): Fleet {
  const fromMs = fromDay * DAY_MS
  const untilMs = fromMs + days * DAY_MS
  const actors = dealCauses(merchants, seed).map((cause, index) =>
    actorOf(createPlan(index, cause, { seed, fromDay, days }), seed, untilMs),
  )
  return { actors, firstDay: fromDay, lastDay: fromDay + days, fromMs, untilMs }
}

function actorOf(plan: Plan, seed: number, untilMs: number): Actor {
  if (plan.index === 0) closeStream(plan, untilMs)
  const { merchantId, place, trade, country, cause, never } = plan
  const { exponent } = country
  const createDays = () => createTrading(plan, createRng(seed, 0x7ead1e, plan.index))
  return { merchantId, place, mcc: trade.mcc, exponent, cause, never, createDays }
}

/** A heartbeat that arrives at the very end: up to it a replay can tell absence. */
function closeStream(plan: Plan, untilMs: number): void {
  const data = { terminalId: 'T1', storedOfflineCount: 0 }
  const body = { type: 'terminal.heartbeat', data } as const
  const source = 'urn:tms:1'
  plan.script.push({ arriveMs: untilMs, timeMs: untilMs - 1_000, source, id: 'e-end', ...body })
}
