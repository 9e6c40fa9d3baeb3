/** Which policy has judged the accounts of a partition: kept with them, for a policy is an input too. */
import type { PartitionMemory } from '../core/fold.ts'
import type { EpochMs } from '../core/time.ts'
import type { EngineDeps } from './dependencies.ts'
import type { Taken } from './take-partition.ts'

export type PolicyMark = Readonly<{
  hash: string
  /** Of the first record that it judges: its place in the log. */
  offset: number
  /** Of the arrival clock: dates what the change itself opened or ended. */
  atMs: EpochMs
  /** Not all accounts were judged by it yet. */
  isPending: boolean
}>

/**
 * As stored, where the policy is still the same. Else a new one, whose instant no earlier change had:
 * two episodes that a policy opens never share a name.
 */
export function markAtStart(
  { fold }: EngineDeps,
  { cursor, position, meta: { policy: before } }: Taken,
  { clockMs }: PartitionMemory,
): PolicyMark {
  const hash = fold.policyHash
  if (before?.hash === hash) return before
  const atMs = Math.max(clockMs, before === undefined ? 0 : before.atMs + 1)
  // The state of an earlier version does not say what judged it.
  return { hash, offset: position, atMs, isPending: cursor !== undefined }
}
