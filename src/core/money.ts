/** Limits are written in major units; amounts travel in minor units of their currency. */
import { z } from 'zod'
import { minorUnits } from '../events/currencies.ts'

/** A limit in major units, as in `'5000.00'`: text, for a decimal fraction is not a number here. */
export const majorAmount = z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, {
  error: "expected an amount in major units as text, as in '5000.00'",
})

/**
 * Of an account's limits and sums: the profile's, else the first that was seen on an amount, else `XXX` (ISO 4217:
 * no currency), which nothing is in.
 */
export function currencyOf(
  { currency }: Readonly<{ currency: string | undefined }>,
  facts: Readonly<{ currency: string | undefined }>,
): string {
  return currency ?? facts.currency ?? 'XXX'
}

/** In minor units of the currency, rounded down where it has fewer digits. */
export function minorOf(major: string, currency: string): number {
  let known = KNOWN.get(currency)
  if (known === undefined) KNOWN.set(currency, (known = new Map()))
  let minor = known.get(major)
  if (minor === undefined) known.set(major, (minor = computed(major, currency)))
  return minor
}

/** Limits are few, and asked for at every sale. */
const KNOWN = new Map<string, Map<string, number>>()

function computed(major: string, currency: string): number {
  const digits = minorUnits(currency)
  // Twelve digits and three decimals at most: the nearest double is far closer than half a unit.
  return Math.floor(Math.round(Number(major) * 1_000) / 10 ** (3 - digits))
}
