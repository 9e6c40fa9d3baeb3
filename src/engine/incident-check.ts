/** What a life would find when it takes a partition: asked without taking it, and changing nothing. */
import type { Cursor, EventLog, LogReader, RawRecord } from '../core/ports.ts'
import type { Acceptance, Incident } from './incident.ts'
import { madeAnew } from './log-check.ts'
import type { Rest } from './pace.ts'
import { loadedFrom, stateLost, takePartition } from './take-partition.ts'
import type { Incomplete, NotTaken, Taken, TakeDeps } from './take-partition.ts'
import { decodeMeta } from './meta.ts'

/** The input and the outputs, looked at. Every method may raise `Unavailable`. */
export type LogLook = Pick<EventLog, 'partitionCount'> &
  Pick<LogReader, 'bounds'> &
  Readonly<{
    /** Undefined: none stands there. `offset` lies below the end. */
    recordAt: (partition: number, offset: number) => Promise<RawRecord | undefined>
    /** Whether the outputs hold anything that the partition, or one that shares them, has said. */
    hasSpoken: (partition: number) => Promise<boolean>
  }>

export type CheckPorts = Pick<TakeDeps, 'store' | 'clock' | 'options'> &
  Readonly<{ look: LogLook; rest: Rest }>

export type Checked = Readonly<{
  partition: number
  /** As stored before the check; undefined: no state. */
  cursor: Cursor | undefined
  accepted: readonly Acceptance[]
  earliest: number
  end: number
  incident: Incident | undefined
}>

/** Raises `Unavailable`, and an Error where the state cannot be read at all. */
export async function checkPartition(ports: CheckPorts, partition: number): Promise<Checked> {
  const { store, clock, options, look, rest } = ports
  const deps: TakeDeps = { store, clock, options, eventLog: look }
  const loaded = await loadedFrom(store, partition)
  const taken = await takePartition(deps, partition, look, rest)
  const incident = await incidentOf(deps, look, partition, taken)
  const { earliest, end } = await look.bounds(partition)
  const { accepted = [] } = loaded?.meta === undefined ? {} : decodeMeta(loaded.meta)
  return { partition, cursor: loaded?.cursor, accepted, earliest, end, incident }
}

/** Also what a life learns after it has begun: from its outputs, and from the first record it reads. */
async function incidentOf(
  deps: TakeDeps,
  look: LogLook,
  partition: number,
  taken: Taken | NotTaken | Incomplete,
): Promise<Incident | undefined> {
  if (taken.kind === 'incident') return taken.incident
  // The service mends it by itself.
  if (taken.kind === 'incomplete') return undefined
  const { isFirstOnlyIfSilent, expectedRecord: expected } = taken
  if (isFirstOnlyIfSilent && (await look.hasSpoken(partition))) {
    return stateLost(deps, partition, taken).incident
  }
  if (expected === undefined) return undefined
  const found = await look.recordAt(partition, expected.offset)
  return madeAnew(deps, partition, expected, found)?.incident
}
