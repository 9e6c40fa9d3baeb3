/** An input as a line of a file. */
import type { Input } from './input.ts'

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const NEW_LINE = 0x0a

/**
 * As it is where that says all, else wrapped as `kcat -J` does it. Undefined where a line cannot hold
 * it: a wrapper is text, and bytes that are none would be others in it.
 */
export function lineOf(input: Input): Buffer | undefined {
  const { value, key, headers } = input
  const isBare = headers.length === 0 && value !== undefined && value.length > 0
  if (isBare && !value.includes(NEW_LINE) && isUsualKey(input)) return Buffer.from(value)
  try {
    const wrapper = {
      topic: 'corpus',
      partition: 0,
      offset: 0,
      ts: input.timestampMs ?? -1,
      headers: headers.flatMap(([name, bytes]) => [name, DECODER.decode(bytes)]),
      key: key === undefined ? null : DECODER.decode(key),
      payload: value === undefined ? null : DECODER.decode(value),
    }
    return Buffer.from(JSON.stringify(wrapper))
  } catch {
    return undefined
  }
}

/** The subject of the event says the same. */
function isUsualKey({ key, value, name }: Input): boolean {
  const usual = `M-${name.split(' ')[0]}`
  if (key === undefined || value === undefined) return true
  if (key.length === 0) return false
  return Buffer.from(key).toString() === usual || Buffer.from(value).includes(Buffer.from(key))
}
