/**
 * One pass over the bytes of a JSON text before it is parsed: what `JSON.parse` would hide (repeated
 * names, lone surrogates, rounding), what must be bounded (depth, members), and card data.
 * Right for every valid JSON text; of any other only the card data is worth reading.
 */
import { CHAIN_MIN, chainEnd, chainHoldsCard, isDigit } from './card-numbers.ts'
import { isForbiddenName } from './forbidden-names.ts'

export type JsonScan = {
  /** Deepest nesting; 1 for a flat object. */
  depth: number
  /** Objects and arrays. */
  containers: number
  members: number
  hasNul: boolean
  hasNulEscape: boolean
  hasLoneSurrogate: boolean
  hasEscape: boolean
  hasNonAscii: boolean
  /** A number with an exponent, or with more digits than a double holds: it may have been rounded. */
  hasRoundable: boolean
  /** `JSON.stringify` of what is parsed would give these bytes again. */
  isCanonical: boolean
  /** In a plain string, an integer, or behind a forbidden name. */
  hasCardData: boolean
  /** Bounds of the value of the top-level member `data`; −1 where there is none. */
  dataStart: number
  dataEnd: number
}

type Cursor = JsonScan & { level: number; nameStart: number; nameEnd: number }

const PLAIN = 0
const DIGIT = 1
const QUOTE = 2
const BACKSLASH = 3
const OPEN = 4
const CLOSE = 5
const NAME_END = 6
const NON_ASCII = 7
const NUL = 8
const BLANK = 9

const CLASS = new Uint8Array(256).fill(NON_ASCII, 128)
for (const [kind, characters] of [
  [DIGIT, '0123456789'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
  [OPEN, '{['],
  [CLOSE, '}]'],
  [NAME_END, ':'],
  [BLANK, ' \t\n\r'],
  [NUL, '\0'],
] as const) {
  for (const character of characters) CLASS[character.charCodeAt(0)] = kind
}

/** More digits than these and a double may hold another number than was written. */
const EXACT_DIGITS = 15

export function scanJson(bytes: Uint8Array): JsonScan {
  const scan = begin()
  for (let at = 0; at < bytes.length; at++) {
    const kind = CLASS[bytes[at] as number]
    if (kind === PLAIN) continue
    if (kind === QUOTE) at = scanString(scan, bytes, at + 1)
    else if (kind === DIGIT) at = scanNumber(scan, bytes, at)
    else if (kind === NAME_END) noteName(scan, bytes, at)
    else if (kind === OPEN) open(scan)
    else if (kind === CLOSE) close(scan, at)
    else noteOdd(scan, kind)
  }
  return scan
}

function begin(): Cursor {
  return {
    depth: 0,
    containers: 0,
    members: 0,
    hasNul: false,
    hasNulEscape: false,
    hasLoneSurrogate: false,
    hasEscape: false,
    hasNonAscii: false,
    hasRoundable: false,
    isCanonical: true,
    hasCardData: false,
    dataStart: -1,
    dataEnd: -1,
    level: 0,
    nameStart: 0,
    nameEnd: 0,
  }
}

/** From behind the opening quote to the closing one, which is where it returns. */
function scanString(scan: Cursor, bytes: Uint8Array, start: number): number {
  let at = start
  for (; at < bytes.length; at++) {
    const kind = CLASS[bytes[at] as number]
    if (kind === PLAIN) continue
    if (kind === QUOTE) break
    if (kind === DIGIT) {
      const end = chainEnd(bytes, at)
      if (end - at >= CHAIN_MIN && chainHoldsCard(bytes, at, end)) scan.hasCardData = true
      at = end - 1
    } else if (kind === BACKSLASH) at = scanEscape(scan, bytes, at)
    else if (kind === NUL || kind === NON_ASCII) noteOdd(scan, kind)
  }
  scan.nameStart = start
  scan.nameEnd = at
  return at
}

/** From a backslash to the last byte of what it escapes. */
function scanEscape(scan: Cursor, bytes: Uint8Array, at: number): number {
  scan.hasEscape = true
  scan.isCanonical = false
  const unit = escapedUnit(bytes, at)
  if (unit === undefined) return at + 1
  if (unit === 0) scan.hasNulEscape = true
  if (unit < 0xd800 || unit > 0xdfff) return at + 5
  const next = unit < 0xdc00 ? escapedUnit(bytes, at + 6) : undefined
  if (next !== undefined && next >= 0xdc00 && next <= 0xdfff) return at + 11
  scan.hasLoneSurrogate = true
  return at + 5
}

/** The code unit of `\uXXXX`; undefined where there is none. */
function escapedUnit(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== 92 || bytes[at + 1] !== 117) return undefined
  let unit = 0
  for (let i = at + 2; i < at + 6; i++) {
    const value = Number.parseInt(String.fromCharCode(bytes[i] ?? 0), 16)
    if (Number.isNaN(value)) return undefined
    unit = unit * 16 + value
  }
  return unit
}

