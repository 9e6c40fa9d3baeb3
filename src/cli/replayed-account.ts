/** One account as a recorded stream leaves it: the whole file is folded, for a partition sees as one. */
import { statSync } from 'node:fs'
import { readLines } from '../adapters/ndjson-lines.ts'
import type { Account } from '../core/account.ts'
import { surroundingsOf } from '../core/explain-suppressed.ts'
import type { Surroundings } from '../core/explain-suppressed.ts'
import type { Fold, Folded, PartitionMemory } from '../core/fold.ts'
import type { RawRecord } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import { replayRecords } from '../engine/replay.ts'
import { decode } from '../events/decode.ts'
import type { Io } from './io.ts'
import { createProgress } from './progress.ts'
import { hintOf } from './stored-account.ts'

export type Replayed =
  | Readonly<{ kind: 'found'; account: Account; clockMs: EpochMs; around: Surroundings }>
  | Readonly<{ kind: 'none'; hint: string | undefined }>
  /** Without a tenant given: it is an account of each of these. */
  | Readonly<{ kind: 'several'; tenants: readonly string[] }>

type Asked = Readonly<{
  merchantId: string
  tenant: string | undefined
  /** Where the arrival clock ends; undefined: at the last event. */
  untilMs: EpochMs | undefined
}>

/** `file` may be `-`. Undefined: there is no such file. */
export async function replayedAccount(
  io: Io,
  fold: Fold,
  file: string,
  { merchantId, tenant, untilMs }: Asked,
): Promise<Replayed | undefined> {
  const bytes = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })?.size
  if (bytes === undefined && file !== '-') return undefined
  const progress = createProgress(io, { label: 'explain', total: bytes })
  let read = 0
  async function* counted(): AsyncGenerator<readonly RawRecord[]> {
    for await (const batch of readLines(file)) {
      yield batch
      for (const { value } of batch) read += (value?.length ?? 0) + 1
      progress.at(read)
    }
  }
  const met = new Map<string, string>()
  const found = new Map<string, Watched>()
  function onFolded({ notes }: Folded, account: Account, memory: PartitionMemory): void {
    met.set(account.merchantId, account.tenant)
    if (account.merchantId !== merchantId || (tenant ?? account.tenant) !== account.tenant) return
    const watched = found.get(account.tenant) ?? { account, memory, held: new Map() }
    found.set(account.tenant, watched)
    for (const note of notes) {
      if (note.kind !== 'suppressed') continue
      const key = `${note.detector}\n${note.cause}`
      watched.held.set(key, (watched.held.get(key) ?? 0) + 1)
    }
  }
  const { clockMs } = await replayRecords(
    fold,
    counted(),
    (record) => decode(record, { keyOptional: true }),
    {
      ...(untilMs === undefined ? {} : { untilMs }),
      ...{ onWarning: () => {}, onDead: () => {}, onFolded },
    },
  )
  progress.done()
  const [only, ...others] = found.values()
  if (only === undefined) return { kind: 'none', hint: hintOf(merchantId, met) }
  if (others.length > 0) return { kind: 'several', tenants: [...found.keys()].toSorted() }
  return { kind: 'found', account: only.account, clockMs, around: aroundOf(only) }
}

type Watched = Readonly<{ account: Account; memory: PartitionMemory; held: Map<string, number> }>

function aroundOf({ account, memory, held }: Watched): Surroundings {
  const heldBack = [...held].map(([key, count]) => {
    const [detector = '', cause = ''] = key.split('\n')
    return { detector, cause, count }
  })
  return { ...surroundingsOf(memory, account), heldBack }
}
