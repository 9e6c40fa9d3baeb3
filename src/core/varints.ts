/** Whole numbers from 0 to 2^53 − 1 in bytes at hand: seven bits a byte, the lowest first. */

export const COUNT_BYTES_MAX = 8

/** Where it ends. There has to be room for `COUNT_BYTES_MAX`. */
export function putCount(bytes: Uint8Array, at: number, value: number): number {
  let end = at
  let left = value
  while (left >= 128) {
    bytes[end++] = (left % 128) | 128
    left = Math.floor(left / 128)
  }
  bytes[end++] = left
  return end
}

export function countAt(bytes: Uint8Array, at: number): number {
  let value = 0
  let scale = 1
  for (let place = at; ; place++) {
    const byte = bytes[place]!
    value += (byte & 127) * scale
    if (!(byte >= 128)) return value
    scale *= 128
  }
}

/** Of the number that begins here. */
export function countEnd(bytes: Uint8Array, at: number): number {
  let end = at
  while (bytes[end]! >= 128) end++
  return end + 1
}
