/** What a dead letter says of the record it holds, as published. */
import { z } from 'zod'
import { DEAD_CODES } from './event.ts'
import { form } from './forms.ts'

const code = z.enum(DEAD_CODES).describe('Why it is dead.')
const stage = z
  .enum(['decode', 'validate', 'apply'])
  .describe('How far it came: not read, not right, or right but not to be folded.')
const digits = z.string().regex(/^[0-9]+$/)
const message = z
  .string()
  .describe('A sentence for people, at most 512 bytes; never a value of the record.')
const topic = z.string().describe('Where the record lay.')
const group = z.string().describe('The consumer group that refused it.')

/** Header values as UTF-8 text. */
export const NATIVE_HEADERS = z.object({
  'dlq.topic': topic,
  'dlq.partition': digits.describe('Where the record lay.'),
  'dlq.offset': digits.describe('Where the record lay. With topic and partition it is the id.'),
  'dlq.timestamp': digits.optional().describe("The record's own timestamp, epoch milliseconds."),
  'dlq.group': group,
  'dlq.stage': stage,
  'dlq.code': code,
  'dlq.path': z.string().optional().describe('The member at fault, as `data.amount`.'),
  'dlq.message': message,
  'dlq.first-failed-at': form.instant.describe('When it was first refused.'),
  'dlq.replayable': z.enum(['true', 'false']).describe('`true` when nothing of it was left out.'),
  'dlq.app-version': z.string().describe('Which version refused it.'),
})

/** The names that tools for Kafka Connect know. Values as UTF-8 text. */
export const CONNECT_HEADERS = z.object({
  '__connect.errors.topic': topic,
  '__connect.errors.partition': digits,
  '__connect.errors.offset': digits,
  '__connect.errors.connector.name': group,
  '__connect.errors.task.id': digits.describe('The input partition.'),
  '__connect.errors.stage': stage,
  '__connect.errors.class.name': z.literal('forewarn'),
  '__connect.errors.exception.class.name': code,
  '__connect.errors.exception.message': message,
})

/** The names that Spring for Apache Kafka knows. Numbers big-endian, here in base64; else UTF-8 text. */
export const SPRING_HEADERS = z.object({
  'kafka_dlt-original-partition': bigEndian(4),
  'kafka_dlt-original-offset': bigEndian(8),
  'kafka_dlt-original-timestamp': bigEndian(8).optional(),
  'kafka_dlt-original-topic': topic,
  'kafka_dlt-original-consumer-group': group,
  'kafka_dlt-exception-fqcn': code,
  'kafka_dlt-exception-message': message,
})

/** Stands in place of a value that was left out; otherwise the value is the record's own. */
export const LEFT_OUT_SCHEMA = z.object({
  leftOut: z.enum(['card-data', 'too-large']).describe('Why.'),
  topic,
  partition: form.count,
  offset: form.count,
  valueBytes: form.count.describe('Its length.'),
  valueSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Of its bytes, to find it again at its sender.'),
})

function bigEndian(bytes: 4 | 8) {
  const base64 = bytes === 4 ? /^[A-Za-z0-9+/]{6}==$/ : /^[A-Za-z0-9+/]{11}=$/
  return z
    .string()
    .regex(base64)
    .meta({ contentEncoding: 'base64', description: `An integer of ${bytes} bytes, big-endian.` })
}
