/** Plays a history through the real policy and fold, one partition, and keeps what was said. */
import { hash } from 'node:crypto'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { problemText } from '../../src/config/problem.ts'
import type { Account } from '../../src/core/account.ts'
import { createFold } from '../../src/core/fold.ts'
import type { Fold, Folded } from '../../src/core/fold.ts'
import type { Note } from '../../src/core/observer.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { EpochMs } from '../../src/core/time.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { decode } from '../../src/events/decode.ts'

const GRACE_MS = 60_000

/** The policies as shipped, with the defaults of the shipped service. */
export function shippedPolicy(): Policy {
  const loaded = loadPolicy([], DETECTORS, {
    graceMs: GRACE_MS,
    sha256: (text) => hash('sha256', text, 'hex'),
    defaults: { country: 'CN', zone: 'Asia/Shanghai', profile: 'default' },
  })
  if (loaded.kind === 'wrong') throw new Error(loaded.problems.map(problemText).join('\n'))
  return loaded.policy
}

export type Played = Readonly<{
  records: readonly WarningRecord[]
  accounts: ReadonlyMap<string, Account>
  notes: readonly Note[]
  duplicates: number
  dead: readonly string[]
}>

export type PlayOptions = Readonly<{
  untilMs?: EpochMs
  policy?: Policy
  /** Encodes and decodes every account after each of its steps. */
  isStored?: boolean
}>

/** `lines` in order of arrival: `receivedat`, else `time`. */
export function play(lines: Iterable<string>, options: PlayOptions = {}): Played {
  const { untilMs, policy = shippedPolicy(), isStored = false } = options
  const fold = createFold(policy)
  const memory = fold.newPartition()
  const accounts = new Map<string, Account>()
  const sections = new Map<string, Map<string, Uint8Array | undefined>>()
  const records: WarningRecord[] = []
  const notes: Note[] = []
  const dead: string[] = []
  let duplicates = 0

  function take({ warnings, fate, notes: noticed }: Folded): void {
    records.push(...warnings)
    notes.push(...noticed)
    if (fate === 'duplicate') duplicates++
    if (fate === 'id-reused') dead.push(fate)
  }
  function advance(clockMs: EpochMs, isLooking: boolean): void {
    memory.clockMs = Math.max(memory.clockMs, clockMs)
    for (;;) {
      const due = [...accounts]
        .map(([key, account]) => ({ key, account, atMs: fold.readyMs(memory, account) }))
        .filter(({ atMs }) => atMs <= memory.clockMs - GRACE_MS)
        .sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1))
      const [first] = due
      if (first === undefined) return
      const clock = memory.clockMs
      // One instant at a time, so that accounts take turns in the order of their instants.
      memory.clockMs = first.atMs + GRACE_MS
      if (isLooking) fold.look(memory, memory.clockMs)
      take(fold.timers(memory, first.account))
      memory.clockMs = clock
      keep(first.key, first.account)
    }
  }
  function keep(key: string, account: Account): void {
    if (!isStored) return
    const held = sections.get(key) ?? new Map<string, Uint8Array | undefined>()
    for (const [section, bytes] of fold.encodeChanged(account)) held.set(section, bytes)
    sections.set(key, held)
    accounts.set(key, decoded(fold, account, held))
  }

  for (const line of lines) {
    const record = { offset: 0, key: undefined, value: Buffer.from(line), headers: [] }
    const read = decode({ ...record, timestampMs: undefined }, { keyOptional: true })
    if (read.kind !== 'event') {
      dead.push(read.kind === 'dead' ? `${read.reason.code} ${read.reason.message}` : read.type)
      continue
    }
    const { event } = read
    const arrivedMs = event.receivedAtMs ?? event.timeMs
    if (untilMs !== undefined && arrivedMs > untilMs) break
    advance(arrivedMs, true)
    if (event.merchantId === '*') {
      fold.control(memory, event, arrivedMs)
      continue
    }
    const key = `${event.tenant}\n${event.merchantId}`
    const account = accounts.get(key) ?? fold.newAccount(event.tenant, event.merchantId)
    accounts.set(key, account)
    take(fold.event(memory, account, event, arrivedMs))
    keep(key, account)
  }
  // The stretch after the last record counts as seen.
  if (untilMs !== undefined) advance(untilMs, false)
  return { records, accounts, notes, duplicates, dead }
}

function decoded(
  fold: Fold,
  { tenant, merchantId }: Account,
  held: ReadonlyMap<string, Uint8Array | undefined>,
): Account {
  return fold.decodeAccount(
    tenant,
    merchantId,
    ['n', 'p', 'f'].map((it) => held.get(it)),
  )
}

/** `2026-03-16 00:00 terminal-inactivity terminal:T2:reverify opened notice`, in the account's zone. */
export function told(records: readonly WarningRecord[]): string[] {
  return records.map(({ atMs, zone, detector, subject, reason, stage, resolution }) => {
    const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone)
    const at = local.toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ')
    const what = reason === 'resolved' ? `${reason} ${resolution}` : reason
    const isEnd = reason === 'resolved' || reason === 'retracted'
    return `${at} ${detector} ${subject} ${what}${isEnd ? '' : ` ${stage}`}`
  })
}
