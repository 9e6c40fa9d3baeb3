/**
 * Finds what looks like a card in a chain of digit groups. A run of digits, single spaces or
 * hyphens between them, no letter or digit on either side, with a length and prefix that a scheme
 * issues and a right check digit; or track data. Issuers' lists are by ISO/IEC 7812.
 */

const SPACE = 32
const HYPHEN = 45
const ZERO = 48
/** Shorter than any card, longer than most numbers: the quick way out. */
export const CHAIN_MIN = 12
const PAN_MIN = 13
const PAN_MAX = 19

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}

/** Exclusive end of the digit groups that begin at `start`, joined by single separators. */
export function chainEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1
  for (;;) {
    while (isDigit(bytes[at])) at++
    if (!isSeparator(bytes[at]) || !isDigit(bytes[at + 1])) return at
    at++
  }
}

/** Whether any run of whole groups in [start, end) is a card number, or any group a track. */
export function chainHoldsCard(bytes: Uint8Array, start: number, end: number): boolean {
  for (let group = start; group < end;) {
    const groupEnd = digitsEnd(bytes, group, end)
    if (isTrack(bytes, group, groupEnd)) return true
    const isFree = group > start || !isLetter(bytes[start - 1])
    if (isFree && holdsPanFrom(bytes, group, end)) return true
    group = groupEnd + 1
  }
  return false
}

/** Any digits of a text, wherever they stand. */
export function textHoldsCard(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (!isDigit(bytes[at])) continue
    const end = chainEnd(bytes, at)
    if (end - at >= CHAIN_MIN && chainHoldsCard(bytes, at, end)) return true
    at = end
  }
  return false
}

function holdsPanFrom(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0
  for (let at = start; at < end && digits <= PAN_MAX;) {
    const groupEnd = digitsEnd(bytes, at, end)
    digits += groupEnd - at
    const isFree = groupEnd < end || !isLetter(bytes[end])
    if (isFree && isPan(bytes, start, groupEnd, digits)) return true
    at = groupEnd + 1
  }
  return false
}

function isPan(bytes: Uint8Array, start: number, end: number, digits: number): boolean {
  if (digits < PAN_MIN || digits > PAN_MAX) return false
  return isIssued(prefixOf(bytes, start), digits) && passesLuhn(bytes, start, end)
}

/** The first four digits, separators passed over. */
function prefixOf(bytes: Uint8Array, start: number): number {
  let prefix = 0
  let taken = 0
  for (let at = start; taken < 4; at++) {
    const byte = bytes[at] ?? ZERO
    if (!isDigit(byte)) continue
    prefix = prefix * 10 + byte - ZERO
    taken++
  }
  return prefix
}

function isIssued(prefix4: number, digits: number): boolean {
  if (prefix4 >= 4000 && prefix4 < 5000) return digits === 13 || digits === 16 || digits === 19
  const prefix2 = Math.floor(prefix4 / 100)
  if (prefix2 >= 51 && prefix2 <= 55) return digits === 16
  if (prefix4 >= 2221 && prefix4 <= 2720) return digits === 16
  if (prefix2 === 34 || prefix2 === 37) return digits === 15
  if (prefix2 === 30 || prefix2 === 36 || prefix2 === 38 || prefix2 === 39) return digits === 14
  const isLong = digits >= 16
  if (prefix4 === 6011 || (prefix4 >= 6440 && prefix4 < 6500)) return isLong
  return isLong && LONG_PREFIXES.has(prefix2)
}

/** JCB 35, Discover 65, UnionPay 62 and 81, Maestro 50, 56 to 58, 63 and 67. */
const LONG_PREFIXES: ReadonlySet<number> = new Set([35, 65, 62, 81, 50, 56, 57, 58, 63, 67])

function passesLuhn(bytes: Uint8Array, start: number, end: number): boolean {
  let sum = 0
  let isDoubled = false
  for (let at = end - 1; at >= start; at--) {
    const byte = bytes[at] ?? ZERO
    if (!isDigit(byte)) continue
    const digit = (byte - ZERO) * (isDoubled ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
    isDoubled = !isDoubled
  }
  return sum % 10 === 0
}

/** `;` or `%B`, 12 to 19 digits, `=` or `^`. */
function isTrack(bytes: Uint8Array, start: number, end: number): boolean {
  const digits = end - start
  if (digits < 12 || digits > PAN_MAX) return false
  const after = bytes[end]
  if (after !== 61 && after !== 94) return false
  const before = bytes[start - 1]
  return before === 59 || (before === 66 && bytes[start - 2] === 37)
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isDigit(bytes[at])) at++
  return at
}

function isSeparator(byte: number | undefined): boolean {
  return byte === SPACE || byte === HYPHEN
}

/** Of ASCII. Others do not make a token of what stands beside them: 卡号 is often followed by one. */
function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const lower = byte | 0x20
  return lower >= 97 && lower <= 122
}
