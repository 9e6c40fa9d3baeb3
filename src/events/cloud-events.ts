/** The three shapes of a record: plain JSON, CloudEvents structured, CloudEvents binary. */
import type { JsonObject } from './json.ts'
import type { Header } from './record.ts'

/** The attributes as sent, of any type: nothing is checked yet. Null counts as absent. */
export type Attributes = Readonly<{
  specversion: unknown
  id: unknown
  source: unknown
  type: unknown
  subject: unknown
  time: unknown
  tenantid: unknown
  schemaversion: unknown
  receivedat: unknown
  data: unknown
}>

export type Shape = 'plain' | 'structured' | 'binary'

const DECODER = new TextDecoder('utf-8', { fatal: true })
const LOOSE_DECODER = new TextDecoder()
const STRUCTURED = 'application/cloudevents'
const BINARY_MARKS: ReadonlySet<string> = new Set(['ce_specversion', 'ce_id', 'ce_type'])

/** By the content type first, then by the headers that only the binary shape has. */
export function shapeOf(headers: readonly Header[]): Shape {
  let shape: Shape = 'plain'
  for (const [name, value] of headers) {
    if (BINARY_MARKS.has(name)) shape = 'binary'
    if (name.length !== 12 || name.toLowerCase() !== 'content-type') continue
    if (LOOSE_DECODER.decode(value).trim().toLowerCase().startsWith(STRUCTURED)) return 'structured'
  }
  return shape
}

export function attributesOf(envelope: JsonObject): Attributes {
  return {
    specversion: envelope['specversion'] ?? undefined,
    id: envelope['id'] ?? undefined,
    source: envelope['source'] ?? undefined,
    type: envelope['type'] ?? undefined,
    subject: envelope['subject'] ?? undefined,
    time: envelope['time'] ?? undefined,
    tenantid: envelope['tenantid'] ?? undefined,
    schemaversion: envelope['schemaversion'] ?? undefined,
    receivedat: envelope['receivedat'] ?? undefined,
    data: envelope['data'] ?? undefined,
  }
}

/**
 * From headers `ce_…`, the value being the data. Of a repeated header the last one counts.
 * Undefined where one that we read is no UTF-8 or names an id with a NUL; others may hold anything.
 */
export function attributesFromHeaders(
  headers: readonly Header[],
  data: JsonObject,
): Attributes | undefined {
  const texts = new Map<string, string>()
  for (const [name, value] of headers) {
    if (!READ.has(name)) continue
    const text = decodeText(value)
    if (text === undefined || text.includes('\0')) return undefined
    texts.set(name, text)
  }
  const version = texts.get('ce_schemaversion')
  return {
    specversion: texts.get('ce_specversion'),
    id: texts.get('ce_id'),
    source: texts.get('ce_source'),
    type: texts.get('ce_type'),
    subject: texts.get('ce_subject'),
    time: texts.get('ce_time'),
    tenantid: texts.get('ce_tenantid'),
    // A header has no number but its digits.
    schemaversion: version === '1' ? 1 : version,
    receivedat: texts.get('ce_receivedat'),
    data,
  }
}

const READ: ReadonlySet<string> = new Set([
  'ce_specversion',
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_subject',
  'ce_time',
  'ce_tenantid',
  'ce_schemaversion',
  'ce_receivedat',
])

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes)
  } catch {
    return undefined
  }
}
