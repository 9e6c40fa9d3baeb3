/** Attempts and declines by five-minute pane: what a day's sliding windows are made of. */
import { dropRows, emptyRows, get16, get32, openRow, put16, put32 } from './rows.ts'
import type { Rows } from './rows.ts'
import { PANES_A_DAY } from './spans.ts'
import type { Day } from './time.ts'

/** Pane since 1970 (32 bits), attempts, declines (16 bits each). */
export const PANE_WIDTH = 8
const ATTEMPTS = 4
const DECLINES = 6
/** Two windows of a day behind the newest: a late attempt is of yesterday at most. */
export const PANES_KEPT = 2 * PANES_A_DAY
/** Twice as many as are asked for: one that comes up later has been counted all along. */
const ISSUERS_MAX = 16
const ISSUER_DAYS = 3
const FULL = 0xffff

export type Panes = {
  /** Ascending by pane. */
  rows: Rows
  /** Of the day that ends with the newest pane, kept up at each attempt. Not encoded. */
  day: { n: number; k: number } | undefined
  /**
   * Of the newest three local dates with declines, by issuer, those with most: a window that ends on the day
   * before the newest begins on the one before that.
   */
  issuers: { day: Day; declines: number; by: [issuer: string, declines: number][] }[]
}

export const emptyPanes = (): Panes => ({ rows: emptyRows(), day: undefined, issuers: [] })

const paneAt = ({ bytes }: Rows, row: number): number => get32(bytes, row * PANE_WIDTH)

/** A pane takes 65,535 attempts; those beyond are not counted. */
export function notePane(panes: Panes, pane: number, isDecline: boolean): void {
  const { rows } = panes
  let row = rows.count
  while (row > 0 && paneAt(rows, row - 1) > pane) row--
  const isNew = row === 0 || paneAt(rows, row - 1) !== pane
  if (isNew) {
    if (row === 0 && rows.count > 0 && pane <= paneAt(rows, rows.count - 1) - PANES_KEPT) return
    openRow(rows, PANE_WIDTH, row)
    put32(rows.bytes, row * PANE_WIDTH, pane)
    put32(rows.bytes, row * PANE_WIDTH + ATTEMPTS, 0)
    row++
  }
  const at = (row - 1) * PANE_WIDTH
  bump(rows.bytes, at + ATTEMPTS)
  if (isDecline) bump(rows.bytes, at + DECLINES)
  if (isNew || row !== rows.count) panes.day = undefined
  else if (panes.day !== undefined) {
    panes.day.n++
    if (isDecline) panes.day.k++
  }
  if (isNew) forget(rows)
}

function bump(bytes: Uint8Array, at: number): void {
  const value = get16(bytes, at)
  if (value < FULL) put16(bytes, at, value + 1)
}

function forget(rows: Rows): void {
  const oldest = paneAt(rows, rows.count - 1) - PANES_KEPT
  let old = 0
  while (paneAt(rows, old) <= oldest) old++
  dropRows(rows, PANE_WIDTH, 0, old)
}

/** One decline more of an issuer on a local date. An issuer that is not given belongs to none. */
export function noteIssuer(panes: Panes, day: Day, issuer: string | undefined): void {
  const { issuers } = panes
  let of = issuers.find((it) => it.day === day)
  if (of === undefined) {
    of = { day, declines: 0, by: [] }
    issuers.push(of)
    issuers.sort((a, b) => a.day - b.day)
    if (issuers.length > ISSUER_DAYS) issuers.shift()
  }
  of.declines++
  if (issuer === undefined) return
  const known = of.by.find(([name]) => name === issuer)
  if (known !== undefined) known[1]++
  else of.by.push([issuer, 1])
  of.by.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  if (of.by.length > ISSUERS_MAX) of.by.pop()
}

/** Attempts and declines of the 288 panes that end with `pane`. */
export function dayTo({ rows }: Panes, pane: number): Readonly<{ n: number; k: number }> {
  let n = 0
  let k = 0
  for (let row = rows.count - 1; row >= 0; row--) {
    const at = paneAt(rows, row)
    if (at > pane) continue
    if (at <= pane - PANES_A_DAY) break
    n += get16(rows.bytes, row * PANE_WIDTH + ATTEMPTS)
    k += get16(rows.bytes, row * PANE_WIDTH + DECLINES)
  }
  return { n, k }
}

/** Panes with an attempt, from `pane` on, whose window of a day holds it. Ascending. */
export function paneEnds({ rows }: Panes, pane: number): number[] {
  const ends: number[] = []
  for (let row = rows.count - 1; row >= 0 && paneAt(rows, row) >= pane; row--) {
    if (paneAt(rows, row) < pane + PANES_A_DAY) ends.push(paneAt(rows, row))
  }
  return ends.reverse()
}

export function isNewestPane({ rows }: Panes, pane: number): boolean {
  return rows.count > 0 && paneAt(rows, rows.count - 1) === pane
}

/** As `dayTo` of the newest pane. */
export function newestDay(panes: Panes): Readonly<{ n: number; k: number }> {
  const { rows } = panes
  panes.day ??= { ...dayTo(panes, rows.count === 0 ? 0 : paneAt(rows, rows.count - 1)) }
  return panes.day
}
