/** Words that more than one file of the configuration may hold. */
import { z } from 'zod'
import { isZone } from '../events/zones.ts'
import { didYouMean } from './problem.ts'

/** Of profiles and calendars; also a file name, so nothing that could leave its folder. */
export const nameForm = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'expected a name of small letters, digits and hyphens')

/** IANA, aliases included; no offset, for that has no rules. */
export const zoneForm = z.string().refine(isZone, {
  error: ({ input }) => {
    const { hint } = didYouMean(String(input), Intl.supportedValuesOf('timeZone')) ?? {}
    return `is no IANA zone; ${hint ?? 'Asia/Shanghai is one'}`
  },
})

/** ISO 3166-1 alpha-2. */
export const countryForm = z
  .string()
  .regex(/^[A-Z]{2}$/, 'expected a country of two capitals (ISO 3166-1), as CN')

/** A code or a range of codes, both ends included. */
export const mccForm = z
  .string()
  .regex(/^\d{4}(-\d{4})?$/, "expected '5411' or '5800-5899'")
  .refine((text) => firstMcc(text) <= lastMcc(text), 'a range rises')

/** Text, for leading zeros count: '0742'. */
export function firstMcc(range: string): string {
  return range.slice(0, 4)
}
/** Of a single code the code itself. */
export function lastMcc(range: string): string {
  return range.slice(-4)
}
