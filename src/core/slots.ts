/** Hits of windows that end at every attempt: more than can be kept, and nearly all alike. */
import type { Account } from './account.ts'
import type { Level, Moment } from './detector.ts'

/** A window of a share that is no hit says something: what the detector told may have rested on it. */
export function isToTakeBack(
  { said }: Account,
  { isOvertaken }: Moment,
  detector: string,
): boolean {
  return isOvertaken === true && said.has(detector)
}

/** Those that follow each other closely are kept as the first and the last of each slot of so many milliseconds. */
export function firstAndLast(
  level: Omit<Level, 'key' | 'keeps'>,
  slotMs: number,
): readonly [Level, Level] {
  const slot = Math.floor(level.window.toMs / slotMs)
  return [
    { ...level, key: `${slot}>` },
    { ...level, key: `${slot}<`, keeps: 'first' },
  ]
}
