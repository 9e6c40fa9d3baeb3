/**
 * An endless stream: one small fleet after another, each with its last weeks as they would come in
 * after a long outage of the sender, so that clocks of all ages are met, set back and fulfilled.
 */
import { fleetOf } from '../../src/fleet/fleet.ts'
import { linesOf } from '../../src/fleet/stream.ts'
import type { Prng } from '../support/prng.ts'

export type Line = Readonly<{ key: string; value: string }>

export type StreamOptions = Readonly<{ seed: number; dice: Prng; todayMs: number }>

const DAY_MS = 86_400_000
/** Merchants and days of one fleet: some hundred thousand records. */
const MERCHANTS = 120
const DAYS = 120
/** One record in so many is one that must be refused. */
const PLANTED_EVERY = 400

const ARRIVAL = /"receivedat":"[^"]*",/
const SUBJECT = /"subject":"([^"]+)"/

export function* endlessLines({ seed, dice, todayMs }: StreamOptions): Generator<Line> {
  for (let wave = 0; ; wave++) {
    for (const line of waveLines(wave, seed, todayMs)) {
      yield line
      if (dice.below(PLANTED_EVERY) === 0) yield planted(line, dice)
    }
  }
}

/** Its arrival is left out: the broker says when a record came. */
function* waveLines(wave: number, seed: number, todayMs: number): Generator<Line> {
  const fromDay = Math.floor(todayMs / DAY_MS) - DAYS
  const fleet = fleetOf({ merchants: MERCHANTS, days: DAYS, seed: seed * 1_000 + wave, fromDay })
  const actors = fleet.actors.filter(({ cause }) => cause !== 'healthy')
  for (const line of linesOf({ ...fleet, actors })) {
    const subject = `W${wave}-${SUBJECT.exec(line)?.[1] ?? ''}`
    yield {
      key: subject,
      value: line.replace(ARRIVAL, '').replace(SUBJECT, `"subject":"${subject}"`),
    }
  }
}

/** A record told twice, or one that nobody can read. */
function planted({ key, value }: Line, dice: Prng): Line {
  switch (dice.below(4)) {
    case 0:
      return { key, value }
    case 1:
      return { key, value: value.slice(0, -9) }
    case 2:
      return { key, value: value.replace(/"time":"[^"]*"/, '"time":"2025-02-30T10:00:00+08:00"') }
    default:
      return { key, value: value.replace('"data":{', '"data":{"memo":"another body",') }
  }
}
