/** What is wrong with a file that an operator wrote, said so that it can be put right at once. */

export type ConfigProblem = Readonly<{
  /** As a reader would name it: relative to the working folder where it lies below it. */
  file: string
  /** From 1. Absent where there is no text to point into, as for an environment variable. */
  line?: number
  /** Keys joined by dots; empty for the file as a whole. */
  path: string
  message: string
  hint?: string
}>

/** Everything that was found wrong, never only the first of it. */
export type Wrong = Readonly<{ kind: 'wrong'; problems: readonly ConfigProblem[] }>

/** `file:line: path: message (hint)`. */
export function problemText({ file, line, path, message, hint }: ConfigProblem): string {
  const where = line === undefined ? file : `${file}:${line}`
  const what = path === '' ? message : `${path}: ${message}`
  return hint === undefined ? `${where}: ${what}` : `${where}: ${what} (${hint})`
}

/** By file and line. Two profiles on one base meet the same mistake: it is said once. */
export function wrong(problems: readonly ConfigProblem[]): Wrong {
  const once = new Map(problems.map((problem) => [problemText(problem), problem]))
  const sorted = [...once.values()].toSorted(
    (a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(a.path, b.path),
  )
  return { kind: 'wrong', problems: sorted }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** `did you mean "…"?` for the nearest known word, when one is near. */
export function didYouMean(word: string, known: readonly string[]): { hint: string } | undefined {
  const near = nearest(word, known)
  return near === undefined ? undefined : { hint: `did you mean "${near}"?` }
}

function nearest(word: string, known: readonly string[]): string | undefined {
  // A third of the letters may be wrong: more, and the guess misleads.
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1
  let near: string | undefined
  for (const candidate of known) {
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase())
    if (edits >= fewest) continue
    fewest = edits
    near = candidate
  }
  return near
}

/** Letters to insert, remove or replace, or neighbours to swap. */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const now = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + Number(a[row - 1] !== b[column - 1])
      now[column] = Math.min(replaced, last[column]! + 1, now[column - 1]! + 1)
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (isSwap) now[column] = Math.min(now[column]!, beforeLast[column - 2]! + 1)
    }
    beforeLast = last
    last = now
  }
  return last[b.length]!
}
