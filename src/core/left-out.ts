/** Which days are no measure of normal trade, and which accounts are too new to be compared with themselves. */
import type { Account } from './account.ts'
import type { LeftOut } from './days.ts'
import { holds, pausesOf } from './pauses.ts'
import type { Day } from './time.ts'

// As the inactivity detectors have it by default; here it only bounds what is left out.
const PAUSE_MONTHS_MAX = 12

const NO_DAYS: LeftOut = { name: '', has: () => false }

export function pausedDays({ facts }: Account): LeftOut {
  if (facts.pauses.told.length === 0) return NO_DAYS
  const pauses = pausesOf(facts.pauses, PAUSE_MONTHS_MAX, Infinity)
  const name = pauses.map(({ from, end }) => `${from}-${end}`).join()
  return { name, has: (day) => pauses.some((pause) => holds(pause, day)) }
}

/** Days on which this detector stood at `warning`. */
export function stoodDays({ said }: Account, detector: string): LeftOut {
  const memory = said.get(detector)?.get('account')
  if (memory === undefined) return NO_DAYS
  const { stood, open } = memory
  const since = open?.warnedOn ?? Infinity
  return {
    name: `${since};${stood.map(({ from, to }) => `${from}-${to}`).join()}`,
    has: (day) => day >= since || stood.some(({ from, to }) => from <= day && day <= to),
  }
}

export function eitherOf(a: LeftOut, b: LeftOut): LeftOut {
  if (a === NO_DAYS) return b
  if (b === NO_DAYS) return a
  return { name: `${a.name}|${b.name}`, has: (day) => a.has(day) || b.has(day) }
}

/** The date of activation and so many whole local days after it, bounds included. */
export function isBurningIn({ facts }: Account, day: Day, burnInDays: number): boolean {
  const activeOn = facts.activatedOn ?? facts.firstActivityOn
  return activeOn === undefined || day <= activeOn + burnInDays
}
