/** What the next commit will carry: changed accounts, entries for the outbox, and the new place. */
import type { Folded } from '../core/fold.ts'
import type { Commit, OutboxEntry, OutputTopic, RawRecord } from '../core/ports.ts'
import { createZones } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import type { DeadReason } from '../events/event.ts'
import type { CachedAccount } from './account-cache.ts'
import type { EngineDeps, Proof, Rendered } from './dependencies.ts'
import type { DueIndex } from './due-index.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { LifeState } from './life-state.ts'
import { encodeMeta } from './meta.ts'
import type { Acknowledged } from './relay.ts'
import { fieldOf, storedKey } from './stored-names.ts'

export type OpenBatch = Readonly<{
  /** Takes note that a step may have changed the account. */
  add: (entry: CachedAccount, folded: Folded) => void
  /** Words what a step decided, as told at the wall's `nowMs`; absences carry the proof. */
  say: (warnings: readonly WarningRecord[], nowMs: EpochMs, proof: Proof) => void
  bury: (reason: DeadReason, record: RawRecord) => void
  /** One dead letter for the offsets `[fromOffset, nextOffset)`, which cannot be read. */
  buryStretch: (fromOffset: number, nextOffset: number, why: string) => void
  /** A record was passed, whatever became of it; or a timer was fired. */
  count: () => void
  eventCount: () => number
  /** Those that a step may have changed. */
  accountCount: () => number
  outboxCount: () => number
  /** Nothing that is worth a commit of its own. */
  isEmpty: () => boolean
  /** Encodes and starts anew. Bytes leave, not accounts: the next batch changes these. */
  take: (acknowledged: Acknowledged) => Commit
}>

export function createOpenBatch(deps: EngineDeps, life: LifeState, index: DueIndex): OpenBatch {
  const { fold, observer } = deps
  const zones = createZones()
  let dirty: CachedAccount[] = []
  let outbox: OutboxEntry[] = []
  let events = 0

  function put(topic: OutputTopic, rendered: Rendered): void {
    outbox.push({ sequence: life.sequence++, topic, ...rendered })
  }

  function say(warnings: readonly WarningRecord[], nowMs: EpochMs, proof: Proof): void {
    for (const record of warnings) {
      const lateMs = nowMs - record.atMs
      const lateSeconds = lateMs <= 2 * fold.graceMs ? 0 : Math.floor(lateMs / 1_000)
      const emission = { lateSeconds, recordedMs: nowMs }
      const proven = record.isAbsence ? { proof: { ...proof, state: stateAt(nowMs, proof) } } : {}
      put('warnings', deps.render(record, { ...emission, ...proven }))
      observer.warning(record, leadMs(record))
    }
  }

  /** A record that proves and arrived long ago: this is not the present. */
  function stateAt(nowMs: EpochMs, { wallMs }: Proof): 'ok' | 'catching-up' | 'blind' {
    if (fold.isBlind(life.memory)) return 'blind'
    const isBehind = !life.isProven || nowMs - wallMs > 2 * fold.graceMs
    return isBehind ? 'catching-up' : 'ok'
  }

  function leadMs({ consequenceOn, zone, atMs }: WarningRecord): number | undefined {
    return consequenceOn === undefined ? undefined : zones(zone).startMs(consequenceOn) - atMs
  }

  function add(entry: CachedAccount, folded: Folded): void {
    if (!entry.isDirty) {
      entry.isDirty = true
      dirty.push(entry)
    }
    if (folded.isStandingChanged) entry.isStandingChanged = true
    for (const note of folded.notes) observer.note(note)
  }

  function bury(reason: DeadReason, record: RawRecord): void {
    put('deadLetters', deps.deadLetter(reason, record, life.partition))
    observer.deadLetter(reason.code)
  }

  function buryStretch(offset: number, nextOffset: number, why: string): void {
    const message = `Offsets ${offset} to ${nextOffset - 1} cannot be read: ${why}`.slice(0, 512)
    const nothing = { key: undefined, value: undefined, headers: [], timestampMs: undefined }
    bury(
      { code: 'batch-unreadable', stage: 'decode', message, hasCardData: false },
      { offset, ...nothing },
    )
    observer.outcome('dead', nextOffset - offset)
    events++
  }

  function tellStanding({ key, account }: CachedAccount, version: number): void {
    const [tenant = '', merchantId = ''] = key.split('\n')
    const at = { tenant, merchantId, offset: life.position, version }
    const rendered = deps.renderStanding(fold.standing(account), at)
    put('standing', { id: `${key}\n${at.offset}\n${version}`, ...rendered })
  }

  function take({ sequences, mark }: Acknowledged): Commit {
    const expected = life.cursor
    const version = (expected?.version ?? 0) + 1
    const next = { offset: life.position, version, writer: life.writer }
    const fields: [string, Uint8Array | undefined][] = []
    for (const entry of dirty) {
      for (const [section, bytes] of fold.encodeChanged(entry.account)) {
        fields.push([fieldOf(entry.key, section), bytes])
      }
      index.update(entry)
      if (entry.isStandingChanged) tellStanding(entry, version)
      entry.isDirty = entry.isStandingChanged = false
      entry.version = version
    }
    const changes = index.takeChanges(index.bucketOf(life.memory.clockMs - fold.graceMs))
    if (life.lastRecord !== undefined) life.fingerprint = fingerprintOf(life.lastRecord)
    const { partitionCount, origin, accepted, fingerprint, policy, sequence } = life
    const memory = fold.encodePartition(life.memory)
    const known = accepted.length > 0 ? { accepted } : {}
    const meta = { partitionCount, origin, sequence, mark, fingerprint, policy, ...known, memory }
    const commit: Commit = {
      expected,
      next,
      meta: encodeMeta(meta),
      fields,
      dueAdded: changes.added.map(([bucket, key]) => [bucket, storedKey(key)]),
      dueDropped: changes.dropped,
      outboxAdded: outbox,
      outboxDropped: sequences,
    }
    life.cursor = next
    life.lastRecord = undefined
    dirty = []
    outbox = []
    events = 0
    return commit
  }

  return {
    add,
    say,
    bury,
    buryStretch,
    take,
    count: () => {
      events++
    },
    eventCount: () => events,
    accountCount: () => dirty.length,
    outboxCount: () => outbox.length,
    isEmpty: () => events === 0 && outbox.length === 0 && !index.hasChanges(),
  }
}
