import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { strictSchemas } from '../../scripts/contracts/json-schemas.ts'
import type { JsonSchema } from '../../scripts/contracts/json-schemas.ts'
import type { LifecycleState } from '../../src/core/account.ts'
import type { Audience, Consequence, Reason, Resolution, Stage } from '../../src/core/warning.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import type { STANDING_SCHEMA } from '../../src/events/emitted-standing.ts'
import type { WARNING_SCHEMA } from '../../src/events/emitted-warning.ts'
import { GOLDEN_FOLDER, goldenFiles } from './golden-files.ts'
import type { Golden } from './golden-files.ts'
import { goldenRecords } from './golden-history.ts'
import { committed, committedGoldens, createValidator, newAjv } from './published.ts'

const goldens = [...committedGoldens()]
const ofTopic = (topic: string) => goldens.filter(([, it]) => it.topic === topic)
const { faults } = createValidator()
const strict = new Map([...strictSchemas()].map(([name, it]) => [name, newAjv().compile(it)]))

describe('the golden records; if a change is meant, run `npm run contracts`:', async () => {
  const made = await goldenFiles()
  const files = committed(`${GOLDEN_FOLDER}/*.json`)

  test.each([...made])('%s is sent byte for byte as it was', (name, golden) => {
    const text = `${JSON.stringify(golden, null, 2)}\n`
    expect(text).toBe(files.get(`${GOLDEN_FOLDER}/${name}.json`))
  })
})

describe('the choice of golden records', () => {
  test('has each reason of each kind of detector', () => {
    const kinds = new Map(DETECTORS.map(({ name, kind }) => [name, kind]))
    const found = ofTopic('account.warnings').flatMap(([name, { value }]) => {
      const { detector = '', reason } = value as { detector?: string; reason?: string }
      return name.startsWith('warning-') ? [`${reason} ${kinds.get(detector)}`] : []
    })
    expect([...new Set(found)].toSorted()).toEqual(
      ['opened', 'raised', 'resolved', 'retracted'].flatMap((reason) => [
        `${reason} behaviour`,
        `${reason} deadline`,
      ]),
    )
  })

  test('has every type in binary mode, and every type of a warning in structured mode', () => {
    const typesOf = (its: readonly (string | undefined)[]) => [...new Set(its)].toSorted()
    const warnings = ['opened', 'raised', 'resolved', 'retracted'].map(
      (reason) => `forewarn.warning.${reason}.v1`,
    )
    const binary = goldens.map(([, { headers }]) => headers['ce_type'])
    expect(typesOf(binary.filter((it) => it !== undefined))).toEqual(
      ['forewarn.standing.v1', ...warnings].toSorted(),
    )
    const structured = goldens.filter(([name]) => name.startsWith('structured-'))
    expect(typesOf(structured.map(([, { value }]) => (value as { type: string }).type))).toEqual(
      warnings,
    )
  })

  test('shows every member that the schemas name', () => {
    const values = goldens.map(([, { value }]) => value)
    const unseen = ['warning.v1', 'standing.v1'].flatMap((name) => {
      const schema = strictSchemas().get(name) as JsonSchema
      return [...namesIn(schema)].filter((member) => !values.some((it) => hasMember(it, member)))
    })
    // Of ratios, and no golden detector measures one.
    expect(unseen).toEqual(['n'])
  })
})

describe.each(ofTopic('account.warnings'))('%s', (name, { key, headers, value }) => {
  const isStructured = name.startsWith('structured-')

  test('is what the schemas say, and has nothing that they do not name', () => {
    if (isStructured) {
      expect(headers).toEqual({ 'content-type': 'application/cloudevents+json; charset=UTF-8' })
      expect(faults('warning-event.v1', value)).toEqual([])
      expect(strictFaults('warning-event.v1', value)).toEqual([])
      return
    }
    const schema = headers['ce_dataschema'] ?? ''
    const reason = /^forewarn\.warning\.(\w+)\.v1$/.exec(headers['ce_type'] ?? '')?.[1]
    expect(faults(schema, value)).toEqual([])
    expect(faults(`${schema}#/$defs/${reason}`, value)).toEqual([])
    expect(strictFaults('warning.v1', value)).toEqual([])
    expect(faults('warning-headers.v1', headers)).toEqual([])
    expect(strictFaults('warning-headers.v1', headers)).toEqual([])
  })

  test('has the merchant id for a key', () => {
    const event = value as { subject: string; partitionkey: string }
    const said = isStructured
      ? [event.subject, event.partitionkey]
      : [headers['ce_subject'], headers['ce_partitionkey']]
    expect(said).toEqual([key, key])
  })
})

