/** One command as the bytes that go over the wire, all its arguments in one buffer. */

export type FrameArgument = string | Uint8Array

/** Behind `$` and its length, and behind the argument itself. */
const LINE_ENDS = 4
/** In UTF-8, for a unit of UTF-16. */
const UNIT_BYTES_MAX = 3
const [STAR, DOLLAR, CR, LF, ZERO] = [0x2a, 0x24, 0x0d, 0x0a, 0x30]

/** An array of byte strings, as RESP 2 and 3 write it. Text is UTF-8. */
export function frameOf(args: readonly FrameArgument[]): Buffer {
  const bytes = Buffer.allocUnsafe(sizeAtMost(args))
  let at = writeLength(bytes, 0, STAR, args.length)
  for (const arg of args) {
    at = typeof arg === 'string' ? writeText(bytes, at, arg) : writeBytes(bytes, at, arg)
  }
  return bytes.subarray(0, at)
}

function sizeAtMost(args: readonly FrameArgument[]): number {
  let size = 1 + digitsOf(args.length) + LINE_ENDS
  for (const arg of args) {
    const most = typeof arg === 'string' ? UNIT_BYTES_MAX * arg.length : arg.length
    size += 1 + digitsOf(most) + LINE_ENDS + most
  }
  return size
}

function writeBytes(to: Buffer, at: number, arg: Uint8Array): number {
  const from = writeLength(to, at, DOLLAR, arg.length)
  to.set(arg, from)
  return writeEnd(to, from + arg.length)
}

/** Its length is known once it is written. Of text that is ASCII, and most is, it was right before. */
function writeText(to: Buffer, at: number, arg: string): number {
  const from = writeLength(to, at, DOLLAR, arg.length)
  const written = to.write(arg, from)
  if (written === arg.length) return writeEnd(to, from + written)
  const start = writeLength(to, at, DOLLAR, written)
  return writeEnd(to, start + to.write(arg, start))
}

function writeLength(to: Buffer, at: number, sign: number, length: number): number {
  to[at] = sign
  const end = at + 1 + digitsOf(length)
  for (let rest = length, place = end - 1; place > at; place--) {
    to[place] = ZERO + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return writeEnd(to, end)
}

function writeEnd(to: Buffer, at: number): number {
  to[at] = CR
  to[at + 1] = LF
  return at + 2
}

function digitsOf(length: number): number {
  let digits = 1
  for (let rest = length; rest >= 10; rest /= 10) digits++
  return digits
}
