/** What a simulated run ought to have said: the same log in one loop, without batches, store or heap. */
import type { Account } from '../../src/core/account.ts'
import { SECTIONS } from '../../src/core/fold.ts'
import type { Fold } from '../../src/core/fold.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { OTHER_POLICY, toyFold } from '../support/toy-fold.ts'
import { textOf, toyDecode, toyWording } from './simulate.ts'
import type { Outcome } from './simulate.ts'

/** Another policy judges from the offset on, and at the instant, that the run noted. */
export function foldPlainly({ log, untilMs, marks }: Pick<Outcome, 'log' | 'untilMs' | 'marks'>) {
  const ids: string[] = []
  const accounts = new Map<string, unknown>()
  const offsets = log.map((records, partition) => {
    const known = new Map<string, Account>()
    const mark = marks[partition]
    let fold = toyFold()
    const memory = fold.newPartition()
    const say = (warnings: readonly WarningRecord[]): void => {
      for (const it of warnings)
        ids.push(toyWording.render(it, { lateSeconds: 0, recordedMs: 0 }).id)
    }
    let offset = 0
    function change(): void {
      if (mark?.hash !== OTHER_POLICY.hash || offset !== mark.offset) return
      // At the end of the run: that stretch counts as seen.
      const isLooking = mark.atMs < untilMs
      fireBy(fold, memory, known, mark.atMs, isLooking, say)
      memory.clockMs = Math.max(memory.clockMs, mark.atMs)
      if (isLooking) fold.look(memory, memory.clockMs)
      fold = toyFold({}, OTHER_POLICY)
      for (const account of known.values()) say(fold.policy(memory, account, mark.atMs).warnings)
    }
    for (const record of records) {
      change()
      if ((record.timestampMs ?? 0) > untilMs) break
      offset++
      const decoded = toyDecode(record)
      if (decoded.kind === 'dead')
        ids.push(toyWording.deadLetter(decoded.reason, record, partition).id)
      if (decoded.kind !== 'event') continue
      const arrivedMs = record.timestampMs ?? 0
      fireBy(fold, memory, known, arrivedMs, true, say)
      const { tenant, merchantId } = decoded.event
      if (merchantId === '*') {
        memory.clockMs = Math.max(memory.clockMs, arrivedMs)
        fold.look(memory, memory.clockMs)
        continue
      }
      const key = `${tenant}\n${merchantId}`
      const account = known.get(key) ?? fold.newAccount(tenant, merchantId)
      known.set(key, account)
      say(fold.event(memory, account, decoded.event, arrivedMs).warnings)
    }
    if (offset === records.length) change()
    fireBy(fold, memory, known, untilMs, false, say)
    for (const [key, account] of known) {
      const changed = new Map(fold.encodeChanged(account))
      accounts.set(key, textOf(SECTIONS.map((it) => changed.get(it))))
    }
    return offset
  })
  return { ids, accounts, offsets }
}

function fireBy(
  fold: Fold,
  memory: ReturnType<Fold['newPartition']>,
  known: ReadonlyMap<string, Account>,
  limitMs: number,
  isLooking: boolean,
  say: (warnings: readonly WarningRecord[]) => void,
): void {
  for (;;) {
    const ready = [...known].map(([key, it]) => [fold.readyMs(memory, it), key, it] as const)
    ready.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1))
    const [first] = ready
    if (first === undefined || first[0] + fold.graceMs > Math.max(limitMs, memory.clockMs)) return
    memory.clockMs = Math.max(memory.clockMs, first[0] + fold.graceMs)
    if (isLooking) fold.look(memory, memory.clockMs)
    if (fold.readyMs(memory, first[2]) <= memory.clockMs - fold.graceMs) {
      say(fold.timers(memory, first[2]).warnings)
    }
  }
}
