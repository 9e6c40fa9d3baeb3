/** A record's bytes to what they mean: an event, a type we do not know, or a reason why not. */
import { headersHoldCard, jsonHoldsCard, textBytesHoldCard } from './card-data.ts'
import { attributesFromHeaders, attributesOf, shapeOf, type Shape } from './cloud-events.ts'
import { messageOf } from './dead-messages.ts'
import { checkEnvelope, type Envelope, type DecodeOptions } from './envelope.ts'
import type { DeadCode, DeadReason, Decoded, TerminalEvent } from './event.ts'
import { hashOfBody, hashOfId } from './hash.ts'
import { readJson, type Json } from './json.ts'
import type { LogRecord } from './record.ts'
import { usualEvent } from './usual-record.ts'
import { isEventType, validateData } from './validate.ts'

type JsonRead = Extract<Json, { kind: 'object' }>
type Finding = Readonly<{ code: DeadCode; path?: string | undefined; why?: string | undefined }>

const ENCODER = new TextEncoder()
const NO_OPTIONS: DecodeOptions = {}

/** Never throws, whatever the bytes are. The code is the first that applies, in their order. */
export function decode(record: LogRecord, options: DecodeOptions = NO_OPTIONS): Decoded {
  const event = usualEvent(record, options)
  return event === undefined ? decodeBySchema(record, options) : { kind: 'event', event }
}

/** The same without the short cut that most records take. */
export function decodeBySchema(record: LogRecord, options: DecodeOptions = NO_OPTIONS): Decoded {
  const hasCardOutside =
    (record.key !== undefined && textBytesHoldCard(record.key)) || headersHoldCard(record.headers)
  const json = readJson(record.value)
  if (json.kind === 'dead') return dead(json, 'decode', json.hasCardData || hasCardOutside)
  const hasCardData = hasCardOutside || jsonHoldsCard(json.object, json.scan)
  const shape = shapeOf(record.headers)
  const attributes =
    shape === 'binary'
      ? attributesFromHeaders(record.headers, json.object)
      : attributesOf(json.object)
  if (attributes === undefined) return dead({ code: 'encoding-invalid' }, 'decode', hasCardData)
  const envelope = checkEnvelope(attributes, shape, record.key, options)
  if ('code' in envelope) return dead(envelope, 'validate', hasCardData)
  return readEvent(envelope, { json, shape, hasCardData })
}

function readEvent(
  envelope: Envelope,
  { json, shape, hasCardData }: Readonly<{ json: JsonRead; shape: Shape; hasCardData: boolean }>,
): Decoded {
  const { type } = envelope
  if (!isEventType(type)) {
    return hasCardData ? dead({ code: 'card-data' }, 'validate', true) : { kind: 'unknown', type }
  }
  const validated = validateData(type, envelope.data)
  if (validated.kind === 'invalid') return dead(validated, 'validate', hasCardData)
  if (hasCardData) return dead({ code: 'card-data' }, 'validate', true)
  const { id, source, tenant, merchantId, timeMs, receivedAtMs } = envelope
  const event = {
    type,
    id,
    source,
    tenant,
    merchantId,
    timeMs,
    ...(receivedAtMs === undefined ? {} : { receivedAtMs }),
    idHash: hashOfId(source, id),
    bodyHash: hashOfBody(type, timeMs, dataJson(envelope, json, shape)),
    data: validated.data,
  } as TerminalEvent
  if (validated.ignored.length === 0) return { kind: 'event', event }
  return { kind: 'event', event, ignored: validated.ignored }
}

/** The bytes sent, where `JSON.stringify` of the data would only give them again. */
function dataJson(
  envelope: Envelope,
  { bytes, scan }: JsonRead,
  shape: Shape,
): Readonly<{ bytes: Uint8Array; start: number; end: number }> {
  if (scan.isCanonical && shape === 'binary') return { bytes, start: 0, end: bytes.length }
  if (scan.isCanonical) return { bytes, start: scan.dataStart, end: scan.dataEnd }
  const written = ENCODER.encode(JSON.stringify(envelope.data))
  return { bytes: written, start: 0, end: written.length }
}

function dead(finding: Finding, stage: DeadReason['stage'], hasCardData: boolean): Decoded {
  const { code, path, why } = finding
  const message = messageOf(code, path, why)
  const where = path === undefined ? {} : { path }
  return { kind: 'dead', reason: { code, stage, ...where, message, hasCardData } }
}
