import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { readSnapshotFile, writeSnapshotFile } from '../../src/adapters/snapshot-file.ts'
import { FIRST } from '../contracts/state-store.ts'

test('a snapshot in a file is the same store in a later run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'state')
  expect(await readSnapshotFile(path)).toBeUndefined()

  const store = createMemoryStore()
  const bytes = Buffer.from('{"a":1}')
  await store.commit(3, {
    ...FIRST,
    fields: [['M1', bytes]],
    dueAdded: [[480_000, 'M1']],
    outboxAdded: [
      {
        sequence: 1,
        topic: 'standing',
        id: 's1',
        key: bytes,
        value: undefined,
        headers: [['h', bytes]],
      },
    ],
  })
  await writeSnapshotFile(path, store.snapshot())
  await writeSnapshotFile(path, store.snapshot())
  expect(await readdir(folder)).toEqual(['state'])

  const again = createMemoryStore(await readSnapshotFile(path))
  expect(await again.load(3)).toEqual(await store.load(3))
  expect((await again.read(3, ['M1'])).value).toEqual([new Uint8Array(bytes)])
  expect((await again.due(3, 480_000)).value).toEqual([{ bucket: 480_000, accounts: ['M1'] }])
  const next = { ...FIRST, expected: FIRST.next, next: { ...FIRST.next, version: 2 } }
  expect(await again.commit(3, next)).toEqual({ kind: 'done' })
})
