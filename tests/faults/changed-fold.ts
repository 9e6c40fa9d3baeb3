/** What a run ought to have said whose policy changed at a place of its log: in one plain loop. */
import type { Account } from '../../src/core/account.ts'
import { createFold } from '../../src/core/fold.ts'
import type { Fold, PartitionMemory } from '../../src/core/fold.ts'
import type { Policy } from '../../src/core/policy.ts'
import { createRenderer } from '../../src/core/record.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import type { PolicyMark } from '../../src/engine/policy-mark.ts'
import { decode } from '../../src/events/decode.ts'

export type Changed = Readonly<{
  /** The whole of one partition, in order. */
  lines: readonly string[]
  untilMs: number
  before: Policy
  after: Policy
  mark: PolicyMark
}>

/** Ids of the records, in the order of saying. */
export function idsOfChanged({ lines, untilMs, before, after, mark }: Changed): string[] {
  const ids: string[] = []
  const { structured } = createRenderer(before.zoneOf, 'default')
  const say = (warnings: readonly WarningRecord[]): void => {
    for (const it of warnings) ids.push(String(structured(it)['id']))
  }
  let fold = createFold(before)
  const memory = fold.newPartition()
  const known = new Map<string, Account>()
  for (const [offset, line] of lines.entries()) {
    if (offset === mark.offset) change()
    const record = { offset, key: undefined, value: Buffer.from(line), headers: [] }
    const read = decode({ ...record, timestampMs: undefined }, { keyOptional: true })
    if (read.kind !== 'event') continue
    const { event } = read
    const arrivedMs = event.receivedAtMs ?? event.timeMs
    fireBy(fold, memory, known, arrivedMs, true, say)
    const key = `${event.tenant}\n${event.merchantId}`
    const account = known.get(key) ?? fold.newAccount(event.tenant, event.merchantId)
    known.set(key, account)
    say(fold.event(memory, account, event, arrivedMs).warnings)
  }
  if (mark.offset === lines.length) change()
  fireBy(fold, memory, known, untilMs, false, say)
  return ids

  function change(): void {
    fireBy(fold, memory, known, mark.atMs, mark.atMs < untilMs, say)
    memory.clockMs = Math.max(memory.clockMs, mark.atMs)
    fold = createFold(after)
    for (const account of known.values()) say(fold.policy(memory, account, mark.atMs).warnings)
  }
}

function fireBy(
  fold: Fold,
  memory: PartitionMemory,
  known: ReadonlyMap<string, Account>,
  limitMs: number,
  isLooking: boolean,
  say: (warnings: readonly WarningRecord[]) => void,
): void {
  for (;;) {
    const [first] = [...known.values()]
      .filter((it) => fold.wakeMs(it) + fold.graceMs <= limitMs)
      .map((it) => ({ it, atMs: fold.readyMs(memory, it) }))
      .filter(({ atMs }) => atMs + fold.graceMs <= Math.max(limitMs, memory.clockMs))
      .toSorted((a, b) => a.atMs - b.atMs || (a.it.merchantId < b.it.merchantId ? -1 : 1))
    if (first === undefined) return
    memory.clockMs = Math.max(memory.clockMs, first.atMs + fold.graceMs)
    if (isLooking) fold.look(memory, memory.clockMs)
    if (fold.readyMs(memory, first.it) <= memory.clockMs - fold.graceMs) {
      say(fold.timers(memory, first.it).warnings)
    }
  }
}
