/** How an account's amounts are distributed, in blocks of thirty days: sixteen bins to a factor of ten. */
import { binAt, blockAt, countAt, keyOf, NO_BIN, rowsOf } from './amount-rows.ts'
import type { Amounts } from './amount-rows.ts'
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
  const key = keyOf(block, binOf(amount))
  const first = keyOf(block, 0)
  const after = keyOf(block + 1, 0)
  let end = amounts.length
  while (end > 0 && amounts[end - 2]! >= after) end -= 2
  let at = end - 2
  while (at >= 0 && amounts[at]! >= first && amounts[at] !== key) at -= 2
  if (at >= 0 && amounts[at] === key) addTo(amounts, at, count)
  else if (count > 0) addBin(amounts, end / 2, block, key)
}

function addTo(amounts: Amounts, at: number, change: number): void {
  const left = amounts[at + 1]! + change
  amounts[at + 1] = left
  if (left > 0) return
  const row = at / 2
  const block = blockAt(amounts, row)
  const isFirst = row === 0 || blockAt(amounts, row - 1) !== block
  const isLast = row + 1 === rowsOf(amounts) || blockAt(amounts, row + 1) !== block
  if (isFirst && isLast) amounts.splice(at, 2, keyOf(block, NO_BIN), 0)
  else amounts.splice(at, 2)
}

/** Behind the others of its block, which end before row `end`. */
function addBin(amounts: Amounts, end: number, block: number, key: number): void {
  const isNew = end === 0 || blockAt(amounts, end - 1) !== block
  if (!isNew && binAt(amounts, end - 1) === NO_BIN) amounts.splice(2 * end - 2, 2, key, 1)
  else if (end === rowsOf(amounts)) amounts.push(key, 1)
  else if (!isNew || block > newestBlock(amounts) - BLOCKS) amounts.splice(2 * end, 0, key, 1)
  if (isNew) forgetBlocks(amounts)
}

const newestBlock = (amounts: Amounts): number => blockAt(amounts, rowsOf(amounts) - 1)

export function forgetBlocks(amounts: Amounts): void {
  let old = 0
  while (old < rowsOf(amounts) && blockAt(amounts, old) <= newestBlock(amounts) - BLOCKS) old++
  if (old > 0) amounts.splice(0, 2 * old)
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
  for (let row = 0; row < rowsOf(amounts); row++) {
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
