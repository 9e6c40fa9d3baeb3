/** The envelope of an input event as a schema, for readers; `checkEnvelope` is what runs. */
import { z } from 'zod'
import { form } from './forms.ts'

const name = (what: string) =>
  z
    .string()
    .min(1)
    .meta({ maxLength: 256, description: `${what} 1 to 256 bytes.` })

// Printable ASCII without space and braces.
const key = z.string().regex(/^[!-z|~]{1,64}$/)

/**
 * The structured shape, and that of plain JSON, where `specversion` may be missing. In the binary
 * shape each attribute is a header `ce_<name>`. Members that are not named here are ignored.
 */
export const ENVELOPE_SCHEMA = z.object({
  specversion: z
    .literal('1.0')
    .optional()
    .describe('Of CloudEvents. May be missing in plain JSON.'),
  id: name('With `source` it names the event for ever: a repeat changes nothing.'),
  source: name('Who says so.'),
  type: name('One of the types of the input; an unknown one is counted and passed over.'),
  subject: key.describe("The merchant id, and the record's key; `*` in a control record."),
  time: form.instant.describe('When it happened, as the source says.'),
  tenantid: key.optional().describe('Whose merchant it is; `default` where it is missing.'),
  schemaversion: z.literal(1).optional().describe('Of this contract. In a header its digit.'),
  receivedat: form.instant.optional().describe('In a file: when the line arrived.'),
  data: z.looseObject({}).describe('Members by type: the schema `<type>.v1`.'),
})
