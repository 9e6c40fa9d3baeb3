import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What each folder of src/ may import: packages by name, our own files by path below src/. */
const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  events: /^(zod|events\/.*)$/,
  core: /^(zod|events\/.*|core\/.*)$/,
  detectors: /^(zod|events\/.*|core\/.*|detectors\/.*)$/,
  config: /^(zod|yaml|node:.*|events\/.*|core\/.*|detectors\/.*|config\/.*)$/,
  engine: /^(events\/.*|core\/.*|engine\/.*)$/,
  // Packages and what the core says about the world; parts of itself, below, but not another adapter.
  adapters: /^((?!\w[\w-]*\/.*\.ts$).*|node:.*|events\/.*|core\/.*)$/,
  fleet: /^(node:.*|events\/.*|fleet\/.*)$/,
  console: /^((?!\w[\w-]*\/.*\.ts$).*|core\/.*|console\/.*)$/,
  cli: /^(?!main\.ts$|app\.ts$).*$/,
}
/** Record ids are sha256. Nothing else in the core hashes. */
const EXCEPTIONS = new Set(['src/core/ids.ts node:crypto'])
/** `kafka-lives.ts` and `kafka-records.ts` are parts of one adapter: they share its first word. */
const SAME_ADAPTER = /^src\/adapters\/(\w+)[-\w.]*\.ts adapters\/\1\b/
const PURE = new Set(['events', 'core', 'detectors'])
const IMPURE =
  /\b(Date\.now|new Date\(|Temporal\.Now|Math\.random|process\.|console\.|setTimeout|setInterval|setImmediate|queueMicrotask|await |async )/
const FORBIDDEN_FOLDERS = ['utils', 'helpers', 'common', 'types', 'interfaces', 'services']
const LINES_MAX = { src: 250, tests: 400 }

/** Beside the folders that mirror src/. */
const TEST_FOLDERS = [
  ...['chaos', 'contracts', 'corpus', 'faults', 'fuzz', 'model', 'recount'],
  ...['scenarios', 'simulation', 'support'],
]

const sources = filesBelow('src')
const tests = filesBelow('tests')

describe('every file of src/', () => {
  test('imports only what its folder may', () => {
    const wrong = sources.flatMap((file) => {
      const allowed = MAY_IMPORT[folderOf(file)]
      const found = importsOf(file).filter((it) => !(allowed?.test(it) ?? true))
      return found.map((it) => `${file} ${it}`)
    })
    expect(wrong.filter((it) => !EXCEPTIONS.has(it) && !SAME_ADAPTER.test(it))).toEqual([])
  })

  test('knows no clock, no chance and no world where it must be pure', () => {
    const pure = sources.filter((file) => PURE.has(folderOf(file)))
    const found = pure.map((file) => `${file} ${IMPURE.exec(codeOf(file))?.[0] ?? ''}`)
    expect(found.filter((it) => !it.endsWith(' '))).toEqual([])
  })

  test('leaves the starting point alone', () => {
    expect(sources.filter((file) => importsOf(file).includes('main.ts'))).toEqual([])
  })
})

describe('the tree', () => {
  test('has no long file', () => {
    const long = (files: string[], most: number) => files.filter((it) => lineCount(it) > most)
    expect(long(sources, LINES_MAX.src)).toEqual([])
    expect(long(tests, LINES_MAX.tests)).toEqual([])
  })

  test('says in folder names what is in them', () => {
    const folders = new Set([...sources, ...tests].flatMap((it) => it.split('/')))
    expect(FORBIDDEN_FOLDERS.filter((it) => folders.has(it))).toEqual([])
  })

  test('names its files in kebab-case', () => {
    const plain = /^([a-z0-9-]+\/)*[a-z0-9-]+(\.lua|\.services)?(\.test)?\.ts$/
    expect([...sources, ...tests].filter((file) => !plain.test(file))).toEqual([])
  })

  test('mirrors src in tests', () => {
    const known = new Set([...sources.map(folderOf), ...TEST_FOLDERS])
    const nested = tests.filter((file) => file.split('/').length > 2)
    expect(nested.filter((file) => !known.has(folderOf(file)))).toEqual([])
  })
})

describe('the list of detectors', () => {
  const files = sources
    .filter((file) => folderOf(file) === 'detectors' && file !== 'src/detectors/index.ts')
    .map((file) => basename(file, '.ts'))

  test('has every detector file', () => {
    const index = codeOf('src/detectors/index.ts')
    expect(files.filter((name) => !index.includes(`'./${name}.ts'`))).toEqual([])
  })

  test('is the list of docs/detectors.md', () => {
    const sections = [...textOf('docs/detectors.md').matchAll(/^## `?([a-z-]+)`?$/gm)]
    expect(sections.map(([, name]) => name).toSorted()).toEqual(files.toSorted())
  })
})

describe('withoutComments', () => {
  test.each([
    ['a // process.exit', 'a ', 'to the end of the line'],
    ['/** await */ b', ' b', 'a block'],
    ["'https://x' // c", "'https://x' ", 'not inside a string'],
    ['`${a} // kept`', '`${a} // kept`', 'not inside a template'],
  ])('%s → %s (%s)', (text, expected, _shows) => {
    expect(withoutComments(text)).toBe(expected)
  })
})

function filesBelow(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`)
    .map((file) => file.split(sep).join('/'))
    .toSorted()
}

/** Packages by name, our own files relative to src/. */
function importsOf(file: string): string[] {
  const found = codeOf(file).matchAll(/(?:[}\w*]\s+from\s*|^import\s*|\bimport\s*\(\s*)'([^']+)'/gm)
  return [...found].map(([, from = '']) =>
    from.startsWith('.')
      ? relative('src', join(dirname(file), from))
          .split(sep)
          .join('/')
      : from,
  )
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? ''
}

function codeOf(file: string): string {
  return withoutComments(textOf(file))
}

function withoutComments(text: string): string {
  const piece =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*/g
  return text.replace(piece, (it) => (it.startsWith('/') ? '' : it))
}

function lineCount(file: string): number {
  return textOf(file).trimEnd().split('\n').length
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
