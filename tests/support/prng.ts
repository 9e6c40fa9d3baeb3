/** Seeded dice: the same seed gives the same run. */
export type Prng = ReturnType<typeof prng>

/** mulberry32. */
export function prng(seed: number) {
  let state = seed >>> 0
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    fraction,
    /** An integer in [0, limit). */
    below: (limit: number): number => Math.floor(fraction() * limit),
    chance: (probability: number): boolean => fraction() < probability,
  }
}
