/** Valid records of every type, each a little different: what the mutants are made of. */
import { z } from 'zod'
import type { EventType } from '../../src/events/event.ts'
import type { Header, LogRecord } from '../../src/events/record.ts'
import { sampleOf, shapeOf, TYPES, utf8 } from '../events/samples.ts'
import type { Prng } from '../support/prng.ts'

type Members = Record<string, unknown>

const MERCHANTS = ['M1000234', 'M2', 'shop-77', '*']
const IDS = ['T1', 'T2', 'x-1', 'inv-20', 'tx-7001', 'd1']
const DAY_MS = 86_400_000
/** Those that a day sees by the thousand. */
const USUAL: readonly EventType[] = ['card.authorisation', 'card.refund', 'terminal.heartbeat']

const SHAPES = new Map(
  TYPES.map((type) => {
    const members = Object.entries(shapeOf(type))
    return [type, members.map(([name, schema]) => ({ name, schema, sample: sampleOf(schema) }))]
  }),
)

/** What happens at `timeMs`; the log takes it within a minute. Plain, structured or binary. */
export function original(dice: Prng, offset: number, timeMs: number): LogRecord {
  const type = pick(dice, dice.chance(0.4) ? USUAL : TYPES)
  const subject = pick(dice, MERCHANTS)
  const data = dataOf(type, dice, timeMs)
  const attributes: Members = {
    id: dice.chance(0.05) ? 'e-1' : `e-${offset}`,
    source: pick(dice, ['urn:switch:1', 'urn:tms:2']),
    type,
    subject,
    time: instant(timeMs, dice),
    ...(dice.chance(0.3) ? { tenantid: 'acq-a', schemaversion: 1, sequence: `${offset}` } : {}),
  }
  const key = utf8(subject)
  const record = { offset, key, headers: [], timestampMs: timeMs + dice.below(60_000) }
  const shape = dice.below(10)
  if (shape === 0) return { ...record, ...binary(attributes, data) }
  const headers: Header[] =
    shape === 1 ? [['content-type', utf8('application/cloudevents+json')]] : []
  const specversion = shape === 1 || dice.chance(0.3) ? { specversion: '1.0' } : {}
  const value = utf8(JSON.stringify({ ...specversion, ...attributes, data }))
  return { ...record, headers, value }
}

function binary(attributes: Members, data: Members): Pick<LogRecord, 'headers' | 'value'> {
  const named = Object.entries({ specversion: '1.0', ...attributes })
  const headers = named.map(([name, value]): Header => [`ce_${name}`, utf8(`${value}`)])
  return { headers, value: utf8(JSON.stringify(data)) }
}

function dataOf(type: EventType, dice: Prng, timeMs: number): Members {
  const data: Members = {}
  const share = dice.fraction()
  for (const { name, schema, sample } of SHAPES.get(type) ?? []) {
    const isOptional = schema instanceof z.ZodOptional
    if (isOptional && !dice.chance(share)) continue
    data[name] = likeness(isOptional ? schema.unwrap() : schema, sample, { dice, timeMs })
  }
  return data
}

/** Another value of the same form. */
function likeness(
  schema: unknown,
  sample: unknown,
  { dice, timeMs }: Readonly<{ dice: Prng; timeMs: number }>,
): unknown {
  if (schema instanceof z.ZodEnum) return pick(dice, schema.options)
  if (typeof sample === 'boolean') return dice.chance(0.5)
  if (sample === 120) return pick(dice, [0, 1, 99, 500, 1_000_000, dice.below(1_000_000)])
  if (sample === 1) return dice.below(90)
  if (sample === 'x-1') return pick(dice, IDS)
  if (sample === '2026-06-10') return instant(near(timeMs, dice), dice).slice(0, 10)
  if (sample === '2026-06-10T10:06:04.250+08:00') return instant(near(timeMs, dice), dice)
  return sample
}

function near(timeMs: number, dice: Prng): number {
  return timeMs + (dice.below(120) - 40) * DAY_MS
}

function instant(atMs: number, dice: Prng): string {
  const text = new Date(atMs).toISOString()
  return dice.chance(0.5) ? text : text.replace('Z', '+08:00')
}

export function pick<T>(dice: Prng, list: readonly T[]): T {
  return list[dice.below(list.length)] as T
}
