/** Whole numbers and spans, as people type them. */
import { EXIT, say } from './io.ts'
import type { Io } from './io.ts'

/** Undefined: not a whole number of at least `min`, and said so. */
export function wholeNumber(io: Io, name: string, text: string, min = 1): number | undefined {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value
  say(io, `forewarn: ${name} ${text} is no whole number from ${min} (exit ${EXIT.usage})`)
  return undefined
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `30s`, `2m`, `1h`. Undefined: something else, and said so. */
export function spanMs(io: Io, name: string, text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  const scale = UNITS[unit]
  if (scale !== undefined) return Number(count) * scale
  say(io, `forewarn: ${name} ${text} is no span such as 30s or 2m (exit ${EXIT.usage})`)
  return undefined
}
