import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { checkSnapshot, readSnapshot, writeSnapshot } from '../../src/cli/state-file.ts'
import type { Commit, OutboxEntry } from '../../src/core/ports.ts'
import { encodeMeta } from '../../src/engine/meta.ts'
import { readState } from '../../src/engine/state-read.ts'
import type { SnapshotPart } from '../../src/engine/state-snapshot.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const META = encodeMeta({
  ...{ partitionCount: 3, origin: 0, sequence: 9, mark: '0:4', fingerprint: undefined },
  ...{ policy: undefined, memory: bytes('memory') },
})
const CURSOR = { offset: 41, version: 7, writer: 'w|1' }
const HEAD = { topic: 'events', partition: 2, partitionCount: 3, cursor: CURSOR, meta: META }
const ENTRY: OutboxEntry = {
  ...{ sequence: 8, topic: 'warnings', id: 'x-1', key: bytes('M\u2028') },
  ...{ value: undefined, headers: [['ce_id', bytes('x-1')]] },
}
const STATE: Commit = {
  ...{ expected: undefined, next: CURSOR, meta: META },
  fields: [
    ['t\nM\u2028\nn', new Uint8Array([0, 10, 13, 255])],
    ['t\nM\u2028', new Uint8Array()],
  ],
  dueAdded: [
    [7, 't\nM\u2028'],
    [7, 't\nN'],
    [9, 't\nM\u2028'],
  ],
  ...{ dueDropped: [], outboxAdded: [ENTRY], outboxDropped: [] },
}

let path: string

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  path = join(folder, 'p2.gz')
})

async function exported(): Promise<readonly SnapshotPart[]> {
  const store = createMemoryStore()
  await store.commit(2, STATE)
  const writer = await writeSnapshot(path, HEAD)
  const parts: SnapshotPart[] = []
  const read = await readState(
    store,
    2,
    async () => {},
    async (part) => {
      parts.push(part)
      await writer.put(part)
    },
  )
  expect(read.kind).toBe('whole')
  expect((await writer.finish()).counts).toEqual({ field: 2, due: 2, outbox: 1 })
  return parts
}

/** The lines of the file, changed. */
function rewrite(change: (lines: string[]) => string[]): void {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n').slice(0, -1)
  writeFileSync(path, gzipSync(`${change(lines).join('\n')}\n`))
}

test('what was exported comes back, byte for byte', async () => {
  const parts = await exported()
  const { sha256, ...head } = await checkSnapshot(path)
  expect(head).toEqual(HEAD)
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(await Array.fromAsync(readSnapshot(path))).toEqual(parts)
  expect(parts).toContainEqual({ kind: 'outbox', entry: ENTRY })
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('a file that is not finished does not exist', async () => {
  const writer = await writeSnapshot(path, HEAD)
  await writer.discard()
  expect([existsSync(path), existsSync(`${path}.draft`)]).toEqual([false, false])
})

test.each<[what: string, why: string, change: (lines: string[]) => string[]]>([
  ['a value changed', 'checksum', (all) => all.map((it) => it.replace('AAoN', 'AAoO'))],
  ['a line lost', 'checksum', (all) => all.toSpliced(1, 1)],
  ['two lines exchanged', 'checksum', ([a = '', b = '', c = '', ...d]) => [a, c, b, ...d]],
  ['the end lost', 'cut short', (all) => all.slice(0, -1)],
  ['a line added behind', 'follows', (all) => [...all, '["f","x",""]']],
  ['a newer format', 'newer', (all) => all.map((it) => it.replace('"version":1', '"version":2'))],
  ['something else', 'no exported state', () => ['{"a":1}']],
  ['no JSON', 'no exported state', () => ['hello']],
])('%s is refused (%s)', async (_what, why, change) => {
  await exported()
  rewrite(change)
  await expect(checkSnapshot(path)).rejects.toThrow(why)
})

test('a file cut by the byte, and one that is no gzip, are refused', async () => {
  await exported()
  const whole = readFileSync(path)
  writeFileSync(path, whole.subarray(0, whole.length - 12))
  await expect(checkSnapshot(path)).rejects.toThrow(/end of file|cut short/)
  writeFileSync(path, 'hello')
  await expect(checkSnapshot(path)).rejects.toThrow('incorrect header check')
})

test('a state of a newer version is refused before it is brought in', async () => {
  const json = JSON.stringify({ partitionCount: 3, origin: 0, sequence: 0, stateVersion: 99 })
  const meta = new Uint8Array([1, json.length, 0, 0, 0, ...bytes(json)])
  const writer = await writeSnapshot(path, { ...HEAD, meta })
  await writer.finish()
  await expect(checkSnapshot(path)).rejects.toThrow('version 99')
})

test('a partition that moves while it is read is not taken for whole', async () => {
  const store = createMemoryStore()
  await store.commit(2, STATE)
  const next = { ...CURSOR, version: 8 }
  const move = async () => {
    await store.commit(2, { ...STATE, expected: CURSOR, next, fields: [], outboxAdded: [] })
  }
  expect((await readState(store, 2, move, async () => {})).kind).toBe('moved')
  expect(await readState(store, 1, move, async () => {})).toEqual({ kind: 'none' })
})
