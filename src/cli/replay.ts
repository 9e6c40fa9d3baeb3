/** `forewarn replay`: the production fold over a file, in memory; needs neither Kafka nor Redis. */
import { createWriteStream, statSync } from 'node:fs'
import { once } from 'node:events'
import { readLines } from '../adapters/ndjson-lines.ts'
import { createFold } from '../core/fold.ts'
import type { RawRecord } from '../core/ports.ts'
import { createRenderer } from '../core/record.ts'
import { replayRecords } from '../engine/replay.ts'
import type { ReplaySummary } from '../engine/replay.ts'
import { decode } from '../events/decode.ts'
import type { DeadReason } from '../events/event.ts'
import { parseInstant } from '../events/time-text.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { createLines } from './lines.ts'
import { createProgress } from './progress.ts'
import { loadSettings } from './settings.ts'

export type ReplayOptions = Readonly<{
  policy?: string
  config?: string
  until?: string
  deadLetters?: string
  strict?: boolean
}>

export async function replay(io: Io, file: string, options: ReplayOptions): Promise<ExitCode> {
  const untilMs = options.until === undefined ? undefined : parseInstant(options.until)
  if (options.until !== undefined && untilMs === undefined) {
    say(io, `forewarn replay: --until ${options.until} is no RFC 3339 instant with offset`)
    return EXIT.usage
  }
  const settings = loadSettings(io, options)
  if (settings === undefined) return EXIT.config
  const bytes = sizeOf(file)
  if (bytes === undefined && file !== '-') {
    say(io, `forewarn replay: there is no file ${file}`)
    return EXIT.failed
  }
  const { service, loaded } = settings
  const { structured } = createRenderer(loaded.policy.zoneOf, service.output.name)
  const out = createLines(io.stdout)
  const dead = createDeadLetters(options.deadLetters)
  const progress = createProgress(io, { label: 'replay', total: bytes })
  let read = 0
  async function* counted(): AsyncGenerator<readonly RawRecord[]> {
    for await (const batch of readLines(file)) {
      yield batch
      for (const { value } of batch) read += (value?.length ?? 0) + 1
      progress.at(read)
      await out.drained()
    }
  }
  const summary = await replayRecords(
    createFold(loaded.policy),
    counted(),
    (record) => decode(record, { keyOptional: true }),
    {
      ...(untilMs === undefined ? {} : { untilMs }),
      onWarning: (record) => out.write(JSON.stringify(structured(record))),
      onDead: (reason, _record, line) => dead.bury(reason, line),
    },
  )
  progress.done()
  await out.end()
  await dead.end()
  summarise(io, summary, dead.counts)
  return options.strict === true && summary.dead > 0 ? EXIT.problems : EXIT.ok
}

function sizeOf(file: string): number | undefined {
  return file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })?.size
}

function createDeadLetters(file: string | undefined) {
  const counts = new Map<string, number>()
  const stream = file === undefined ? undefined : createWriteStream(file)
  return {
    counts,
    bury({ code, path, message }: DeadReason, line: number): void {
      counts.set(code, (counts.get(code) ?? 0) + 1)
      stream?.write(`${JSON.stringify({ line, code, ...(path ? { path } : {}), message })}\n`)
    },
    async end(): Promise<void> {
      if (stream === undefined) return
      stream.end()
      await once(stream, 'finish')
    },
  }
}

function summarise(io: Io, so: ReplaySummary, dead: ReadonlyMap<string, number>): void {
  const count = (n: number) => n.toLocaleString('en')
  say(
    io,
    `${count(so.records)} records, ${count(so.accounts)} accounts: ${count(so.applied)} applied, ` +
      `${count(so.duplicate)} duplicates, ${count(so.unknownType)} of unknown type, ` +
      `${count(so.dead)} refused; ${count(so.warnings)} warning records`,
  )
  for (const [code, n] of [...dead].sort()) say(io, `  refused ${code}: ${count(n)}`)
}
