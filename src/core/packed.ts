/**
 * Plain data as few bytes: whole numbers, texts, flags, lists, records, maps. What begins a value tells its
 * kind; words that stand in every account are written as their number in a list that only grows.
 */
import type { Reader, Writer } from './bytes.ts'
import { shapeOf, SHAPES } from './packed-names.ts'
import { packText, TEXTS, unpackText } from './packed-text.ts'

export type Packable =
  | undefined
  | boolean
  | number
  | string
  | readonly Packable[]
  | ReadonlyMap<string | number, Packable>
  | PackableRecord

type PackableRecord = Readonly<{ [name: string]: Packable }>

/** What a value begins with; the last three are ranges. Texts have beginnings of their own. */
const NONE = 0
const FALSE = 1
const TRUE = 2
const NEVER = 3
const NOT_YET = 4
const NEGATIVE = 5
const FRACTION = 6
const COUNT = 7
/** Whole numbers of two and three bytes. */
const TWO = 8
const THREE = 9
const WIDE = 10
const NOTHING = 11
const ONE = 12
const LIST = 13
const RECORD = 14
const MAP = 15
const SHAPE = 20
const SMALL = 56

const SMALL_MAX = TEXTS - SMALL - 1
const TWO_MAX = 2 ** 16 - 1
const THREE_MAX = 2 ** 24 - 1
/** Hashes: six bytes by hand are quicker than seven times seven bits. */
const WIDE_MIN = 2 ** 35
const WIDE_MAX = 2 ** 48 - 1

export function pack(writer: Writer, value: Packable): void {
  if (typeof value === 'number') return packNumber(writer, value)
  if (typeof value === 'string') return packText(writer, value)
  if (value === undefined) return writer.byte(NONE)
  if (typeof value === 'boolean') return writer.byte(value ? TRUE : FALSE)
  if (Array.isArray(value)) return packList(writer, value as readonly Packable[])
  if (value instanceof Map) {
    writer.byte(MAP)
    writer.count(value.size)
    for (const [key, item] of value as ReadonlyMap<string | number, Packable>) {
      pack(writer, key)
      pack(writer, item)
    }
    return
  }
  packRecord(writer, value as PackableRecord)
}

function packList(writer: Writer, list: readonly Packable[]): void {
  if (list.length <= 1) writer.byte(list.length === 0 ? NOTHING : ONE)
  else {
    writer.byte(LIST)
    writer.count(list.length)
  }
  for (const item of list) pack(writer, item)
}

function packRecord(writer: Writer, record: PackableRecord): void {
  const names = Object.keys(record)
  const shape = shapeOf(names)
  if (shape !== undefined) {
    writer.byte(SHAPE + shape)
    packMembers(writer, record, SHAPES[shape]!, isDefined)
    return
  }
  const defined = names.filter((name) => record[name] !== undefined)
  writer.byte(RECORD)
  writer.count(defined.length)
  for (const name of defined) {
    packText(writer, name)
    packMember(writer, name, record[name])
  }
}

const isDefined = (value: Packable): boolean => value !== undefined

/** Which of the members are there, as the bits of one number, then these. At most 40. */
export function packMembers(
  writer: Writer,
  record: PackableRecord,
  names: readonly string[],
  isThere: (value: Packable, name: string) => boolean,
): void {
  let there = 0
  let bit = 1
  for (const name of names) {
    if (isThere(record[name], name)) there += bit
    bit *= 2
  }
  writer.count(there)
  for (const name of names) {
    if (there % 2 === 1) packMember(writer, name, record[name])
    there = Math.floor(there / 2)
  }
}

/** Those that are not there stay as they are in `into`. */
export function unpackMembers(reader: Reader, names: readonly string[], into: object): void {
  const record = into as { [name: string]: Packable }
  let there = reader.count()
  for (const name of names) {
    if (there % 2 === 1) record[name] = unpackMember(reader, name)
    there = Math.floor(there / 2)
  }
}

type Kind = 'instant' | 'instants' | 'day'

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...['deliveries', 'activations', 'replacements'].map((name) => [name, 'instants'] as const),
  ...['on', 'from', 'to', 'validTo', 'silentUntil', 'day'].map((name) => [name, 'day'] as const),
])

