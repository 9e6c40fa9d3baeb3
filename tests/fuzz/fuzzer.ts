/** Mutants by number: the same seed and number give the same record, and the same accounts before it. */
import { createFold } from '../../src/core/fold.ts'
import type { Policy } from '../../src/core/policy.ts'
import { createRenderer } from '../../src/core/record.ts'
import { AHEAD_MAX_MS } from '../../src/engine/arrival.ts'
import { decode } from '../../src/events/decode.ts'
import type { DecodeOptions } from '../../src/events/envelope.ts'
import type { DeadReason } from '../../src/events/event.ts'
import type { LogRecord } from '../../src/events/record.ts'
import { prng, type Prng } from '../support/prng.ts'
import { planted } from './canary.ts'
import { foldRig, type Rig, type Source } from './fold-rig.ts'
import { brokenCard, brokenDecode, brokenLetter } from './laws.ts'
import { mutated } from './mutate.ts'
import { original, pick } from './originals.ts'

/** Mutants that share accounts: what it takes to see one again. */
export const CHUNK = 500
/** Of the processor: how long it took by the clock says more about who else uses the machine. */
export const STALL_MS = 50
/** What was slow is looked at again so often: compiling and collecting garbage are nobody's fault. */
const LOOKS = 3

export type Mutant = Readonly<{ number: number; record: LogRecord; canary: string | undefined }>
export type Finding = Readonly<{ mutant: Mutant; what: string }>
export type Counts = Map<string, number>

type Slow = Readonly<{ mutant: Mutant; ms: number }>

const BASE_MS = Date.UTC(2026, 5, 10)
/** The end of the years that an envelope may name: nobody's clock corrects a file. */
const FILE_LATEST_MS = Date.UTC(9998, 11, 31)
const OPTIONS: readonly DecodeOptions[] = [{}, { keyOptional: true }, { tenantBound: 'default' }]
const ID_REUSED: DeadReason = {
  code: 'id-reused',
  stage: 'apply',
  path: 'id',
  message: 'Another event of this source has the same id.',
  hasCardData: false,
}

export function createFuzzer(policy: Policy, seed: number, stallMs = Infinity) {
  const fold = createFold(policy)
  const { structured } = createRenderer(policy.zoneOf, 'acquirer')
  const counts: Counts = new Map()

  /** Mutants from the beginning of a chunk up to, not including, `end`. */
  function chunk(start: number, end: number): Finding | undefined {
    const slow: Slow[] = []
    const finding = run(start, end, slow)
    if (finding !== undefined) return finding
    return slow.map(({ mutant }) => stalled(start, mutant)).find((it) => it !== undefined)
  }

  /** What is slow by itself is slow each time. */
  function stalled(start: number, mutant: Mutant): Finding | undefined {
    let least = Infinity
    for (let look = 0; look < LOOKS; look++) {
      const slow: Slow[] = []
      run(start, mutant.number + 1, slow)
      const again = slow.find((it) => it.mutant.number === mutant.number)
      if (again === undefined) return undefined
      least = Math.min(least, again.ms)
    }
    return { mutant, what: `took ${Math.round(least)} ms or more, each of ${LOOKS} times` }
  }

  function run(start: number, end: number, slow: Slow[]): Finding | undefined {
    const dice = prng(Math.imul(seed, 0x9e3779b1) ^ Math.imul(start + 1, 0x85ebca6b))
    const options = pick(dice, OPTIONS)
    const isFile = dice.chance(0.25)
    const rig = foldRig(fold, (record) => {
      JSON.stringify(structured(record))
      note('warning')
    })
    let nowMs = BASE_MS
    let before: LogRecord | undefined
    for (let number = start; number < end; number++) {
      nowMs += dice.below(dice.chance(0.02) ? 20 * 86_400_000 : 600_000)
      const isResent = dice.chance(0.02)
      const mutant =
        before !== undefined && isResent ? resent(before, number) : mutantOf(number, nowMs, dice)
      if (mutant.canary === undefined) before = mutant.record
      const source: Source = isFile
        ? { from: 'envelope', latestMs: FILE_LATEST_MS }
        : { from: 'log', latestMs: nowMs + AHEAD_MAX_MS }
      const spent = process.cpuUsage()
      const what = fate({ mutant, options, source }, rig)
      const { user, system } = process.cpuUsage(spent)
      const ms = (user + system) / 1_000
      if (what !== undefined) return { mutant, what }
      if (ms > stallMs) slow.push({ mutant, ms })
    }
    return undefined
  }

  type Case = Readonly<{ mutant: Mutant; options: DecodeOptions; source: Source }>

  /** What is broken. */
  function fate({ mutant, options, source }: Case, rig: Rig) {
    const { record, canary } = mutant
    try {
      const decoded = decode(record, options)
      note(decoded.kind === 'dead' ? decoded.reason.code : decoded.kind)
      const broken =
        brokenDecode(record, options, decoded) ??
        (canary === undefined ? undefined : brokenCard(decoded))
      if (broken !== undefined) return broken
      if (decoded.kind === 'dead') return brokenLetter(decoded.reason, record, canary)
      if (decoded.kind === 'unknown') return undefined
      const folded = rig.take(record, decoded.event, source)
      note(folded)
      return folded === 'id-reused' ? brokenLetter(ID_REUSED, record) : undefined
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : `threw ${typeof error}`
    }
  }

  function note(word: string): void {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }

  return { chunk, counts }
}

function resent(record: LogRecord, number: number): Mutant {
  return { number, record: { ...record, offset: number }, canary: undefined }
}

function mutantOf(number: number, nowMs: number, dice: Prng): Mutant {
  let record = original(dice, number, nowMs)
  const changes = dice.chance(0.3) ? 0 : 1 + dice.below(3)
  for (let change = 0; change < changes; change++) record = mutated(record, dice)
  if (!dice.chance(0.05)) return { number, record, canary: undefined }
  return { number, ...planted(record, dice) }
}
