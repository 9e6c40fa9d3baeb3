import { chmod, readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { answerOf, fetchArtifacts } from './maven.ts'
import { freePorts, startServer } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'

export type RedisServer = Readonly<{ command: string; version: string }>
/** Why there is none, for the line that says what is skipped. */
export type NoServer = Readonly<{ missing: string }>

export type RedisOptions = Readonly<{
  /** An append-only file, fsynced once a second. Without it nothing survives `kill`. */
  appendonly?: boolean
  /** Further arguments, such as `--maxmemory 8mb`. */
  args?: readonly string[]
  server?: RedisServer
}>

export type RedisProcess = ServerProcess & Readonly<{ url: string; port: number; version: string }>

const MINIMUM: Readonly<Record<string, number>> = { 'redis-server': 6.2, 'valkey-server': 7.2 }

/** Carries Redis 6.2 binaries for several platforms: the oldest that is supported. */
const EMBEDDED = {
  name: 'embedded-redis-1.4.3',
  coordinates: ['com.github.codemonstur:embedded-redis:1.4.3'],
  goal: ['unpack-dependencies', 'embedded-redis'],
} as const

/** The server on PATH if it is new enough, else the binary out of the Maven artifact. */
export async function findRedis(): Promise<RedisServer | NoServer> {
  for (const command of ['redis-server', 'valkey-server']) {
    const version = /v=(\d+\.\d+[.\d]*)/.exec((await answerOf(command, '--version')) ?? '')?.[1]
    if (version !== undefined && Number.parseFloat(version) >= (MINIMUM[command] ?? 0)) {
      return { command, version }
    }
  }
  const folder = await fetchArtifacts(EMBEDDED)
  if (folder === undefined) {
    return { missing: 'no redis-server or valkey-server on PATH and no mvn to fetch one' }
  }
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const binary = (await readdir(folder)).find(
    (it) => it.startsWith('redis-server-6.2') && it.endsWith(platform),
  )
  if (binary === undefined) return { missing: `no redis-server on PATH and none for ${platform}` }
  const command = join(folder, binary)
  await chmod(command, 0o755)
  const version = /v=([\d.]+)/.exec((await answerOf(command, '--version')) ?? '')?.[1]
  return version === undefined ? { missing: `${binary} does not run here` } : { command, version }
}

/** A Redis of the caller's own, on a free port, ready for commands. Throws where there is none. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisProcess> {
  const server = options.server ?? (await findRedis())
  if ('missing' in server) throw new Error(server.missing)
  const [port = 0] = await freePorts(1)
  const appendonly = options.appendonly === true ? 'yes' : 'no'
  const running = await startServer({
    name: 'redis',
    command: (folder) => [
      server.command,
      ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--appendonly', appendonly, '--appendfsync', 'everysec'],
      ...['--maxmemory-policy', 'noeviction', ...(options.args ?? [])],
    ],
    isReady: () => answersPing(port),
    startMaxMs: 20_000,
  })
  return { ...running, port, url: `redis://127.0.0.1:${port}`, version: server.version }
}

/** False while it refuses connections or loads its file. */
async function answersPing(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 })
  socket.on('timeout', () => socket.destroy(new Error('no answer')))
  try {
    socket.write('PING\r\n')
    for await (const chunk of socket) return String(chunk).startsWith('+PONG')
    return false
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
