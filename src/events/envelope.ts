/** The attributes of an event, checked in the order of the codes. */
import type { Attributes, Shape } from './cloud-events.ts'
import type { DeadCode } from './event.ts'
import { isObject, type JsonObject } from './json.ts'
import { isKeyBytes, isKeyText, isSameKey } from './keys.ts'
import { parseInstant } from './time-text.ts'
import { utf8Length } from './utf8.ts'

export type Envelope = Readonly<{
  id: string
  source: string
  type: string
  merchantId: string
  tenant: string
  timeMs: number
  receivedAtMs: number | undefined
  data: JsonObject
}>

export type Fault = Readonly<{ code: DeadCode; path?: string }>

export type DecodeOptions = Readonly<{
  /** Records need no key: `subject` stands in (a line of a file). */
  keyOptional?: boolean
  /** The one tenant that may write here. */
  tenantBound?: string
}>

const SPEC_VERSION = '1.0'
const SCHEMA_VERSION = 1
export const TENANT_DEFAULT = 'default'
const TEXT_BYTES_MAX = 256

export function checkEnvelope(
  attributes: Attributes,
  shape: Shape,
  key: Uint8Array | undefined,
  options: DecodeOptions,
): Envelope | Fault {
  return (
    keyFault(attributes.subject, key, options.keyOptional === true) ??
    missingFault(attributes, shape) ??
    invalidFault(attributes) ??
    checkedEnvelope(attributes, options.tenantBound)
  )
}

function keyFault(
  subject: unknown,
  key: Uint8Array | undefined,
  isOptional: boolean,
): Fault | undefined {
  if (key === undefined) {
    if (!isOptional) return { code: 'key-missing' }
    const isBadKey = typeof subject === 'string' && !isKeyText(subject)
    return isBadKey ? { code: 'key-invalid', path: 'subject' } : undefined
  }
  if (!isKeyBytes(key)) return { code: 'key-invalid' }
  const isOther = typeof subject === 'string' && !isSameKey(key, subject)
  return isOther ? { code: 'key-mismatch', path: 'subject' } : undefined
}

function missingFault(attributes: Attributes, shape: Shape): Fault | undefined {
  if (shape !== 'plain' && attributes.specversion === undefined) return missing('specversion')
  if (attributes.id === undefined) return missing('id')
  if (attributes.source === undefined) return missing('source')
  if (attributes.type === undefined) return missing('type')
  if (attributes.subject === undefined) return missing('subject')
  if (attributes.time === undefined) return missing('time')
  return attributes.data === undefined ? missing('data') : undefined
}

function invalidFault(attributes: Attributes): Fault | undefined {
  const { specversion, tenantid, receivedat } = attributes
  if (specversion !== undefined && specversion !== SPEC_VERSION) return invalid('specversion')
  if (!isText(attributes.id)) return invalid('id')
  if (!isText(attributes.source)) return invalid('source')
  if (!isText(attributes.type)) return invalid('type')
  // Its form is the key's, which has been compared.
  if (typeof attributes.subject !== 'string') return invalid('subject')
  if (!isObject(attributes.data)) return invalid('data')
  if (tenantid !== undefined && !(typeof tenantid === 'string' && isKeyText(tenantid))) {
    return invalid('tenantid')
  }
  const isBadArrival = receivedat !== undefined && instantOf(receivedat) === undefined
  return isBadArrival ? invalid('receivedat') : undefined
}

function checkedEnvelope(
  attributes: Attributes,
  tenantBound: string | undefined,
): Envelope | Fault {
  const timeMs = instantOf(attributes.time)
  if (timeMs === undefined) return { code: 'time-invalid', path: 'time' }
  const { schemaversion = SCHEMA_VERSION, tenantid = TENANT_DEFAULT } = attributes
  if (schemaversion !== SCHEMA_VERSION) {
    return { code: 'schema-version-unsupported', path: 'schemaversion' }
  }
  if (tenantBound !== undefined && tenantid !== tenantBound) {
    return { code: 'tenant-mismatch', path: 'tenantid' }
  }
  return {
    id: attributes.id as string,
    source: attributes.source as string,
    type: attributes.type as string,
    merchantId: attributes.subject as string,
    tenant: tenantid as string,
    timeMs,
    receivedAtMs: instantOf(attributes.receivedat),
    data: attributes.data as JsonObject,
  }
}

function missing(path: string): Fault {
  return { code: 'attribute-missing', path }
}

function invalid(path: string): Fault {
  return { code: 'attribute-invalid', path }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && utf8Length(value) <= TEXT_BYTES_MAX
}

function instantOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined
}
