/** The real Kafka and the real Redis of a run, and what they cost in CPU. */
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { answersGroups, startKafka } from '../tests/support/kafka-process.ts'
import { startRedis } from '../tests/support/redis-process.ts'

/** CPU seconds since the server's start; undefined where it cannot be known. */
export type ServerCpu = Readonly<{ redis: number; broker: number | undefined }>

export type Servers = Readonly<{
  brokers: string
  redisUrl: string
  redis: Redis
  /** Version and where it came from, for the conditions of a result. */
  about: Readonly<{ kafka: string; redis: string }>
  cpu: () => Promise<ServerCpu>
  [Symbol.asyncDispose]: () => Promise<void>
}>

type Environment = Readonly<Record<string, string | undefined>>

/** `FOREWARN_TEST_KAFKA` and `FOREWARN_TEST_REDIS`, else processes of this machine. */
export async function findServers(env: Environment): Promise<Servers> {
  await using stack = new AsyncDisposableStack()
  const kafka = await findKafka(env['FOREWARN_TEST_KAFKA'], stack)
  const redisUrl = env['FOREWARN_TEST_REDIS'] || (await ownRedis(stack))
  const redis = stack.adopt(new Redis(redisUrl, { protocol: 2 }), (it) => it.disconnect())
  const held = stack.move()
  return {
    brokers: kafka.brokers,
    redisUrl,
    redis,
    about: { kafka: kafka.about, redis: await aboutRedis(redis) },
    cpu: async () => ({
      redis: await redisCpu(redis),
      broker: kafka.pid === undefined ? undefined : cpuOf(kafka.pid),
    }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function findKafka(address: string | undefined, stack: AsyncDisposableStack) {
  if (address) {
    if (!(await answersGroups(address))) throw new Error(`no Kafka answers at ${address}`)
    return { brokers: address, about: 'at FOREWARN_TEST_KAFKA', pid: undefined }
  }
  const started = stack.use(await startKafka({ heapMb: 1_024 }))
  return { brokers: started.brokers, about: started.version, pid: started.pid() }
}

async function ownRedis(stack: AsyncDisposableStack): Promise<string> {
  return stack.use(await startRedis({ appendonly: true })).url
}

async function aboutRedis(redis: Redis): Promise<string> {
  const info = await redis.info()
  const [isAppending] = valuesOf(info, /^aof_enabled:(\d)/gm)
  const sync = (await redis.config('GET', 'appendfsync').catch(() => [])) as string[]
  const aof = isAppending === 1 ? `AOF ${sync[1] ?? 'of unknown fsync'}` : 'no AOF'
  return `${/^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'}, ${aof}`
}

/** With the children that rewrite its file. */
async function redisCpu(redis: Redis): Promise<number> {
  const info = await redis.info('cpu')
  const spent = valuesOf(info, /^used_cpu_(?:sys|user)(?:_children)?:([\d.]+)/gm)
  return spent.reduce((sum, it) => sum + it, 0)
}

function valuesOf(info: string, pattern: RegExp): number[] {
  return [...info.matchAll(pattern)].map(([, value]) => Number(value))
}

// USER_HZ is 100 on every Linux that runs Node.
const TICKS = 100

/** User and system time of a process of this machine, where /proc tells. */
function cpuOf(pid: number): number | undefined {
  const fields = procOf(`${pid}/stat`)?.split(') ')[1]?.split(' ')
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** CPU seconds that all processes of the machine have spent. */
export function machineCpu(): number | undefined {
  const [, ...ticks] = procOf('stat')?.split('\n')[0]?.split(/\s+/) ?? []
  if (ticks.length === 0) return undefined
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0] = ticks.map(Number)
  return (user + nice + system + interrupts + soft) / TICKS
}

function procOf(file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
