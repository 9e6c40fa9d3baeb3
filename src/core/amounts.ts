/** How an account's amounts are distributed, in blocks of thirty days: sixteen bins to a factor of ten. */
import type { Day } from './time.ts'

const BLOCK_DAYS = 30
/** The current block and the three before: 90 to 119 days. */
export const BLOCKS = 4
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

export type Block = { block: number; bins: Map<number, number> }

/** Ascending by block, of which the newest four are kept. */
export type Amounts = Block[]

export const blockOf = (day: Day): number => Math.floor(day / BLOCK_DAYS)

/** Adds a sale, or takes one out (`count` −1). Nothing is left out but amounts of 0. */
export function noteAmount(amounts: Amounts, day: Day, amount: number, count: 1 | -1): void {
  if (amount <= 0) return
  const block = blockOf(day)
  let of = amounts.at(-1)
  if (of?.block !== block) of = amounts.find((it) => it.block === block)
  if (of === undefined) {
    const newest = amounts.at(-1)?.block ?? block
    if (count < 0 || block <= newest - BLOCKS) return
    of = { block, bins: new Map() }
    amounts.push(of)
    amounts.sort((a, b) => a.block - b.block)
    while (amounts[0]!.block <= amounts.at(-1)!.block - BLOCKS) amounts.shift()
  }
  const bin = binOf(amount)
  const left = (of.bins.get(bin) ?? 0) + count
  if (left > 0) of.bins.set(bin, left)
  else of.bins.delete(bin)
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
  for (const { block, bins } of amounts) {
    if (block > newest || block <= newest - BLOCKS) continue
    for (const [bin, count] of bins) {
      counts.set(bin, (counts.get(bin) ?? 0) + count)
      n += count
    }
  }
  let left = Math.ceil((percent * n) / 100)
  if (left === 0) return undefined
  for (const [bin, count] of [...counts].sort(([a], [b]) => a - b)) {
    left -= count
    if (left <= 0) return EDGES[bin]
  }
  return undefined
}
