import { describe, expect, test } from 'vitest'
import { CONTRACT_FOLDERS, contractFiles } from '../../scripts/contracts/contract-files.ts'
import { EVENT_TYPES, schemaId } from '../../scripts/contracts/json-schemas.ts'
import { BY_TYPE, MEMBER_MEANINGS } from '../../scripts/contracts/member-meanings.ts'
import { decode } from '../../src/events/decode.ts'
import type { EventType } from '../../src/events/event.ts'
import { CURRENCY_UNKNOWN, ZONE_UNKNOWN } from '../../src/events/forms.ts'
import { DATA_SCHEMAS } from '../../src/events/schemas.ts'
import { ENVELOPE, fullData, recordOf, shapeOf } from '../events/samples.ts'
import { committed, committedSchemas, createValidator, newAjv } from './published.ts'

const { of, faults } = createValidator()

describe('the committed contracts', async () => {
  const made = await contractFiles()

  test('are what the code makes of them now; `npm run contracts` writes them anew', () => {
    const found = new Map([...committed('schemas/*/*.json'), ...committed('asyncapi.yaml')])
    const differing = [...made].filter(([path, text]) => {
      return !path.startsWith('tests/') && found.get(path) !== text
    })
    expect(differing.map(([path]) => path)).toEqual([])
  })

  test('have no file that nothing makes; `npm run contracts` removes it', () => {
    const found = CONTRACT_FOLDERS.flatMap((folder) => [...committed(`${folder}/*`).keys()])
    expect(found.filter((path) => !made.has(path))).toEqual([])
  })

  test('are made alike a second time', async () => {
    expect(await contractFiles()).toEqual(made)
  })
})

describe('every schema', () => {
  const all = [...committedSchemas()]

  test.each(all)('%s is a schema of draft 2020-12 that stands alone', (path, schema) => {
    const ajv = newAjv()
    expect(ajv.validateSchema(schema)).toBe(true)
    expect(() => ajv.compile(schema)).not.toThrow()
    const name = path.replace(/^.*\/|\.json$/g, '')
    expect(schema).toMatchObject({ $id: schemaId(name), title: expect.any(String) })
    expect(String(schema['description'])).toMatch(/\.$/)
  })

  test('is there for every type of the input', () => {
    const names = all.map(([path]) => path)
    expect(EVENT_TYPES.filter((type) => !names.includes(`schemas/input/${type}.v1.json`))).toEqual(
      [],
    )
  })
})

describe('members', () => {
  const schemas = EVENT_TYPES.map((type) => of(`${type}.v1`).schema)

  test('are explained, each of them', () => {
    const mute = schemas.flatMap((schema) => unexplained(schema))
    expect(mute).toEqual([])
  })

  test('and no explanation is of a member that nobody has', () => {
    const known = new Set(EVENT_TYPES.flatMap((type) => Object.keys(shapeOf(type))))
    const outer = Object.keys(MEMBER_MEANINGS).map((name) => name.split('.')[0] ?? '')
    expect(outer.filter((name) => !known.has(name))).toEqual([])
    const types = Object.keys(BY_TYPE).map((name) => name.slice(0, name.lastIndexOf('.')))
    expect(types.filter((type) => !Object.hasOwn(DATA_SCHEMAS, type))).toEqual([])
  })
})

function unexplained(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {} } = schema as { properties?: Record<string, { description?: string }> }
  const own = Object.entries(properties).filter(([, { description }]) => description === undefined)
  return [...own.map(([name]) => name), ...Object.values(schema).flatMap(unexplained)]
}

/** Of every kind that JSON has, and of every form that a member may have. */
const VALUES: readonly unknown[] = [
  ...['x-1', '', 'x'.repeat(65), 'x'.repeat(257), 'x'.repeat(501), '0200', '20:00', 'CNY', 'CN'],
  ...['2026-06-10', '2026-02-30', '2026-06-10T10:06:04.250+08:00', '2026-06-10t10:06:04Z'],
  ...['2026-06-10T10:06:04', '2026-06-10T10:06:60Z', '2026-06-10T10:06:04-00:00', '1969-12-31'],
  ...['1969-12-31T10:00:00Z', '9999-01-01T00:00:00Z', '2026-06-10T24:00:00Z', 'Asia/Shanghai'],
  ...['+08:00', 'cny', 'chip', 0, 1, -1, 0.5, 120, 1e300, 2 ** 53 - 1, 2 ** 53, true, null],
  ...[
    ['a', 'b'],
    [7],
    [],
    Array(101).fill('b'),
    {},
    { lat: 30.26, lon: 120.13 },
    { lat: 91, lon: 0 },
  ],
  [{ days: ['mon'], from: '17:00', to: '02:00' }],
  [{ days: ['mon'], from: '24:00', to: '02:00' }],
  { kind: 'card', amount: 5, currency: 'CNY', period: 'day' },
  { kind: 'card', amount: 5, currency: 'CNY', period: 'hour' },
  { version: '5', expiresAt: '2027-01-01' },
]

