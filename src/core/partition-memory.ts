/** What a partition remembers beside its accounts, and how that is stored: JSON, small and bounded. */
import { crowdOf, heardLast } from './crowd.ts'
import type { Heard } from './crowd.ts'
import type { Sight } from './sight.ts'
import { newSilence } from './silence.ts'
import type { Silence } from './silence.ts'
import type { EpochMs } from './time.ts'

/** Changed in place by the fold. */
export type PartitionMemory = {
  /** Running maximum of arrivals, or what a proof of absence moved it to. */
  clockMs: EpochMs
  sight: Sight
  silence: Silence
}

export function encodeMemory({ clockMs, sight, silence }: PartitionMemory): Uint8Array {
  const sources = [...sight.sources].map(([name, { lastMs, crowd, gaps, hours }]) => {
    return [name, { lastMs, accounts: heardLast(crowd), gaps, hours }]
  })
  const plain = {
    ...{ ...sight, clockMs, sources },
    silence: { ...silence, quiet: [...silence.quiet] },
  }
  return new TextEncoder().encode(JSON.stringify(plain, spellInfinity))
}

export function decodeMemory(bytes: Uint8Array): PartitionMemory {
  const { clockMs, sources, blindSinceMs, silence, ...sight } = JSON.parse(
    new TextDecoder().decode(bytes),
    readInfinity,
  )
  const heard = sources.map(([name, { accounts, ...source }]: StoredSource) => {
    return [name, { ...source, crowd: crowdOf(accounts) }]
  })
  return {
    clockMs,
    sight: { ended: 0, ...sight, blindSinceMs, sources: new Map(heard) },
    // Written before silences were counted: they are from the next sales on.
    silence: silence === undefined ? newSilence() : { ...silence, quiet: new Map(silence.quiet) },
  }
}

type StoredSource = [name: string, source: { accounts: Heard[] }]

// JSON has no infinities: "never" and "not yet" are written as words.
const NEVER = 'never'
const NOT_YET = 'not-yet'

function spellInfinity(_key: string, value: unknown): unknown {
  return value === Infinity ? NEVER : value === -Infinity ? NOT_YET : value
}

function readInfinity(_key: string, value: unknown): unknown {
  return value === NEVER ? Infinity : value === NOT_YET ? -Infinity : value
}
