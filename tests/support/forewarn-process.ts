import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'

export type Exit = Readonly<{
  /** Undefined: a signal ended it. */
  code: number | undefined
  signal: NodeJS.Signals | undefined
  stdout: string
  stderr: string
}>

/** The program as an operator starts it: a process of its own. It never outlives the one that made it. */
export type ForewarnProcess = Readonly<{
  pid: number | undefined
  /** True until the system has told of its end. */
  isAlive: () => boolean
  /** False: it was over before. */
  send: (signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT' | 'SIGHUP') => boolean
  exited: Promise<Exit>
}>

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** `env` is added to ours. */
export function startForewarn(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ForewarnProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  const guardian = spawn(
    '/bin/sh',
    ['-c', 'cat >/dev/null; kill -KILL "$1"', 'sh', `${child.pid}`],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  )
  let isAlive = true
  child.once('exit', () => {
    isAlive = false
    guardian.kill('SIGKILL')
  })
  async function ended(): Promise<Exit> {
    const [[code, signal], stdout, stderr] = await Promise.all([
      once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
      text(child.stdout),
      text(child.stderr),
    ])
    return { code: code ?? undefined, signal: signal ?? undefined, stdout, stderr }
  }
  return {
    pid: child.pid,
    isAlive: () => isAlive,
    send: (signal) => isAlive && child.kill(signal),
    exited: ended(),
  }
}

/** A command that ends by itself. */
export function forewarn(...args: readonly string[]): Promise<Exit> {
  return startForewarn(args).exited
}
