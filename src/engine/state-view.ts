/** An account as plain values, wherever they are stored, and where two of them differ first. */
import type { Account, Memory } from '../core/account.ts'
import { attemptAt } from '../core/attempts.ts'
import { allCards } from '../core/cards-of-day.ts'
import { isQuiet } from '../core/codec-facts.ts'
import { readDay } from '../core/days.ts'
import { PANE_WIDTH } from '../core/panes.ts'
import type { Rows } from '../core/rows.ts'
import { ID_WIDTH } from '../core/seen-ids.ts'

export type Difference = Readonly<{
  /** As `facts.terminals.T1.lastSeenMs`. */
  member: string
  stored: string
  recomputed: string
}>

const VALUE_CHARS_MAX = 120

/** Undefined: they are the same but for the room they were given and the section they are stored in. */
export function firstDifference(stored: Account, recomputed: Account): Difference | undefined {
  return differenceOf(viewOf(stored), viewOf(recomputed), [])
}

function viewOf(account: Account): Readonly<Record<string, unknown>> {
  const { seen, attempts, panes, days, said, ...others } = account
  const { dirty: _, wakeMs: _wake, sold: _sold, isSmall: _small, ...known } = others
  const { pastTo: _to, chosen: _chosen, clocks: _clocks, ...rest } = known
  const { entries, texts } = attempts
  return {
    ...rest,
    said: saidOf(said),
    cards: rest.cards.map(({ day, cards }) => ({ day, cards: new Map(allCards(cards)) })),
    ids: bytesOf(seen.ids, ID_WIDTH),
    attempts: Array.from({ length: entries.count }, (__, row) => attemptAt(attempts, row)),
    texts,
    panes: bytesOf(panes.rows, PANE_WIDTH),
    issuers: panes.issuers,
    days: Array.from({ length: days.rows.count }, (__, row) => readDay(days.rows, row)),
  }
}

/** Without what is as if it had never been asked for. */
function saidOf(said: Account['said']): ReadonlyMap<string, Memory> {
  const all = [...said].flatMap(([detector, subjects]) =>
    [...subjects].map(([subject, memory]) => [`${detector} ${subject}`, memory] as const),
  )
  return new Map(all.filter(([, it]) => it.nextMs !== Infinity || !isQuiet(it)))
}

/** In hexadecimal: a place in it is a place in the rows. */
function bytesOf({ bytes, count }: Rows, width: number): string {
  return bytes.subarray(0, count * width).toHex()
}

function differenceOf(
  stored: unknown,
  recomputed: unknown,
  path: readonly string[],
): Difference | undefined {
  if (Object.is(stored, recomputed)) return undefined
  const [mine, its] = [membersOf(stored), membersOf(recomputed)]
  if (mine === undefined || its === undefined) return different(stored, recomputed, path)
  for (const name of new Set([...mine.keys(), ...its.keys()])) {
    const found = differenceOf(mine.get(name), its.get(name), [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}

function different(stored: unknown, recomputed: unknown, path: readonly string[]): Difference {
  return { member: path.join('.'), stored: textOf(stored), recomputed: textOf(recomputed) }
}

/** A member that is undefined is the same as none. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return new Map(entries.map(([name, its]): [string, unknown] => [String(name), its]))
}

function textOf(value: unknown): string {
  const text = value instanceof Map ? JSON.stringify([...value]) : JSON.stringify(value)
  return (text ?? 'nothing').slice(0, VALUE_CHARS_MAX)
}
