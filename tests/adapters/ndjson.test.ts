import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readLines } from '../../src/adapters/ndjson-lines.ts'
import { createNdjsonEventLog, createNdjsonWarningLog } from '../../src/adapters/ndjson.ts'
import type { LogReader, RawRecord } from '../../src/core/ports.ts'
import { createRecorder } from '../support/recorder.ts'

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString()

async function all(source: Parameters<typeof readLines>[0]): Promise<RawRecord[]> {
  const records: RawRecord[] = []
  for await (const batch of readLines(source)) records.push(...batch)
  return records
}

/** In pieces of `size` bytes, so that lines and the gzip header are cut anywhere. */
function pieces(bytes: Buffer, size: number): Readable {
  const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => i * size)
  return Readable.from(starts.map((at) => bytes.subarray(at, at + size)))
}

async function file(content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ndjson-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'lines')
  await writeFile(path, content)
  return path
}

describe('lines', () => {
  const plain = Buffer.from('{"n":0}\n{"n":1}\r\n\n{"é":3}')

  test.for([1, 2, 3, 7, 1_000])(
    'are records at their line, cut into pieces of %i',
    async (size) => {
      for (const bytes of [plain, gzipSync(plain)]) {
        const records = await all(pieces(bytes, size))
        expect(records.map((r) => [r.offset, text(r.value), r.key, r.timestampMs])).toEqual([
          [0, '{"n":0}', undefined, undefined],
          [1, '{"n":1}', undefined, undefined],
          [3, '{"é":3}', undefined, undefined],
        ])
      }
    },
  )

  test('of nothing are nothing', async () => {
    for (const content of ['', '\n', '\n\n']) expect(await all(await file(content))).toEqual([])
  })

  test('as kcat writes them carry key, payload, headers and time', async () => {
    const wrapped = {
      topic: 'terminal.events',
      partition: 3,
      offset: 77,
      tstype: 'create',
      ts: 1_790_000_000_000,
      broker: 1,
      headers: ['ce_id', 'e1', 'ce_type', 'x', 'ce_id', 'e2'],
      key: 'M1',
      payload: '{"n":"\\u00e9"}',
    }
    const lines = [
      wrapped,
      { ...wrapped, payload: null, key: null, ts: -1, headers: undefined },
      { topic: 'no wrapper' },
    ]
    const records = await all(await file(lines.map((line) => JSON.stringify(line)).join('\n')))
    expect(records.map((r) => [r.offset, text(r.key), text(r.value), r.timestampMs])).toEqual([
      [0, 'M1', '{"n":"\\u00e9"}', 1_790_000_000_000],
      [1, undefined, undefined, undefined],
      [2, undefined, '{"topic":"no wrapper"}', undefined],
    ])
    expect(records[0]?.headers.map(([name, value]) => [name, text(value)])).toEqual([
      ['ce_id', 'e1'],
      ['ce_type', 'x'],
      ['ce_id', 'e2'],
    ])
  })

  test('that only begin like a wrapper are values, for the decoder to judge', async () => {
    const line = '{"topic":"t","partition":0,"offset":1,"payload":"cut'
    expect((await all(await file(line))).map((r) => text(r.value))).toEqual([line])
  })

  test('of megabytes are cut, and the next one is read', async () => {
    const records = await all(await file(`${'x'.repeat(9_000_000)}\n{"n":1}\n`))
    expect(records.map((r) => r.offset)).toEqual([0, 1])
    expect(records[0]?.value?.length).toBeLessThan(3_000_000)
    expect(records[0]?.value?.length).toBeGreaterThan(256 * 1024)
    expect(text(records[1]?.value)).toBe('{"n":1}')
  })

  test('of a gzip that was cut end in an error', async () => {
    const bytes = gzipSync(plain)
    await expect(all(pieces(bytes.subarray(0, -6), 10))).rejects.toThrow('unexpected end of file')
    await expect(all('/no/such/file')).rejects.toThrow('ENOENT')
  })
})

