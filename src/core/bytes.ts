/** Packed bytes: whole numbers as varints, text as UTF-8 behind its length. */

const START_BYTES = 1024
const VARINT_BYTES_MAX = 8
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export type Writer = Readonly<{
  /** A whole number from 0 to 2^53 − 1. */
  count: (value: number) => void
  /** A whole number of either sign. */
  signed: (value: number) => void
  flag: (value: boolean) => void
  text: (value: string) => void
  optionalText: (value: string | undefined) => void
  /** A copy of what was written since the last `take`. */
  take: () => Uint8Array
}>

/** One growing buffer, used again after each `take`. */
export function createWriter(): Writer {
  let bytes = new Uint8Array(START_BYTES)
  let at = 0

  function room(size: number): void {
    if (at + size <= bytes.length) return
    const wider = new Uint8Array(Math.max(bytes.length * 2, at + size))
    wider.set(bytes)
    bytes = wider
  }
  function count(value: number): void {
    room(VARINT_BYTES_MAX)
    let left = value
    while (left >= 128) {
      bytes[at++] = (left % 128) | 128
      left = Math.floor(left / 128)
    }
    bytes[at++] = left
  }
  function text(value: string): void {
    const { length } = value
    room(length * 3 + VARINT_BYTES_MAX)
    const start = at
    // Ids and codes are short and plain: quicker by hand than through the encoder.
    if (length < 128) {
      bytes[at++] = length
      let plain = 0
      for (; plain < length; plain++) {
        const unit = value.charCodeAt(plain)
        if (unit >= 128) break
        bytes[at++] = unit
      }
      if (plain === length) return
      at = start
    }
    const encoded = encoder.encode(value)
    count(encoded.length)
    bytes.set(encoded, at)
    at += encoded.length
  }
  return {
    count,
    signed: (value) => count(value < 0 ? -2 * value - 1 : 2 * value),
    flag: (value) => count(Number(value)),
    text,
    optionalText: (value) => (value === undefined ? count(0) : (count(1), text(value))),
    take() {
      const taken = bytes.slice(0, at)
      at = 0
      return taken
    },
  }
}

export type Reader = Readonly<{
  count: () => number
  signed: () => number
  flag: () => boolean
  text: () => string
  optionalText: () => string | undefined
}>

/** Reads in the order written. Raises a RangeError at the end of the bytes. */
export function createReader(bytes: Uint8Array): Reader {
  let at = 0
  function count(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError(`state ends at byte ${at - 1}`)
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
  }
  function signed(): number {
    const value = count()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  function text(): string {
    const size = count()
    const start = at
    at += size
    if (at > bytes.length) throw new RangeError(`state ends at byte ${bytes.length}`)
    return decoder.decode(bytes.subarray(start, at))
  }
  const optionalText = () => (count() === 0 ? undefined : text())
  return { count, signed, flag: () => count() === 1, text, optionalText }
}