/** From the first digit of a part of a number (whole, fraction or exponent) to the last. */
function scanNumber(scan: Cursor, bytes: Uint8Array, start: number): number {
  let end = start + 1
  while (isDigit(bytes[end])) end++
  const length = end - start
  const before = bytes[start - 1]
  const after = bytes[end]
  const isFraction = before === 46
  const digits = isFraction ? length + digitsBefore(bytes, start - 1) : length
  if (digits > EXACT_DIGITS || after === 101 || after === 69) scan.hasRoundable = true
  const isNegativeZero = before === 45 && bytes[start] === 48
  if (isFraction || isNegativeZero || scan.hasRoundable) scan.isCanonical = false
  // The fraction of a latitude is no card, whatever its digits.
  if (!isFraction && length >= CHAIN_MIN && chainHoldsCard(bytes, start, end)) {
    scan.hasCardData = true
  }
  return end - 1
}

function digitsBefore(bytes: Uint8Array, at: number): number {
  let start = at
  while (isDigit(bytes[start - 1])) start--
  return at - start
}

/** At the colon behind a member's name. */
function noteName(scan: Cursor, bytes: Uint8Array, at: number): void {
  scan.members++
  const { nameStart: start, nameEnd: end } = scan
  // Names that spell an index come first in `JSON.stringify`, wherever they were sent.
  if (isDigit(bytes[start])) scan.isCanonical = false
  if (isForbiddenName(bytes, start, end) && !isEmptyValue(bytes, at + 1)) scan.hasCardData = true
  if (scan.level === 1 && end - start === 4 && isData(bytes, start)) scan.dataStart = at + 1
}

function isData(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 100 && bytes[at + 1] === 97 && bytes[at + 2] === 116 && bytes[at + 3] === 97
}

/** `""`, `null`, `[]` or `{}`. */
function isEmptyValue(bytes: Uint8Array, from: number): boolean {
  let at = from
  while (CLASS[bytes[at] ?? 0] === BLANK) at++
  const first = bytes[at]
  if (first === 110) return true
  if (first === 34) return bytes[at + 1] === 34
  if (first !== 91 && first !== 123) return false
  at++
  while (CLASS[bytes[at] ?? 0] === BLANK) at++
  return bytes[at] === first + 2
}

function open(scan: Cursor): void {
  scan.containers++
  scan.level++
  if (scan.level > scan.depth) scan.depth = scan.level
}

function close(scan: Cursor, at: number): void {
  scan.level--
  if (scan.level === 1 && scan.dataStart >= 0 && scan.dataEnd < 0) scan.dataEnd = at + 1
}

function noteOdd(scan: Cursor, kind: number | undefined): void {
  if (kind === NON_ASCII) scan.hasNonAscii = true
  else if (kind === NUL) scan.hasNul = true
  else if (kind === BLANK) scan.isCanonical = false
}
