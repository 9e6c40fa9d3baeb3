/** Limits are written in major units; amounts travel in minor units of their currency. */
import { z } from 'zod'
import { minorUnits } from '../events/currencies.ts'

/** A limit in major units, as in `'5000.00'`: text, for a decimal fraction is not a number here. */
export const majorAmount = z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, {
  error: "expected an amount in major units as text, as in '5000.00'",
})

/** In minor units of the currency, rounded down where it has fewer digits. */
export function minorOf(major: string, currency: string): number {
  const digits = minorUnits(currency)
  const [whole = '0', fraction = ''] = major.split('.')
  return Number(whole) * 10 ** digits + Number(fraction.padEnd(digits, '0').slice(0, digits) || '0')
}
