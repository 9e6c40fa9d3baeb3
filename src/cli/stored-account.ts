/** One account as the service stored it, found through the store's port. Reads, and writes nothing. */
import { didYouMean } from '../config/problem.ts'
import type { Account } from '../core/account.ts'
import { surroundingsOf } from '../core/explain-suppressed.ts'
import type { Surroundings } from '../core/explain-suppressed.ts'
import { SECTIONS } from '../core/fold.ts'
import type { Fold } from '../core/fold.ts'
import type { StateStore } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import { fieldOf, keyOfField } from '../engine/stored-names.ts'
import { accountKey } from '../engine/arrival.ts'
import { decodeMeta } from '../engine/meta.ts'

export type Stored = Readonly<{
  kind: 'found'
  account: Account
  partition: number
  /** Of the partition's arrival clock: its timers are fired up to this less the grace. */
  clockMs: EpochMs
  around: Surroundings
  /** Hash of the policy that judged it last; undefined: an earlier version wrote the state. */
  policyHash: string | undefined
}>

export type NotStored = Readonly<{
  kind: 'none'
  /** Partitions that were looked through; 0: the store holds no state at all. */
  partitions: number
  /** Of the accounts met on the way: the same id of another tenant, or one spelled much like it. */
  hint: string | undefined
}>

type Who = Readonly<{ tenant: string; merchantId: string }>

/**
 * All partitions are asked: which of them an account belongs to is decided by whoever writes the topic,
 * and not every producer hashes keys alike. Raises `Unavailable`.
 */
export async function findStored(
  store: StateStore,
  fold: Fold,
  who: Who,
): Promise<Stored | NotStored> {
  const partitions = await countPartitions(store)
  const fields = SECTIONS.map((it) => fieldOf(accountKey(who.tenant, who.merchantId), it))
  for (let partition = 0; partition < partitions; partition++) {
    const { value: sections } = await store.read(partition, fields)
    if (sections.every((it) => it === undefined)) continue
    // Asked after the account: the clock is not behind what the account has seen.
    const loaded = await store.load(partition)
    if (loaded === undefined) continue
    const meta = decodeMeta(loaded.meta)
    const memory = fold.decodePartition(meta.memory)
    const account = fold.decodeAccount(who.tenant, who.merchantId, sections)
    return {
      ...{ kind: 'found', partition, account, clockMs: memory.clockMs },
      around: surroundingsOf(memory, account),
      policyHash: meta.policy?.hash,
    }
  }
  return { kind: 'none', partitions, hint: await nearby(store, partitions, who) }
}

/** More are not looked for at once, and none beyond the last. */
const ASKED_AT_ONCE = 64
const PARTITIONS_MAX = 4_096

/** Any partition with state says how many there are. */
async function countPartitions(store: StateStore): Promise<number> {
  for (let from = 0; from < PARTITIONS_MAX; from += ASKED_AT_ONCE) {
    const asked = Array.from({ length: ASKED_AT_ONCE }, (_, at) => from + at)
    const cursors = await Promise.all(asked.map((partition) => store.cursor(partition)))
    const known = cursors.findIndex((cursor) => cursor !== undefined)
    if (known < 0) continue
    const loaded = await store.load(from + known)
    if (loaded !== undefined) return decodeMeta(loaded.meta).partitionCount
  }
  return 0
}

/** Some thousand names: enough for a small deployment, and no burden for a large one. */
const SLICES_MAX = 16

async function nearby(
  store: StateStore,
  partitions: number,
  { merchantId }: Who,
): Promise<string | undefined> {
  const met = new Map<string, string>()
  let slices = 0
  for (let partition = 0; partition < partitions; partition++) {
    let from: string | undefined
    do {
      if (slices++ >= SLICES_MAX) break
      const { value } = await store.fields(partition, from)
      const { fields, next } = value
      for (const field of fields) {
        const [tenant = '', id = ''] = keyOfField(field).split('\n')
        met.set(id, tenant)
      }
      from = next
    } while (from !== undefined)
  }
  return hintOf(merchantId, met)
}

/** `met`: the tenants of accounts by merchant id. */
export function hintOf(merchantId: string, met: ReadonlyMap<string, string>): string | undefined {
  const tenant = met.get(merchantId)
  if (tenant !== undefined) return `tenant ${tenant} has one: --tenant ${tenant}`
  return didYouMean(merchantId, [...met.keys()])?.hint
}