describe('EventLog: NDJSON', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, n) => `{"n":${n}}\n`).join('')
  const valuesFrom = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `{"n":${from + i}}`)

  test('gives nothing before its start, then everything from there, then its end', async () => {
    const recorder = createRecorder()
    const reader = await createNdjsonEventLog(await file(lines(30_000))).consume(recorder.listener)
    expect(recorder.assignments).toEqual([[0]])
    expect((await reader.bounds(0)).end).toBeGreaterThan(30_000)
    expect(recorder.batches).toEqual([])
    reader.start(0, 29_000)
    await recorder.until(recorder.hasEnded)
    expect(recorder.values(0)).toEqual(valuesFrom(29_000, 30_000))
    expect(recorder.position(0)).toBe(30_000)
    expect(await reader.bounds(0)).toEqual({ earliest: 0, end: 30_000 })
  })

  test('a file can be started again, a stream cannot', async () => {
    const recorder = createRecorder()
    const reader = await createNdjsonEventLog(await file(lines(3))).consume(recorder.listener)
    reader.start(0, 0)
    await recorder.until(recorder.hasEnded)
    reader.start(0, 2)
    await recorder.until(() => recorder.values(0).length === 4)
    expect(recorder.values(0)).toEqual([...valuesFrom(0, 3), '{"n":2}'])

    const once = createRecorder()
    const stream = createNdjsonEventLog(Readable.from([Buffer.from(lines(3))]))
    const other = await stream.consume(once.listener)
    other.start(0, 0)
    await once.until(once.hasEnded)
    other.start(0, 0)
    expect(once.errors).toHaveLength(1)
  })

  test('pauses, twice too, and goes on where it was', async () => {
    const input = new PassThrough()
    const recorder = createRecorder()
    const reader: LogReader = await createNdjsonEventLog(input).consume(recorder.listener)
    reader.start(0, 0)
    input.write('{"n":0}\n{"n":1}\n')
    await recorder.until(() => recorder.position(0) === 2)
    reader.pause(0)
    input.write('{"n":2}\n')
    await new Promise(setImmediate)
    reader.pause(0)
    await new Promise(setImmediate)
    expect(recorder.position(0)).toBe(2)
    reader.resume(0)
    input.end('{"n":3}')
    await recorder.until(recorder.hasEnded)
    expect(recorder.values(0)).toEqual(valuesFrom(0, 4))
  })

  test('a promise of the listener holds the file back, and close waits for it', async () => {
    const gate = Promise.withResolvers<void>()
    const recorder = createRecorder(() => gate.promise)
    const reader = await createNdjsonEventLog(await file(lines(300_000))).consume(recorder.listener)
    reader.start(0, 0)
    await recorder.until(() => recorder.batches.length === 1)
    const closed = reader.close()
    setImmediate(gate.resolve)
    await closed
    expect(recorder.batches).toHaveLength(1)
    expect(recorder.hasEnded()).toBe(false)
  })

  test('a file that cannot be read, and a listener that throws, are fatal', async () => {
    const recorder = createRecorder()
    const reader = await createNdjsonEventLog('/no/such/file').consume(recorder.listener)
    reader.start(0, 0)
    await recorder.until(() => recorder.errors.length === 1)
    const thrower = createRecorder(() => {
      throw new TypeError('a bug')
    })
    const other = await createNdjsonEventLog(await file(lines(3))).consume(thrower.listener)
    other.start(0, 0)
    await thrower.until(() => thrower.errors.length === 1)
    expect(thrower.errors[0]?.message).toBe('a bug')
  })
})

test('outputs are lines on the stream of their topic', async () => {
  const out = new PassThrough()
  const log = createNdjsonWarningLog({ warnings: out })
  const output = await log.open(0, undefined)
  const entry = { sequence: 1, id: 'w1', key: Buffer.from('M1'), headers: [] } as const
  await output.append([
    { ...entry, topic: 'warnings', value: Buffer.from('{"n":1}') },
    { ...entry, topic: 'standing', value: undefined },
  ])
  expect(String(out.read())).toBe('{"n":1}\n')
})
