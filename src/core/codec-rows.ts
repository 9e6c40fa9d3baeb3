/** The parts of an account that are rows: ids, days, panes. Ascending, so each by its distance. */
import type { Reader, Writer } from './bytes.ts'
import { dayAt, DAYS_MAX, DAY_WIDTH, readDay, writeDay } from './days.ts'
import type { DayTally, Days } from './days.ts'
import { PANE_WIDTH, PANES_KEPT } from './panes.ts'
import type { Panes } from './panes.ts'
import { addRows, dropRows, get16, get32, put16, put32 } from './rows.ts'
import type { Rows } from './rows.ts'
import { ARRIVAL, ID_WIDTH, SWIPE, TIME } from './seen-ids.ts'
import { PANES_A_DAY } from './spans.ts'
import type { Day } from './time.ts'

/** How a row of an id is written; `OTHERWISE` with a byte of marks. */
const WITH_SWIPE = 0
const SWIPE_ALONE = 1
const WITHOUT_SWIPE = 2
const OTHERWISE = 3
/** The marks: what it was to be, and that it arrived in another minute. */
const LATE = 4

/** Rows in `[from, to)`. */
export function writeIds(writer: Writer, { bytes }: Rows, from: number, to: number): void {
  writer.count(to - from)
  let before = 0
  for (let at = from * ID_WIDTH; at < to * ID_WIDTH; at += ID_WIDTH) {
    const minute = get32(bytes, at + TIME)
    const arrival = get32(bytes, at + ARRIVAL)
    const kind = kindOf(bytes, at)
    const isLate = arrival !== minute
    writer.count((minute - before) * 4 + (isLate ? OTHERWISE : kind))
    if (isLate) {
      writer.byte(kind | LATE)
      writer.signed(arrival - minute)
    }
    if (kind !== SWIPE_ALONE) writer.copy(bytes, at, TIME)
    if (kind !== WITHOUT_SWIPE) writer.copy(bytes, at + SWIPE, swipeBytes(kind))
    before = minute
  }
}

function kindOf(bytes: Uint8Array, at: number): number {
  if (get32(bytes, at + SWIPE) + bytes[at + SWIPE + 4]! === 0) return WITHOUT_SWIPE
  const isBare = get32(bytes, at) + get32(bytes, at + 4) === 0
  return isBare ? SWIPE_ALONE : WITH_SWIPE
}

/** Of a swipe that stands alone the last is not kept. */
const swipeBytes = (kind: number): number => ID_WIDTH - SWIPE - Number(kind === SWIPE_ALONE)

export function readIds(reader: Reader, ids: Rows): void {
  let minute = 0
  const count = reader.count()
  const first = addRows(ids, ID_WIDTH, count)
  const { bytes } = ids
  for (let at = first; at < first + count * ID_WIDTH; at += ID_WIDTH) {
    const told = reader.count()
    minute += Math.floor(told / 4)
    const isLate = told % 4 === OTHERWISE
    const kind = isLate ? reader.byte() & OTHERWISE : told % 4
    put32(bytes, at + TIME, minute)
    put32(bytes, at + ARRIVAL, isLate ? minute + reader.signed() : minute)
    if (kind !== SWIPE_ALONE) reader.copy(bytes, at, TIME)
    if (kind !== WITHOUT_SWIPE) reader.copy(bytes, at + SWIPE, swipeBytes(kind))
  }
}

/** In the head of a day: declines, or that there are as many or more. */
const DECLINES_MAX = 7
const HAS_OTHERS = 1
const HAS_LARGE = 2

/** Days in `[from, to)`. */
export function writeDays(writer: Writer, { rows }: Days, from: number, to: number): void {
  let first = 0
  while (first < rows.count && dayAt(rows, first) < from) first++
  let end = first
  while (end < rows.count && dayAt(rows, end) < to) end++
  writer.count(end - first)
  let before = 0
  for (let row = first; row < end; row++) {
    const tally = readDay(rows, row)
    writeTally(writer, tally, tally.day - before)
    before = tally.day
  }
}

