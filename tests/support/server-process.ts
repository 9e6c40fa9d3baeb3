import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type ServerOptions = Readonly<{
  name: string
  /** What to start, given the folder that this server may write to. */
  command: (folder: string) => readonly [command: string, ...args: string[]]
  /** Resolves true once the server does what it is for; a throw means "not yet". */
  isReady: () => Promise<boolean>
  startMaxMs: number
}>

/** A server of a test or a benchmark, on this machine. It never outlives the process that made it. */
export type ServerProcess = Readonly<{
  /** Of the process running now, or of the last one. */
  pid: () => number
  /** Kept over `kill` and `restart`, removed by `stop`. */
  folder: string
  /** SIGKILL. What it has not written is lost; the folder stays. */
  kill: () => Promise<void>
  /** Starts it again on the same port and folder, after `kill`. Resolves when it is ready. */
  restart: () => Promise<void>
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause: () => void
  resume: () => void
  /** For good: ends it and removes its folder. Safe to call twice. */
  stop: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}>

const TERM_MAX_MS = 5_000
const POLL_MS = 25

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), `forewarn-${options.name}-`))
  const guardian = startGuardian(folder)
  let child: ChildProcess | undefined
  let pid = 0

  async function start(): Promise<void> {
    const [command, ...args] = options.command(folder)
    const log = openSync(join(folder, 'server.log'), 'a')
    const started = spawn(command, args, { cwd: folder, stdio: ['ignore', log, log] })
    closeSync(log)
    await once(started, 'spawn')
    child = started
    pid = started.pid ?? 0
    writeFileSync(join(folder, 'pid'), `${pid}`)
    await untilReady(started)
  }

  async function untilReady(started: ChildProcess): Promise<void> {
    const giveUpAt = performance.now() + options.startMaxMs
    while (performance.now() < giveUpAt && started.exitCode === null) {
      if (await options.isReady().catch(() => false)) return
      await sleep(POLL_MS)
    }
    const lastLines = readFileSync(join(folder, 'server.log'), 'utf8')
      .split('\n')
      .slice(-20)
      .join('\n')
    throw new Error(`${options.name} did not start within ${options.startMaxMs} ms:\n${lastLines}`)
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = once(ending, 'exit')
    ending.kill(signal)
    // One that is paused does not hear SIGTERM before that.
    ending.kill('SIGCONT')
    const late = setTimeout(() => ending.kill('SIGKILL'), TERM_MAX_MS)
    await exited
    clearTimeout(late)
    writeFileSync(join(folder, 'pid'), '')
  }

  async function stop(): Promise<void> {
    await end('SIGTERM')
    guardian.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    pid: () => pid,
    folder,
    kill: () => end('SIGKILL'),
    restart: start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/**
 * A shell that waits for the end of our pipe, which comes whatever we die of, and then kills the
 * server whose pid stands in the folder.
 */
function startGuardian(folder: string): ChildProcess {
  const script = 'cat >/dev/null; pid=$(cat "$1/pid"); kill -KILL $pid; rm -rf "$1"'
  const guardian = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guardian.unref()
  const { stdin } = guardian
  if (stdin !== null && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  return guardian
}

/** Distinct ports of 127.0.0.1 that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  })
  await Promise.all(
    servers.map((server) => {
      server.close()
      return once(server, 'close')
    }),
  )
  return ports
}
