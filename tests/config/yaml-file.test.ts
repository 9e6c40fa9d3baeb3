import { expect, test } from 'vitest'
import { readYamlFile } from '../../src/config/yaml-file.ts'
import { folderOfFiles } from '../support/config.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

test.each<[content: string | Uint8Array, problems: string[], shows: string]>([
  ['', ['f.yaml:1: the file is empty'], 'nothing is no configuration'],
  ['# only this\n', ['f.yaml:1: the file is empty'], 'nor is a comment'],
  ['a: 1\na: 2\n', ['f.yaml:2: the key "a" is given twice'], 'twice is a contradiction'],
  [
    '2025: 1\n"2025": 2\n',
    ['f.yaml:2: the key "2025" is given twice'],
    'as text they are the same',
  ],
  [
    'a: &a [x]\nb: [*a, *a]\n',
    ['f.yaml:1: anchors are not used here', 'f.yaml:2: aliases are not used here'],
    'a bomb is refused at its fuse',
  ],
  [
    'a: &a\n  b: *a\n',
    ['f.yaml:2: anchors are not used here', 'f.yaml:2: aliases are not used here'],
    'a cycle too',
  ],
  ['<<: { a: 1 }\n', ['f.yaml:1: merged keys are not used here'], 'no merging'],
  ['a: !!js/function "x"\n', ['f.yaml:1: tags are not used here'], 'no code'],
  ['\na: !!python/object x\n', ['f.yaml:2: tags are not used here'], 'of whatever language'],
  ['a: !big\n  b: 1\n', ['f.yaml:2: tags are not used here'], 'nor on a map'],
  ['a: !!str 1\n', ['f.yaml:1: tags are not used here'], 'no tag at all'],
  ['%YAML 1.1\n---\na: no\n', ['f.yaml:1: directives are not used here'], 'no other YAML'],
  ['__proto__: { a: 1 }\n', ['f.yaml:1: "__proto__" is not a key'], 'no prototype'],
  ['? [a, b]\n: 1\n', ['f.yaml:1: a key is a single word'], 'a key is a word'],
  ['a:\n\t- b\n', ['f.yaml:2: Tabs are not allowed as indentation'], 'tabs'],
  ['a: \0\n', ['f.yaml:1: holds a NUL character'], 'NUL'],
  [utf8('a: b').with(3, 0xff), ['f.yaml: is not UTF-8 text'], 'bytes that are no text'],
  [
    'a: 1\n---\nb: 2\n',
    ['f.yaml:2: Source contains multiple documents; please use YAML.parseAllDocuments()'],
    'one document',
  ],
])('%j → %j (%s)', (content, problems, _shows) => {
  using files = folderOfFiles()
  const read = readYamlFile(files.write('f.yaml', content))
  expect(files.textOf(read)).toEqual(problems)
})

test('has an end of depth and of size', () => {
  using files = folderOfFiles()
  const deep = `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const long = `# ${'x'.repeat(1_000_000)}\na: 1`
  expect(files.textOf(readYamlFile(files.write('f.yaml', deep)))).toEqual([
    'f.yaml:1: is nested too deeply',
  ])
  expect(files.textOf(readYamlFile(files.write('f.yaml', long)))).toEqual([
    'f.yaml: is over 1000000 bytes',
  ])
})

test('names a file that is missing, and a folder', () => {
  using files = folderOfFiles()
  expect(files.textOf(readYamlFile(`${files.path}/none.yaml`))).toEqual([
    'none.yaml: there is no such file',
  ])
  files.write('sub/f.yaml', 'a: 1')
  expect(files.textOf(readYamlFile(`${files.path}/sub`))).toEqual(['sub: is a folder, not a file'])
})

test('reads plain data, with a byte order mark and carriage returns', () => {
  using files = folderOfFiles()
  const read = readYamlFile(files.write('f.yaml', '\uFEFFa: no\r\nb: 1:30\r\nc: 2025-01-01\r\n'))
  expect(read).toMatchObject({ kind: 'ok', value: { a: 'no', b: '1:30', c: '2025-01-01' } })
})

test('knows the line of the deepest node on a path, and whether it is there', () => {
  using files = folderOfFiles()
  const text = 'a:\n  b:\n    - x\n    - y: 1\n      z: 2\n'
  const read = readYamlFile(files.write('f.yaml', text))
  if (read.kind === 'wrong') throw new Error('the file is right')
  expect(read.lineOf(['a', 'b', 1, 'z'])).toBe(5)
  expect(read.lineOf(['a', 'b', 1, 'missing'])).toBe(4)
  expect(read.lineOf(['a', 'b', 'x'])).toBe(2)
  expect(read.lineOf(['none'])).toBe(1)
  expect(read.has(['a', 'b', 1, 'z'])).toBe(true)
  expect(read.has(['a', 'b', 1, 'missing'])).toBe(false)
  expect(read.has(['a', 'b', 2])).toBe(false)
})
