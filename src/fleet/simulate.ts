/** A fleet of merchants as a stream in order of arrival, and the truth of what it ought to cause. */
import { DAY_MS, dateText, dayFrom, utcText, type Day, type Place } from './civil.ts'
import { createPlan, dealCauses } from './merchant.ts'
import type { Plan } from './plan.ts'
import { lineOf, type Planned } from './planned.ts'
import { createRng } from './random.ts'
import { recount, type Expected } from './recount/recount.ts'
import { createTrading } from './trading.ts'

/** A merchant as the stream sees it. */
export type Actor = Readonly<{
  merchantId: string
  place: Place
  mcc: string
  /** Digits of the minor unit of its currency. */
  exponent: number
  cause: string
  never: readonly string[]
  /** A fresh run of its days: to be called for each local date in turn, from the first. */
  createDays: () => (day: Day) => readonly Planned[]
}>

/** Local dates [firstDay, lastDay]; what arrives outside [fromMs, untilMs] is left out. */
export type Stage = Readonly<{
  actors: readonly Actor[]
  firstDay: Day
  lastDay: Day
  fromMs: number
  untilMs: number
}>

export type Options = Readonly<{
  merchants: number
  days: number
  seed: number
  /** YYYY-MM-DD; 2025-01-01 by default. */
  from?: string
  scenario?: string
}>

export type Truth = Readonly<{
  seed: number
  from: string
  /** The last record's arrival, where a replay of the stream ends. */
  until: string
  merchants: readonly Readonly<{
    merchantId: string
    cause: string
    expect: readonly Expected[]
    never: readonly string[]
  }>[]
}>

export const DEFAULT_FROM = '2025-01-01'
const HOUR_MS = 3_600_000

/** A fleet in which every cause occurs about as often as its share of the deck. */
export function fleetStage({ merchants, days, seed, from = DEFAULT_FROM }: Options): Stage {
  const fromDay = dayFrom(from)
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

/**
 * NDJSON without line feeds, in order of `receivedat`. Holds in memory what was planned and has not
 * arrived yet: about a day of all merchants.
 */
export function* linesOf({ actors, firstDay, lastDay, fromMs, untilMs }: Stage): Generator<string> {
  const runs = actors.map(({ createDays, place }) => ({ days: createDays(), place, next: firstDay }))
  const hours = new Map<number, { event: Planned; actor: Actor }[]>()
  const firstHour = Math.floor((fromMs - DAY_MS) / HOUR_MS)
  for (let hour = firstHour; hour <= Math.floor(untilMs / HOUR_MS); hour++) {
    for (const [at, run] of runs.entries()) {
      while (run.next <= lastDay && run.place.startMs(run.next) < (hour + 1) * HOUR_MS) {
        for (const event of run.days(run.next)) plan(hours, event, actors[at]!)
        run.next++
      }
    }
    const arrived = hours.get(hour) ?? []
    hours.delete(hour)
    arrived.sort((a, b) => a.event.arriveMs - b.event.arriveMs)
    for (const { event, actor } of arrived) {
      if (event.arriveMs < fromMs || event.arriveMs > untilMs) continue
      yield lineOf(event, actor.merchantId, actor.place)
    }
  }
}

function plan(
  hours: Map<number, { event: Planned; actor: Actor }[]>,
  event: Planned,
  actor: Actor,
): void {
  const hour = Math.floor(event.arriveMs / HOUR_MS)
  const list = hours.get(hour)
  if (list === undefined) hours.set(hour, [{ event, actor }])
  else list.push({ event, actor })
}

/** Plans everything once more, merchant by merchant, and counts what it must cause. */
export function truthOf(stage: Stage, seed: number): Truth {
  const { actors, firstDay, untilMs } = stage
  const merchants = actors.map((actor) => {
    const { merchantId, cause, never } = actor
    return { merchantId, cause, expect: recount(actor, eventsOf(actor, stage), untilMs), never }
  })
  return { seed, from: dateText(firstDay), until: utcText(untilMs), merchants }
}

/** All events of one merchant in order of arrival. */
export function eventsOf(actor: Actor, { firstDay, lastDay, fromMs, untilMs }: Stage): Planned[] {
  const days = actor.createDays()
  const events: Planned[] = []
  for (let day = firstDay; day <= lastDay; day++) events.push(...days(day))
  return events
    .filter(({ arriveMs }) => arriveMs >= fromMs && arriveMs <= untilMs)
    .sort((a, b) => a.arriveMs - b.arriveMs)
}
