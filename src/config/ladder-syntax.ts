/** The ladder as an operator writes it: `-30d`, `+14d`; `{ count: 2 }`; `hit`, `{ hits: 2, … }`, `{ valueMin: 7 }`. */
import { z } from 'zod'
import type { DetectorKind } from '../core/detector.ts'
import type { CountStep, DeadlineStep, Ladder, LevelStep } from '../core/policy.ts'
import { STAGES } from '../core/warning.ts'
import type { Stage } from '../core/warning.ts'
import { LEVEL_STEPS, readLevel } from './level-steps.ts'
import { didYouMean } from './problem.ts'
import type { Fault } from './schema-problems.ts'
import { faultsOf } from './schema-problems.ts'

export type Step = DeadlineStep | CountStep | LevelStep

// Ten years: a longer lead is a slip of the finger.
const DAYS_MAX = 3_660
// An account keeps no more facts of one kind.
const COUNT_MAX = 48
const SUPPORTED = {
  deadline: '-30d (civil days before the consequence), +14d (after the cause), 0d (on the date)',
  fact: '{ count: 2 } (so many at least)',
  behaviour: LEVEL_STEPS,
} as const

const countForm = z.strictObject({ count: z.int().min(1).max(COUNT_MAX) })
/** The ladder with what is right in it, and every fault. Paths start at the ladder. */
export function readLadder(
  written: unknown,
  kind: DetectorKind,
): Readonly<{ ladder: Ladder; faults: readonly Fault[] }> {
  if (!isRecord(written) || Object.keys(written).length === 0) {
    return { ladder: {}, faults: [{ path: [], message: 'expected stages, at least one' }] }
  }
  const faults: Fault[] = []
  const ladder: { [S in Stage]?: readonly Step[] } = {}
  for (const [name, value] of Object.entries(written)) {
    const stage = STAGES.find((known) => known === name)
    if (stage === undefined) {
      faults.push({ path: [name], message: 'is no stage', ...didYouMean(name, STAGES) })
      continue
    }
    const steps = Array.isArray(value) ? value : [value]
    if (steps.length === 0) faults.push({ path: [stage], message: 'expected a step' })
    if (steps.length > 1 && kind !== 'behaviour') faults.push({ path: [stage], message: ONE[kind] })
    const read = steps.map((step, at) =>
      readStep(step, kind, Array.isArray(value) ? [stage, at] : [stage]),
    )
    faults.push(...read.flatMap((it) => it.faults ?? []))
    ladder[stage] = read.flatMap((it) => it.step ?? [])
  }
  return { ladder, faults: [...faults, ...contradictions(ladder, kind)] }
}

const ONE = {
  deadline: 'a stage of a deadline begins on one date',
  fact: 'a stage of a fact begins with one count',
} as const

export type Read = Readonly<{ step?: Step; faults?: readonly Fault[] }>

function readStep(written: unknown, kind: DetectorKind, path: Fault['path']): Read {
  const fault = (message: string) => ({ faults: [{ path, message }] })
  const days = /^([+-]?)(\d{1,9})d$/.exec(typeof written === 'string' ? written : '')
  if (days) {
    if (kind !== 'deadline') {
      return fault(`"${days[0]}" is a step of a deadline; a ${kind} has: ${SUPPORTED[kind]}`)
    }
    const [, sign, digits] = days
    const number = Number(digits)
    if (number > DAYS_MAX) return fault(`${number} days are over ${DAYS_MAX}`)
    if (sign === '' && number > 0) return fault(`say -${number}d (before) or +${number}d (after)`)
    return { step: { kind: sign === '+' ? 'after' : 'before', days: number } }
  }
  const isLevel = written === 'hit' || (isRecord(written) && !isEmpty(written))
  const owner = isRecord(written) && 'count' in written ? 'fact' : 'behaviour'
  if (isLevel && kind !== owner) {
    return fault(`is a step of a ${owner}; a ${kind} has: ${SUPPORTED[kind]}`)
  }
  if (written === 'hit') return { step: { kind: 'hit' } }
  if (isRecord(written) && isLevel) {
    return owner === 'fact' ? readCount(written, path) : readLevel(written, path)
  }
  return fault(`${JSON.stringify(written)} is not supported; a step is: ${SUPPORTED[kind]}`)
}

function readCount(written: object, path: Fault['path']): Read {
  const read = countForm.safeParse(written)
  if (read.success) return { step: { kind: 'count', count: read.data.count } }
  const faults = faultsOf(countForm, read.error)
  return { faults: faults.map((it) => ({ ...it, path: [...path, ...it.path] })) }
}

/** Stages come in their order, and no further than their kind allows. */
function contradictions(ladder: Ladder, kind: DetectorKind): Fault[] {
  const given = STAGES.filter((stage) => ladder[stage] !== undefined)
  return given.flatMap((stage, at): Fault[] => {
    const path = [stage]
    const lower = given.slice(0, at).findLast((it) => !follows(ladder[it]!, ladder[stage]!))
    if (kind === 'behaviour' && STAGES.indexOf(stage) > STAGES.indexOf('warning')) {
      return [
        { path, message: 'a behaviour stops at warning: to suspend is the operator’s decision' },
      ]
    }
    if (kind === 'fact' && stage === 'consequence-due') {
      return [{ path, message: 'a fact has no date on which its consequence comes' }]
    }
    if (lower !== undefined) return [{ path, message: `does not come after ${lower}` }]
    const hasValue = ladder[stage]!.some((it) => it.kind === 'value')
    if (hasValue && stage !== 'warning') {
      return [{ path, message: 'valueMin is supported for warning alone' }]
    }
    const isOnTheDate = ladder[stage]!.every((it) => it.kind === 'before' && it.days === 0)
    if (stage !== 'consequence-due' || isOnTheDate) return []
    return [{ path, message: 'the consequence comes on its own date: write 0d' }]
  })
}

/** Steps of different kinds cannot be compared: which comes first, the account decides. */
function follows(lower: readonly Step[], higher: readonly Step[]): boolean {
  return higher.every((step) => lower.every((below) => isAfter(below, step)))
}

function isAfter(lower: Step, higher: Step): boolean {
  if (higher.kind === 'hit') return false
  if (lower.kind === 'before' && higher.kind === 'before') return higher.days < lower.days
  if (lower.kind === 'after' && higher.kind === 'after') return higher.days > lower.days
  if (lower.kind === 'count' && higher.kind === 'count') return higher.count > lower.count
  if (lower.kind === 'value' && higher.kind === 'value') return higher.min > lower.min
  if (lower.kind === 'hits' && higher.kind === 'hits' && lower.per === higher.per) {
    return higher.hits > lower.hits
  }
  return true
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length === 0
}
