/** What a service left in Redis is explained as a replay of the same events is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Explanation } from '../../src/core/explanation.ts'
import { OPENINGS } from '../support/clearing.ts'
import { deploy } from '../support/deployment.ts'
import { forewarn } from '../support/forewarn-process.ts'
import { history, merged } from '../support/history.ts'
import { storedText } from '../support/outputs.ts'
import { describeWithBoth, kafkaBrokers, redisUrl } from '../support/services.ts'

const UNTIL = '2026-03-20T12:30:00+08:00'

function lines(): string[] {
  const shops = ['fee-overdue', 'volume-spike', 'terminal-inactivity'].map((name, at) => {
    const shop = history({ merchantId: `M${at + 1}` })
    shop.registers('2025-11-01T08:00')
    OPENINGS[name]?.(shop)
    return shop.lines()
  })
  return merged(...shops)
}

/** How often is known to who folded the events, not to who reads what came of them. */
function withoutCounts({ suppressed, ...its }: Explanation) {
  return { ...its, suppressed: suppressed.map((it) => ({ ...it, count: undefined })) }
}

/** A server names the fields of a hash in any order. */
function fieldsOf(text: string): unknown[] {
  return text.split('\n').map((line) => (line.startsWith('{"') ? JSON.parse(line) : line))
}

describeWithBoth('explain', () => {
  test('from Redis it tells what it tells from a file, and changes nothing', async () => {
    const services = { brokers: kafkaBrokers(), redis: redisUrl() }
    await using deployment = await deploy(services, 3, lines())
    expect((await deployment.run('a', UNTIL).exited).code).toBe(0)
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-explain-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'events.ndjson')
    writeFileSync(file, lines().join('\n'))

    const before = fieldsOf(await storedText(redisUrl(), deployment))
    for (const merchant of ['M1', 'M2', 'M3']) {
      const asked = ['explain', merchant, '--tenant', 'acq-a', '--json']
      const stored = await deployment.command(...asked)
      expect(stored).toMatchObject({ code: 0, stderr: '' })
      const replayed = await forewarn(...asked, '--from', file, '--at', UNTIL)
      const its: Explanation = JSON.parse(stored.stdout)
      expect(its.warnings.length).toBeGreaterThan(0)
      expect(withoutCounts(its)).toEqual(withoutCounts(JSON.parse(replayed.stdout)))
    }
    expect(fieldsOf(await storedText(redisUrl(), deployment))).toEqual(before)

    const early = await deployment.command(
      ...'explain M1 --tenant acq-a --at 2026-03-01'.split(' '),
    )
    expect(early).toMatchObject({ code: 2, stdout: '' })
    expect(early.stderr).toContain('replay the events with --from')
    const unknown = await deployment.command('explain', 'M1')
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('tenant acq-a has one: --tenant acq-a')
  })
})
