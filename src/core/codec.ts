/** An account as bytes, in sections by how often they change; each begins with its version. */
import { newAccount } from './account.ts'
import type { Account } from './account.ts'
import { createReader, createWriter } from './bytes.ts'
import type { Reader, Writer } from './bytes.ts'
import { readFacts, writeFacts } from './codec-facts.ts'
import { readLittle, readNow, writeLittle, writeNow } from './codec-now.ts'
import { readPast, settle, writePast } from './codec-past.ts'
import type { Section } from './fold.ts'
import { emptySeenIds } from './seen-ids.ts'

/** Of every section, and noted of each partition. A newer one is refused before anything is written. */
export const STATE_VERSION = 3
/** What is older is not read. 3 has the form of 2: since then the store counts what it holds. */
export const OLDEST_STATE_VERSION = 2

type Changed = (readonly [Section, Uint8Array | undefined])[]

/**
 * Those that differ from their last encoding, as bytes that no later fold changes; undefined: now empty. What
 * has been quiet for long is small, and is in one section.
 */
export function createEncoder(): (account: Account) => Changed {
  const writer = createWriter()
  return (account) => {
    const { dirty } = account
    const sections: Changed = []
    const isSmall = isLittle(account)
    if (isSmall !== account.isSmall) dirty.now = dirty.past = dirty.facts = true
    account.isSmall = isSmall
    if (isSmall) beginAnew(account)
    // A clock that is quiet is kept in *now*, one that has spoken in *facts*: it may have moved.
    if (dirty.past || dirty.facts) dirty.now = true
    if (dirty.facts) account.clocks = undefined
    if (dirty.now && isSmall) dirty.facts = true
    else if (dirty.now) settle(account)
    if (dirty.now) sections.push(['n', isSmall ? undefined : encoded(writeNow, account)])
    if (dirty.past) sections.push(['p', isSmall ? undefined : encoded(writePast, account)])
    if (dirty.facts) sections.push(['f', encoded(writeAll, account)])
    dirty.now = dirty.past = dirty.facts = false
    return sections
  }

  function encoded(write: (writer: Writer, account: Account) => void, account: Account) {
    writer.count(STATE_VERSION)
    write(writer, account)
    return writer.take()
  }
}

function writeAll(writer: Writer, account: Account): void {
  writeFacts(writer, account)
  writer.flag(account.isSmall)
  if (account.isSmall) writeLittle(writer, account)
}

/** Nothing is held of single events and days. */
function isLittle({ seen, attempts, panes, days, cards, amounts }: Account): boolean {
  const rows = seen.ids.count + attempts.entries.count + panes.rows.count + days.rows.count
  return rows + amounts.length + panes.issuers.length + cards.length === 0
}

/** There is no *past* any more. */
function beginAnew(account: Account): void {
  account.pastTo = 0
  account.seen.stored = emptySeenIds().stored
}

/** Raises an Error for a section of a newer version. */
export function decodeAccount(
  tenant: string,
  merchantId: string,
  [now, past, facts]: readonly (Uint8Array | undefined)[],
): Account {
  const account = newAccount(tenant, merchantId)
  if (facts !== undefined) {
    const reader = versioned(facts)
    readFacts(reader, account)
    account.isSmall = reader.flag()
    if (account.isSmall) readLittle(reader, account)
  }
  if (past !== undefined) readPast(versioned(past), account)
  if (now !== undefined) readNow(versioned(now), account)
  return account
}

function versioned(bytes: Uint8Array): Reader {
  const reader = createReader(bytes)
  const version = reader.count()
  if (version > STATE_VERSION) {
    throw new Error(
      `the stored state is of version ${version}, this program knows ${STATE_VERSION}: run a newer one`,
    )
  }
  if (version < OLDEST_STATE_VERSION) {
    throw new Error(
      `the stored state is of version ${version}, from before the first release: use another redis.namespace`,
    )
  }
  return reader
}
