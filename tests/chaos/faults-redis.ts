/** What befalls the store. All of it is recipes for losing something, and nothing may be lost. */
import { cpSync, globSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loseKeys } from '../faults/lose-keys.ts'
import type { Prng } from '../support/prng.ts'
import type { RedisProcess } from '../support/redis-process.ts'
import { between } from './world.ts'
import type { Fault, World } from './world.ts'

const lane = 'dependencies' as const

/** A folder up to 7, a file before; both hold whole commits, in order. */
const AOF = '{appendonlydir,appendonly.aof}'
const COPY = 'earlier'
const COPY_TRIES = 20

/** What was appended since the file was last written anew: only there is a cut one between commits. */
async function appendedBytes({ positions }: World): Promise<number> {
  const info = await positions.redis.info('persistence')
  const [current = 0, base = 0] = ['aof_current_size', 'aof_base_size'].map((name) =>
    Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1] ?? 0),
  )
  return Math.max(0, current - base)
}

/** The file whose end is the end of all. */
function lastFile({ folder }: RedisProcess): string {
  const files = globSync(join(folder, '{appendonlydir/*.incr.aof,appendonly.aof}'))
  const order = (file: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(file)?.[1] ?? 0)
  const last = files.toSorted((a, b) => order(a) - order(b)).at(-1)
  if (last === undefined) throw new Error('this Redis keeps its append-only file elsewhere')
  return last
}

/** False: it was being written anew, and the copy is not whole. */
function copied({ folder }: RedisProcess): boolean {
  const manifest = (): string =>
    globSync(join(folder, 'appendonlydir/*.manifest'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('')
  rmSync(join(folder, COPY), { recursive: true, force: true })
  const before = manifest()
  for (const path of globSync(join(folder, AOF))) {
    cpSync(path, join(folder, COPY, path.slice(folder.length)), { recursive: true })
  }
  return before === manifest()
}

async function copyNow(redis: RedisProcess): Promise<void> {
  for (let tries = 0; tries < COPY_TRIES; tries++) {
    try {
      if (copied(redis)) return
    } catch {
      // A file went away while it was being copied.
    }
    await sleep(100)
  }
  throw new Error('the append-only folder could not be copied')
}

function putBack({ folder }: RedisProcess): void {
  for (const path of globSync(join(folder, AOF))) rmSync(path, { recursive: true, force: true })
  cpSync(join(folder, COPY), folder, { recursive: true })
}

async function whileSet(world: World, name: string, value: string, ms: number): Promise<void> {
  const { redis } = world.positions
  await redis.config('SET', name, value)
  await sleep(ms)
  await redis.config('SET', name, '0')
}

const pauseMs = (dice: Prng): number => between(dice, 2_000, 6_000)

export const REDIS_FAULTS: readonly Fault[] = [
  {
    ...{ name: 'Redis killed', rows: 'F27', lane, share: 2 },
    befall: async ({ redis }, dice, kills) => {
      kills.redis++
      await redis.kill()
      await sleep(between(dice, 0, 2_000))
      await redis.restart()
    },
  },
  {
    ...{ name: 'Redis stopped', rows: 'F28', lane, share: 1 },
    befall: async ({ redis }, dice) => {
      redis.pause()
      await sleep(pauseMs(dice))
      redis.resume()
    },
  },
  {
    ...{ name: 'Redis emptied (FLUSHALL)', rows: 'F34', lane, share: 1 },
    befall: async ({ positions }) => void (await positions.redis.flushall()),
  },
  {
    ...{ name: 'Redis: keys deleted', rows: 'F37', lane, share: 1 },
    befall: async ({ positions, names, partitions }, dice) => {
      await loseKeys(positions.redis, names.namespace, dice.below(partitions), dice)
    },
  },
  {
    ...{ name: 'Redis rolled back', rows: 'F33', lane, share: 1 },
    befall: async ({ redis }, dice, kills) => {
      await copyNow(redis)
      await sleep(pauseMs(dice))
      kills.redis++
      await redis.kill()
      putBack(redis)
      await redis.restart()
    },
  },
  {
    ...{ name: 'Redis: tail of the file cut', rows: 'F32', lane, share: 1 },
    befall: async (world, dice, kills) => {
      const { redis } = world
      const mayCut = await appendedBytes(world)
      kills.redis++
      await redis.kill()
      const file = lastFile(redis)
      const { size } = statSync(file)
      truncateSync(file, size - dice.below(Math.min(size, mayCut) + 1))
      await redis.restart()
    },
  },
  {
    ...{ name: 'Redis: CLIENT KILL', rows: 'F40', lane, share: 1 },
    befall: async ({ positions }, dice) => {
      for (let times = 1 + dice.below(5); times > 0; times--) {
        await positions.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
        await sleep(between(dice, 50, 500))
      }
    },
  },
  {
    ...{ name: 'Redis: CLIENT PAUSE', rows: 'F40', lane, share: 1 },
    befall: async ({ positions }, dice) => {
      const ms = Math.round(between(dice, 500, 4_000))
      await positions.redis.client('PAUSE', ms)
      await sleep(ms)
    },
  },
  {
    ...{ name: 'Redis: out of memory', rows: 'F35', lane, share: 1 },
    befall: (world, dice) => whileSet(world, 'maxmemory', '1mb', pauseMs(dice)),
  },
  {
    ...{ name: 'Redis: read-only', rows: 'F39', lane, share: 1 },
    befall: async ({ positions }, dice) => {
      await positions.redis.replicaof('127.0.0.1', 1)
      await sleep(pauseMs(dice))
      await positions.redis.replicaof('NO', 'ONE')
    },
  },
]
