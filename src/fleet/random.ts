/** Seeded chance: the same numbers in the same order give the same draws, on any machine and day. */

export type Rng = Readonly<{
  /** In [0, 1). */
  next: () => number
  /** A whole number, both ends included. */
  int: (min: number, max: number) => number
  chance: (share: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** Mean 0, variance 1. */
  normal: () => number
  poisson: (mean: number) => number
}>

/** Chris Doty-Humphrey's sfc32 over three seed words. */
export function createRng(first: number, second: number, third: number): Rng {
  const next = sfc32(first, second, third)
  function int(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1))
  }
  function normal(): number {
    return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  }
  function poisson(mean: number): number {
    if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const floor = Math.exp(-mean)
    let count = 0
    for (let product = next(); product > floor; product *= next()) count++
    return count
  }
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (list) => list[int(0, list.length - 1)]!,
    normal,
    poisson,
  }
}

function sfc32(first: number, second: number, third: number): () => number {
  let a = first | 0
  let b = second | 0
  let c = third | 0
  let counter = 1
  function draw(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 4_294_967_296
  }
  // Small seeds look alike in the first rounds.
  for (let round = 0; round < 15; round++) draw()
  return draw
}

/** The list in another order. */
export function shuffled<T>(list: readonly T[], rng: Rng): T[] {
  const out = [...list]
  for (let at = out.length - 1; at > 0; at--) {
    const other = rng.int(0, at)
    const kept = out[at]!
    out[at] = out[other]!
    out[other] = kept
  }
  return out
}
