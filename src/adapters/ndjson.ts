/** A file of lines as a log of one partition, and the outputs as lines. */
import type { Writable } from 'node:stream'
import type {
  EventLog,
  LogListener,
  LogReader,
  OutboxEntry,
  OutputTopic,
  WarningLog,
} from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import { readLines, type LineSource } from './ndjson-lines.ts'

/** Until a file has been read to its end nobody knows where that is. */
const END_UNKNOWN = Number.MAX_SAFE_INTEGER

/**
 * One partition, 0. `ended` follows the last batch. A path may be started again at any line;
 * standard input and streams only ever go forward, and starting them again is fatal.
 */
export function createNdjsonEventLog(source: LineSource): EventLog {
  const isFile = typeof source === 'string' && source !== '-'
  return {
    topic: typeof source === 'string' ? source : 'stream',
    partitionCount: async () => 1,
    consume: async (listener) => {
      const reader = createReader(source, isFile, listener)
      listener.assigned([0])
      return reader
    },
  }
}

function createReader(source: LineSource, isFile: boolean, listener: LogListener): LogReader {
  let life = 0
  let pumping: Promise<void> = Promise.resolve()
  let end = END_UNKNOWN
  let gate: PromiseWithResolvers<void> | undefined

  async function pump(mine: number, offset: number): Promise<void> {
    let next = 0
    for await (const batch of readLines(source)) {
      next = (batch.at(-1)?.offset ?? next) + 1
      const records = offset === 0 ? batch : batch.filter((record) => record.offset >= offset)
      await gate?.promise
      if (mine !== life) return
      if (records.length > 0) await listener.batch(0, records, next)
    }
    if (mine !== life) return
    end = next
    listener.ended()
  }

  const open = (): void => {
    gate?.resolve()
    gate = undefined
  }
  const endLife = (): void => {
    life += 1
    open()
  }

  return {
    start: (partition, offset) => {
      if (partition !== 0) return
      if (life > 0 && !isFile) {
        listener.onFatal(new Error('a stream of lines cannot be read a second time'))
        return
      }
      endLife()
      const mine = life
      const earlier = pumping
      pumping = earlier
        .then(() => pump(mine, offset))
        .catch((error: unknown) => {
          if (mine === life) listener.onFatal(error instanceof Error ? error : new Error('unknown'))
        })
    },
    pause: () => {
      gate ??= Promise.withResolvers<void>()
    },
    resume: open,
    bounds: async () => ({ earliest: 0, end }),
    publishPosition: async () => {},
    close: async () => {
      endLife()
      await pumping
    },
  }
}

/**
 * Appends the lines that `lineOf` makes of entries, each to the stream of its topic; a topic without
 * one is passed over. What an earlier process wrote cannot be read back.
 */
export function createNdjsonWarningLog(
  streams: Readonly<Partial<Record<OutputTopic, Writable>>>,
  lineOf: (entry: OutboxEntry) => string | undefined = textOf,
): WarningLog {
  const epochs = new Map<number, number>()
  const ids: string[] = []

  async function append(entries: readonly OutboxEntry[]): Promise<void> {
    for (const [topic, group] of Map.groupBy(entries, (entry) => entry.topic)) {
      const lines = group.map(lineOf).filter((line) => line !== undefined)
      const stream = streams[topic]
      if (stream !== undefined && lines.length > 0) await write(stream, `${lines.join('\n')}\n`)
    }
    for (const { topic, id } of entries) if (topic !== 'standing') ids.push(id)
  }

  // One append after the other; and who opens waits for what is being written.
  let last: Promise<unknown> = Promise.resolve()

  return {
    open: async (partition, mark) => {
      await last
      const epoch = (epochs.get(partition) ?? 0) + 1
      epochs.set(partition, epoch)
      return {
        present: new Set(ids.slice(mark === undefined ? 0 : Number(mark))),
        mark: String(ids.length),
        markNow: () => String(ids.length),
        append: (entries) => {
          const mine = last.then(() => {
            if (epochs.get(partition) !== epoch) throw new Unavailable('fenced by a newer writer')
            return append(entries)
          })
          last = mine.catch(() => {})
          return mine
        },
      }
    },
    close: async () => {},
  }
}

function textOf({ value }: OutboxEntry): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString()
}

function write(stream: Writable, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  stream.write(text, (error) => (error ? reject(error) : resolve()))
  return promise
}
