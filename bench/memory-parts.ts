/** What the sections of an account hold, by part: what is saved when one is left out. */
import { newAccount } from '../src/core/account.ts'
import type { Account } from '../src/core/account.ts'
import { createEncoder, decodeAccount } from '../src/core/codec.ts'
import { DAY_WIDTH } from '../src/core/days.ts'
import { SECTIONS } from '../src/core/fold.ts'
import { dropRows } from '../src/core/rows.ts'
import type { Rows } from '../src/core/rows.ts'
import type { Stored } from './memory-fold.ts'

export type Part = Readonly<{ part: string; count: number; bytes: readonly number[] }>

type Emptied = Readonly<Record<string, (account: Account) => number>>

const EMPTY = newAccount('', '')

/** Takes a part out, and says how many items it had. */
const PARTS: Emptied = {
  'ids and swipes': ({ seen }) => {
    seen.stored = { rows: 0, forgotten: 0 }
    return emptied(seen.ids)
  },
  ring: ({ attempts }) => {
    attempts.words = []
    return emptied(attempts.entries)
  },
  'texts of declines': ({ attempts }) => attempts.texts.splice(0).length,
  panes: ({ panes }) => emptied(panes.rows),
  issuers: ({ panes }) => panes.issuers.splice(0).length,
  // The newest says where *past* ends.
  'days but the newest': ({ days: { rows } }) => {
    const old = Math.max(0, rows.count - 1)
    dropRows(rows, DAY_WIDTH, 0, old)
    return old
  },
  cards: ({ cards }) => cards.splice(0).reduce((sum, it) => sum + it.cards.count, 0),
  amounts: ({ amounts }) => amounts.splice(0).length / 2,
  'activity of terminals': ({ facts }) => {
    let count = 0
    for (const terminal of facts.terminals.values()) count += terminal.activity.splice(0).length
    return count
  },
  terminals: ({ facts }) => {
    const { size } = facts.terminals
    facts.terminals.clear()
    return size
  },
  'clocks and warnings': (account) => {
    const { size } = account.said
    account.said = new Map()
    return size
  },
  'other facts': (account) => {
    const { terminals } = account.facts
    account.facts = { ...EMPTY.facts, terminals }
    return 1
  },
}

function emptied(rows: Rows): number {
  const { count } = rows
  rows.count = 0
  return count
}

/** Of *past* and *now* together the split moves a little: what has become past is settled first. */
export function partsOf({ account, sections }: Stored): readonly Part[] {
  const stored = SECTIONS.map((section) => sections.get(section))
  const copy = () => decodeAccount(account.tenant, account.merchantId, stored)
  const whole = sizesIfWritten(copy())
  return Object.entries(PARTS).map(([part, empty]) => {
    const without = copy()
    const count = empty(without)
    const bytes = sizesIfWritten(without)
    return { part, count, bytes: whole.map((size, at) => size - bytes[at]!) }
  })
}

function sizesIfWritten(account: Account): number[] {
  account.dirty = { now: true, past: true, facts: true }
  const encoded = new Map(createEncoder()(account))
  return SECTIONS.map((section) => encoded.get(section)?.length ?? 0)
}
