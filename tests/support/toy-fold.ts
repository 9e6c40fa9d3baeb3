/**
 * A fold with nothing to it but what the engine must get right: counts that a record folded twice or
 * not at all would falsify, timers of absence and others, and a partition that can be blind.
 */
import { newAccount } from '../../src/core/account.ts'
import type { Account } from '../../src/core/account.ts'
import type { Fold, Folded, PartitionMemory } from '../../src/core/fold.ts'
import { newSight, releaseMs } from '../../src/core/sight.ts'
import { newSilence } from '../../src/core/silence.ts'
import type { WarningRecord } from '../../src/core/warning.ts'

export const GRACE_MS = 1_000

/** Silence of an account is told after these. `before`: as the policy had it that this one replaces. */
export type ToyPolicy = Readonly<{
  hash: string
  silentMs: readonly number[]
  before?: readonly number[]
  reviewMs: number
  /** A partition without a record for so long sees nothing. */
  blindAfterMs: number
}>
const PACE = { reviewMs: 60_000, blindAfterMs: 25_000 }
export const TOY_POLICY: ToyPolicy = { hash: 'toy', silentMs: [20_000, 50_000], ...PACE }
export const OTHER_POLICY: ToyPolicy = {
  ...{ hash: 'other', silentMs: [35_000, 40_000, 45_000], before: TOY_POLICY.silentMs, ...PACE },
}

/** The same in a life so many times as fast. */
export function hastened(policy: ToyPolicy, times: number): ToyPolicy {
  const { hash, silentMs, before, reviewMs, blindAfterMs } = policy
  return {
    hash,
    silentMs: silentMs.map((ms) => ms / times),
    ...(before === undefined ? {} : { before: before.map((ms) => ms / times) }),
    reviewMs: reviewMs / times,
    blindAfterMs: blindAfterMs / times,
  }
}

const COUNT_EVERY = 5

type Toy = {
  count: number
  /** Changes with every event, by where it stood: order matters. */
  mix: number
  lastMs: number
  told: number
  reviewMs: number
  /** When silence is told next: as the policy had it that looked last. */
  silentMs: number
  sequence: number
  policy: string
}
type ToyAccount = Account & { toy: Toy; stored: string[] }
type ToyMemory = PartitionMemory & { lastMs: number; folded: number }
type Rules = Pick<ToyPolicy, 'silentMs' | 'reviewMs'> & Readonly<{ dueAfterMs: number }>

export type ToyDefects = Readonly<{
  /** Hands out bytes that go on changing with the account. */
  isLeakingLiveBytes?: boolean
  /** A timer that is due to the very millisecond waits for the next one. */
  isLaterThanDue?: boolean
  /** An event counts as told when the host's clock says so, not when it arrived. */
  wallMs?: () => number
}>