/** Most days have an attempt for each sale and each decline, and nothing large. */
function writeTally(writer: Writer, it: DayTally, after: number): void {
  const others = it.attempts - it.count - it.declines
  const hasLarge = it.large + it.round > 0
  const has = (others === 0 ? 0 : HAS_OTHERS) | (hasLarge ? HAS_LARGE : 0)
  const declines = Math.min(it.declines, DECLINES_MAX)
  writer.count((after * 4 + has) * (DECLINES_MAX + 1) + declines)
  writer.signed(it.sum)
  writer.count(it.count)
  if (declines === DECLINES_MAX) writer.count(it.declines - DECLINES_MAX)
  if (others !== 0) writer.signed(others)
  if (!hasLarge) return
  writer.count(it.large)
  writer.count(it.round)
}

export function readDays(reader: Reader, { rows }: Days): void {
  let day = 0
  const left = reader.count()
  const first = addRows(rows, DAY_WIDTH, left) / DAY_WIDTH
  for (let row = first; row < first + left; row++) {
    const told = reader.count()
    const head = Math.floor(told / (DECLINES_MAX + 1))
    const few = told % (DECLINES_MAX + 1)
    day += Math.floor(head / 4)
    const hasOthers = (head & HAS_OTHERS) > 0
    const hasLarge = (head & HAS_LARGE) > 0
    const sum = reader.signed()
    const count = reader.count()
    const declines = few === DECLINES_MAX ? few + reader.count() : few
    const attempts = count + declines + (hasOthers ? reader.signed() : 0)
    const large = hasLarge ? reader.count() : 0
    const round = hasLarge ? reader.count() : 0
    writeDay(rows, row, { day, count, sum, attempts, declines, large, round })
  }
}

/** What is forgotten of a row's kind once a newer one is there, a stored *past* may still hold. */
export function forgetStoredRows({ rows }: Days, panes: Panes): void {
  let old = 0
  if (rows.count > 0) {
    const from = dayAt(rows, rows.count - 1) - DAYS_MAX
    while (dayAt(rows, old) < from) old++
    dropRows(rows, DAY_WIDTH, 0, old)
  }
  const { bytes, count } = panes.rows
  if (count === 0) return
  const newest = get32(bytes, (count - 1) * PANE_WIDTH)
  old = 0
  while (get32(bytes, old * PANE_WIDTH) <= newest - PANES_KEPT) old++
  dropRows(panes.rows, PANE_WIDTH, 0, old)
}

/** Where a local date may begin before that of Greenwich: fourteen hours. */
const AHEAD_PANES = (14 * PANES_A_DAY) / 24

/** Panes before this one are of a date before `day`, whatever the zone. */
export const panesBefore = (day: Day): number => day * PANES_A_DAY - AHEAD_PANES

const HAS_DECLINES = 1
const HAS_MORE = 2

/** Panes in `[from, to)`. Most have a single attempt, which was approved. */
export function writePanes(writer: Writer, { rows }: Panes, from: number, to: number): void {
  const { bytes } = rows
  let first = 0
  while (first < rows.count && get32(bytes, first * PANE_WIDTH) < from) first++
  let end = first
  while (end < rows.count && get32(bytes, end * PANE_WIDTH) < to) end++
  writer.count(end - first)
  let before = 0
  for (let at = first * PANE_WIDTH; at < end * PANE_WIDTH; at += PANE_WIDTH) {
    const pane = get32(bytes, at)
    const attempts = get16(bytes, at + 4)
    const declines = get16(bytes, at + 6)
    const what = (declines > 0 ? HAS_DECLINES : 0) | (attempts === 1 ? 0 : HAS_MORE)
    writer.count((pane - before) * 4 + what)
    if (attempts !== 1) writer.count(attempts)
    if (declines > 0) writer.count(declines)
    before = pane
  }
}

export function readPanes(reader: Reader, { rows }: Panes): void {
  let pane = 0
  const count = reader.count()
  const first = addRows(rows, PANE_WIDTH, count)
  for (let at = first; at < first + count * PANE_WIDTH; at += PANE_WIDTH) {
    const told = reader.count()
    pane += Math.floor(told / 4)
    put32(rows.bytes, at, pane)
    put16(rows.bytes, at + 4, (told & HAS_MORE) > 0 ? reader.count() : 1)
    put16(rows.bytes, at + 6, (told & HAS_DECLINES) > 0 ? reader.count() : 0)
  }
}
