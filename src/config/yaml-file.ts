/** YAML as data alone: what it says, and the line on which it says it. */
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { isAlias, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, YAMLMap } from 'yaml'
import { kindOf, shownPath } from './paths.ts'
import { wrong } from './problem.ts'
import type { ConfigProblem, Wrong } from './problem.ts'

export type Path = readonly (string | number)[]

export type YamlFile = Readonly<{
  kind: 'ok'
  /** Where it was read from; `shown` is how a reader knows it. */
  path: string
  shown: string
  value: unknown
  has: (path: Path) => boolean
  /** Of the deepest node on the path that exists: its key, where it has one. */
  lineOf: (path: Path) => number
}>

// Ours are below 10 kB. Far above, a file is not configuration.
const BYTES_MAX = 1_000_000

export function readYamlFile(path: string): YamlFile | Wrong {
  const shown = shownPath(path)
  const file = (message: string) => wrong([{ file: shown, path: '', message }])
  const kind = kindOf(path)
  if (kind === 'missing') return file('there is no such file')
  if (kind === 'folder') return file('is a folder, not a file')
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    return file(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`)
  }
  if (bytes.length > BYTES_MAX) return file(`is over ${BYTES_MAX} bytes`)
  if (!isUtf8(bytes)) return file('is not UTF-8 text')
  return parseYaml(bytes.toString('utf8').replace(/^\uFEFF/, ''), path)
}

/** Anchors, aliases, tags, directives and merged keys are refused: what is meant stands in place. */
export function parseYaml(text: string, path: string): YamlFile | Wrong {
  const shown = shownPath(path)
  const lines = new LineCounter()
  // Keys are compared below: the library does it in time that grows with their square.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false } as const
  const document = parseDocument(text, { ...options, logLevel: 'error' })
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const problems: ConfigProblem[] = document.errors.map(({ pos, message }) => ({
    file: shown,
    line: lineAt(pos[0]),
    path: '',
    // The library's own recursion ran out of stack, and it took that for an error of the text.
    message: /call stack/.test(message) ? 'is nested too deeply' : message,
  }))
  const refuse = (offset: number, message: string) =>
    problems.push({ file: shown, line: lineAt(offset), path: '', message })

  if (text.includes('\0')) refuse(text.indexOf('\0'), 'holds a NUL character')
  if (/^%/m.test(text)) refuse(text.search(/^%/m), 'directives are not used here')
  if (document.contents === null) refuse(0, 'the file is empty')
  // After a mistake of the syntax what follows is guesswork.
  if (problems.length === 0) refuseSurprises(document, refuse)
  if (problems.length > 0) return wrong(problems)
  return {
    kind: 'ok',
    path,
    shown,
    value: document.toJS({ maxAliasCount: 0 }),
    has: (at) => nodesOn(document, at).length > at.length,
    lineOf: (at) => lineAt(nodesOn(document, at).at(-1)?.range?.[0] ?? 0),
  }
}

function refuseSurprises(
  document: Document.Parsed,
  refuse: (offset: number, message: string) => void,
): void {
  visit(document, (_key, node) => {
    if (!isNode(node)) return
    const offset = node.range?.[0] ?? 0
    if (isAlias(node)) refuse(offset, 'aliases are not used here')
    else if (node.anchor !== undefined) refuse(offset, 'anchors are not used here')
    if (node.tag !== undefined) refuse(offset, 'tags are not used here')
    if (isMap(node)) refuseKeys(node, refuse)
  })
}

function refuseKeys({ items }: YAMLMap, refuse: (offset: number, message: string) => void): void {
  const seen = new Set<string>()
  for (const { key } of items) {
    const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0
    const name = isScalar(key) ? String(key.value) : undefined
    if (name === undefined) refuse(offset, 'a key is a single word')
    else if (name === '<<') refuse(offset, 'merged keys are not used here')
    else if (name === '__proto__') refuse(offset, `"${name}" is not a key`)
    else if (seen.has(name)) refuse(offset, `the key "${name}" is given twice`)
    else seen.add(name)
  }
}

/** From the root down, as far as the path leads; of an entry of a map the key: it has the line. */
function nodesOn(document: Document.Parsed, path: Path): Node[] {
  const shown: Node[] = document.contents === null ? [] : [document.contents]
  let inside: unknown = document.contents
  for (const step of path) {
    const items: readonly unknown[] = inside !== null && isCollection(inside) ? inside.items : []
    const item = isMap(inside)
      ? items.find((it) => isPair(it) && isScalar(it.key) && String(it.key.value) === String(step))
      : items[Number(step)]
    const node = isPair(item) ? item.key : item
    if (!isNode(node)) return shown
    shown.push(node)
    inside = isPair(item) ? item.value : item
  }
  return shown
}

function isCollection(node: unknown): node is { items: readonly unknown[] } {
  return typeof node === 'object' && node !== null && 'items' in node
}
