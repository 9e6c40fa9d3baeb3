/** Chance from a seed: the same seed draws the same, on every machine. */
export type Draw = Readonly<{
  /** A whole number from `min` to `max`, both included. */
  whole: (min: number, max: number) => number
  /** True so many times in a hundred. */
  percent: (share: number) => boolean
  one: <Item>(items: readonly [Item, ...Item[]]) => Item
}>

/** mulberry32. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    whole,
    percent: (share) => next() * 100 < share,
    one: (items) => items[whole(0, items.length - 1)] ?? items[0],
  }
}
