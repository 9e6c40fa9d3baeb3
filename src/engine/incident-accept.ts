/** An operator's decision to go on in spite of an incident: one compare-and-set on the cursor. */
import type { Fold } from '../core/fold.ts'
import { IncompleteState } from '../core/ports.ts'
import type { Commit, Cursor, Random } from '../core/ports.ts'
import { ACCEPTANCES_MAX } from './incident.ts'
import type { Acceptance, Incident, IncidentKind } from './incident.ts'
import { checkPartition } from './incident-check.ts'
import type { Checked, CheckPorts } from './incident-check.ts'
import { decodeMeta, encodeMeta } from './meta.ts'
import type { Meta } from './meta.ts'
import { isSameCursor } from './own-reads.ts'
import { loadedFrom } from './take-partition.ts'

export type AcceptPorts = CheckPorts & Readonly<{ fold: Fold; random: Random }>

export type Decision = Readonly<{
  /** Undefined: whichever it is. */
  kind: IncidentKind | undefined
  /** Where to go on; undefined: at the earliest record that is still there. */
  from: number | undefined
  by: string
}>

export type AcceptFate =
  | Readonly<{ kind: 'accepted'; partition: number; acceptance: Acceptance; cursor: Cursor }>
  | Readonly<{ kind: 'no-incident' }>
  /** Nothing was changed. */
  | Readonly<{ kind: 'refused'; incident: Incident; why: string }>
  /** The state changed while the decision was made: look again. */
  | Readonly<{ kind: 'overtaken' }>

/** Raises `Unavailable`: whether it was accepted is then told by another look. */
export async function acceptIncident(
  ports: AcceptPorts,
  partition: number,
  decision: Decision,
): Promise<AcceptFate> {
  const { store, clock, random } = ports
  const checked = await checkPartition(ports, partition)
  const { incident } = checked
  if (incident === undefined) return { kind: 'no-incident' }
  const why = refusalOf(incident, checked, decision)
  if (why !== undefined) return { kind: 'refused', incident, why }
  const loaded = await loadedFrom(store, partition)
  if (!isSameCursor(loaded?.cursor, checked.cursor)) return { kind: 'overtaken' }
  const isIncomplete = loaded instanceof IncompleteState
  if (isIncomplete && !(await store.clear(partition, loaded.cursor))) return { kind: 'overtaken' }
  const whole = isIncomplete ? undefined : loaded
  const continuedAt = decision.from ?? checked.earliest
  const { kind, fromOffset, toOffset } = incident
  const atMs = clock.nowMs()
  const acceptance = { kind, fromOffset, toOffset, continuedAt, atMs, by: decision.by }
  const known = whole === undefined ? await freshMeta(ports, continuedAt) : decodeMeta(whole.meta)
  const meta = metaWith({ ...known, accepted: checked.accepted }, acceptance)
  const cursor = {
    offset: continuedAt,
    version: (checked.cursor?.version ?? 0) + 1,
    writer: random.writerId(),
  }
  const result = await store.commit(partition, commitOf(whole?.cursor, cursor, meta))
  if (result.kind === 'refused') return { kind: 'overtaken' }
  return { kind: 'accepted', partition, acceptance, cursor }
}

/** What may be read again is never skipped, and keys are never told apart by an acceptance. */
function refusalOf(
  { kind }: Incident,
  { earliest, end }: Checked,
  { kind: expected, from }: Decision,
): string | undefined {
  if (expected !== undefined && expected !== kind) return `it is ${kind}, not ${expected}`
  if (kind === 'partition-count') {
    return 'keys lie in other partitions now, so the accounts would be told apart from their events: that is a migration'
  }
  if (from === undefined) return undefined
  if (from < earliest || from > end) return `the log holds ${earliest} to ${end}, not ${from}`
  const isAlwaysWhole = kind === 'retention-gap' || kind === 'state-lost'
  if (isAlwaysWhole && from !== earliest) {
    return `what can still be read is not skipped: it goes on at ${earliest}`
  }
  return undefined
}

/** Of a partition whose state is gone. */
async function freshMeta({ look, fold }: AcceptPorts, origin: number): Promise<Meta> {
  return {
    partitionCount: await look.partitionCount(),
    origin,
    sequence: 0,
    mark: undefined,
    fingerprint: undefined,
    policy: undefined,
    memory: fold.encodePartition(fold.newPartition()),
  }
}

function metaWith(known: Meta, acceptance: Acceptance): Uint8Array {
  const accepted = [...(known.accepted ?? []), acceptance].slice(-ACCEPTANCES_MAX)
  // The record folded last is not before the new position: with the next commit there is another.
  return encodeMeta({ ...known, fingerprint: undefined, accepted })
}

function commitOf(expected: Cursor | undefined, next: Cursor, meta: Uint8Array): Commit {
  return {
    expected,
    next,
    meta,
    fields: [],
    dueAdded: [],
    dueDropped: [],
    outboxAdded: [],
    outboxDropped: [],
  }
}
