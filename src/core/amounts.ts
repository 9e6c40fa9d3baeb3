/** How an account's amounts are distributed, in blocks of thirty days: sixteen bins to a factor of ten. */
import { AMOUNT_WIDTH, binAt, blockAt, countAt, NO_BIN, putBin } from './amount-rows.ts'
import type { Amounts } from './amount-rows.ts'
import { dropRows, openRow } from './rows.ts'
import type { Day } from './time.ts'

const BLOCK_DAYS = 30
/** The current block and the three before: 90 to 119 days. */
const BLOCKS = 4
const BINS_A_DECADE = 16

/** Upper edges in minor units, ascending; where rounding makes two equal they are one bin. */
const EDGES = edges()

function edges(): number[] {
  const found: number[] = []
  for (let i = 0; ; i++) {
    const edge = Math.round(10 ** (i / BINS_A_DECADE))
    if (edge > Number.MAX_SAFE_INTEGER) return found
    if (edge !== found.at(-1)) found.push(edge)
  }
}

export const blockOf = (day: Day): number => Math.floor(day / BLOCK_DAYS)

/** Adds a sale, or takes one out (`count` −1). Nothing is left out but amounts of 0. */
export function noteAmount(amounts: Amounts, day: Day, amount: number, count: 1 | -1): void {
  if (amount <= 0) return
  const block = blockOf(day)
  const bin = binOf(amount)
  let end = amounts.count
  while (end > 0 && blockAt(amounts, end - 1) > block) end--
  let row = end - 1
  while (row >= 0 && blockAt(amounts, row) === block && binAt(amounts, row) !== bin) row--
  if (row >= 0 && blockAt(amounts, row) === block) addTo(amounts, row, count)
  else if (count > 0) addBin(amounts, end, block, bin)
}

function addTo(amounts: Amounts, row: number, change: number): void {
  const left = countAt(amounts, row) + change
  const block = blockAt(amounts, row)
  if (left > 0) return putBin(amounts, row, block, binAt(amounts, row), left)
  const isFirst = row === 0 || blockAt(amounts, row - 1) !== block
  const isLast = row === amounts.count - 1 || blockAt(amounts, row + 1) !== block
  if (isFirst && isLast) putBin(amounts, row, block, NO_BIN, 0)
  else dropRows(amounts, AMOUNT_WIDTH, row, 1)
}

/** Behind the others of its block, which end before row `end`. */
function addBin(amounts: Amounts, end: number, block: number, bin: number): void {
  const isNew = end === 0 || blockAt(amounts, end - 1) !== block
  if (!isNew && binAt(amounts, end - 1) === NO_BIN) return putBin(amounts, end - 1, block, bin, 1)
  if (isNew && amounts.count > 0 && block <= newestBlock(amounts) - BLOCKS) return
  openRow(amounts, AMOUNT_WIDTH, end)
  putBin(amounts, end, block, bin, 1)
  if (isNew) forgetBlocks(amounts)
}

const newestBlock = (amounts: Amounts): number => blockAt(amounts, amounts.count - 1)

export function forgetBlocks(amounts: Amounts): void {
  let old = 0
  while (old < amounts.count && blockAt(amounts, old) <= newestBlock(amounts) - BLOCKS) old++
  dropRows(amounts, AMOUNT_WIDTH, 0, old)
}

/** Bin i holds amounts above the edge before it, up to its own. */
function binOf(amount: number): number {
  let low = 0
  let high = EDGES.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (EDGES[middle]! >= amount) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Upper edge of the bin with the ⌈q·n⌉-th smallest amount, of the block of a day and the three before.
 * Undefined: there is none.
 */
export function quantile(amounts: Amounts, day: Day, percent: number): number | undefined {
  const newest = blockOf(day)
  const counts = new Map<number, number>()
  let n = 0
  for (let row = 0; row < amounts.count; row++) {
    const block = blockAt(amounts, row)
    if (block > newest || block <= newest - BLOCKS) continue
    const bin = binAt(amounts, row)
    const count = countAt(amounts, row)
    counts.set(bin, (counts.get(bin) ?? 0) + count)
    n += count
  }
  let left = Math.ceil((percent * n) / 100)
  if (left === 0) return undefined
  for (const [bin, count] of [...counts].sort(([a], [b]) => a - b)) {
    left -= count
    if (left <= 0) return EDGES[bin]
  }
  return undefined
}
