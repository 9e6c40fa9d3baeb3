/** Whose cards were declined: with most of them of one issuer it is that issuer's trouble. */
import type { Panes } from './panes.ts'
import type { Day } from './time.ts'

/** Of a local date, those with most declines. */
const ISSUERS_MAX = 8

/** Of the local dates from one to another, both inclusive: declines of the issuer with most, and of all. */
export function issuersOf(
  { issuers }: Panes,
  from: Day,
  to: Day,
): Readonly<{ most: number; total: number }> {
  const touched = issuers.filter(({ day }) => day >= from && day <= to)
  const total = touched.reduce((sum, { declines }) => sum + declines, 0)
  const by = new Map<string, number>()
  for (const day of touched) {
    for (const [issuer, declines] of day.by.slice(0, ISSUERS_MAX))
      by.set(issuer, (by.get(issuer) ?? 0) + declines)
  }
  return { most: Math.max(0, ...by.values()), total }
}

/** Declines of the issuer with most, those without an issuer left out. */
export function mostOfOne(declines: readonly Readonly<{ issuer: string }>[]): number {
  const known = declines.filter(({ issuer }) => issuer !== '')
  const counts = [...Map.groupBy(known, ({ issuer }) => issuer).values()].map((it) => it.length)
  return Math.max(0, ...counts)
}
