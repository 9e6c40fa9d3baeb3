/** Named merchants, one story each, for tests and for showing. */
import { dayFrom, placeOf } from './civil.ts'
import { clockMs, shopActor } from './scenario-shop.ts'
import type { Scenario, ShopSpec } from './scenario-shop.ts'
import { AFFAIRS } from './scenarios-affairs.ts'
import { CARDS } from './scenarios-cards.ts'
import { IDLE } from './scenarios-idle.ts'
import { LIVELY } from './scenarios-lively.ts'
import type { Fleet } from './stream.ts'

export const SCENARIOS: readonly Scenario[] = [...LIVELY, ...CARDS, ...IDLE, ...AFFAIRS]

/** Raises a RangeError that lists the names there are. */
export function scenarioFleet(name: string): Fleet {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario === undefined) {
    const names = SCENARIOS.map((one) => one.name).join(', ')
    throw new RangeError(`no scenario is called ${name}; there are ${names}`)
  }
  const { from, to, shops } = scenario
  const place = placeOf('Asia/Shanghai')
  const untilMs = clockMs(place, `${to}T12:00:00`)
  const [first, ...rest] = shops
  const closing = (say: Parameters<NonNullable<ShopSpec['script']>>[0]) => {
    first!.script?.(say)
    const data = { terminalId: 'T1', storedOfflineCount: 0 }
    say(`${to}T11:59:00`, { type: 'terminal.heartbeat', data }, `${to}T12:00:00`)
  }
  return {
    actors: [{ ...first!, script: closing }, ...rest].map(shopActor),
    firstDay: dayFrom(from),
    lastDay: dayFrom(to),
    fromMs: place.startMs(dayFrom(from)),
    untilMs,
  }
}
