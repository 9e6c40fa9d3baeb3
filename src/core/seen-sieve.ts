/**
 * Tells for nearly every event that it is none of the hundreds held, without looking at them: bits of what
 * is held, and of some that was forgotten since they were gathered. Not part of the state.
 */

export type Sieve = { bits: Int32Array; noted: number }

const BITS = 16_384
/** More of them and it lets too much through: it is gathered again. */
const NOTED_MAX = 1_536

export const newSieve = (): Sieve => ({ bits: new Int32Array(BITS / 32), noted: 0 })

/** Whole numbers of which the lowest bits are as good as random. */
export function note(sieve: Sieve, hash: number): void {
  sieve.bits[placeOf(hash)]! |= 1 << hash
  sieve.noted++
}

/** False: certainly not noted. */
export function mayHold({ bits }: Sieve, hash: number): boolean {
  return (bits[placeOf(hash)]! & (1 << hash)) !== 0
}

export const isFull = ({ noted }: Sieve): boolean => noted > NOTED_MAX

// A shift takes the lowest five bits of what it shifts by: the next ones choose the word.
const placeOf = (hash: number): number => (hash & (BITS - 1)) >> 5
