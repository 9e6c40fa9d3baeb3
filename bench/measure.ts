/** Runs one stage in a process of its own, with the CPU of the servers and of others around it. */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { secondsOf } from './meter.ts'
import { sizeInRedis, deleteFromRedis } from './redis-size.ts'
import type { Measured } from './report.ts'
import { machineCpu } from './servers.ts'
import type { Servers } from './servers.ts'
import type { StageOrder, StageResult } from './stage.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

export async function measureStage(
  servers: Servers,
  order: StageOrder,
  accounts: number,
): Promise<Measured> {
  const before = await look(servers)
  const result = await runStage(order)
  const after = await look(servers)
  const { broker } = after.cpu
  const redisCpuSeconds = after.cpu.redis - before.cpu.redis
  const brokerCpuSeconds = broker === undefined ? undefined : broker - (before.cpu.broker ?? 0)
  const ours = redisCpuSeconds + (brokerCpuSeconds ?? 0) + after.own - before.own
  const others = after.machine - before.machine - ours - result.spent.lifeCpuSeconds
  const othersShare = others / ((after.ms - before.ms) / 1_000) / availableParallelism()
  const { bytes } = await sizeInRedis(servers.redis, order.name)
  await deleteFromRedis(servers.redis, order.name)
  return {
    ...result,
    stage: order.stage,
    redisCpuSeconds,
    brokerCpuSeconds,
    othersShare: Number.isNaN(othersShare) ? undefined : Math.max(0, othersShare),
    ...(order.stage === 'forewarn' ? { redisBytesPerAccount: bytes / accounts } : {}),
  }
}

async function look({ cpu }: Servers) {
  return {
    cpu: await cpu(),
    own: secondsOf(process.cpuUsage()),
    machine: machineCpu() ?? Number.NaN,
    ms: performance.now(),
  }
}

async function runStage(order: StageOrder): Promise<StageResult> {
  const { promise, resolve, reject } = Promise.withResolvers<StageResult>()
  const child = fork(WORKER, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.on('message', (result: StageResult) => resolve(result))
  child.on('error', reject)
  child.on('exit', (code) => reject(new Error(`the stage ${order.stage} ended with ${code}`)))
  child.send(order)
  return promise
}