export function toyFold(defects: ToyDefects = {}, policy = TOY_POLICY): Fold {
  const { hash, silentMs, before, reviewMs, blindAfterMs } = policy
  const rules: Rules = { silentMs, reviewMs, dueAfterMs: defects.isLaterThanDue === true ? 1 : 0 }
  return {
    graceMs: GRACE_MS,
    policyHash: hash,
    newPartition: () => memoryOf(-Infinity, -1e15, 0),
    encodePartition: (memory) =>
      json({
        ...(memory as ToyMemory),
        sight: undefined,
        spells: memory.sight.spells,
        since: memory.sight.blindSinceMs,
      }),
    decodePartition: (bytes) => {
      const { clockMs, lastMs, folded, spells, since } = parsed(bytes)
      const memory = memoryOf(clockMs ?? -Infinity, lastMs, folded)
      Object.assign(memory.sight, { spells, blindSinceMs: since })
      return memory
    },
    newAccount: (tenant, merchantId) => toyAccount(tenant, merchantId, NEW),
    decodeAccount: (tenant, merchantId, [now, , facts]) => {
      const account = toyAccount(tenant, merchantId, { ...NEW, ...parsed(now), ...parsed(facts) })
      account.stored = sectionsOf(account.toy)
      return account
    },
    encodeChanged: (account) => {
      const { toy, stored } = account as ToyAccount
      const [now = '', facts = ''] = sectionsOf(toy)
      const changed: ['n' | 'f', Uint8Array][] = []
      if (stored[0] !== now) changed.push(['n', live(account as ToyAccount, now)])
      if (stored[1] !== facts) changed.push(['f', new TextEncoder().encode(facts)])
      Object.assign(account, { stored: [now, facts] })
      return changed
    },
    event: (memory, account, event, loggedMs) => {
      const arrivedMs = defects.wallMs?.() ?? loggedMs
      const { toy } = account as ToyAccount
      const own = memory as ToyMemory
      own.clockMs = Math.max(own.clockMs, arrivedMs)
      look(own, own.clockMs, blindAfterMs)
      if (own.sight.blindSinceMs !== undefined) {
        own.sight.spells.push({ fromMs: own.sight.blindSinceMs, toMs: own.clockMs })
        own.sight.blindSinceMs = undefined
      }
      own.lastMs = Math.max(own.lastMs, own.clockMs)
      own.folded++
      const warnings = fire(own, account as ToyAccount, rules)
      toy.count++
      toy.mix = (Math.imul(toy.mix, 31) + (event.idHash % 9_973)) | 0
      toy.lastMs = Math.max(toy.lastMs, event.timeMs)
      toy.reviewMs = Math.min(toy.reviewMs, arrivedMs + reviewMs)
      if (toy.told > 0) warnings.push(record(account, 'silence', 'resolved', arrivedMs))
      toy.told = 0
      toy.silentMs = silentAt(toy, silentMs)
      if (toy.count % COUNT_EVERY === 0)
        warnings.push(record(account, 'count', 'opened', arrivedMs))
      refresh(account as ToyAccount)
      return folded(warnings)
    },
    timers: (memory, account) => {
      const warnings = fire(memory as ToyMemory, account as ToyAccount, rules)
      refresh(account as ToyAccount)
      return folded(warnings)
    },
    policy: (memory, account, atMs) => {
      // What the policy before had still to say, whoever sweeps: so its place alone decides.
      const { toy } = account as ToyAccount
      const isNew = toy.policy !== hash && before !== undefined
      const earlier = { ...rules, silentMs: before ?? silentMs }
      const warnings = isNew ? fire(memory as ToyMemory, account as ToyAccount, earlier) : []
      toy.policy = hash
      warnings.push(...judge(memory, account as ToyAccount, silentMs, atMs))
      refresh(account as ToyAccount)
      return folded(warnings)
    },
    look: (memory, atMs) => look(memory as ToyMemory, atMs, blindAfterMs),
    wakeMs: (account) => {
      const { toy } = account as ToyAccount
      return Math.min(toy.reviewMs, toy.silentMs)
    },
    readyMs,
    control: (memory, _event, arrivedMs) => {
      memory.clockMs = Math.max(memory.clockMs, arrivedMs)
      look(memory as ToyMemory, memory.clockMs, blindAfterMs)
    },
    isBlind: ({ sight }) => sight.blindSinceMs !== undefined,
    silences: () => [],
    endings: ({ sight }) => sight.spells.length,
    standing: (account) => ({ ...(account as ToyAccount).toy }),
  }

  function live(account: ToyAccount, text: string): Uint8Array {
    if (defects.isLeakingLiveBytes !== true) return new TextEncoder().encode(text)
    LIVE.set(account, LIVE.get(account) ?? new Uint8Array(200))
    refresh(account)
    return LIVE.get(account) as Uint8Array
  }

  function refresh(account: ToyAccount): void {
    const text = sectionsOf(account.toy)[0] ?? ''
    LIVE.get(account)?.set(new TextEncoder().encode(text.padEnd(200)))
  }
}

/** What a toy account remembers, for comparison. */
export function toyOf(account: Account): unknown {
  return (account as ToyAccount).toy
}

export function foldedOf(memory: PartitionMemory): number {
  return (memory as ToyMemory).folded
}

