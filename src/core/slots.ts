/** Hits of windows that end at every attempt: more than can be kept, and nearly all alike. */
import type { Level } from './detector.ts'

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