describe.each(ofTopic('account.standing'))('%s', (_name, { headers, value }) => {
  test('is what the schemas say, or a tombstone with nothing in it', () => {
    if (value === null) return expect(headers).toEqual({})
    expect(faults(headers['ce_dataschema'] ?? '', value)).toEqual([])
    expect(strictFaults('standing.v1', value)).toEqual([])
    expect(faults('standing-headers.v1', headers)).toEqual([])
    expect(strictFaults('standing-headers.v1', headers)).toEqual([])
  })
})

describe.each(ofTopic('terminal.events.dlq'))('%s', (name, golden) => {
  const style = /-(connect|spring)$/.exec(name)?.[0] ?? ''

  test('has headers as its style says', () => {
    expect(faults(`dead-letter-headers${style}.v1`, golden.headers)).toEqual([])
  })

  test('holds the record as it came, or says what was left out', () => {
    if (style !== '' || golden.headers['dlq.replayable'] === 'true') {
      expect(sentValues()).toContain(golden.valueText ?? JSON.stringify(golden.value))
    } else {
      expect(faults('dead-letter-left-out.v1', golden.value)).toEqual([])
      expect(strictFaults('dead-letter-left-out.v1', golden.value)).toEqual([])
    }
  })
})

test('a line of `replay`, which lacks what only the sending knows, is right as well', () => {
  const { value } = committedGoldens().get('structured-raised') as Golden
  const { recordedtime: _, data, ...attributes } = value as { recordedtime: string; data: object }
  const { emitted: __, ...rest } = data as { emitted: object }
  expect(faults('warning-event.v1', { ...attributes, data: rest })).toEqual([])
})

test('no golden record holds the card number that was sent', () => {
  expect(sentValues().filter((it) => it.includes('4111 1111'))).toHaveLength(1)
  const text = [...committed(`${GOLDEN_FOLDER}/*`).values()].join('\n')
  expect(text).not.toMatch(/4111[ -]?1111/)
})

test('the published words are those of the core', () => {
  type Warning = z.output<typeof WARNING_SCHEMA>
  type Resolved = Extract<Warning, { reason: 'resolved' }>
  type Standing = z.output<typeof STANDING_SCHEMA>
  expectTypeOf<Warning['reason']>().toEqualTypeOf<Reason>()
  expectTypeOf<Warning['stage']>().toEqualTypeOf<Stage>()
  expectTypeOf<Warning['consequence']['kind']>().toEqualTypeOf<Consequence>()
  expectTypeOf<Warning['audience'][number]>().toEqualTypeOf<Audience>()
  expectTypeOf<Resolved['resolution']>().toEqualTypeOf<Resolution>()
  expectTypeOf<Standing['state']>().toEqualTypeOf<Exclude<LifecycleState, 'deregistered'>>()
})

function strictFaults(name: string, value: unknown): unknown[] {
  const validate = strict.get(name)
  if (validate === undefined) throw new Error(`there is no strict schema ${name}`)
  return validate(value) ? [] : (validate.errors ?? [])
}

function sentValues(): string[] {
  return goldenRecords().map(({ value }) => Buffer.from(value ?? []).toString())
}

function namesIn(node: unknown): Set<string> {
  if (typeof node !== 'object' || node === null) return new Set()
  const own = Object.keys((node as { properties?: object }).properties ?? {})
  return new Set([...own, ...Object.values(node).flatMap((inner) => [...namesIn(inner)])])
}

function hasMember(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, name) || Object.values(value).some((inner) => hasMember(inner, name))
}
