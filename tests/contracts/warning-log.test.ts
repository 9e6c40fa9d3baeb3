import { PassThrough } from 'node:stream'
import { createMemoryWarningLog } from '../../src/adapters/memory.ts'
import { createNdjsonWarningLog } from '../../src/adapters/ndjson.ts'
import { warningLogContract, type Written } from './warning-log.ts'
import type { OutboxEntry } from '../../src/core/ports.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const written = ({ key, value, headers }: OutboxEntry): Written => ({
  key: text(key),
  value: value && text(value),
  headers: headers.map(([name, head]) => [name, text(head)] as const),
})

/** Undefined has no JSON: a tombstone is a line without a value. */
const TOMBSTONE: Written = { key: '', value: undefined, headers: [] }

warningLogContract('memory', async () => {
  const log = createMemoryWarningLog()
  return { log: () => log, written: async (topic) => log.entries(topic).map(written) }
})

warningLogContract('NDJSON', async () => {
  const lines = { warnings: '', standing: '', deadLetters: '' }
  const stream = (topic: keyof typeof lines): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => (lines[topic] += String(chunk)))
  const streams = {
    warnings: stream('warnings'),
    standing: stream('standing'),
    deadLetters: stream('deadLetters'),
  }
  const log = createNdjsonWarningLog(streams, (entry) => JSON.stringify(written(entry)))
  return {
    log: () => log,
    written: async (topic) =>
      lines[topic]
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ ...TOMBSTONE, ...(JSON.parse(line) as Partial<Written>) })),
  }
})
