/** The whole fold of one file in memory: no store, no wall clock. What it tells, `run` tells too. */
import type { Account } from '../core/account.ts'
import type { Fold, Folded, PartitionMemory } from '../core/fold.ts'
import type { RawRecord } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import type { DeadReason, TerminalEvent } from '../events/event.ts'
import { CONTROL, accountKey, arrivalOf } from './arrival.ts'
import type { Decode } from './dependencies.ts'
import { createWakeHeap } from './wake-heap.ts'

export type ReplayOptions = Readonly<{
  /** The first record that arrived later ends the input, and the arrival clock ends here. Inclusive. */
  untilMs?: EpochMs
  /** In the order of firing and folding. */
  onWarning: (record: WarningRecord) => void
  /** `line` counts from 1. */
  onDead: (reason: DeadReason, record: RawRecord, line: number) => void
  /** After each event and each firing of timers, for who watches one account. It must not be changed. */
  onFolded?: (folded: Folded, account: Account, memory: PartitionMemory) => void
  /** After each batch. */
  onProgress?: (so: ReplaySummary) => void
}>

export type ReplaySummary = Readonly<{
  /** Records read, those after the end not counted. */
  records: number
  applied: number
  duplicate: number
  dead: number
  unknownType: number
  warnings: number
  accounts: number
  clockMs: EpochMs
}>

type ReplayedAccount = { readonly key: string; readonly account: Account; scheduledMs: EpochMs }

const ID_REUSED: DeadReason = {
  code: 'id-reused',
  stage: 'apply',
  path: 'id',
  message: 'Another event of this source has the same id: give each event an id of its own.',
  hasCardData: false,
}

export async function replayRecords(
  fold: Fold,
  batches: AsyncIterable<readonly RawRecord[]>,
  decode: Decode,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  const replay = createReplay(fold, decode, options)
  for await (const batch of batches) {
    const isAtEnd = replay.batch(batch)
    options.onProgress?.(replay.summary())
    if (isAtEnd) break
  }
  replay.end()
  return replay.summary()
}

function createReplay(fold: Fold, decode: Decode, options: ReplayOptions) {
  const { onWarning, onDead, onFolded, untilMs = Infinity } = options
  const memory = fold.newPartition()
  const tenants = new Map<string, Map<string, ReplayedAccount>>()
  const heap = createWakeHeap<ReplayedAccount>()
  const held = new Set<ReplayedAccount>()
  let endings = 0
  const counts = { records: 0, applied: 0, duplicate: 0, dead: 0, unknownType: 0 }
  let warnings = 0
  let accounts = 0

  /** True: a record later than the end was met. */
  function batch(records: readonly RawRecord[]): boolean {
    for (const record of records) {
      const decoded = decode(record)
      const event = decoded.kind === 'event' ? decoded.event : undefined
      const arrivedMs = event ? arrivalOf(record, event, 'envelope') : record.timestampMs
      if (arrivedMs !== undefined && arrivedMs > untilMs) return true
      counts.records++
      if (decoded.kind === 'event') foldEvent(record, decoded.event, arrivedMs as EpochMs)
      else if (decoded.kind === 'dead') bury(decoded.reason, record)
      else counts.unknownType++
    }
    return false
  }

  function foldEvent(record: RawRecord, event: TerminalEvent, arrivedMs: EpochMs): void {
    fireDueBy(arrivedMs, true)
    if (event.merchantId === CONTROL) {
      fold.control(memory, event, arrivedMs)
      counts.applied++
      return release()
    }
    const entry = take(event.tenant, event.merchantId)
    const folded = fold.event(memory, entry.account, event, arrivedMs)
    if (folded.fate === 'id-reused') bury(ID_REUSED, record)
    else counts[folded.fate]++
    tell(folded, entry.account)
    schedule(entry)
    release()
  }

  function bury(reason: DeadReason, record: RawRecord): void {
    counts.dead++
    onDead(reason, record, record.offset + 1)
  }

  function take(tenant: string, merchantId: string): ReplayedAccount {
    let merchants = tenants.get(tenant)
    if (merchants === undefined) tenants.set(tenant, (merchants = new Map()))
    let entry = merchants.get(merchantId)
    if (entry === undefined) {
      const key = accountKey(tenant, merchantId)
      entry = { key, account: fold.newAccount(tenant, merchantId), scheduledMs: Infinity }
      merchants.set(merchantId, entry)
      accounts++
    }
    return entry
  }

  function tell(folded: Folded, account: Account): void {
    for (const record of folded.warnings) {
      warnings++
      onWarning(record)
    }
    onFolded?.(folded, account, memory)
  }

  function schedule(entry: ReplayedAccount): void {
    const wakeMs = fold.wakeMs(entry.account)
    // A later wake is found out when the earlier one comes up.
    if (wakeMs < entry.scheduledMs) plan(entry, wakeMs)
  }

  function plan(entry: ReplayedAccount, atMs: EpochMs): void {
    entry.scheduledMs = atMs
    if (atMs !== Infinity) heap.push(atMs, entry)
  }

  /** Fires, in the order (due, tenant, merchantId), what is due by an arrival less the grace. */
  function fireDueBy(arrivedMs: EpochMs, isLooking: boolean): void {
    const limitMs = Math.max(arrivedMs, memory.clockMs)
    while (heap.firstMs() + fold.graceMs <= limitMs) {
      const atMs = heap.firstMs()
      const entry = heap.pop()
      // Planned earlier in the meantime: that one stands in the heap too.
      if (entry === undefined || entry.scheduledMs !== atMs) continue
      const wakeMs = fold.wakeMs(entry.account)
      if (wakeMs > atMs) {
        plan(entry, wakeMs)
        continue
      }
      moveClock(atMs + fold.graceMs, isLooking)
      fire(entry)
    }
  }

  function moveClock(toMs: EpochMs, isLooking: boolean): void {
    memory.clockMs = Math.max(memory.clockMs, toMs)
    if (isLooking) fold.look(memory, memory.clockMs)
  }

  function fire(entry: ReplayedAccount): void {
    const { account } = entry
    const dueByMs = memory.clockMs - fold.graceMs
    if (fold.readyMs(memory, account) <= dueByMs) tell(fold.timers(memory, account), account)
    const readyMs = fold.readyMs(memory, account)
    if (readyMs <= dueByMs) throw new Error('firing its timers left an account due')
    const wakeMs = fold.wakeMs(account)
    if (wakeMs > dueByMs) return plan(entry, wakeMs)
    // Something due is held back; what is not concerned goes on.
    held.add(entry)
    plan(entry, readyMs)
  }

  function release(): void {
    if (fold.endings(memory) === endings) return
    endings = fold.endings(memory)
    for (const entry of held) schedule(entry)
    held.clear()
  }

  function end(): void {
    // The stretch after the last record counts as seen: no look.
    fireDueBy(untilMs === Infinity ? memory.clockMs : untilMs, false)
    if (untilMs !== Infinity) moveClock(untilMs, false)
  }

  return {
    batch,
    end,
    summary: () => ({ ...counts, warnings, accounts, clockMs: memory.clockMs }),
  }
}
