/** Bytes of a value to the one JSON object they hold. Bounded before parsed; nothing is repaired. */
import { SEARCHED_BYTES_MAX, jsonHoldsCard, unparsableHoldsCard } from './card-data.ts'
import type { DeadCode } from './event.ts'
import { scanJson, type JsonScan } from './json-scan.ts'

export const VALUE_BYTES_MAX = 256 * 1024
export const DEPTH_MAX = 32
export const MEMBERS_MAX = 1_000

export type JsonObject = Readonly<Record<string, unknown>>

export type Json =
  | Readonly<{ kind: 'object'; object: JsonObject; bytes: Uint8Array; scan: JsonScan }>
  | Readonly<{ kind: 'dead'; code: DeadCode; hasCardData: boolean }>

// A byte order mark is no JSON, so it must not be swallowed.
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readJson(value: Uint8Array | undefined): Json {
  if (value === undefined || value.length === 0) {
    return { kind: 'dead', code: 'value-missing', hasCardData: false }
  }
  if (value.length > VALUE_BYTES_MAX) return unparsable('value-too-large', value)
  const bytes = withoutSchemaId(value)
  const scan = scanJson(bytes)
  if (scan.hasNul || scan.hasLoneSurrogate) return unparsable('encoding-invalid', bytes)
  const text = decodeText(bytes)
  if (text === undefined) return unparsable('encoding-invalid', bytes)
  // A reviver recurses; without one the parser does not, however deep the text is.
  const parsed = parse(text, scan.hasRoundable && scan.depth <= DEPTH_MAX)
  if (parsed === undefined) return unparsable('json-invalid', bytes)
  if (scan.depth > DEPTH_MAX) return unparsable('json-too-deep', bytes)
  const code = codeOfShape(parsed.value, scan)
  if (code === undefined) return { kind: 'object', object: parsed.value as JsonObject, bytes, scan }
  // What a repeated name has overwritten is in the bytes alone.
  const hasCardData = jsonHoldsCard({ value: parsed.value }, scan) || unparsableHoldsCard(bytes)
  return { kind: 'dead', code, hasCardData }
}

function codeOfShape(value: unknown, scan: JsonScan): DeadCode | undefined {
  if (scan.hasNulEscape && isObject(value) && hasNulInId(value)) return 'encoding-invalid'
  if (scan.members > MEMBERS_MAX) return 'json-too-wide'
  // A repeated name is a member that was written and is not there.
  if (memberCount(value, scan.containers) !== scan.members) return 'json-duplicate-key'
  if (!isObject(value)) return 'json-not-object'
  return undefined
}

function unparsable(code: DeadCode, bytes: Uint8Array): Json {
  const searched = bytes.subarray(0, SEARCHED_BYTES_MAX)
  return { kind: 'dead', code, hasCardData: unparsableHoldsCard(searched) }
}

/** Schema registries put a zero and four bytes of a schema id before the text. */
function withoutSchemaId(value: Uint8Array): Uint8Array {
  return value[0] === 0 && value[5] === 123 ? value.subarray(5) : value
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes)
  } catch {
    return undefined
  }
}

function parse(text: string, hasRoundable: boolean): { value: unknown } | undefined {
  try {
    return { value: hasRoundable ? JSON.parse(text, withoutRounding) : JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** What the parser tells a reviver about a primitive: how it was written. */
type Written = Readonly<{ source?: string }>

/** NaN for what was written as no integer and has been rounded to one: `1e-400` is not zero. */
function withoutRounding(_name: string, value: unknown, written?: Written): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value)) return value
  return written?.source === undefined || isWhole(written.source) ? value : Number.NaN
}

function isWhole(source: string): boolean {
  // Nothing behind a point, and no division by ten.
  if (!source.includes('.') && !source.includes('-', 1)) return true
  const parts = /^-?([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/.exec(source)
  const [, whole = '', fraction = '', exponent = '0'] = parts ?? []
  const stripped = zerosAtEnd(`${whole}${fraction}`)
  const isZero = stripped === whole.length + fraction.length
  return isZero || Number(exponent) - fraction.length + stripped >= 0
}

/** A pattern would look at every run of zeros from each of them: 15 s for 200,000. */
function zerosAtEnd(digits: string): number {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--
  return digits.length - end
}

/** Depth is bounded. Two containers are an envelope and its flat data: the usual event. */
function memberCount(value: unknown, containers: number): number {
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.values(value)
  let count = Array.isArray(value) ? 0 : members.length
  if (containers === 1) return count
  for (const member of members) {
    if (typeof member === 'object' && member !== null) count += memberCount(member, containers)
  }
  return count
}

/** A name ends where a NUL stands, to some that read it: ids may not hold one. */
function hasNulInId(object: JsonObject): boolean {
  return Object.entries(object).some(([name, member]) => {
    if (typeof member === 'string') return isIdName(name) && member.includes('\0')
    return isObject(member) && hasNulInId(member)
  })
}

function isIdName(name: string): boolean {
  return /(?:^id|Id|^source|^subject|^tenantid|^type)$/.test(name)
}