describe.each(EVENT_TYPES)('%s', (type) => {
  const full = fullData(type)

  test('a sample, and a sample with members we do not know, are right', () => {
    expect(faults(`${type}.v1`, full)).toEqual([])
    expect(faults(`${type}.v1`, { ...full, unheardOf: { x: 1 } })).toEqual([])
  })

  test('the schema refuses what the service refuses, and nothing else', () => {
    for (const name of Object.keys(shapeOf(type))) {
      const { [name]: _, ...without } = full
      const all = VALUES.map((value): Record<string, unknown> => ({ ...full, [name]: value }))
      for (const data of [without, ...all]) {
        const said = [name, data[name]]
        expect([...said, of(`${type}.v1`)(data)]).toEqual([...said, isRightInForm(type, data)])
      }
    }
  })
})

/** Which currencies and zones there are is no matter of form: a schema takes any that looks like one. */
function isRightInForm(type: EventType, data: Record<string, unknown>): boolean {
  const { error } = DATA_SCHEMAS[type].safeParse(data)
  return (error?.issues ?? []).every(({ message, path }) => {
    const value = path.reduce<unknown>((it, at) => (it as Record<PropertyKey, unknown>)[at], data)
    if (message === CURRENCY_UNKNOWN) return /^[A-Z]{3}$/.test(String(value))
    return message === ZONE_UNKNOWN && /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(String(value))
  })
}

test('information is submitted for a request or for a warning', () => {
  expect(faults('information.submitted.v1', {})).not.toEqual([])
  expect(faults('information.submitted.v1', { warningId: 'w' })).toEqual([])
  expect(faults('information.submitted.v1', { requestId: 'r' })).toEqual([])
})

test.each<[data: Record<string, unknown>, why: string]>([
  [{ terminalId: '终'.repeat(22) }, 'more bytes than characters'],
  [{ currency: 'XXX' }, 'three letters that are no currency'],
])('what a schema cannot say only the service refuses: %j (%s)', (members) => {
  const data = { ...fullData('card.refund'), ...members }
  expect(of('card.refund.v1')(data)).toBe(true)
  expect(DATA_SCHEMAS['card.refund'].safeParse(data).success).toBe(false)
})

describe('the envelope', () => {
  const WRONG = [7, true, [], {}, '']
  test.each<[attribute: string, right: unknown[], wrong: unknown[]]>([
    ['specversion', ['1.0'], ['0.3', 1]],
    ['id', ['x'.repeat(256)], [...WRONG, 'x'.repeat(257)]],
    ['source', ['s'], WRONG],
    ['type', ['fee.written-off'], WRONG],
    ['subject', ['*', '../../x', 'x'.repeat(64)], [...WRONG, 'a b', 'a{b', 'é', 'x'.repeat(65)]],
    ['time', ['2026-06-10T10:06:04Z'], [...WRONG, '2026-06-10', '2026-06-10T10:06:60Z']],
    ['tenantid', ['acq-a'], [...WRONG, 'a b']],
    ['schemaversion', [1], [2, '1']],
    ['receivedat', ['2026-06-10T10:06:04.123456789Z'], [7, 'soon']],
    ['data', [ENVELOPE['data']], ['{}', [], 7]],
  ])('%s is refused by the schema where the service refuses it', (name, right, wrong) => {
    const verdicts = (value: unknown) => {
      const members = { [name]: value, ...(name === 'type' ? { data: { invoiceId: 'i' } } : {}) }
      const event = { ...ENVELOPE, ...members }
      const { kind } = decode(recordOf(members, { key: undefined }), { keyOptional: true })
      return [value, of('event.v1')(event), kind !== 'dead']
    }
    for (const value of right) expect(verdicts(value)).toEqual([value, true, true])
    for (const value of wrong) expect(verdicts(value)).toEqual([value, false, false])
  })

  test('lacks nothing but what may be missing', () => {
    const names = Object.keys(ENVELOPE).filter((name) => {
      const { [name]: _, ...others } = ENVELOPE
      return of('event.v1')(others) === true
    })
    expect(names).toEqual(['specversion', 'tenantid', 'schemaversion', 'sequence'])
  })
})
