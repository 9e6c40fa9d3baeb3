/** How often an account's amounts fell into a bin, by block of days: a row of each. */
import { get32, put16, put32 } from './rows.ts'
import type { Rows } from './rows.ts'

/** Block and bin (16 bits each), how many (32). */
export const AMOUNT_WIDTH = 8
const BIN = 2
const COUNT = 4
/** Of a block all of whose amounts were taken out: it stays. */
export const NO_BIN = 0xffff

/** Ascending by block, of which the newest four are kept; the bins of one in the order in which they came. */
export type Amounts = Rows

export const blockAt = ({ view }: Amounts, row: number): number =>
  view.getUint16(row * AMOUNT_WIDTH, true)
export const binAt = ({ view }: Amounts, row: number): number =>
  view.getUint16(row * AMOUNT_WIDTH + BIN, true)
export const countAt = ({ bytes }: Amounts, row: number): number =>
  get32(bytes, row * AMOUNT_WIDTH + COUNT)

export function putBin(
  { bytes }: Amounts,
  row: number,
  block: number,
  bin: number,
  count: number,
): void {
  const at = row * AMOUNT_WIDTH
  put16(bytes, at, block)
  put16(bytes, at + BIN, bin)
  put32(bytes, at + COUNT, count)
}
