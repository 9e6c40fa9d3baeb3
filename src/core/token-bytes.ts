/** Tokens are letters and digits, as of base64url: six bits of each. Behind how many there are, or a zero and the text. */
import { COUNT_BYTES_MAX, countAt, countEnd, putCount } from './varints.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_'
const BITS = 6
const NUMBERS = numbersOf()
const encoder = new TextEncoder()
const decoder = new TextDecoder()

function numbersOf(): Int8Array {
  const numbers = new Int8Array(128).fill(-1)
  for (let at = 0; at < LETTERS.length; at++) numbers[LETTERS.charCodeAt(at)] = at
  return numbers
}

/** What a token of so many UTF-16 units may need. */
export const tokenBytesMax = (length: number): number => 3 * length + 2 * COUNT_BYTES_MAX

/** The token from its character `from` on. Where it ends. */
export function putToken(bytes: Uint8Array, at: number, token: string, from: number): number {
  if (!isOfLetters(token, from)) return putText(bytes, at, token.slice(from))
  let end = putCount(bytes, at, token.length - from + 1)
  let held = 0
  let bits = 0
  for (let place = from; place < token.length; place++) {
    held = (held << BITS) | NUMBERS[token.charCodeAt(place)]!
    bits += BITS
    if (bits < 8) continue
    bits -= 8
    bytes[end++] = held >> bits
  }
  if (bits > 0) bytes[end++] = held << (8 - bits)
  return end
}

function isOfLetters(token: string, from: number): boolean {
  for (let at = from; at < token.length; at++) {
    const number = NUMBERS[token.charCodeAt(at)]
    if (number === undefined || number < 0) return false
  }
  return true
}

function putText(bytes: Uint8Array, at: number, text: string): number {
  const encoded = encoder.encode(text)
  bytes[at] = 0
  const start = putCount(bytes, at + 1, encoded.length)
  bytes.set(encoded, start)
  return start + encoded.length
}

export function tokenAt(bytes: Uint8Array, at: number): string {
  if (bytes[at] === 0) {
    return decoder.decode(bytes.subarray(countEnd(bytes, at + 1), tokenEnd(bytes, at)))
  }
  let token = ''
  let held = 0
  let bits = 0
  let place = countEnd(bytes, at)
  for (let left = countAt(bytes, at) - 1; left > 0; left--) {
    if (bits < BITS) {
      held = ((held & 255) << 8) | bytes[place++]!
      bits += 8
    }
    bits -= BITS
    token += LETTERS[(held >> bits) & 63]
  }
  return token
}

/** Of the token that begins here. */
export function tokenEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0) return countEnd(bytes, at + 1) + countAt(bytes, at + 1)
  return countEnd(bytes, at) + Math.ceil(((countAt(bytes, at) - 1) * BITS) / 8)
}
