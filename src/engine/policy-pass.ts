/** Every account of a partition is judged by a policy that is new to it, before another record is. */
import { Unavailable } from '../core/ports.ts'
import type { FieldSlice } from '../core/ports.ts'
import type { AccountCache, CachedAccount } from './account-cache.ts'
import type { EngineDeps, Proof } from './dependencies.ts'
import type { LifeState } from './life-state.ts'
import type { OpenBatch } from './open-batch.ts'
import { backOffMs } from './pace.ts'
import type { Rest } from './pace.ts'
import { keyOfField } from './stored-names.ts'

export type PolicyPassParts = Readonly<{
  life: LifeState
  accounts: AccountCache
  batch: OpenBatch
  fields: (from: string | undefined) => Promise<FieldSlice>
  /** Commits what is there and waits for room. */
  commit: () => Promise<void>
  /** False: what was committed may not be in the store yet, and will not be soon. */
  settled: () => Promise<boolean>
  /** Committed and not yet published. */
  pendingCount: () => number
}>

/** False: the life ended, or was to end, before all were judged. What was committed stands. */
export type PolicyPass = (rest: Rest, isToEnd: () => boolean) => Promise<boolean>

/** Some 10 ms of work: other partitions take turns with it. */
const SLICE_MAX = 500
const POLL_MS = 50

/**
 * A pass that was cut off is begun anew: an account judged twice at the same instant says nothing the
 * second time, so no place in the store's listing has to be remembered.
 */
export function createPolicyPass(deps: EngineDeps, parts: PolicyPassParts): PolicyPass {
  const { fold, clock, random, observer, options } = deps
  const { life, accounts, batch } = parts
  const sliceMax = Math.min(SLICE_MAX, options.commitEventsMax)
  const judged = new WeakSet<CachedAccount>()
  let waiting: readonly string[] = []
  let from: string | undefined
  let isListed = false

  return async function run(rest, isToEnd) {
    const isOver = (): boolean => life.isEnded || isToEnd()
    for (let tries = 0; life.policy.isPending && !isOver();) {
      try {
        await slice()
        tries = 0
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error
        observer.storeError('read', error.message)
        if (!(await rest(backOffMs(tries++, random)))) return false
      }
      while (!isOver() && !(await isThrough())) if (!(await rest(POLL_MS))) return false
    }
    return !isOver()
  }

  async function slice(): Promise<void> {
    if (waiting.length === 0 && !isListed) await list()
    const keys = waiting.slice(0, sliceMax)
    const entries = await accounts.warm(keys)
    if (life.isEnded) return
    for (const entry of entries) judge(entry)
    waiting = waiting.slice(keys.length)
    if (waiting.length === 0 && isListed) finish()
    await parts.commit()
  }

  async function list(): Promise<void> {
    const { fields, next } = await parts.fields(from)
    waiting = [...new Set(fields.map(keyOfField))]
    from = next
    isListed = next === undefined
  }

  function judge(entry: CachedAccount | undefined): void {
    if (entry === undefined || judged.has(entry)) return
    judged.add(entry)
    const folded = fold.policy(life.memory, entry.account, life.policy.atMs)
    batch.add(entry, folded)
    batch.count()
    if (folded.warnings.length > 0) batch.say(folded.warnings, clock.nowMs(), proof())
  }

  /** All that arrived up to the clock was folded, and the clock has not moved since. */
  function proof(): Proof {
    const { partition, position, memory } = life
    const arrivalClockMs = memory.clockMs
    return { partition, position, end: position, wallMs: arrivalClockMs, arrivalClockMs }
  }

  function finish(): void {
    life.policy = { ...life.policy, isPending: false }
    // Worth a commit though no account may have changed.
    batch.count()
  }

  async function isThrough(): Promise<boolean> {
    return (await parts.settled()) && parts.pendingCount() <= options.outboxMax
  }
}
