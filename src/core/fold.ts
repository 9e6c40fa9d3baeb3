/** The fold of one partition, as the engine drives it: `step` with the partition's clock and what it holds back. */
import type { TerminalEvent } from '../events/event.ts'
import { newAccount } from './account.ts'
import { wakeOf } from './wake.ts'
import type { Account } from './account.ts'
import { createEncoder, decodeAccount } from './codec.ts'
import type { Note } from './observer.ts'
import type { Policy } from './policy.ts'
import { heldToMs, holdsNothing, knownToMs, lastSaleOn } from './holding.ts'
import { decodeMemory, encodeMemory } from './partition-memory.ts'
import type { PartitionMemory } from './partition-memory.ts'
import { hear, look, newSight } from './sight.ts'
import { endSilence, judgeDates, newSilence, noteSale, silentCohorts } from './silence.ts'
import type { SilentCohort } from './silence.ts'
import { SILENCE_LIMITS } from './silence-limits.ts'
import { standingOf } from './standing.ts'
import { step } from './step.ts'
import type { Step } from './step.ts'
import type { EpochMs } from './time.ts'
import type { WarningRecord } from './warning.ts'

export type { PartitionMemory } from './partition-memory.ts'

export type Folded = Readonly<{
  fate: Step['fate']
  warnings: readonly WarningRecord[]
  /** The account's standing (state, open warnings) is another than before. */
  isStandingChanged: boolean
  notes: readonly Note[]
}>

/** Sections of an account by how often they change; the engine stores each under its own field. */
export const SECTIONS = ['n', 'p', 'f'] as const
export type Section = (typeof SECTIONS)[number]

export type Fold = Readonly<{
  graceMs: number
  policyHash: string
  newPartition: () => PartitionMemory
  encodePartition: (memory: PartitionMemory) => Uint8Array
  decodePartition: (bytes: Uint8Array) => PartitionMemory
  newAccount: (tenant: string, merchantId: string) => Account
  /** In the order of SECTIONS; all undefined: never seen. */
  decodeAccount: (
    tenant: string,
    merchantId: string,
    sections: readonly (Uint8Array | undefined)[],
  ) => Account
  /** Sections changed since they were last encoded, as fresh bytes; undefined: now empty. */
  encodeChanged: (account: Account) => readonly (readonly [Section, Uint8Array | undefined])[]
  /** Moves the partition's clock, fires the account's own timers due by it, then folds the event. */
  event: (
    memory: PartitionMemory,
    account: Account,
    event: TerminalEvent,
    arrivedMs: EpochMs,
  ) => Folded
  /** Fires the account's timers that are due by the partition's clock less the grace. */
  timers: (memory: PartitionMemory, account: Account) => Folded
  /** The policy judges the account for the first time, at this instant of the partition's clock. */
  policy: (memory: PartitionMemory, account: Account, atMs: EpochMs) => Folded
  /**
   * Asks whether the partition still sees at an instant without records. Not called for the stretch
   * after the end of a finite log: that one counts as proven.
   */
  look: (memory: PartitionMemory, atMs: EpochMs) => void
  /** The next instant at which the account must be looked at: for the due index. Infinity: never. */
  wakeMs: (account: Account) => EpochMs
  /**
   * As `wakeMs`, but for what is held back (the partition is blind, the account's cohort silent) the end of
   * that; Infinity while it lasts.
   */
  readyMs: (memory: PartitionMemory, account: Account) => EpochMs
  /** A control record: it moves the clock, and may end a silence. */
  control: (memory: PartitionMemory, event: TerminalEvent, arrivedMs: EpochMs) => void
  isBlind: (memory: PartitionMemory) => boolean
  /** Cohorts whose stages of absence are held back now. */
  silences: (memory: PartitionMemory) => readonly SilentCohort[]
  /** Another number than before: something that was held back may not be any more. */
  endings: (memory: PartitionMemory) => number
  /** Value of `account.standing`; undefined: a tombstone. */
  standing: (account: Account) => unknown
}>

