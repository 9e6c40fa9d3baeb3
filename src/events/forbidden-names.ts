/** Members that carry card data by their name alone (PCI DSS 3.3, sensitive authentication data). */

const NAMES = [
  'pan',
  'cvv',
  'cvc',
  'cvv2',
  'pin',
  'pinblock',
  'track1',
  'track2',
  'track2data',
  'expiry',
  'emv',
]
const NAME_SET: ReadonlySet<string> = new Set(NAMES)

/** One slot per length (below 16) and initial letter (its low five bits): most names end here. */
const CANDIDATES = new Uint8Array(16 * 32)
for (const name of NAMES) CANDIDATES[slotOf(name.length, name.charCodeAt(0))] = 1

/** In any case. */
export function isForbiddenText(name: string): boolean {
  return NAME_SET.has(name.toLowerCase())
}

/** Of the name at [start, end), in ASCII, in any case. */
export function isForbiddenName(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (length < 3 || length > 10) return false
  if (CANDIDATES[slotOf(length, bytes[start] as number)] !== 1) return false
  return NAMES.some((name) => name.length === length && isSame(bytes, start, name))
}

function isSame(bytes: Uint8Array, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    // Lower case of a letter; a digit keeps its value.
    if (((bytes[start + at] as number) | 0x20) !== name.charCodeAt(at)) return false
  }
  return true
}

function slotOf(length: number, initial: number): number {
  return length * 32 + (initial & 31)
}

/** A forbidden name and the beginning of what it carries, in bytes that are no valid JSON. */
export const FORBIDDEN_MEMBER = new RegExp(
  `"\\s*(?:${NAMES.join('|')})\\s*"\\s*:(?!\\s*(?:""|null|\\[\\s*\\]|\\{\\s*\\}|$))`,
  'i',
)
