/** Folds a history as the service does, commit by commit, and keeps what the store would hold. */
import { createFold, SECTIONS } from '../src/core/fold.ts'
import type { Account } from '../src/core/account.ts'
import type { Policy } from '../src/core/policy.ts'
import type { EpochMs } from '../src/core/time.ts'
import { TENANT_DEFAULT } from '../src/events/envelope.ts'
import { decode } from '../src/events/decode.ts'
import type { History } from './memory-histories.ts'

export type Stored = Readonly<{
  merchantId: string
  account: Account
  /** By section. */
  sections: ReadonlyMap<string, Uint8Array>
  /** Bytes that each sale of the last day wrote. */
  rewritten: readonly number[]
  /** Hours at which the due index lists it. */
  warnings: number
}>

/** Told by no event. */
export const TENANT = TENANT_DEFAULT
const DAY_MS = 86_400_000

export function createFolder(policy: Policy) {
  const fold = createFold(policy)

  return (history: History): Stored => {
    const { merchantId, events, untilMs } = history
    const memory = fold.newPartition()
    const account = fold.newAccount(TENANT, merchantId)
    const sections = new Map<string, Uint8Array>()
    const rewritten: number[] = []
    let warnings = 0

    /** Bytes written. */
    function commit(): number {
      let size = 0
      for (const [section, bytes] of fold.encodeChanged(account)) {
        if (bytes === undefined) sections.delete(section)
        else sections.set(section, bytes)
        size += bytes?.length ?? 0
      }
      return size
    }
    /** Each timer at its own instant and in a commit of its own, as a sweep would. */
    function fire(clockMs: EpochMs): void {
      for (;;) {
        const wakeMs = fold.wakeMs(account)
        if (wakeMs + fold.graceMs > clockMs) break
        memory.clockMs = Math.max(memory.clockMs, wakeMs + fold.graceMs)
        warnings += fold.timers(memory, account).warnings.length
        commit()
      }
      memory.clockMs = Math.max(memory.clockMs, clockMs)
    }

    for (const { line, arrivedMs, isSale } of events) {
      fire(arrivedMs)
      const bytes = Buffer.from(line)
      const record = {
        offset: 0,
        key: undefined,
        value: bytes,
        headers: [],
        timestampMs: arrivedMs,
      }
      const read = decode(record, { keyOptional: true })
      if (read.kind !== 'event') throw new Error(`refused: ${JSON.stringify(read)} ${line}`)
      warnings += fold.event(memory, account, read.event, arrivedMs).warnings.length
      const size = commit()
      if (isSale && arrivedMs > untilMs - DAY_MS) rewritten.push(size)
    }
    fire(untilMs)
    return { merchantId, account, sections, rewritten, warnings }
  }
}

export const sizesOf = ({ sections }: Stored): number[] =>
  SECTIONS.map((section) => sections.get(section)?.length ?? 0)