export function createFold(policy: Policy): Fold {
  const { graceMs, silence: limits = SILENCE_LIMITS } = policy

  /** An account's own timers, each at its own instant, and those held back at the end of that. */
  function fire(memory: PartitionMemory, account: Account, into: Folded[]): void {
    for (;;) {
      const atMs = readyMs(memory, account)
      if (atMs > memory.clockMs - graceMs) return
      into.push(judgeAt(memory, account, atMs))
    }
  }

  function judgeAt(memory: PartitionMemory, account: Account, atMs: EpochMs): Step {
    const absenceByMs = knownMs(memory, account, atMs)
    return step(policy, account, { kind: 'instant', atMs, absenceByMs })
  }

  function knownMs(memory: PartitionMemory, account: Account, atMs: EpochMs): EpochMs {
    return holdsNothing(memory) ? atMs : knownToMs(memory, lastSaleOn(account), atMs)
  }

  function readyMs(memory: PartitionMemory, account: Account): EpochMs {
    const wakeMs = wakeOf(account)
    if (holdsNothing(memory)) return wakeMs
    const { tenant, facts } = account
    const soldOn = lastSaleOn(account)
    const profile = policy.profileOf({ tenant, country: facts.country, mcc: facts.mcc })
    let ready = account.idleMs
    for (const { name, isAbsence } of profile.armed) {
      for (const { nextMs } of account.said.get(name)?.values() ?? []) {
        if (nextMs >= ready) continue
        ready = Math.min(ready, isAbsence === true ? heldToMs(memory, soldOn, nextMs) : nextMs)
      }
    }
    return ready
  }

  function lookAround({ sight, silence }: PartitionMemory, atMs: EpochMs): void {
    look(sight, atMs)
    judgeDates(silence, atMs, limits)
  }

  function event(
    memory: PartitionMemory,
    account: Account,
    it: TerminalEvent,
    arrivedMs: EpochMs,
  ): Folded {
    memory.clockMs = Math.max(memory.clockMs, arrivedMs)
    lookAround(memory, memory.clockMs)
    hear(memory.sight, it.source, it.merchantId, memory.clockMs)
    const dueByMs = memory.clockMs - graceMs
    const steps: Step[] = []
    // Nearly always nothing is due.
    if (wakeOf(account) <= dueByMs) fire(memory, account, steps)
    const soldOn = lastSaleOn(account)
    const absenceByMs = knownMs(memory, account, arrivedMs - graceMs)
    const own = step(policy, account, { kind: 'event', event: it, arrivedMs, absenceByMs })
    const wasSilent = noteSale(memory.silence, soldOn, lastSaleOn(account), memory.clockMs)
    if (steps.length === 0 && !wasSilent) return own
    steps.push(own)
    // It is heard again: what else was held back of it is judged now, once.
    if (wasSilent) steps.push(judgeAt(memory, account, dueByMs))
    return joined(steps)
  }

  return {
    graceMs,
    policyHash: policy.hash,
    newPartition: () => ({ clockMs: -Infinity, sight: newSight(), silence: newSilence() }),
    encodePartition: encodeMemory,
    decodePartition: decodeMemory,
    newAccount,
    decodeAccount,
    encodeChanged: createEncoder(),
    event,
    timers: (memory, account) => {
      const steps: Step[] = []
      fire(memory, account, steps)
      return joined(steps)
    },
    policy: (memory, account, atMs) => {
      const absenceByMs = knownMs(memory, account, atMs - graceMs)
      return step(policy, account, { kind: 'policy', atMs, absenceByMs })
    },
    control: (memory, it, arrivedMs) => {
      memory.clockMs = Math.max(memory.clockMs, arrivedMs)
      lookAround(memory, memory.clockMs)
      if (it.type !== 'incident.closed') return
      endSilence(memory.silence, it.data.incidentId, memory.clockMs)
    },
    look: lookAround,
    wakeMs: wakeOf,
    readyMs,
    isBlind: ({ sight }) => sight.blindSinceMs !== undefined,
    silences: ({ silence }) => silentCohorts(silence),
    endings: ({ sight, silence }) => sight.ended + silence.ended,
    standing: (account) => standingOf(policy, account),
  }
}

const QUIET: Folded = { fate: 'applied', warnings: [], isStandingChanged: false, notes: [] }

function joined(steps: readonly Step[]): Folded {
  if (steps.length <= 1) return steps[0] ?? QUIET
  return {
    fate: steps.at(-1)!.fate,
    warnings: steps.flatMap(({ warnings }) => warnings),
    isStandingChanged: steps.some((it) => it.isStandingChanged),
    notes: steps.flatMap(({ notes }) => notes),
  }
}
