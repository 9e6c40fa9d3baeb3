/**
 * How often an account's amounts fell into a bin, by block of days: block and bin as one number, then how many. A
 * plain list of small numbers is one object, and costs the collector less than a buffer that has to grow.
 */

/** More than there are bins. */
const BIN_RANGE = 1024
/** Of a block all of whose amounts were taken out: it stays. */
export const NO_BIN = BIN_RANGE - 1

/** Ascending by block, of which the newest four are kept; the bins of one in the order in which they came. */
export type Amounts = number[]

export const keyOf = (block: number, bin: number): number => block * BIN_RANGE + bin

export const rowsOf = (amounts: Amounts): number => amounts.length / 2
export const blockAt = (amounts: Amounts, row: number): number =>
  Math.floor(amounts[2 * row]! / BIN_RANGE)
export const binAt = (amounts: Amounts, row: number): number => amounts[2 * row]! % BIN_RANGE
export const countAt = (amounts: Amounts, row: number): number => amounts[2 * row + 1]!
