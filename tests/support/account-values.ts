/** An account as plain values, wherever they are stored and whatever the room its rows were given. */
import type { Account } from '../../src/core/account.ts'
import { binAt, blockAt, countAt, NO_BIN, rowsOf } from '../../src/core/amount-rows.ts'
import { attemptAt } from '../../src/core/attempts.ts'
import { isQuiet } from '../../src/core/codec-facts.ts'
import { allCards } from '../../src/core/cards-of-day.ts'
import { readDay } from '../../src/core/days.ts'
import { PANE_WIDTH } from '../../src/core/panes.ts'
import type { Rows } from '../../src/core/rows.ts'
import { ID_WIDTH } from '../../src/core/seen-ids.ts'

export function valuesOf(account: Account) {
  const { seen, attempts, panes, days: _days, said, ...others } = account
  const { dirty: _, wakeMs: _wake, sold: _sold, isSmall: _small, ...known } = others
  const { pastTo: _to, chosen: _chosen, clocks: _clocks, ...rest } = known
  return {
    ...rest,
    said: spoken(said),
    cards: cardsOf(account),
    amounts: blocksOf(account),
    ids: bytesOf(seen.ids, ID_WIDTH),
    entries: entriesOf(account),
    texts: attempts.texts,
    panes: bytesOf(panes.rows, PANE_WIDTH),
    issuers: panes.issuers,
    days: talliesOf(account),
  }
}

/** Without what is as if it had never been asked for. */
function spoken(said: Account['said']) {
  const all = [...said].flatMap(([detector, subjects]) =>
    [...subjects].map(([subject, memory]) => [`${detector} ${subject}`, memory] as const),
  )
  return new Map(all.filter(([, it]) => it.nextMs !== Infinity || !isQuiet(it)))
}

const cardsOf = ({ cards: days }: Account) =>
  days.map(({ day, cards }) => ({ day, cards: new Map(allCards(cards)) }))

function blocksOf({ amounts }: Account) {
  const blocks = new Map<number, Map<number, number>>()
  for (let row = 0; row < rowsOf(amounts); row++) {
    const block = blockAt(amounts, row)
    const bins = blocks.get(block) ?? new Map<number, number>()
    blocks.set(block, bins)
    if (binAt(amounts, row) !== NO_BIN) bins.set(binAt(amounts, row), countAt(amounts, row))
  }
  return [...blocks].map(([block, bins]) => ({ block, bins }))
}

export const entriesOf = ({ attempts }: Account) =>
  Array.from({ length: attempts.entries.count }, (_, row) => attemptAt(attempts, row))

export const talliesOf = ({ days: { rows } }: Account) =>
  Array.from({ length: rows.count }, (_, row) => readDay(rows, row))

export const bytesOf = ({ bytes, count }: Rows, width: number): number[] => [
  ...bytes.subarray(0, count * width),
]
