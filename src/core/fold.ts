/** The fold of one partition, as the engine drives it: `step` with the partition's clock and sight. */
import type { TerminalEvent } from '../events/event.ts'
import { newAccount, wakeOf } from './account.ts'
import type { Account } from './account.ts'
import { createEncoder, decodeAccount } from './codec.ts'
import type { Note } from './observer.ts'
import type { Policy } from './policy.ts'
import { absenceByMs, hear, look, newSight, releaseMs } from './sight.ts'
import type { Sight } from './sight.ts'
import { standingOf } from './standing.ts'
import { step } from './step.ts'
import type { Step } from './step.ts'
import type { EpochMs } from './time.ts'
import type { WarningRecord } from './warning.ts'

/** What a partition remembers beside its accounts. Changed in place by the fold. */
export type PartitionMemory = {
  /** Running maximum of arrivals, or what a proof of absence moved it to. */
  clockMs: EpochMs
  sight: Sight
}

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
  /** As `wakeMs`, but for what is due in a spell of blindness the end of it; Infinity while it lasts. */
  readyMs: (memory: PartitionMemory, account: Account) => EpochMs
  isBlind: (memory: PartitionMemory) => boolean
  /** Value of `account.standing`; undefined: a tombstone. */
  standing: (account: Account) => unknown
}>

export function createFold(policy: Policy): Fold {
  const { graceMs } = policy

  /** An account's own timers, each at its own instant, and those held by blindness at its end. */
  function fire(memory: PartitionMemory, account: Account, into: Folded[]): void {
    for (;;) {
      const atMs = readyMs(memory, account)
      if (atMs > memory.clockMs - graceMs) return
      const input = { kind: 'instant', atMs, absenceByMs: absenceByMs(memory.sight, atMs) } as const
      into.push(step(policy, account, input))
    }
  }

  function readyMs({ sight }: PartitionMemory, account: Account): EpochMs {
    const wakeMs = wakeOf(account)
    if (sight.blindSinceMs === undefined && sight.spells.length === 0) return wakeMs
    const { tenant, facts } = account
    const profile = policy.profileOf({ tenant, country: facts.country, mcc: facts.mcc })
    let readyMs = account.idleMs
    for (const { name, isAbsence } of profile.armed) {
      for (const { nextMs } of account.said.get(name)?.values() ?? []) {
        if (nextMs >= readyMs) continue
        readyMs = Math.min(readyMs, isAbsence === true ? releaseMs(sight, nextMs) : nextMs)
      }
    }
    return readyMs
  }

  return {
    graceMs,
    policyHash: policy.hash,
    newPartition: () => ({ clockMs: -Infinity, sight: newSight() }),
    encodePartition: ({ clockMs, sight }) => {
      const sources = [...sight.sources].map(([name, source]) => {
        return [name, { ...source, accounts: [...source.accounts] }]
      })
      const plain = { ...sight, clockMs, sources }
      return new TextEncoder().encode(JSON.stringify(plain, spellInfinity))
    },
    decodePartition: (bytes) => {
      const { clockMs, sources, blindSinceMs, ...sight } = JSON.parse(
        new TextDecoder().decode(bytes),
        readInfinity,
      )
      for (const [, source] of sources) source.accounts = new Map(source.accounts)
      return { clockMs, sight: { ...sight, blindSinceMs, sources: new Map(sources) } }
    },
    newAccount,
    decodeAccount,
    encodeChanged: createEncoder(),
    event: (memory, account, event, arrivedMs) => {
      memory.clockMs = Math.max(memory.clockMs, arrivedMs)
      look(memory.sight, memory.clockMs)
      hear(memory.sight, event.source, event.merchantId, memory.clockMs)
      const seenMs = absenceByMs(memory.sight, arrivedMs - graceMs)
      const input = { kind: 'event', event, arrivedMs, absenceByMs: seenMs } as const
      // Nearly always nothing is due.
      if (wakeOf(account) > memory.clockMs - graceMs) return step(policy, account, input)
      const steps: Step[] = []
      fire(memory, account, steps)
      steps.push(step(policy, account, input))
      return joined(steps)
    },
    timers: (memory, account) => {
      const steps: Step[] = []
      fire(memory, account, steps)
      return joined(steps)
    },
    policy: ({ sight }, account, atMs) => {
      const seenMs = absenceByMs(sight, atMs - graceMs)
      return step(policy, account, { kind: 'policy', atMs, absenceByMs: seenMs })
    },
    look: ({ sight }, atMs) => look(sight, atMs),
    wakeMs: wakeOf,
    readyMs,
    isBlind: ({ sight }) => sight.blindSinceMs !== undefined,
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

// JSON has no infinities: "never" and "not yet" are written as words.
const NEVER = 'never'
const NOT_YET = 'not-yet'

function spellInfinity(_key: string, value: unknown): unknown {
  return value === Infinity ? NEVER : value === -Infinity ? NOT_YET : value
}

function readInfinity(_key: string, value: unknown): unknown {
  return value === NEVER ? Infinity : value === NOT_YET ? -Infinity : value
}
