/** `forewarn state verify`: is what is stored the fold of the log? */
import { createFold } from '../core/fold.ts'
import type { Fold } from '../core/fold.ts'
import { IncompleteState } from '../core/ports.ts'
import type { StateStore } from '../core/ports.ts'
import { ENGINE_DEFAULTS } from '../engine/dependencies.ts'
import { gapOf } from '../engine/incident.ts'
import { decodeMeta } from '../engine/meta.ts'
import type { Meta } from '../engine/meta.ts'
import type { PolicyMark } from '../engine/policy-mark.ts'
import { createOracle } from '../engine/state-oracle.ts'
import { verifyPartition } from '../engine/state-verify.ts'
import type { AccountDifference, Verified } from '../engine/state-verify.ts'
import { decode } from '../events/decode.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { createProgress } from './progress.ts'
import { loadSettings } from './settings.ts'
import { withWorld } from './state-world.ts'
import type { StateFlags, StateWorld } from './state-world.ts'

export type VerifyOptions = StateFlags & Readonly<{ before?: string; json?: boolean }>

/** Why a partition cannot be compared at all, or what came of it. */
type Fate =
  | Readonly<{ kind: 'cannot'; why: string }>
  /** Neither a record nor a state. */
  | Readonly<{ kind: 'empty' }>
  /** Keys are gone: the service empties it when it takes it next. */
  | Readonly<{ kind: 'incomplete'; why: string }>
  | (Verified & Readonly<{ kind: 'verified' }>)

/** Named one by one; of more there is a count. */
const NAMED_MAX = 20

export function verifyState(io: Io, options: VerifyOptions): Promise<ExitCode> {
  return withWorld(io, 'verify', options, async (world, partitions) => {
    const fold = createFold(world.settings.loaded.policy)
    const before = foldBefore(io, options)
    if (before === 'wrong') return EXIT.config
    let exit: ExitCode = EXIT.ok
    for (const partition of partitions) {
      const fate = await verify(io, world, partition, fold, before).catch(incompleteness)
      if (options.json === true) tellJson(io, partition, fate)
      else tell(io, partition, fate)
      if (isDifferent(fate)) exit = EXIT.problems
      else if (exit === EXIT.ok && !isEqual(fate)) exit = EXIT.failed
    }
    return exit
  })
}

function incompleteness(error: unknown): Fate {
  if (error instanceof IncompleteState) return { kind: 'incomplete', why: error.message }
  throw error
}

function foldBefore(io: Io, { before, ...flags }: VerifyOptions): Fold | undefined | 'wrong' {
  if (before === undefined) return undefined
  const settings = loadSettings(io, { config: flags.config, policy: before })
  return settings === undefined ? 'wrong' : createFold(settings.loaded.policy)
}

async function verify(
  io: Io,
  world: StateWorld,
  partition: number,
  fold: Fold,
  before: Fold | undefined,
): Promise<Fate> {
  const meta = await metaOf(world.store, partition)
  const { earliest = 0, end = 0 } = (await world.bounds()).get(partition) ?? {}
  if (meta === undefined) return end === 0 ? { kind: 'empty' } : cannot('no state is stored')
  const { origin, policy: mark } = meta
  if (earliest > origin) {
    return cannot(`its fold began at offset ${origin}, and the log now begins at ${earliest}`)
  }
  const gap = gapOf(meta.accepted)
  if (gap !== undefined) {
    return cannot(`somebody accepted ${gap}: the log is no longer all that was folded`)
  }
  const why = whyNotBy(mark, origin, fold, before)
  if (why !== undefined) return cannot(why)
  const isChanged = mark !== undefined && before !== undefined && mark.offset > origin
  const oracle = createOracle({
    ...{ fold, decode, origin },
    before: isChanged ? { fold: before, mark } : undefined,
  })
  const folding = createProgress(io, { label: `fold ${partition}`, unit: 'records' })
  const comparing = createProgress(io, { label: `compare ${partition}`, unit: 'records' })
  const verified = await verifyPartition(
    {
      ...{ store: world.store, fold, oracle, onProgress: comparing.at },
      bucketOf: (atMs) => Math.floor(atMs / ENGINE_DEFAULTS.dueBucketMs),
      foldTo: async (offset) => {
        await world.read(partition, oracle.position(), offset, (record) => {
          oracle.take(record)
          folding.at(oracle.position() - origin)
        })
        folding.done()
        oracle.passedTo(offset)
      },
    },
    partition,
  )
  comparing.done()
  return verified === undefined
    ? cannot('its state is gone meanwhile')
    : { kind: 'verified', ...verified }
}

