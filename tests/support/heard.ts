/** What tables of histories share: the shipped policy, and one detector's records in short. */
import type { history } from './history.ts'
import { play, shippedPolicy, told } from './watch.ts'

export type Shop = ReturnType<typeof history>

/** One row of a table: a history, up to when it is played, and all that one detector says of it. */
export type Row = Readonly<{
  tell?: (shop: Shop) => void
  until: string
  heard: readonly string[]
  /** What the row shows. */
  shows: string
}>

export const POLICY = shippedPolicy()

/**
 * `2026-03-16 terminal:T2:reverify opened notice`: the local time is left out where it is midnight. Timers
 * due at `until`, a local date or time, have fired.
 */
export function heard(shop: Shop, detector: string, until: string): string[] {
  const { records, dead } = play(shop.lines(), { untilMs: shop.at(until) + 60_000, policy: POLICY })
  if (dead.length > 0) throw new Error(`refused: ${dead[0]}`)
  return told(records.filter((it) => it.detector === detector)).map((line) =>
    line.replace(` ${detector}`, '').replace(' 00:00:00', '').replace(/:00 /, ' '),
  )
}
