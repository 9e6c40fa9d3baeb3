/** EV1 to EV30: what the bytes of a value can be. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inputsOf, utf8 } from './input.ts'
import type { Expected, Input } from './input.ts'

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))

const DEAD = 'dead-letter:'
const NOT_JSON: Expected = `${DEAD}json-invalid`
const NOT_UTF8: Expected = `${DEAD}encoding-invalid`
const NOT_OBJECT: Expected = `${DEAD}json-not-object`

/** Classes whose values are files, and what has to become of each file. */
const FILES: Readonly<Record<string, Expected | Readonly<Record<string, Expected>>>> = {
  EV6: NOT_JSON,
  EV8: NOT_JSON,
  EV9: NOT_JSON,
  EV10: NOT_UTF8,
  EV11: NOT_UTF8,
  EV12: NOT_UTF8,
  EV13: NOT_UTF8,
  EV14: NOT_UTF8,
  EV15: NOT_OBJECT,
  EV16: NOT_OBJECT,
  EV17: NOT_OBJECT,
  EV18: NOT_OBJECT,
  EV19: NOT_JSON,
  EV20: NOT_JSON,
  EV21: `${DEAD}json-duplicate-key`,
  EV22: {
    'in-the-envelope.value': 'ok',
    'in-the-data.value': 'ok',
    'in-place-of-members.value': `${DEAD}field-missing`,
    'in-place-of-attributes.value': `${DEAD}attribute-missing`,
  },
  EV23: 'ok',
  EV24: {
    'names-of-methods.value': 'ok',
    'a-thenable.value': 'ok',
    'ids-called-so.value': 'ok',
    'a-type-called-so.value': 'ignore',
  },
}

/** In the order of their names. */
function filesOf(id: string): Input[] {
  const expected = FILES[id] ?? {}
  const names = readdirSync(join(FIXTURES, id)).toSorted()
  return names.map((name) => {
    const its = typeof expected === 'string' ? expected : expected[name]
    if (its === undefined) throw new Error(`${id}/${name}: nothing is said of it`)
    return inputsOf(id).raw(name, readFileSync(join(FIXTURES, id, name)), its)
  })
}

function truncated(): Input[] {
  const of = inputsOf('EV7')
  const whole = utf8(of.text({ note: '终端' }))
  return Array.from({ length: whole.length - 1 }, (_, at) => {
    // Between the bytes of one character.
    const isTorn = ((whole[at + 1] ?? 0) & 0xc0) === 0x80
    return of.raw(`after ${at + 1}`, whole.slice(0, at + 1), isTorn ? NOT_UTF8 : NOT_JSON)
  })
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const members = (count: number) => Array.from({ length: count }, (_, at) => `"m${at}":1`).join()

function nestedDeep(): Input[] {
  const of = inputsOf('EV25')
  const deep = (levels: number) =>
    of.text({ note: 0 }).replace('"note":0', `"note":${nested(levels)}`)
  return [
    of.raw('32 levels', deep(31), 'ok'),
    of.raw('33 levels', deep(32), `${DEAD}json-too-deep`),
    of.raw('130,000 levels', nested(130_000), `${DEAD}json-too-deep`),
    of.raw('200,000 levels, 400 kB', nested(200_000), `${DEAD}value-too-large`),
    of.raw('200,000 levels never closed', '['.repeat(200_000), NOT_JSON),
  ]
}

function wide(): Input[] {
  const of = inputsOf('EV27')
  const own = of.text().match(/":/g)?.length ?? 0
  const more = (count: number) => of.text().replace(/\}$/, `,${members(count)}}`)
  return [
    of.raw('1,000 members', more(1_000 - own), 'ok'),
    of.raw('1,001 members', more(1_001 - own), `${DEAD}json-too-wide`),
    of.raw('20,000 members', `{${members(20_000)}}`, `${DEAD}json-too-wide`),
    of.raw('1,000,000 members, 12 MB', `{${members(1_000_000)}}`, `${DEAD}value-too-large`),
  ]
}

function numbers(): Input[] {
  const of = inputsOf('EV30')
  const amount = (text: string, expected: Expected) =>
    of.changed(text.slice(0, 20), '12850', text, expected)
  const invalid: Expected = `${DEAD}field-invalid`
  return [
    amount('1e400', invalid),
    amount('-0', invalid),
    amount('1e-400', invalid),
    amount('0.5', invalid),
    amount('9007199254740992', invalid),
    // A pattern with two ways through its zeros would take minutes.
    amount(`0.${'0'.repeat(200_000)}1`, invalid),
    amount('1.2850e4', 'ok'),
    amount('12850.00', 'ok'),
    amount('9007199254740991', 'ok'),
  ]
}

const MADE: Readonly<Record<string, () => Input[]>> = {
  EV1: () => [inputsOf('EV1').raw('no bytes', new Uint8Array(0), `${DEAD}value-missing`)],
  EV2: () => [inputsOf('EV2').raw('null', undefined, `${DEAD}value-missing`)],
  EV3: () => [
    inputsOf('EV3').event('no key', {}, `${DEAD}key-missing`, { key: undefined, inFile: 'ok' }),
    inputsOf('EV3').event('empty key', { id: 'EV3-e' }, `${DEAD}key-invalid`, { key: utf8('') }),
  ],
  EV4: () => [
    inputsOf('EV4').event('another key', {}, `${DEAD}key-mismatch`, { key: utf8('M-other') }),
  ],
  EV5: () => [
    inputsOf('EV5').event('1 MB', {}, `${DEAD}key-invalid`, { key: Buffer.alloc(2 ** 20, 'k') }),
    inputsOf('EV5').event('65', {}, `${DEAD}key-invalid`, { key: Buffer.alloc(65, 'k') }),
  ],
  EV7: truncated,
  EV25: nestedDeep,
  EV26: () => [
    inputsOf('EV26').raw('5 M levels, 10 MB', nested(5_000_000), `${DEAD}value-too-large`),
  ],
  EV27: wide,
  EV28: () => [
    inputsOf('EV28').event('10 MB', { note: 'x'.repeat(1e7) }, `${DEAD}value-too-large`),
  ],
  EV29: () => {
    const of = inputsOf('EV29')
    return [
      of.changed('as an id', '"EV29-0"', '9007199254740993', `${DEAD}attribute-invalid`),
      of.changed('as an amount', '12850', '9007199254740993', `${DEAD}field-invalid`),
      of.changed('as a member unknown to us', '{', '{"n":9007199254740993,', 'ok'),
    ]
  },
  EV30: numbers,
}

/** By class. */
export const BYTES: Readonly<Record<string, () => Input[]>> = {
  ...MADE,
  ...Object.fromEntries(Object.keys(FILES).map((id) => [id, () => filesOf(id)])),
}
