/** Values of members as bytes: read, checked and made in one go; anything odd about them ends it. */
import { CHAIN_MIN, chainEnd, chainHoldsCard, isDigit } from './card-numbers.ts'
import { BOOLEAN, CHECKED, CHOICE, TEXT, WHOLE, type Member } from './member-plan.ts'

export type Cursor = {
  readonly bytes: Uint8Array
  /** The same as text: every byte is one character, or nothing of it is used. */
  readonly text: string
  at: number
  /** Bits of the members met so far. */
  met: number
}

const QUOTE = 34
const MINUS = 45
const ZERO = 48
const T = 116
/** More digits than these and a double may hold another number than was written. */
const EXACT_DIGITS = 15

const PLAIN = 1
const DIGIT = 2
/** What is no part of a usual string is 0: quotes, escapes, controls, all but ASCII. */
const CLASS = new Uint8Array(256).fill(PLAIN, 32, 128).fill(DIGIT, ZERO, ZERO + 10)
CLASS[QUOTE] = 0
CLASS[92] = 0

/** Undefined where it is not usual, no good, or holds a card number. Leaves the cursor behind it. */
export function valueAt(cursor: Cursor, member: Member): string | number | boolean | undefined {
  if (member.kind === WHOLE) return wholeAt(cursor, member)
  if (member.kind === BOOLEAN) return booleanAt(cursor)
  const { bytes, at } = cursor
  const start = at + 1
  const end = bytes[at] === QUOTE ? textEnd(bytes, start) : -1
  if (end < 0) return undefined
  cursor.at = end + 1
  if (member.kind === CHOICE) return choiceAt(cursor.text, start, end, member.choices)
  if (member.kind === TEXT && (end - start < member.min || end - start > member.max)) {
    return undefined
  }
  const text = cursor.text.slice(start, end)
  return member.kind === CHECKED && !member.check(text) ? undefined : text
}

/** Of the quote that closes it; −1 where there is none or something odd before it. */
function textEnd(bytes: Uint8Array, start: number): number {
  const { length } = bytes
  for (let at = start; at < length;) {
    const kind = CLASS[bytes[at] as number]
    if (kind === PLAIN) at++
    else if (kind === DIGIT) {
      const end = chainEnd(bytes, at)
      if (end - at >= CHAIN_MIN && chainHoldsCard(bytes, at, end)) return -1
      at = end
    } else return bytes[at] === QUOTE ? at : -1
  }
  return -1
}

function choiceAt(
  text: string,
  start: number,
  end: number,
  choices: readonly string[],
): string | undefined {
  for (let at = 0; at < choices.length; at++) {
    const one = choices[at] as string
    if (one.length === end - start && text.startsWith(one, start)) return one
  }
  return undefined
}

function wholeAt(cursor: Cursor, { min, max }: Member): number | undefined {
  const { bytes } = cursor
  const isNegative = bytes[cursor.at] === MINUS
  const start = isNegative ? cursor.at + 1 : cursor.at
  let at = start
  let value = 0
  while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] as number) - ZERO
  const digits = at - start
  if (digits < 1 || digits > EXACT_DIGITS) return undefined
  // A zero in front is no JSON, and a negative zero is odd.
  if (bytes[start] === ZERO && (digits > 1 || isNegative)) return undefined
  if (digits >= CHAIN_MIN && chainHoldsCard(bytes, start, at)) return undefined
  cursor.at = at
  const signed = isNegative ? -value : value
  return signed >= min && signed <= max ? signed : undefined
}

/** Whatever follows is no comma and no brace if it is another word. */
function booleanAt(cursor: Cursor): boolean | undefined {
  const isTrue = cursor.bytes[cursor.at] === T
  const word = isTrue ? 'true' : 'false'
  if (!cursor.text.startsWith(word, cursor.at)) return undefined
  cursor.at += word.length
  return isTrue
}
