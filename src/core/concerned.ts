/** Which detectors an event concerns: most events change nothing that most of them read. */
import type { Account } from './account.ts'
import type { Armed } from './detector.ts'

/** Of the armed ones, in their order, those that such changes may concern: found once for each set of them. */
export function concernedBy(armed: readonly Armed[], bits: number): readonly Armed[] {
  let byBits = KNOWN.get(armed)
  if (byBits === undefined) KNOWN.set(armed, (byBits = new Map()))
  let concerned = byBits.get(bits)
  if (concerned === undefined) {
    concerned = armed.filter((it) => ((it.onBits | it.onceToldBits) & bits) !== 0)
    byBits.set(bits, concerned)
  }
  return concerned
}

/** By a profile's detectors, then by what changed: events make a few dozen sets of changes. */
const KNOWN = new WeakMap<readonly Armed[], Map<number, readonly Armed[]>>()

/** It may answer otherwise than before; what only makes its dates later can wait for them. */
export function isAsked(armed: Armed, account: Account, bits: number): boolean {
  return (armed.onBits & bits) !== 0 || !isWaiting(armed, account)
}

/** Each of its clocks has told nothing, and waits for its next instant. */
function isWaiting({ name, ladders }: Armed, { said }: Account): boolean {
  const subjects = said.get(name)
  if (subjects === undefined || subjects.size < (ladders?.length ?? 1)) return false
  for (const { open, nextMs } of subjects.values()) {
    if (open !== undefined || nextMs === Infinity) return false
  }
  return true
}
