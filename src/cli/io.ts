/** What commands share: the process as they see it, what they may start, and how they end. */
import type { MemoryLog } from '../adapters/memory.ts'
import type { Observer } from '../core/observer.ts'
import type { Clock } from '../core/ports.ts'
import type { EpochMs } from '../core/time.ts'
import type { Settings } from './settings.ts'

/** What a command is given of the process: it reads no environment and ends nothing by itself. */
export type Io = Readonly<{
  stdin: NodeJS.ReadableStream
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
  env: Readonly<Record<string, string | undefined>>
  /** Aborted by SIGTERM or SIGINT: finish, flush, and return. */
  stopping: AbortSignal
  /** To be called at each SIGHUP, which else ends the process. */
  onHangUp: (listener: () => void) => void
  version: string
  /** The composition root, loaded when a command needs it. */
  services: () => Promise<Services>
  /** A bug, or a dependency that is gone for good: the process must end with 1. */
  onFatal: (error: Error) => void
}>

/** A service that runs, whatever it runs on. */
export type Running = Readonly<{
  /** Of the page and of the metrics. */
  urls: Readonly<{ console: string; metrics: string }>
  /** Resolves at the end of the input, rejects when it cannot go on. */
  done: Promise<void>
  /** Reads the policy again; what comes of it is told in log, metrics and page. */
  reload: () => void
  /** Within ten seconds: finishes the batch, commits, publishes, leaves. */
  stop: () => Promise<void>
}>

export type Services = Readonly<{
  /** Against Kafka and Redis. Raises `Unavailable` when they cannot be reached at the start. */
  startService: (io: Io, settings: Settings, untilMs?: EpochMs) => Promise<Running>
  /** On the embedded adapters; records are produced into `input`. */
  startEmbedded: (io: Io, settings: Settings, given: Embedded) => Promise<Running>
}>

export type Embedded = Readonly<{
  input: MemoryLog
  clock: Clock
  listen: (observer: Observer) => Observer
}>

/** As in `--help`: what a command's promise resolves with. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  problems: 3,
  config: 78,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A line for people, on stderr. */
export function say(io: Io, text: string): void {
  io.stderr.write(`${text}\n`)
}
