/** Accounts as this version stores them, for later versions to read: one for each detector that has spoken. */
import type { Account } from '../../src/core/account.ts'
import { SECTIONS, createFold } from '../../src/core/fold.ts'
import { encodeMeta } from '../../src/engine/meta.ts'
import type { Meta } from '../../src/engine/meta.ts'
import { valuesOf } from './account-values.ts'
import { OPENINGS } from './clearing.ts'
import { POLICY } from './heard.ts'
import { history } from './history.ts'
import { play } from './watch.ts'

export type GoldenAccount = Readonly<{
  name: string
  /** In the order of SECTIONS, base64; null: none. */
  sections: readonly (string | null)[]
  wakeMs: number | string
  values: unknown
}>

export type GoldenState = Readonly<{
  accounts: readonly GoldenAccount[]
  meta: Readonly<{ bytes: string; notes: unknown }>
}>

const META: Meta = {
  ...{ partitionCount: 12, origin: 7, sequence: 99, mark: '0:41' },
  fingerprint: { offset: 40, hash: 2 ** 47 + 1 },
  policy: { hash: '9f2c41d07ab3', offset: 12, atMs: 1_750_000_000_000, isPending: true },
  memory: new Uint8Array([1, 2, 3]),
}

/** Of the version that runs. */
export function goldenState(): GoldenState {
  const accounts = Object.entries(OPENINGS).map(([name, opens]) => {
    const shop = history({ merchantId: 'M1' })
    shop.registers('2025-11-01T08:00')
    opens(shop)
    const { accounts: played } = play(shop.lines(), { policy: POLICY })
    const [account] = played.values()
    if (account === undefined) throw new Error(`${name}: no account`)
    return goldenAccount(name, account)
  })
  return { accounts, meta: { bytes: encodeMeta(META).toBase64(), notes: plain(META) } }
}

function goldenAccount(name: string, account: Account): GoldenAccount {
  const fold = createFold(POLICY)
  account.dirty.now = account.dirty.past = account.dirty.facts = true
  const changed = new Map(fold.encodeChanged(account))
  const sections = SECTIONS.map((it) => changed.get(it)?.toBase64() ?? null)
  return {
    name,
    sections,
    wakeMs: plain(fold.wakeMs(account)) as number,
    values: plain(valuesOf(account)),
  }
}

/** As JSON can hold it: maps as lists of pairs by name, infinities as words; what is undefined is left out. */
export function plain(value: unknown): unknown {
  if (value === Infinity || value === -Infinity) return String(value)
  if (value instanceof Map) return pairsOf(value)
  if (value instanceof Uint8Array) return value.toBase64()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, its]) => its !== undefined)
  return Object.fromEntries(members.map(([name, its]) => [name, plain(its)]))
}

/** A map that was decoded may have another order. */
function pairsOf(map: ReadonlyMap<unknown, unknown>): unknown {
  const pairs = [...map].map(([name, its]) => [String(name), plain(its)] as const)
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : 1))
}
