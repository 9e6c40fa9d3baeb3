/** A seeded stream of merchants, and the truth of what it ought to cause. */
import { dateText, dayFrom, utcText } from './civil.ts'
import { fleetOf } from './fleet.ts'
import { recount, type Expected } from './recount.ts'
import { SCENARIOS, scenarioFleet } from './scenarios.ts'
import { eventsOf, linesOf, type Fleet } from './stream.ts'

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

export type Simulation = Readonly<{
  /** NDJSON without line feeds, in order of `receivedat`; to be iterated once. */
  lines: Iterable<string>
  /** Counted when asked for, before or after the lines: it plans everything once more. */
  truth: () => Truth
}>

/** The same options give the same bytes, on any day. A scenario brings its own merchants and dates. */
export function simulate(options: Options): Simulation {
  const { scenario, seed } = options
  const fleet = scenario === undefined ? dealt(options) : scenarioFleet(scenario)
  return { lines: linesOf(fleet), truth: () => truthOf(fleet, seed) }
}

function dealt({ merchants, days, seed, from = DEFAULT_FROM }: Options): Fleet {
  return fleetOf({ merchants, days, seed, fromDay: dayFrom(from) })
}

/** Plans everything once more, merchant by merchant, and counts what it must cause. */
function truthOf(fleet: Fleet, seed: number): Truth {
  const { actors, firstDay, untilMs } = fleet
  const merchants = actors.map((actor) => {
    const { merchantId, cause, never } = actor
    return { merchantId, cause, expect: recount(actor, eventsOf(actor, fleet), untilMs), never }
  })
  return { seed, from: dateText(firstDay), until: utcText(untilMs), merchants }
}

export { SCENARIOS }
