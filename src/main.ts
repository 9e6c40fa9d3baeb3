/** The process: arguments, signals, exit codes. The only file that reads the environment. */
import { readFileSync } from 'node:fs'
import { createProgram } from './cli/program.ts'

// Exit codes of a forced end: 128 and the number of the signal.
const FORCED = { SIGINT: 130, SIGTERM: 143 } as const
const FAILED = 1
// What hangs in a dependency that does not answer loses nothing by being ended: commits are whole.
const STOP_MAX_MS = 8_500
const LINGER_MS = 1_000

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks, the second does not.
    if (stopping.signal.aborted) process.exit(FORCED[signal])
    stopping.abort()
    setTimeout(() => process.exit(FORCED[signal]), STOP_MAX_MS).unref()
  })
}

// A reader that has had enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : FAILED)
})

function fail(raised: unknown): never {
  // What went wrong first, not what went wrong while that was tidied up.
  let error = raised
  while (error instanceof SuppressedError) error = error.suppressed
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`forewarn: ${text}\n`)
  process.exit(FAILED)
}
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

const { stdin, stdout, stderr, env } = process
const program = createProgram({
  ...{ stdin, stdout, stderr, env, version },
  stopping: stopping.signal,
  onHangUp: (listener) => process.on('SIGHUP', listener),
  services: () => import('./app.ts'),
  onFatal: fail,
})
const code = await program.run(process.argv.slice(2)).catch(fail)
process.exitCode = code
// A client that does not let go of a dependency must not keep a process whose work is done.
const linger = setInterval(() => {
  if (stdout.writableLength === 0) process.exit(code)
}, LINGER_MS)
linger.unref()
