/** The section that changes at the first sale of a day, and when enough new ids have come. */
import type { Account } from './account.ts'
import { blockOf } from './amounts.ts'
import type { Reader, Writer } from './bytes.ts'
import { readBlocks, readCards, writeBlocks, writeCards } from './codec-amounts.ts'
import {
  panesBefore,
  readDays,
  readIds,
  readPanes,
  writeDays,
  writeIds,
  writePanes,
} from './codec-rows.ts'
import { dayAt } from './days.ts'

/** So many new ids stand in *now* before they move into *past*, all but a few. */
const FRESH_MAX = 32
const FRESH_LEFT = 4
/** And so many closed days and cards of them: of an account with little trade it all fits in one section. */
const CLOSED_DAYS_MAX = 4
const CLOSED_CARDS_MAX = 8

/** The day that is open is the newest of which anything is known. */
function openDayOf({ days: { rows } }: Account): number {
  return rows.count === 0 ? 0 : dayAt(rows, rows.count - 1)
}

/** Before *now* is written: what has become past moves there, and that is then written with it. */
export function settle(account: Account): void {
  const { seen, dirty } = account
  const { ids, stored } = seen
  const openDay = openDayOf(account)
  if (account.pastTo > openDay || hasClosed(account, openDay)) dirty.past = true
  if (ids.count - stored.rows > FRESH_MAX) dirty.past = true
  if (!dirty.past) return
  account.pastTo = openDay
  stored.rows = Math.max(stored.rows, ids.count - FRESH_LEFT)
  stored.forgotten = 0
}

function hasClosed({ days: { rows }, cards, pastTo }: Account, openDay: number): boolean {
  if (pastTo === openDay) return false
  const row = rows.count - 1 - CLOSED_DAYS_MAX
  if (row > 0 && dayAt(rows, row) >= pastTo) return true
  return cards.some(
    (it) => it.day >= pastTo && it.day < openDay && it.cards.count > CLOSED_CARDS_MAX,
  )
}

export function writePast(writer: Writer, account: Account): void {
  const { seen, days, amounts, cards, panes, pastTo } = account
  writeIds(writer, seen.ids, 0, seen.stored.rows)
  writeDays(writer, days, -Infinity, pastTo)
  writePanes(writer, panes, -Infinity, panesBefore(pastTo))
  writeBlocks(writer, amounts, -Infinity, blockOf(pastTo))
  writeCards(writer, cards, -Infinity, pastTo)
}

export function readPast(reader: Reader, account: Account): void {
  const { seen } = account
  readIds(reader, seen.ids)
  seen.stored.rows = seen.ids.count
  readDays(reader, account.days)
  readPanes(reader, account.panes)
  readBlocks(reader, account.amounts)
  readCards(reader, account.cards)
}
