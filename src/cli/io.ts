/** What a command is given of the process: it reads no environment and ends nothing by itself. */
export type Io = Readonly<{
  stdin: NodeJS.ReadableStream
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
  env: Readonly<Record<string, string | undefined>>
  /** Aborted by SIGTERM or SIGINT: finish, flush, and return. */
  stopping: AbortSignal
  version: string
  /** A bug, or a dependency that is gone for good: the process must end with 1. */
  onFatal: (error: Error) => void
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
