/** The CloudEvents attributes of what we send, as published. In binary mode each is a header. */
import { z } from 'zod'
import { form } from './forms.ts'

const outputSource = z
  .string()
  .regex(/^urn:forewarn:.+$/)
  .describe('`urn:forewarn:` and the name of the output.')
const specversion = z.literal('1.0').describe('Of CloudEvents.')
const account = {
  subject: z.string().describe('The merchant id.'),
  tenantid: z.string().describe('Of the account; `default` where its events name none.'),
  partitionkey: z.string().describe("The merchant id: the record's key."),
}

const id26 = '[a-z2-7]{26}'

/** The attributes of a warning record, in the published order. In binary mode each is a header. */
export const WARNING_ATTRIBUTES = z.object({
  specversion,
  id: z
    .string()
    .regex(
      new RegExp(`^${id26}-(notice|warning|final-warning|consequence-due|resolved|retracted)$`),
    )
    .describe('Deterministic: the same record has it however often it is sent. Deduplicate by it.'),
  source: outputSource,
  type: z
    .enum([
      'forewarn.warning.opened.v1',
      'forewarn.warning.raised.v1',
      'forewarn.warning.resolved.v1',
      'forewarn.warning.retracted.v1',
    ])
    .describe('Ends in the reason and the version of the contract.'),
  ...account,
  time: form.instant.describe("When it was decided: a timer's own instant, or an event's arrival."),
  severitytext: z
    .enum(['RETRACTED', 'RESOLVED', 'NOTICE', 'WARNING', 'FINAL-WARNING', 'CONSEQUENCE-DUE'])
    .describe('The stage, or the end.'),
  severitynumber: z.literal([9, 10, 11, 13, 17, 21]).describe('The same, ascending.'),
  sequence: z
    .string()
    .regex(/^[0-9]{10}$/)
    .describe("Counts the account's warning records from 1."),
  correlationid: z
    .string()
    .regex(new RegExp(`^${id26}$`))
    .describe('The episode.'),
  causationid: z.string().optional().describe('`id` of the event that moved it; of a timer none.'),
  datacontenttype: z.literal('application/json'),
  dataschema: z
    .literal('urn:forewarn:schema:warning.v1')
    .describe('`$id` of the schema of `data`.'),
  recordedtime: form.instant
    .optional()
    .describe('When it was sent. May differ between two sends; `replay` has none.'),
})

/** The attributes of a standing record; always headers, for the mode is always binary. */
export const STANDING_ATTRIBUTES = z.object({
  specversion,
  id: z.string().describe('Tenant, merchant id, offset and version.'),
  source: outputSource,
  type: z.literal('forewarn.standing.v1'),
  ...account,
  datacontenttype: z.literal('application/json'),
  dataschema: z
    .literal('urn:forewarn:schema:standing.v1')
    .describe('`$id` of the schema of `data`.'),
})
