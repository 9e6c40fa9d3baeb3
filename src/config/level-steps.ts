/** How a behaviour climbs, as an operator writes it: `{ hits: 2, … }`, `{ valueMin: 7 }`, `{ whileOpen: … }`. */
import { z } from 'zod'
import { HITS_MAX } from '../core/judge-level.ts'
import type { LevelStep } from '../core/policy.ts'
import { spanMs } from '../core/spans.ts'
import type { Read } from './ladder-syntax.ts'
import type { Fault } from './schema-problems.ts'
import { faultsOf } from './schema-problems.ts'

/** The pane of the hit itself and the 287 before it. */
const PANES_OF_P24H = 288

export const LEVEL_STEPS = [
  'hit',
  '{ valueMin: 7 }',
  '{ hits: 3, per: card, within: P24h }',
  '{ hits: 2, per: trading-day }',
  '{ hits: 2, per: day, within: 30d }',
  '{ hits: 2, per: window, of: B1h, within: 3h }',
  '{ whileOpen: behaviour, except: [detector] }',
].join(', ')

const hitsMin = z.int().min(2).max(HITS_MAX)

const FORMS = {
  value: z.strictObject({ valueMin: z.number().positive() }),
  card: z.strictObject({
    hits: hitsMin,
    per: z.literal('card'),
    within: z.literal('P24h', { error: 'only P24h is supported within' }),
  }),
  // A day knows of the trading day before it, and of no other.
  'trading-day': z.strictObject({
    hits: z.literal(2, { error: 'only 2 trading days are supported: this one and the one before' }),
    per: z.literal('trading-day'),
  }),
  day: z.strictObject({
    hits: hitsMin.max(31),
    per: z.literal('day'),
    within: z
      .string()
      .regex(/^[1-9]\d?d$/, { error: "expected local dates such as '30d', 99 at most" }),
  }),
  window: z.strictObject({
    hits: z.literal(2, { error: 'only 2 are supported: this window and one before it' }),
    per: z.literal('window'),
    of: z.enum(['B1h', 'P24h']),
    within: z.string().regex(/^[1-9]\d{0,2}h$/, { error: "expected hours such as '3h'" }),
  }),
  amid: z.strictObject({
    whileOpen: z.literal('behaviour'),
    except: z.array(z.string()).default([]),
  }),
} as const

export function readLevel(written: Readonly<Record<string, unknown>>, path: Fault['path']): Read {
  const form = formOf(written)
  if (form === undefined) {
    const message = `hits are per card, trading-day, day or window; a step is: ${LEVEL_STEPS}`
    return { faults: [{ path: [...path, 'per'], message }] }
  }
  const read = form.safeParse(written)
  if (read.success) return { step: stepOf(read.data) }
  const faults = faultsOf(form, read.error)
  return { faults: faults.map((it) => ({ ...it, path: [...path, ...it.path] })) }
}

type Form = (typeof FORMS)[keyof typeof FORMS]

function formOf({ hits, per, whileOpen }: Readonly<Record<string, unknown>>): Form | undefined {
  if (whileOpen !== undefined) return FORMS.amid
  if (hits === undefined) return FORMS.value
  return per === 'card' || per === 'trading-day' || per === 'day' || per === 'window'
    ? FORMS[per]
    : undefined
}

function stepOf(read: z.infer<Form>): LevelStep {
  if ('valueMin' in read) return { kind: 'value', min: read.valueMin }
  if ('whileOpen' in read) return { kind: 'amid', except: read.except }
  const { hits } = read
  switch (read.per) {
    case 'card':
      return { kind: 'hits', hits, per: 'card', panes: PANES_OF_P24H }
    case 'trading-day':
      return { kind: 'hits', hits, per: 'trading-day' }
    case 'day':
      return { kind: 'hits', hits, per: 'day', days: Number.parseInt(read.within, 10) }
    case 'window':
      return { kind: 'hits', hits, per: 'window', rule: read.of, withinMs: spanMs(read.within) }
  }
}
