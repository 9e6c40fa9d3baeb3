import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Measured } from '../bench/report.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from './support/services.ts'

const RECORDS = 10_000

describeWithBoth('npm run bench', () => {
  test('measures every stage on the real services, each with all its records', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-bench-'))
    const file = join(folder, 'bench.json')
    const flags = ['--quick', '--records', `${RECORDS}`, '--merchants', '500', '--profile']
    const env = {
      ...process.env,
      FOREWARN_TEST_KAFKA: kafkaBrokers(),
      FOREWARN_TEST_REDIS: redisUrl(),
    }
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['bench/run.ts', ...flags, '--json', file],
      { env },
    )
    const { rounds, costs } = JSON.parse(readFileSync(file, 'utf8')) as {
      rounds: Measured[]
      costs: { functions: unknown[] }
    }
    rmSync(folder, { recursive: true })
    expect(rounds.map(({ stage }) => stage)).toEqual([
      ...['consume', 'parse', 'forewarn', 'per-batch', 'per-message', 'per-message-one'],
    ])
    const forewarn = rounds.find(({ stage }) => stage === 'forewarn')
    expect(forewarn?.spent.records).toBe(RECORDS)
    for (const { spent, warm } of rounds)
      expect(warm.records).toBeLessThanOrEqual(0.7 * spent.records)
    const { applied = 0, deadLetters = 0, reloads } = forewarn?.figures ?? {}
    expect([applied + deadLetters, reloads]).toEqual([RECORDS, 0])
    expect(forewarn?.redisBytesPerAccount).toBeGreaterThan(100)
    expect(costs.functions.length).toBeGreaterThan(5)
    expect(stdout).toContain('Forewarn, end to end')
    expect(stdout).toContain('By function, self time')
    // In a pipe it is quiet.
    expect(stderr).toBe('')
  }, 180_000)
})
