/** What must never enter: card numbers, track data, and members that carry such by their name. */
import { textHoldsCard } from './card-numbers.ts'
import { FORBIDDEN_MEMBER, isForbiddenText } from './forbidden-names.ts'
import type { JsonScan } from './json-scan.ts'
import type { Header } from './record.ts'

const ENCODER = new TextEncoder()
const LOOSE_DECODER = new TextDecoder()

/**
 * More of a value, a key or a header is not looked through: none of it goes into an event or into a
 * dead letter. An unpacked batch may hold 64 MB in one of them, which would hold everybody up.
 */
export const SEARCHED_BYTES_MAX = 1_048_576

/** In a key or a header: a text, whatever its encoding. */
export function textBytesHoldCard(bytes: Uint8Array): boolean {
  const searched = bytes.subarray(0, SEARCHED_BYTES_MAX)
  if (textHoldsCard(searched)) return true
  return hasNonAscii(searched) && stringHoldsCard(LOOSE_DECODER.decode(searched))
}

export function headersHoldCard(headers: readonly Header[]): boolean {
  for (const [name, value] of headers) {
    if (textBytesHoldCard(value) || (!isWord(name) && stringHoldsCard(name))) return true
    if (value.length > 0 && isForbiddenText(name)) return true
  }
  return false
}

/** In a value that parsed: what the scan saw, and what only parsing brings to light. */
export function jsonHoldsCard(parsed: object, scan: JsonScan): boolean {
  if (scan.hasCardData) return true
  const isPlain = !scan.hasEscape && !scan.hasNonAscii && !scan.hasRoundable
  return !isPlain && treeHoldsCard(parsed)
}

/**
 * In bytes that are no JSON: everything is taken for text, also UTF-16 and half an escape, so this
 * finds more than is there rather than less.
 */
export function unparsableHoldsCard(bytes: Uint8Array): boolean {
  if (textHoldsCard(bytes)) return true
  const text = LOOSE_DECODER.decode(bytes)
  // Plain ASCII reads the same in every way.
  if (/^[\x01-\x5b\x5d-\x7f]*$/.test(text)) return FORBIDDEN_MEMBER.test(text)
  if (readTextHoldsCard(text.replaceAll('\0', ''))) return true
  return bytes.includes(0) && UTF_16.some((decoder) => readTextHoldsCard(decoder.decode(bytes)))
}

const UTF_16 = [new TextDecoder('utf-16le'), new TextDecoder('utf-16be')]

function readTextHoldsCard(text: string): boolean {
  const read = unescaped(text).normalize('NFKC')
  return textHoldsCard(ENCODER.encode(read)) || FORBIDDEN_MEMBER.test(read)
}

function stringHoldsCard(text: string): boolean {
  return textHoldsCard(ENCODER.encode(text.normalize('NFKC')))
}

/** Depth is bounded before this is called. */
function treeHoldsCard(value: unknown): boolean {
  if (typeof value === 'string') return stringHoldsCard(value)
  if (typeof value === 'number') return Number.isInteger(value) && stringHoldsCard(`${value}`)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(treeHoldsCard)
  return Object.entries(value).some(
    ([name, member]) =>
      stringHoldsCard(name) ||
      (isForbiddenText(name.normalize('NFKC')) && !isEmpty(member)) ||
      treeHoldsCard(member),
  )
}

function isEmpty(member: unknown): boolean {
  if (member === null || member === '') return true
  return typeof member === 'object' && Object.keys(member).length === 0
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    // A line break is no part of a number and no letter beside it.
    return other !== undefined && /[bfnrt]/.test(other) ? '\n' : (other ?? '')
  })
}

/** Most names of headers, which spares looking at them twice. */
function isWord(name: string): boolean {
  return /^[A-Za-z_.-]*$/.test(name)
}

function hasNonAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return true
  return false
}
