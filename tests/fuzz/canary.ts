/** Card data put where it must not be. Every number is a test number of a scheme. */
import type { LogRecord } from '../../src/events/record.ts'
import { utf8 } from '../events/samples.ts'
import type { Prng } from '../support/prng.ts'
import { pick } from './originals.ts'

export type Planted = Readonly<{ record: LogRecord; canary: string }>

const DECODER = new TextDecoder()
const CANARIES = ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117']
const STRING = /"(?:[^"\\]|\\.)*"/g

/** The last change made to a record: whatever else is wrong with it, this has to be found. */
export function planted(record: LogRecord, dice: Prng): Planted {
  const canary = pick(dice, CANARIES)
  return { record: pick(dice, PLACES)(record, canary, dice), canary }
}

/** Whether the digits can be read in it, whatever stands between them. */
export function tells(bytes: Uint8Array | undefined, canary: string): boolean {
  const text = DECODER.decode(bytes).normalize('NFKC').replaceAll('\0', '')
  const plain = text.replace(/\\u00(3[0-9])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return plain.replaceAll(/[ -]/g, '').includes(canary)
}

type Place = (record: LogRecord, canary: string, dice: Prng) => LogRecord

const PLACES: readonly Place[] = [inString, inString, inString, asName, asMember, inKey, inHeader]

function inString(record: LogRecord, canary: string, dice: Prng): LogRecord {
  return replaced(record, `"${disguised(canary, dice)}"`, dice)
}

/** A name whose value is not empty, or a string that is nobody's name. */
function asName(record: LogRecord, canary: string, dice: Prng): LogRecord {
  return replaced(record, `"${disguised(canary, dice)}":1,"x"`, dice)
}

/** An integer, or what a forbidden name carries. */
function asMember(record: LogRecord, canary: string, dice: Prng): LogRecord {
  const name = pick(dice, ['x', 'pan', 'track2', 'PAN', 'cvv'])
  const value = dice.chance(0.5) ? canary : `";${canary}=25121010000000000000?"`
  return replaced(record, `"${name}":${value},"y"`, dice)
}

function inKey(record: LogRecord, canary: string, dice: Prng): LogRecord {
  return { ...record, key: utf8(grouped(canary, dice)) }
}

function inHeader(record: LogRecord, canary: string, dice: Prng): LogRecord {
  const name = pick(dice, ['x', 'ce_id', 'ce_subject', 'trace'])
  return { ...record, headers: [...record.headers, [name, utf8(`c=${grouped(canary, dice)}`)]] }
}

/** In the place of one of its strings. */
function replaced(record: LogRecord, put: string, dice: Prng): LogRecord {
  const text = DECODER.decode(record.value)
  const strings = text.length > 20_000 ? [] : (text.match(STRING) ?? [])
  if (strings.length === 0) return { ...record, value: utf8(`{${put}:1}`) }
  return { ...record, value: utf8(text.replace(pick(dice, strings), () => put)) }
}

function disguised(canary: string, dice: Prng): string {
  if (dice.chance(0.6)) return grouped(canary, dice)
  if (dice.chance(0.5)) return canary.replaceAll('1', '\\u0031')
  // Full-width digits.
  return canary.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))
}

function grouped(canary: string, dice: Prng): string {
  return canary.replaceAll(/.{4}(?=.)/g, `$&${pick(dice, ['', ' ', '-'])}`)
}
