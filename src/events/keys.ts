/** The record's key and the names that become parts of keys in the store. */

const BYTES_MAX = 64

/** 1 to 64 characters of printable ASCII, without space and the braces of a hash tag. */
export function isKeyText(text: string): boolean {
  if (text.length < 1 || text.length > BYTES_MAX) return false
  for (let at = 0; at < text.length; at++) if (!isKeyUnit(text.charCodeAt(at))) return false
  return true
}

export function isKeyBytes(bytes: Uint8Array): boolean {
  if (bytes.length < 1 || bytes.length > BYTES_MAX) return false
  for (let at = 0; at < bytes.length; at++) if (!isKeyUnit(bytes[at] as number)) return false
  return true
}

/** Of bytes that `isKeyBytes`: one byte is one character. */
export function isSameKey(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== text.charCodeAt(at)) return false
  return true
}

function isKeyUnit(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f && unit !== 0x7b && unit !== 0x7d
}
