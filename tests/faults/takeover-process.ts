import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromWriter, ToWriter, WriterOptions } from './takeover-entries.ts'

export type Writer = Readonly<{
  tell: (message: ToWriter) => void
  send: (signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') => void
  [Symbol.asyncDispose]: () => Promise<void>
}>

const MAIN = fileURLToPath(new URL('takeover-writer.ts', import.meta.url))

/** Resolves when it listens. It ends with the process that made it, also while it is stopped. */
export async function startWriter(
  options: WriterOptions,
  hear: (message: FromWriter) => void,
): Promise<Writer> {
  const child = fork(MAIN, [JSON.stringify(options)], { execPath: process.execPath, execArgv: [] })
  const guard = ['-c', 'cat >/dev/null; kill -KILL "$1"', 'sh', `${child.pid}`]
  const guardian = spawn('/bin/sh', guard, { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  const exited = once(child, 'exit').then(() => guardian.kill('SIGKILL'))
  // What is said to one that was killed is lost.
  child.on('error', () => undefined)
  const ready = Promise.withResolvers<void>()
  child.on('message', (message: FromWriter) => {
    if (message.kind === 'ready') ready.resolve()
    else hear(message)
  })
  child.once('exit', (code) => ready.reject(new Error(`a writer ended: ${code}`)))
  await ready.promise
  return {
    tell: (message) => void (child.connected && child.send(message, () => undefined)),
    send: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
