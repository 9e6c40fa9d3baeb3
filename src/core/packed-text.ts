/** Texts inside packed data: words known beforehand, subjects, and what is short and plain, a byte cheaper. */
import type { Reader, Writer } from './bytes.ts'
import { NAMES, SUBJECTS } from './packed-names.ts'

/** Values that begin with this or more are texts. */
export const TEXTS = 93

const TEXT = 93
const NAME = 94
const SUBJECT = 95
const SHORT = 96
const WORD = 128

const SHORT_MAX = WORD - SHORT - 1
const WORD_MAX = 255 - WORD

const NUMBERS = new Map(NAMES.map((name, at) => [name, at]))

/** By length and first character: an id is seldom looked for among the names. */
const LENGTHS = 32
const BEGINNINGS = new Uint8Array(LENGTHS * 128)
for (const name of NAMES) BEGINNINGS[name.charCodeAt(0) * LENGTHS + name.length] = 1

function numberOf(text: string): number | undefined {
  const { length } = text
  if (length >= LENGTHS || BEGINNINGS[text.charCodeAt(0) * LENGTHS + length] !== 1) return undefined
  return NUMBERS.get(text)
}

export function packText(writer: Writer, text: string): void {
  const known = numberOf(text)
  if (known !== undefined && known <= WORD_MAX) return writer.byte(WORD + known)
  if (known !== undefined) {
    writer.byte(NAME)
    return writer.count(known)
  }
  const subject = text.includes(':') ? SUBJECTS.findIndex((it) => isOf(text, it)) : -1
  if (subject >= 0) {
    const [before, after] = SUBJECTS[subject]!
    writer.byte(SUBJECT)
    writer.byte(subject)
    return packText(writer, text.slice(before.length, text.length - after.length))
  }
  if (text.length <= SHORT_MAX && isPlain(text)) {
    writer.byte(SHORT + text.length)
    return writer.plain(text)
  }
  writer.byte(TEXT)
  writer.text(text)
}

function isOf(text: string, [before, after]: readonly [string, string]): boolean {
  if (text.length < before.length + after.length) return false
  return text.startsWith(before) && text.endsWith(after)
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 128) return false
  return true
}

/** `kind`: the byte it begins with, already read. */
export function unpackText(reader: Reader, kind: number): string {
  if (kind >= WORD) return nameAt(kind - WORD)
  if (kind >= SHORT) return reader.plain(kind - SHORT)
  if (kind === TEXT) return reader.text()
  if (kind === NAME) return nameAt(reader.count())
  if (kind !== SUBJECT) throw new RangeError(`the state holds a text of unknown kind ${kind}`)
  const [before, after] = SUBJECTS[reader.byte()] ?? ['', '']
  return before + unpackText(reader, reader.byte()) + after
}

function nameAt(at: number): string {
  const name = NAMES[at]
  if (name === undefined) throw new RangeError(`the state uses word ${at}, which is not known here`)
  return name
}
