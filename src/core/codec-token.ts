/** Tokens are letters and digits, as of base64url: six bits of each. */
import type { Reader, Writer } from './bytes.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_'
const BITS = 6
const NUMBERS = numbersOf()

function numbersOf(): Int8Array {
  const numbers = new Int8Array(128).fill(-1)
  for (let at = 0; at < LETTERS.length; at++) numbers[LETTERS.charCodeAt(at)] = at
  return numbers
}

export function writeToken(writer: Writer, token: string): void {
  if (!isOfLetters(token)) {
    writer.count(0)
    return writer.text(token)
  }
  writer.count(token.length + 1)
  let held = 0
  let bits = 0
  for (let at = 0; at < token.length; at++) {
    held = (held << BITS) | NUMBERS[token.charCodeAt(at)]!
    bits += BITS
    if (bits < 8) continue
    bits -= 8
    writer.byte((held >> bits) & 255)
  }
  if (bits > 0) writer.byte((held << (8 - bits)) & 255)
}

function isOfLetters(token: string): boolean {
  for (let at = 0; at < token.length; at++) {
    const number = NUMBERS[token.charCodeAt(at)]
    if (number === undefined || number < 0) return false
  }
  return true
}

export function readToken(reader: Reader): string {
  const told = reader.count()
  if (told === 0) return reader.text()
  let token = ''
  let held = 0
  let bits = 0
  for (let left = told - 1; left > 0; left--) {
    if (bits < BITS) {
      held = ((held & 255) << 8) | reader.byte()
      bits += 8
    }
    bits -= BITS
    token += LETTERS[(held >> bits) & 63]
  }
  return token
}
