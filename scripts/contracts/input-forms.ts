/** How the forms of the input are said in JSON Schema, where zod's own check is code. */
import { z } from 'zod'
import { form } from '../../src/events/forms.ts'
import { DATA_SCHEMAS } from '../../src/events/schemas.ts'

type Said = Readonly<Record<string, unknown>>

const date = { format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }
// Strict RFC 3339 with offset: years 1970 to 9998, no leap second, no -00:00, at most nine digits.
const dateTime = {
  format: 'date-time',
  pattern:
    '^(?!9999)(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]' +
    '(\\.[0-9]{1,9})?(Z|(?!-00:00)[+-]([01][0-9]|2[0-3]):[0-5][0-9])$',
}

/** A schema of JSON counts characters, the service bytes of UTF-8: as many or more. */
const FORMS: readonly (readonly [z.ZodType, Said])[] = [
  [form.id, { id: 'id', maxLength: 64, description: '1 to 64 bytes of UTF-8.' }],
  [form.text, { id: 'text', maxLength: 256, description: '1 to 256 bytes of UTF-8.' }],
  [form.freeText, { id: 'freeText', maxLength: 500, description: 'At most 500 bytes of UTF-8.' }],
  [form.texts, { id: 'texts', description: 'At most 100 of them.' }],
  [form.amount, { id: 'amount', description: 'Minor units of the currency beside it.' }],
  [form.signedAmount, { description: 'Minor units; may be negative.' }],
  [
    form.currency,
    { id: 'currency', pattern: '^[A-Z]{3}$', description: 'ISO 4217, a currency in use.' },
  ],
  [form.day, { id: 'day', ...date, description: 'A date at the merchant’s place.' }],
  [form.instant, { id: 'instant', ...dateTime, description: 'RFC 3339 with offset.' }],
  [
    form.dayOrInstant,
    {
      id: 'dayOrInstant',
      anyOf: [date, dateTime],
      description: 'A date, which includes the whole of that day, or RFC 3339 with offset.',
    },
  ],
  [
    form.zone,
    {
      id: 'zone',
      pattern: '^[A-Za-z][A-Za-z0-9_+/-]{0,63}$',
      description: 'An IANA time zone, as Asia/Shanghai; no offset.',
    },
  ],
  [form.count, { id: 'count' }],
  [form.digits4, { id: 'digits4' }],
  [form.country, { id: 'country', description: 'ISO 3166-1 alpha-2.' }],
  [form.location, { id: 'location', description: 'WGS 84.' }],
  [
    DATA_SCHEMAS['information.submitted'],
    { anyOf: [{ required: ['requestId'] }, { required: ['warningId'] }] },
  ],
]

/** To be done once, before anything is turned into JSON Schema. */
export function registerForms(): void {
  for (const [schema, said] of FORMS) {
    if (!z.globalRegistry.has(schema)) z.globalRegistry.add(schema, said)
  }
}
