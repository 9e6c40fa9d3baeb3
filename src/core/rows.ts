/**
 * Rows of one fixed width in one buffer, in order: what is kept of an account by the hundred. A row costs
 * its bytes and nothing else; the collector sees one object however many there are.
 */

const ROWS_MIN = 4

export type Rows = {
  bytes: Uint8Array
  /** Of the same bytes: numbers are read by it where it matters. */
  view: DataView
  count: number
}

const NO_BYTES = new Uint8Array(0)
const NO_VIEW = new DataView(NO_BYTES.buffer)

export const emptyRows = (): Rows => ({ bytes: NO_BYTES, view: NO_VIEW, count: 0 })

/** Makes room for a row before row `place`; its bytes are what was there before. */
export function openRow(rows: Rows, width: number, place: number): void {
  const { count } = rows
  const need = (count + 1) * width
  if (need > rows.bytes.length) {
    const wider = new Uint8Array(Math.max(ROWS_MIN * width, Math.ceil(count * 1.5) * width, need))
    wider.set(rows.bytes)
    rows.bytes = wider
    rows.view = new DataView(wider.buffer)
  }
  if (place < count) rows.bytes.copyWithin((place + 1) * width, place * width, count * width)
  rows.count++
}

/** Adds so many rows behind the last, all zero, and says where they begin. */
export function addRows(rows: Rows, width: number, added: number): number {
  const at = rows.count * width
  const need = at + added * width
  if (need > rows.bytes.length) {
    const wider = new Uint8Array(need)
    wider.set(rows.bytes.subarray(0, at))
    rows.bytes = wider
    rows.view = new DataView(wider.buffer)
  } else rows.bytes.fill(0, at, need)
  rows.count += added
  return at
}

/** Takes out `dropped` rows from row `place` on. */
export function dropRows(rows: Rows, width: number, place: number, dropped: number): void {
  if (dropped === 0) return
  rows.bytes.copyWithin(place * width, (place + dropped) * width, rows.count * width)
  rows.count -= dropped
}

/** Little-endian whole numbers of two to six bytes. */
export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
}

export function get16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

export function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

export function get32(bytes: Uint8Array, at: number): number {
  const low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
  return low + bytes[at + 3]! * 0x100_0000
}

const LOW_RANGE = 0x1_0000_0000

export function put48(bytes: Uint8Array, at: number, value: number): void {
  put32(bytes, at, value % LOW_RANGE)
  put16(bytes, at + 4, Math.floor(value / LOW_RANGE))
}

/** As `get48`, by one load of four bytes and one of two: for the loops over a whole ring. */
export function see48({ view }: Rows, at: number): number {
  return view.getUint32(at, true) + view.getUint16(at + 4, true) * LOW_RANGE
}

export function get48(bytes: Uint8Array, at: number): number {
  return get32(bytes, at) + get16(bytes, at + 4) * LOW_RANGE
}
