/**
 * `npm run bench:rebuild -- [--accounts N] [--partitions N] [--instances N]`: how long an emptied Redis takes to
 * come back from the log, and how long it takes to verify, export and import what stands there.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deploy } from '../tests/support/deployment.ts'
import type { Deployment } from '../tests/support/deployment.ts'
import { findServers, machineCpu } from './servers.ts'

const START_MS = Date.parse('2026-01-05T02:00:00Z')
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Each account's records: registered, activated, and a sale on each of two days. */
const STEPS = [
  'merchant.registered',
  'terminal.activated',
  'card.authorisation',
  'card.authorisation',
]

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '200000' },
      partitions: { type: 'string', default: '4' },
      instances: { type: 'string', default: '1' },
    },
  })
  const [accounts, partitions, instances] = [
    Number(values.accounts),
    Number(values.partitions),
    Number(values.instances),
  ]
  await using servers = await findServers(process.env)
  const lines = linesOf(accounts)
  const until = new Date(START_MS + STEPS.length * DAY_MS + HOUR_MS).toISOString()
  const services = { brokers: servers.brokers, redis: servers.redisUrl }
  await using deployment = await deploy(services, partitions, lines)
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-bench-'))
  say(
    `${accounts} accounts, ${lines.length} records, ${partitions} partitions, ${instances} instances; ` +
      `Kafka ${servers.about.kafka}; Redis ${servers.about.redis}; Node ${process.versions.node}; ` +
      `${availableParallelism()} cores for everything`,
  )
  const runs = () => folds(deployment, instances, until)
  const command = (...args: string[]) => succeeds(deployment, 'state', ...args)
  try {
    await timed('first fold', accounts, runs)
    await timed('empty', accounts, () => command('rebuild', '--yes'))
    await timed('rebuild from the log', accounts, runs)
    await timed('verify', accounts, () => command('verify'))
    await timed('export', accounts, () => command('export', '--out', folder))
    const files = readdirSync(folder).map((it) => join(folder, it))
    const bytes = files.reduce((sum, it) => sum + statSync(it).size, 0)
    say(`exported: ${(bytes / accounts).toFixed(0)} bytes an account`)
    await command('rebuild', '--yes')
    await timed('import', accounts, () => command('import', ...files))
    await timed('verify again', accounts, () => command('verify'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function timed(what: string, accounts: number, work: () => Promise<void>): Promise<void> {
  const [startedMs, cpuBefore] = [performance.now(), machineCpu() ?? 0]
  await work()
  const seconds = (performance.now() - startedMs) / 1_000
  const busy = ((machineCpu() ?? 0) - cpuBefore) / seconds / availableParallelism()
  say(
    `${what.padEnd(22)} ${seconds.toFixed(1).padStart(7)} s, process start included; ` +
      `${((seconds / accounts) * 1e6).toFixed(0)} s per million accounts; ` +
      `machine ${(100 * busy).toFixed(0)} % busy`,
  )
}

async function folds(deployment: Deployment, instances: number, until: string): Promise<void> {
  const running = Array.from({ length: instances }, (_, at) => deployment.run(`i${at}`, until))
  for (const { code, stderr } of await Promise.all(running.map((it) => it.exited))) {
    if (code !== 0) throw new Error(stderr)
  }
}

async function succeeds(deployment: Deployment, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await deployment.command(...args)
  if (code !== 0) throw new Error(stdout + stderr)
}

function linesOf(accounts: number): string[] {
  return STEPS.flatMap((type, step) =>
    Array.from({ length: accounts }, (_, n) => lineOf(type, step, n, n / accounts)),
  )
}

/** `share`: of the six hours that a step takes. */
function lineOf(type: string, step: number, n: number, share: number): string {
  const atMs = Math.floor(START_MS + step * DAY_MS + share * 6 * HOUR_MS)
  const time = new Date(atMs).toISOString()
  const data = {
    'merchant.registered': { merchantType: 'enterprise', mcc: '5411', country: 'CN' },
    'terminal.activated': { terminalId: 'T1', serialNo: `SN-${n}` },
    'card.authorisation': {
      ...{ transactionId: `tx-${step}-${n}`, terminalId: 'T1', mti: '0200', amount: 12_850 },
      ...{ currency: 'CNY', responseCode: '00', approved: true, cardToken: `h1:${step}${n}` },
    },
  }[type]
  const subject = `M${1_000_000 + n}`
  const envelope = {
    id: `${n}-${step}`,
    source: 'urn:bench',
    type,
    subject,
    time,
    receivedat: time,
  }
  return JSON.stringify({ ...envelope, data })
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

await main()