/** By the name of a member; a length in milliseconds is none of them. */
function kindOf(name: string): Kind | undefined {
  if (name.endsWith('Ms')) return name === 'spanMs' ? undefined : 'instant'
  return name.endsWith('On') ? 'day' : KINDS.get(name)
}

function packMember(writer: Writer, name: string, value: Packable): void {
  const kind = kindOf(name)
  if (kind === 'instant') writer.instant(value as number)
  else if (kind === 'day') writer.day(value as number)
  else if (kind === 'instants') {
    writer.count((value as readonly number[]).length)
    for (const atMs of value as readonly number[]) writer.instant(atMs)
  } else pack(writer, value)
}

function unpackMember(reader: Reader, name: string): Packable {
  const kind = kindOf(name)
  if (kind === 'instant') return reader.instant()
  if (kind === 'day') return reader.day()
  if (kind === undefined) return unpack(reader)
  const instants: number[] = []
  for (let left = reader.count(); left > 0; left--) instants.push(reader.instant())
  return instants
}

function packNumber(writer: Writer, value: number): void {
  if (!Number.isSafeInteger(value)) {
    if (value === Infinity) return writer.byte(NEVER)
    if (value === -Infinity) return writer.byte(NOT_YET)
    writer.byte(FRACTION)
    return writer.text(String(value))
  }
  if (value < 0 || value > WIDE_MAX || (value > THREE_MAX && value < WIDE_MIN)) {
    writer.byte(value < 0 ? NEGATIVE : COUNT)
    return writer.count(Math.abs(value))
  }
  if (value <= SMALL_MAX) return writer.byte(SMALL + value)
  if (value > THREE_MAX) {
    writer.byte(WIDE)
    return writer.wide(value)
  }
  writer.byte(value <= TWO_MAX ? TWO : THREE)
  if (value > TWO_MAX) writer.byte(Math.floor(value / (TWO_MAX + 1)))
  writer.byte((value >> 8) & 255)
  writer.byte(value & 255)
}

/** Raises a RangeError for bytes that no `pack` wrote. */
export function unpack(reader: Reader): Packable {
  const kind = reader.byte()
  if (kind >= TEXTS) return unpackText(reader, kind)
  if (kind >= SMALL) return kind - SMALL
  if (kind >= SHAPE) return unpackShape(reader, kind - SHAPE)
  switch (kind) {
    case NONE:
      return undefined
    case FALSE:
    case TRUE:
      return kind === TRUE
    case NEVER:
      return Infinity
    case NOT_YET:
      return -Infinity
    case NEGATIVE:
      return -reader.count()
    case FRACTION:
      return Number(reader.text())
    case COUNT:
      return reader.count()
    case TWO:
      return reader.byte() * 256 + reader.byte()
    case THREE:
      return (reader.byte() * 256 + reader.byte()) * 256 + reader.byte()
    case WIDE:
      return reader.wide()
    default:
      return unpackMany(reader, kind)
  }
}

function unpackShape(reader: Reader, shape: number): Packable {
  const names = SHAPES[shape]
  if (names === undefined) throw new RangeError(`the state uses record ${shape}, not known here`)
  const record: { [name: string]: Packable } = {}
  // All of them, so that it is written by the same shape again.
  for (const name of names) record[name] = undefined
  unpackMembers(reader, names, record)
  return record
}

function unpackMany(reader: Reader, kind: number): Packable {
  if (kind === NOTHING) return []
  let left = kind === ONE ? 1 : reader.count()
  if (kind === LIST || kind === ONE) {
    const list: Packable[] = []
    for (; left > 0; left--) list.push(unpack(reader))
    return list
  }
  if (kind === MAP) {
    const map = new Map<string | number, Packable>()
    for (; left > 0; left--) {
      const key = unpack(reader) as string | number
      map.set(key, unpack(reader))
    }
    return map
  }
  if (kind !== RECORD) throw new RangeError(`the state holds a value of unknown kind ${kind}`)
  const record: { [name: string]: Packable } = {}
  for (; left > 0; left--) {
    const name = unpack(reader) as string
    record[name] = unpackMember(reader, name)
  }
  return record
}
