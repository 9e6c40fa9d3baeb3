/** The forms that members of `data` take. Nothing here changes a value: data keeps what was sent. */
import { z } from 'zod'
import { isCurrency } from './currencies.ts'
import { isInstant, isDay } from './time-text.ts'
import { utf8Length } from './utf8.ts'
import { isZone } from './zones.ts'

/** Said by a check in place of a message: `decode` makes it the code of the dead letter. */
export const CURRENCY_UNKNOWN = 'currency-unknown'
export const ZONE_UNKNOWN = 'zone-unknown'
/** Said where one of two members has to be there and neither is. */
export const FIELD_MISSING = 'field-missing'

const BYTES_MAX = { id: 64, text: 256, freeText: 500 }
const LIST_MAX = 100

function bounded(bytesMin: number, bytesMax: number) {
  return z
    .string()
    .min(bytesMin)
    .refine((text) => utf8Length(text) <= bytesMax, {
      error: `longer than ${bytesMax} bytes`,
    })
}

/** Strings, counted in bytes of UTF-8: a name, an id, what people wrote. */
const id = bounded(1, BYTES_MAX.id)
const text = bounded(1, BYTES_MAX.text)
const freeText = bounded(0, BYTES_MAX.freeText)

/** A negative zero is refused: no ledger would tell it from zero, and no sender means it. */
const wholeMinor = z.int().refine((minor) => !Object.is(minor, -0), { error: 'is negative zero' })
/** Minor units of the currency beside it, 0 to 2^53 − 1. */
const amount = wholeMinor.min(0)
const currency = z.string().refine(isCurrency, { error: CURRENCY_UNKNOWN })

const day = z.string().refine(isDay, { error: 'is no date YYYY-MM-DD' })
const instant = z.string().refine(isInstant, { error: 'is no RFC 3339 instant with offset' })
/** A date, which includes the whole of that day, or an instant. */
const dayOrInstant = z.string().refine((when) => isDay(when) || isInstant(when), {
  error: 'is neither a date YYYY-MM-DD nor an RFC 3339 instant with offset',
})
const zone = z.string().refine(isZone, { error: ZONE_UNKNOWN })

const count = z.int().min(0)
const digits4 = z.string().regex(/^[0-9]{4}$/)

const location = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracyM: z.number().min(0).optional(),
  source: z.enum(['gps', 'beidou', 'cell']).optional(),
})

export const form = {
  id,
  text,
  freeText,
  texts: z.array(text).max(LIST_MAX),
  amount,
  /** May be negative: a balance, a net, an adjustment. */
  signedAmount: wholeMinor,
  currency,
  day,
  instant,
  dayOrInstant,
  zone,
  count,
  /** A merchant category (ISO 18245), a message type, the last digits of a card. */
  digits4,
  country: z.string().regex(/^[A-Z]{2}$/),
  location,
}

const SCOPES = ['all', 'channel', 'issuer', 'model', 'region', 'merchant'] as const
export const scope = z.enum(SCOPES)

/** Members of a type's `data`, and what a control record adds to every type. */
export function dataOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ scope: scope.optional(), scopeValue: text.optional(), ...shape })
}
