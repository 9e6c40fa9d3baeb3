/** Whether a Redis can be trusted with the state, in words for the person who runs it. */
import { redisError } from './redis-errors.ts'
import type { RedisClient } from './redis-options.ts'

/** A `fault` forbids the start. `remedy` is a command or a setting, as it is typed. */
export type RedisFinding = Readonly<{ kind: 'fault' | 'note'; text: string; remedy: string }>

const VERSION_MIN = { redis: [6, 2], valkey: [7, 2] } as const

/** Reads INFO only, which every user may. Raises `Unavailable`. */
export async function checkRedis(client: RedisClient): Promise<readonly RedisFinding[]> {
  const info = await client.info().catch((error: unknown) => {
    throw redisError(error)
  })
  const facts = new Map(
    info.split('\r\n').map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
  return [
    versionFinding(facts),
    policyFinding(facts),
    roleFinding(facts),
    aofFinding(facts),
  ].filter((finding) => finding !== undefined)
}

type Facts = ReadonlyMap<string, string>

function versionFinding(facts: Facts): RedisFinding | undefined {
  const isValkey = facts.has('valkey_version')
  const name = isValkey ? 'valkey' : 'redis'
  const version = facts.get(`${name}_version`) ?? 'unknown'
  const [majorMin, minorMin] = VERSION_MIN[name]
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number)
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return undefined
  const needed = `${majorMin}.${minorMin}`
  return {
    kind: 'fault',
    text: `${name} ${version} is too old: ${needed} is the oldest that is supported`,
    remedy: `install ${name} ${needed} or newer`,
  }
}

function policyFinding(facts: Facts): RedisFinding | undefined {
  const policy = facts.get('maxmemory_policy') ?? 'unknown'
  if (policy === 'noeviction') return undefined
  return {
    kind: 'fault',
    text: `maxmemory-policy is ${policy}: Redis may delete accounts when it is full`,
    remedy: 'redis-cli CONFIG SET maxmemory-policy noeviction',
  }
}

function roleFinding(facts: Facts): RedisFinding | undefined {
  if (facts.get('role') === 'master') return undefined
  return {
    kind: 'fault',
    text: 'this server is a replica: it takes no writes',
    remedy: `connect to ${facts.get('master_host') ?? 'the master'}`,
  }
}

function aofFinding(facts: Facts): RedisFinding | undefined {
  if (facts.get('aof_enabled') === '1') return undefined
  return {
    kind: 'note',
    text: 'the append-only file is off: after a restart of Redis the state is rebuilt from the log',
    remedy: 'redis-cli CONFIG SET appendonly yes',
  }
}