const LIVE = new WeakMap<ToyAccount, Uint8Array>()
/** JSON has no infinity. */
const NEVER = 1e15
const NEW: Toy = {
  count: 0,
  mix: 7,
  lastMs: -1,
  told: 0,
  reviewMs: NEVER,
  silentMs: NEVER,
  sequence: 0,
  policy: '',
}

/** The stage that silence has reached by now under a policy: told at once, or not told any more. */
function judge(
  { sight }: PartitionMemory,
  account: ToyAccount,
  silentMs: readonly number[],
  atMs: number,
): WarningRecord[] {
  const { toy } = account
  const isReached = (ms: number): boolean => releaseMs(sight, toy.lastMs + ms) <= atMs - GRACE_MS
  const reached = toy.lastMs < 0 ? 0 : silentMs.filter(isReached).length
  toy.silentMs = silentAt({ ...toy, told: reached }, silentMs)
  const reason = reached > toy.told ? 'opened' : 'resolved'
  if (reached === toy.told) return []
  toy.told = reached
  return [record(account, 'silence', reason, atMs)]
}

function fire(
  memory: ToyMemory,
  account: ToyAccount,
  { silentMs, reviewMs, dueAfterMs }: Rules,
): WarningRecord[] {
  const { toy } = account
  const warnings: WarningRecord[] = []
  for (;;) {
    const atMs = readyMs(memory, account)
    if (atMs > memory.clockMs - GRACE_MS - dueAfterMs) return warnings
    if (toy.reviewMs <= atMs) {
      toy.reviewMs += reviewMs
      // Every second one says something; the last of them ends it.
      if (toy.count % 2 === 1) warnings.push(record(account, 'review', 'opened', atMs))
      if (toy.reviewMs > toy.lastMs + 3 * reviewMs) toy.reviewMs = NEVER
    } else {
      toy.told++
      toy.silentMs = silentAt(toy, silentMs)
      warnings.push(record(account, 'silence', 'opened', atMs))
    }
  }
}

function readyMs({ sight }: PartitionMemory, account: Account): number {
  const { reviewMs, silentMs } = (account as ToyAccount).toy
  return Math.min(reviewMs, silentMs === NEVER ? NEVER : releaseMs(sight, silentMs))
}

function silentAt({ lastMs, told }: Toy, silentMs: readonly number[]): number {
  const ms = silentMs[told]
  return lastMs < 0 || ms === undefined ? NEVER : lastMs + ms
}

function look({ sight, lastMs }: ToyMemory, atMs: number, blindAfterMs: number): void {
  const blindMs = lastMs + blindAfterMs
  if (sight.blindSinceMs === undefined && lastMs > 0 && atMs > blindMs) sight.blindSinceMs = blindMs
}

function memoryOf(clockMs: number, lastMs: number, count: number): ToyMemory {
  return { clockMs, sight: newSight(), silence: newSilence(), lastMs, folded: count }
}

function toyAccount(tenant: string, merchantId: string, toy: Toy): ToyAccount {
  return { ...newAccount(tenant, merchantId), toy: { ...toy }, stored: [] }
}

function folded(warnings: readonly WarningRecord[]): Folded {
  return { fate: 'applied', warnings, isStandingChanged: warnings.length > 0, notes: [] }
}

function record(
  account: Account,
  detector: string,
  reason: 'opened' | 'resolved',
  atMs: number,
): WarningRecord {
  const { toy, tenant, merchantId } = account as ToyAccount
  return {
    ...{ tenant, merchantId, detector, detectorVersion: 1, subject: 'account', reason },
    ...{ stage: 'notice', openedMs: atMs, openedBy: 'toy', atMs, sequence: ++toy.sequence },
    ...{ zone: 'UTC', consequence: 'none', value: toy.count, source: 'toy', audience: [] },
    ...{ terminalIds: [], profile: 'toy', policyHash: 'toy' },
    isAbsence: detector === 'silence' && reason === 'opened',
  }
}

function sectionsOf({ count, mix, lastMs, ...rest }: Toy): string[] {
  return [JSON.stringify({ count, mix, lastMs }), JSON.stringify(rest)]
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function parsed(bytes: Uint8Array | undefined) {
  return bytes === undefined ? {} : JSON.parse(new TextDecoder().decode(bytes))
}