const cannot = (why: string): Fate => ({ kind: 'cannot', why })

async function metaOf(store: StateStore, partition: number): Promise<Meta | undefined> {
  const loaded = await store.load(partition)
  return loaded === undefined ? undefined : decodeMeta(loaded.meta)
}

/** Undefined: what judged the records is known. */
function whyNotBy(
  mark: PolicyMark | undefined,
  origin: number,
  fold: Fold,
  before: Fold | undefined,
): string | undefined {
  if (mark === undefined)
    return 'an earlier version wrote it, without saying which policy judged it'
  if (mark.isPending) return 'its accounts are just being judged by another policy: try again'
  if (mark.hash !== fold.policyHash) {
    return `it was judged by policy ${mark.hash}, not by ${fold.policyHash}: give it as --policy`
  }
  if (mark.offset <= origin || before !== undefined) return undefined
  return `another policy judged the records before offset ${mark.offset}: give it as --before`
}

function isDifferent(fate: Fate): boolean {
  if (fate.kind === 'incomplete') return true
  return fate.kind === 'verified' && fate.differences.length + fate.unknownIds.length > 0
}

function isEqual(fate: Fate): boolean {
  if (fate.kind === 'empty') return true
  return fate.kind === 'verified' && !isDifferent(fate) && fate.undecided === 0
}

function tellJson(io: Io, partition: number, fate: Fate): void {
  if (fate.kind !== 'verified') return write(fate)
  const differences = fate.differences.map(({ key, ...rest }) => {
    const [tenantId, merchantId] = key.split('\n')
    return { tenantId, merchantId, ...rest }
  })
  write({ ...fate, differences })

  function write(what: object): void {
    io.stdout.write(`${JSON.stringify({ partition, ...what })}\n`)
  }
}

function tell(io: Io, partition: number, fate: Fate): void {
  const line = (text: string): boolean => io.stdout.write(`partition ${partition}: ${text}\n`)
  if (fate.kind === 'cannot') return void line(`cannot be verified: ${fate.why}`)
  if (fate.kind === 'empty') return void line('no records, and no state')
  if (fate.kind === 'incomplete') {
    return void line(`is incomplete: ${fate.why}; a running service folds it anew`)
  }
  const { cursor, accounts, differences, unknownIds, undecided } = fate
  const as = `${accounts} accounts as of offset ${cursor.offset}`
  line(isEqual(fate) ? `${as} are what the log says` : `${as}, ${differences.length} differences`)
  for (const it of differences.slice(0, NAMED_MAX)) line(`  ${differenceText(it)}`)
  if (differences.length > NAMED_MAX) line(`  and ${differences.length - NAMED_MAX} more`)
  for (const id of unknownIds.slice(0, NAMED_MAX)) line(`  the log does not tell warning ${id}`)
  if (undecided > 0) {
    say(io, `partition ${partition}: ${undecided} accounts changed each time they were read`)
  }
}

function differenceText(it: AccountDifference): string {
  const [tenant = '', merchantId = ''] = it.key.split('\n')
  const who = `${merchantId} (tenant ${tenant})`
  switch (it.kind) {
    case 'missing':
      return `${who} is not stored`
    case 'extra':
      return `${who} is stored, and the log does not tell of it`
    case 'unlisted':
      return `${who} is listed too late for ${new Date(it.wakeMs).toISOString()}`
    case 'differs': {
      const { member, stored, recomputed } = it.difference
      return `${who} [${it.sections.join('')}] ${member}: stored ${stored}, recomputed ${recomputed}`
    }
  }
}
