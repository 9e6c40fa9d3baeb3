/** The figures of `bench:memory` as text. */
import { Redis } from 'ioredis'
import { SECTIONS } from '../src/core/fold.ts'
import { sizesOf } from './memory-fold.ts'
import type { Stored } from './memory-fold.ts'
import { partsOf } from './memory-parts.ts'
import type { Weighed } from './memory-store.ts'

const SECTION_NAMES: Readonly<Record<string, string>> = { n: 'now', p: 'past', f: 'facts' }

export async function conditionsOf(url: string): Promise<string> {
  const redis = new Redis(url, { protocol: 2 })
  const info = await redis.info()
  redis.disconnect()
  const of = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? 'unknown'
  return (
    `Redis ${of('redis_version')}, ${of('mem_allocator')}, no setting changed; one partition; ` +
    `Node ${process.version}, ${process.platform} ${process.arch}`
  )
}

export function reportOf(
  name: string,
  samples: readonly Stored[],
  { accounts, bytes, keyBytes }: Weighed,
  target: number,
): string {
  const each = bytes / accounts
  const verdict = each <= target ? 'within' : 'OVER'
  const lines = [
    `${name}: ${each.toFixed(0)} bytes an account (${verdict} ${target}), of ${accounts} accounts; ` +
      `account key of ${keyBytes.toFixed(0)} bytes`,
    `  sections: ${SECTIONS.map((it, at) => `${SECTION_NAMES[it]} ${average(samples.map((sample) => sizesOf(sample)[at]!))}`).join(', ')}`,
  ]
  const rewritten = samples.flatMap((sample) => sample.rewritten).toSorted((a, b) => a - b)
  if (rewritten.length > 0) {
    const p95 = rewritten[Math.floor(rewritten.length * 0.95)] ?? 0
    lines.push(`  a sale of the last day rewrites ${average(rewritten)} bytes, 95 % at most ${p95}`)
  }
  lines.push(...partLines(samples[0]!))
  return lines.join('\n')
}

function partLines(sample: Stored): string[] {
  const head = ['  part'.padEnd(26), 'items', ...SECTIONS.map((it) => SECTION_NAMES[it]!)]
  const rows = partsOf(sample)
    .filter(({ count }) => count > 0)
    .map(({ part, count, bytes }) => [`    ${part}`.padEnd(26), ...[count, ...bytes].map(String)])
  return [head, ...rows].map(([first, ...rest]) => {
    return first + rest.map((cell) => cell.padStart(8)).join('')
  })
}

function average(values: readonly number[]): string {
  return (values.reduce((sum, it) => sum + it, 0) / values.length).toFixed(0)
}
