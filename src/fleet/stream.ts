/** Merchants as one stream in order of arrival. */
import { DAY_MS, type Day, type Place } from './civil.ts'
import { lineOf, type Planned } from './planned.ts'

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
export type Fleet = Readonly<{
  actors: readonly Actor[]
  firstDay: Day
  lastDay: Day
  fromMs: number
  untilMs: number
}>

const HOUR_MS = 3_600_000

/**
 * NDJSON without line feeds, in order of `receivedat`. Holds in memory what was planned and has not
 * arrived yet: about a day of all merchants.
 */
export function* linesOf({ actors, firstDay, lastDay, fromMs, untilMs }: Fleet): Generator<string> {
  const runs = actors.map(({ createDays, place }) => ({
    days: createDays(),
    place,
    next: firstDay,
  }))
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

/** All events of one merchant in order of arrival. */
export function eventsOf(actor: Actor, { firstDay, lastDay, fromMs, untilMs }: Fleet): Planned[] {
  const days = actor.createDays()
  const events: Planned[] = []
  for (let day = firstDay; day <= lastDay; day++) events.push(...days(day))
  return events
    .filter(({ arriveMs }) => arriveMs >= fromMs && arriveMs <= untilMs)
    .sort((a, b) => a.arriveMs - b.arriveMs)
}
