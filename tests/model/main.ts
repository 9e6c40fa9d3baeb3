/**
 * Explores further than the tests do.
 *
 *     node tests/model/main.ts [--config quick|larger|all] [--only WORDS] [--depth N] [--worlds N]
 */
import { parseArgs } from 'node:util'
import { explore } from './explore.ts'
import type { Limits } from './explore.ts'
import { LARGER, QUICK } from './plans.ts'
import type { Settings } from './settings.ts'

const OPTIONS = {
  config: { type: 'string', default: 'larger' },
  only: { type: 'string', default: '' },
  depth: { type: 'string', default: 'Infinity' },
  worlds: { type: 'string', default: '3000000' },
} as const

function limitsOf(name: string, depth: string, worlds: string): Limits {
  const limits = { depthMax: Number(depth), worldsMax: Number(worlds) }
  if (Number.isNaN(limits.depthMax + limits.worldsMax)) throw new Error('a limit is not a number')
  if (!process.stderr.isTTY) return limits
  const progress = (at: number, count: number, waiting: number): void => {
    process.stderr.write(`\r${name}: depth ${at}, ${count} states, ${waiting} to go on from  `)
  }
  return { ...limits, progress }
}

/** False: something is wrong. */
function run(it: Settings, depth: string, worlds: string): boolean {
  const before = process.cpuUsage()
  const found = explore(it, limitsOf(it.name, depth, worlds))
  const { user, system } = process.cpuUsage(before)
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  const extent = found.isComplete ? 'all' : `to depth ${found.depth}`
  const figures = `${found.worlds} states, ${found.transitions} transitions, ${found.healed} healed`
  console.log(`${it.name}: ${figures}, ${extent}, ${((user + system) / 1e6).toFixed(1)} s`)
  if (found.violation === undefined) return true
  const { wrong, trace } = found.violation
  console.log(`  wrong: ${wrong}`)
  for (const [at, words] of trace.entries()) console.log(`  ${String(at + 1).padStart(3)} ${words}`)
  return false
}

const { config, only, depth, worlds } = parseArgs({ options: OPTIONS }).values
const plans = { quick: QUICK, larger: LARGER, all: [...QUICK, ...LARGER] }
const chosen = Object.entries(plans).find(([name]) => name === config)?.[1]
if (chosen === undefined) throw new Error(`--config is quick, larger or all, not ${config}`)
const fates = chosen.filter((it) => it.name.includes(only)).map((it) => run(it, depth, worlds))
if (fates.includes(false)) process.exitCode = 1
