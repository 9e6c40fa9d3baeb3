/**
 * Two fast hashes that tell repeats; no protection against somebody who looks for collisions.
 * Their seeds are part of the stored state: another constant makes every repeat a new event once.
 */

const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca6b
const PRIME_3 = 0xc2b2ae35
const SEED_LOW = 0x243f6a88
const SEED_HIGH = 0x13198a2e
const NEW_LINE = 10
const HIGH_BITS = 0xffff
const LOW_RANGE = 0x1_0000_0000

/**
 * 48 bits over the UTF-16 units of `source ⏎ id`, with `⏎` between the parts of an id that has some: the same
 * whichever form brought them.
 */
export function hashOfId(source: string, ...id: readonly string[]): number {
  let low = SEED_LOW
  let high = SEED_HIGH
  for (let at = 0; at < source.length; at++) {
    const unit = source.charCodeAt(at)
    low = mix(low, unit, PRIME_1)
    high = mix(high, unit, PRIME_2)
  }
  for (const part of id) {
    low = mix(low, NEW_LINE, PRIME_1)
    high = mix(high, NEW_LINE, PRIME_2)
    for (let at = 0; at < part.length; at++) {
      const unit = part.charCodeAt(at)
      low = mix(low, unit, PRIME_1)
      high = mix(high, unit, PRIME_2)
    }
  }
  const finished = finish(low ^ Math.imul(high, PRIME_3))
  return (finish(high ^ finished) & HIGH_BITS) * LOW_RANGE + (finished >>> 0)
}

/**
 * 16 bits over type, time and the UTF-8 of `JSON.stringify(data)`, members in the order sent.
 * `dataJson` is exactly those bytes between `start` and `end`.
 */
export function hashOfBody(
  type: string,
  timeMs: number,
  dataJson: Readonly<{ bytes: Uint8Array; start: number; end: number }>,
): number {
  let hash = SEED_LOW
  for (let at = 0; at < type.length; at++) hash = mix(hash, type.charCodeAt(at), PRIME_1)
  hash = mix(hash, timeMs % LOW_RANGE, PRIME_1)
  hash = mix(hash, Math.floor(timeMs / LOW_RANGE), PRIME_2)
  const { bytes, start, end } = dataJson
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    hash = mix(hash, Math.imul(word, PRIME_3), PRIME_1)
  }
  for (; at < end; at++) hash = mix(hash, bytes[at] as number, PRIME_2)
  const finished = finish(hash ^ (end - start))
  return (finished ^ (finished >>> 16)) & HIGH_BITS
}

function mix(hash: number, word: number, prime: number): number {
  const mixed = Math.imul(hash ^ word, prime)
  return (mixed << 13) | (mixed >>> 19)
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), PRIME_2)
  mixed = Math.imul(mixed ^ (mixed >>> 13), PRIME_3)
  return mixed ^ (mixed >>> 16)
}
