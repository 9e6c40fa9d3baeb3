/** The inputs of every class that one record can show. Whole batches: `batches.ts`. */
import { BYTES } from './bytes.ts'
import { MEMBERS } from './members.ts'
import { RECORDS } from './records.ts'
import type { Input } from './input.ts'

const MAKERS: Readonly<Record<string, () => Input[]>> = { ...BYTES, ...MEMBERS, ...RECORDS }

export const CLASS_IDS: readonly string[] = Object.keys(MAKERS).toSorted(byNumber)

export function inputsOfClass(id: string): readonly Input[] {
  return MAKERS[id]?.() ?? []
}

function byNumber(a: string, b: string): number {
  const [x, y] = [a, b].map((it) => Number(it.slice(2)))
  return a.slice(0, 2) === b.slice(0, 2) ? (x ?? 0) - (y ?? 0) : a < b ? -1 : 1
}
