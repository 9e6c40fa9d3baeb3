/** What was said beside what ought to have been said: each id once, none missing, none invented. */

/** By the oracle. `atMs`: the arrival of the record that caused it, or the clock it was due by. */
export type Expected = Readonly<{ id: string; group: string; isAbsence: boolean; atMs: number }>

/** In the order of the topic. `group`: whose order is promised. `atMs`: when it was written. */
export type Heard = Readonly<{ id: string; group: string; isAbsence: boolean; atMs: number }>

export type Compared = Readonly<{
  expected: number
  heard: number
  missing: readonly Expected[]
  /** Second and later copies. */
  duplicates: readonly Heard[]
  /** Said, and not by the oracle. */
  extra: readonly Heard[]
  /** Of these, what claims that something did not happen. */
  falseAbsence: readonly Heard[]
  /** Groups in which the first copies come in another order than the oracle's. */
  disordered: readonly string[]
}>

export function compare(expected: readonly Expected[], heard: readonly Heard[]): Compared {
  const wanted = new Set(expected.map(({ id }) => id))
  const first = new Map<string, Heard>()
  const duplicates: Heard[] = []
  for (const it of heard) {
    if (first.has(it.id)) duplicates.push(it)
    else first.set(it.id, it)
  }
  const extra = [...first.values()].filter(({ id }) => !wanted.has(id))
  const missing = expected.filter(({ id }) => !first.has(id))
  const known = [...first.values()].filter(({ id }) => wanted.has(id))
  return {
    expected: expected.length,
    heard: heard.length,
    missing,
    duplicates,
    extra,
    falseAbsence: extra.filter(({ isAbsence }) => isAbsence),
    disordered: disordered(
      expected.filter(({ id }) => first.has(id)),
      known,
    ),
  }
}

/** Both hold the same ids. */
function disordered(
  expected: readonly Readonly<{ id: string; group: string }>[],
  heard: readonly Readonly<{ id: string; group: string }>[],
): readonly string[] {
  const orders = Map.groupBy(heard, ({ group }) => group)
  return [...Map.groupBy(expected, ({ group }) => group)]
    .filter(([group, its]) => its.some(({ id }, at) => orders.get(group)?.[at]?.id !== id))
    .map(([group]) => group)
}

/** Nothing is wrong. */
export function isClean(compared: Compared): boolean {
  const { missing, duplicates, extra, disordered } = compared
  return [missing, duplicates, extra, disordered].every((it) => it.length === 0)
}
