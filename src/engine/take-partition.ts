/** What is known before a partition is folded on: its state, and whether the log still carries it. */
import { IncompleteState } from '../core/ports.ts'
import type { Cursor, Loaded, LogReader, OutboxEntry, StateStore } from '../core/ports.ts'
import type { EngineDeps, EngineOptions } from './dependencies.ts'
import type { Fingerprint } from './fingerprint.ts'
import { gapOf } from './incident.ts'
import type { Incident, IncidentKind } from './incident.ts'
import { decodeMeta } from './meta.ts'
import type { Meta } from './meta.ts'
import type { Rest } from './pace.ts'

export type Taken = Readonly<{
  kind: 'ready'
  cursor: Cursor | undefined
  meta: Omit<Meta, 'memory'> & Readonly<{ memory: Uint8Array | undefined }>
  outbox: readonly OutboxEntry[]
  position: number
  /** Where reading begins: at the last folded record, so that it can be recognised. */
  startOffset: number
  /** To be found at `startOffset`; undefined: nothing to compare with. */
  expectedRecord: Fingerprint | undefined
  /** No state, and the log does not begin at 0: a first start only if nothing was ever said. */
  isFirstOnlyIfSilent: boolean
}>
export type NotTaken = Readonly<{ kind: 'incident'; incident: Incident }>
/** Keys are gone from the store, and the log still tells all that was in them. */
export type Incomplete = Readonly<{ kind: 'incomplete'; cursor: Cursor | undefined; why: string }>

/** As much of the engine's dependencies as looking at a partition needs. */
export type TakeDeps = Pick<EngineDeps, 'store' | 'clock'> &
  Readonly<{
    eventLog: Pick<EngineDeps['eventLog'], 'partitionCount'>
    options: Pick<EngineOptions, 'truncatedForMs'>
  }>
type Bounds = Pick<LogReader, 'bounds'>

const ASK_AGAIN_MS = 1_000

/** Raises `Unavailable`. */
export async function takePartition(
  deps: TakeDeps,
  partition: number,
  reader: Bounds,
  rest: Rest,
): Promise<Taken | NotTaken | Incomplete> {
  const [loaded, partitionCount] = await Promise.all([
    loadedFrom(deps.store, partition),
    deps.eventLog.partitionCount(),
  ])
  const { earliest, end } = await reader.bounds(partition)
  if (loaded === undefined) return firstStart(partitionCount, earliest)
  if (loaded instanceof IncompleteState) return incomplete(deps, partition, loaded, earliest)
  const meta = decodeMeta(loaded.meta)
  const { cursor, outbox } = loaded
  const { offset } = cursor
  const stop = stopAt(deps, partition)
  if (meta.partitionCount !== partitionCount) {
    const changed = `from ${meta.partitionCount} to ${partitionCount}`
    return stop('partition-count', [offset, end], `The number of partitions changed ${changed}.`)
  }
  if (earliest > offset) {
    return stop('retention-gap', [offset, earliest], 'The log dropped records never folded.')
  }
  const isShort = end < offset && (await staysBelow(deps, partition, reader, rest, offset))
  if (isShort) return stop('truncated', [end, offset], 'The log ends below what was folded.')
  const { fingerprint } = meta
  const isThere = fingerprint !== undefined && fingerprint.offset >= earliest
  return {
    kind: 'ready',
    cursor,
    meta,
    outbox,
    position: offset,
    startOffset: isThere ? fingerprint.offset : offset,
    expectedRecord: isThere ? fingerprint : undefined,
    isFirstOnlyIfSilent: false,
  }
}

/** An incomplete state is an answer too. Raises `Unavailable`. */
export async function loadedFrom(
  store: Pick<StateStore, 'load'>,
  partition: number,
): Promise<Loaded | IncompleteState | undefined> {
  try {
    return await store.load(partition)
  } catch (error) {
    if (error instanceof IncompleteState) return error
    throw error
  }
}

/** Folding anew is right only where all that was ever folded can be read again. */
function incomplete(
  deps: TakeDeps,
  partition: number,
  { message, cursor, meta }: IncompleteState,
  earliest: number,
): NotTaken | Incomplete {
  const gap = meta === undefined ? undefined : gapOf(decodeMeta(meta).accepted)
  if (earliest === 0 && gap === undefined) return { kind: 'incomplete', cursor, why: message }
  const stop = stopAt(deps, partition)
  const lost = gap === undefined ? 'the head of the log is gone' : `${gap} was accepted before`
  return stop('state-lost', [0, earliest], `Of the state ${message}, and ${lost}.`)
}

function firstStart(partitionCount: number, earliest: number): Taken {
  return {
    kind: 'ready',
    cursor: undefined,
    meta: {
      partitionCount,
      origin: earliest,
      sequence: 0,
      mark: undefined,
      fingerprint: undefined,
      policy: undefined,
      memory: undefined,
    },
    outbox: [],
    position: earliest,
    startOffset: earliest,
    expectedRecord: undefined,
    isFirstOnlyIfSilent: earliest > 0,
  }
}

/** A new leader may know of less than the old one for a while. */
async function staysBelow(
  { clock, options }: TakeDeps,
  partition: number,
  reader: Bounds,
  rest: Rest,
  offset: number,
): Promise<boolean> {
  const sinceMs = clock.monotonicMs()
  while (clock.monotonicMs() - sinceMs < options.truncatedForMs) {
    if (!(await rest(ASK_AGAIN_MS))) return false
    const { end } = await reader.bounds(partition)
    if (end >= offset) return false
  }
  return true
}

type Stop = (
  kind: IncidentKind,
  range: readonly [fromOffset: number, toOffset: number],
  message: string,
) => NotTaken

export function stopAt({ clock }: Pick<TakeDeps, 'clock'>, partition: number): Stop {
  return (kind, [fromOffset, toOffset], message) => ({
    kind: 'incident',
    incident: { kind, partition, fromOffset, toOffset, message, atMs: clock.nowMs() },
  })
}

/** Something was said before, the state is gone, and the log cannot rebuild it. */
export function stateLost(deps: TakeDeps, partition: number, { position }: Taken): NotTaken {
  const stop = stopAt(deps, partition)
  return stop('state-lost', [0, position], 'The state is gone, and so is the head of the log.')
}
