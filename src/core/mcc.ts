/** Merchant categories (ISO 18245) as limits name them: `5411`, or a range `8211-8299`, bounds included. */
import { z } from 'zod'

export type MccRange = Readonly<{ from: string; to: string }>

export const mccList = z
  .array(
    z
      .string()
      .regex(/^\d{4}(-\d{4})?$/, { error: "expected '5411' or '8211-8299'" })
      .transform((entry): MccRange => ({ from: entry.slice(0, 4), to: entry.slice(-4) })),
  )
  .readonly()

export function isAmongMccs(list: readonly MccRange[], mcc: string | undefined): boolean {
  return mcc !== undefined && list.some(({ from, to }) => from <= mcc && mcc <= to)
}
