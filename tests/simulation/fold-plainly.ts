/** What a simulated run ought to have said: the same log in one loop, without batches, store or heap. */
import type { Account } from '../../src/core/account.ts'
import { SECTIONS } from '../../src/core/fold.ts'
import type { Fold } from '../../src/core/fold.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import type { PolicyMark } from '../../src/engine/policy-mark.ts'
import { toyDecode, toyWording } from '../support/toy-events.ts'
import { OTHER_POLICY, TOY_POLICY, toyFold } from '../support/toy-fold.ts'
import type { ToyPolicy } from '../support/toy-fold.ts'
import { textOf } from './simulate.ts'

export type Plainly = Readonly<{
  log: readonly (readonly RawRecord[])[]
  untilMs: number
  /** By partition: another policy judges from the offset on, and at the instant, that the run noted. */
  marks: readonly (PolicyMark | undefined)[]
  policies?: readonly [ToyPolicy, ToyPolicy]
  /** By partition: offset at which the fold begins. */
  origins?: readonly number[]
}>

export type Folded = Readonly<{
  /** By partition. */
  ids: readonly (readonly string[])[]
  accounts: ReadonlyMap<string, string>
  offsets: readonly number[]
}>

const DEFAULT_POLICIES = [TOY_POLICY, OTHER_POLICY] as const

export function foldPlainly(wanted: Plainly): Folded {
  const { log, untilMs, marks, policies = DEFAULT_POLICIES, origins = [] } = wanted
  const accounts = new Map<string, string>()
  const ids: string[][] = []
  const offsets = log.map((records, partition) => {
    const known = new Map<string, Account>()
    const mark = marks[partition]
    const origin = origins[partition] ?? 0
    let fold = toyFold({}, policies[0])
    const memory = fold.newPartition()
    const said: string[] = []
    ids.push(said)
    const say = (warnings: readonly WarningRecord[]): void => {
      for (const it of warnings)
        said.push(toyWording.render(it, { lateSeconds: 0, recordedMs: 0 }).id)
    }
    let offset = origin
    function change(): void {
      if (mark?.hash !== OTHER_POLICY.hash || offset !== mark.offset) return
      // At the end of the run: that stretch counts as seen.
      const isLooking = mark.atMs < untilMs
      fireBy(fold, memory, known, mark.atMs, isLooking, say)
      memory.clockMs = Math.max(memory.clockMs, mark.atMs)
      if (isLooking) fold.look(memory, memory.clockMs)
      fold = toyFold({}, policies[1])
      for (const account of known.values()) say(fold.policy(memory, account, mark.atMs).warnings)
    }
    for (const record of records.slice(origin)) {
      change()
      if ((record.timestampMs ?? 0) > untilMs) break
      offset++
      const decoded = toyDecode(record)
      if (decoded.kind === 'dead')
        said.push(toyWording.deadLetter(decoded.reason, record, partition).id)
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
    let first: readonly [number, string, Account] | undefined
    for (const [key, it] of known) {
      const atMs = fold.readyMs(memory, it)
      const isFirst =
        first === undefined || atMs < first[0] || (atMs === first[0] && key < first[1])
      if (isFirst) first = [atMs, key, it]
    }
    if (first === undefined || first[0] + fold.graceMs > Math.max(limitMs, memory.clockMs)) return
    memory.clockMs = Math.max(memory.clockMs, first[0] + fold.graceMs)
    if (isLooking) fold.look(memory, memory.clockMs)
    if (fold.readyMs(memory, first[2]) <= memory.clockMs - fold.graceMs) {
      say(fold.timers(memory, first[2]).warnings)
    }
  }
}
