import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/adapters/log.ts'
import { tellPhases } from '../../src/adapters/log-phases.ts'
import { SILENT } from '../../src/core/observer.ts'
import { history, merged } from '../support/history.ts'
import { comparable, createLiveRig, replayed } from '../support/live-rig.ts'
import type { LiveRig, Plain } from '../support/live-rig.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Few polls of long spans. */
const SLOW = { proofBusyMs: 600_000, proofIdleMs: 600_000 }
const OFTEN = { proofBusyMs: 5_000, proofIdleMs: 5_000 }

/** Last sold on 15 January: told on 16 March, 1 April, 12 April and 15 April that its terminal idles. */
function quietShop(merchantId: string) {
  const shop = history({ merchantId })
  shop.registers('2025-12-01T08:00')
  shop.activates('2025-12-01T08:10')
  shop.sells('2026-01-15T18:00')
  return shop
}

/** Twenty-four shops of one source, one heartbeat every so many minutes; silent between two times. */
function chatter(from: string, to: string, everyM: number, silent = ['', '']): string[] {
  const shops = Array.from({ length: 24 }, (_, at) =>
    history({ merchantId: `X${at}`, source: 'urn:t:2' }),
  )
  let local = Temporal.PlainDateTime.from(from)
  for (let at = 0; local.toString() < to; at++, local = local.add({ minutes: everyM })) {
    const text = local.toString()
    if (text > silent[0]! && text < silent[1]!) continue
    shops[at % 24]!.tell(text, 'terminal.heartbeat', { terminalId: 'T1' })
  }
  return merged(...shops.map((it) => it.lines()))
}

const emittedOf = (record: Plain) =>
  (record['data'] as { emitted: { lateSeconds: number; proof?: Record<string, string> } }).emitted
const detectorOf = (record: Plain) => (record['data'] as { detector: string }).detector
const atMsOf = (record: Plain) => Date.parse(String(record['time']))
const at = (local: string): number => history().at(local)

async function live(rig: LiveRig, lines: readonly string[], polls = {}, logged: string[] = []) {
  rig.produce(lines)
  const out = { write: (text: string) => logged.push(text) }
  const { logger } = createLog({ level: 'info', out, nowMs: rig.world.nowMs })
  const begun = rig.begin(tellPhases(logger, SILENT), polls)
  await begun.engine.start()
  return begun
}

describe('after downtime', () => {
  const DOWN = '2026-03-15T23:30'
  /** What the stream tells while nobody reads, or shortly after. */
  function stream(toMs: number): string[] {
    const sold = quietShop('SOLD')
    sold.sells('2026-03-15T23:44')
    const paid = quietShop('PAID')
    const owes = quietShop('OWES')
    for (const shop of [paid, owes]) {
      shop.tell('2026-03-10T10:00', 'fee.invoiced', {
        ...{ invoiceId: 'F1', feeType: 'sim-data', amount: 5_000, currency: 'CNY' },
        dueDate: '2026-03-15',
      })
    }
    paid.tell('2026-03-15T23:50', 'fee.payment.received', {
      ...{ invoiceId: 'F1', amount: 5_000, currency: 'CNY' },
    })
    const to = Temporal.Instant.fromEpochMilliseconds(toMs).toZonedDateTimeISO('Asia/Shanghai')
    const others = chatter('2026-03-14T00:20', to.toPlainDateTime().toString(), 60)
    return merged(quietShop('QUIET').lines(), sold.lines(), paid.lines(), owes.lines(), others)
  }

  test.each([
    ['an hour', HOUR_MS],
    ['a day', DAY_MS],
    ['eight days', 8 * DAY_MS],
    ['thirty days', 30 * DAY_MS],
  ])(
    'of %s the topic is that of an uninterrupted run',
    async (_, downMs) => {
      const downAtMs = at(DOWN)
      const upAtMs = downAtMs + downMs
      const endMs = upAtMs + 30 * MINUTE_MS
      const lines = stream(endMs)

      const down = createLiveRig(downAtMs - 3 * HOUR_MS)
      const first = await live(down, lines, SLOW)
      await down.passTo(downAtMs)
      down.world.crash(first.process)
      down.topic.leave(first.process)
      await down.passTo(upAtMs)
      const before = down.warnings().length
      await live(down, [], SLOW)
      await down.passTo(endMs)

      const up = createLiveRig(downAtMs - 3 * HOUR_MS)
      await live(up, lines, SLOW)
      await up.passTo(endMs)

      expect(comparable(down.warnings())).toEqual(comparable(up.warnings()))
      const clockMs = endMs - 2 * MINUTE_MS
      expect(comparable(down.warnings())).toEqual(comparable(await replayed(lines, clockMs)))

      const told = down.warnings().slice(before)
      expect(told.length).toBeGreaterThan(0)
      expect(told.filter(({ subject }) => subject === 'SOLD')).toEqual([])
      const fees = told.filter((it) => detectorOf(it) === 'fee-overdue')
      expect(fees.length).toBeGreaterThan(0)
      expect(fees.every(({ subject }) => subject === 'OWES')).toBe(true)
      // All that was due while it was down is marked with how late it is.
      const late = told.filter((it) => atMsOf(it) < upAtMs - 2 * MINUTE_MS)
      expect(late.length).toBeGreaterThan(0)
      for (const it of late) {
        const { lateSeconds } = emittedOf(it)
        expect(lateSeconds).toBeGreaterThanOrEqual(Math.floor((upAtMs - atMsOf(it)) / 1_000))
        expect(lateSeconds).toBeLessThan((endMs - atMsOf(it)) / 1_000)
      }
      expect(down.world.errors).toEqual([])
    },
    60_000,
  )
})

test('a producer silent for three hours makes nobody dormant, and operators hear of it once, soon', async () => {
  const startMs = at('2026-03-15T20:00')
  const sold = quietShop('SOLD')
  // Sold while the producer was silent: that arrives with the first records afterwards.
  sold.sells('2026-03-15T23:44', { arrives: '2026-03-16T02:00:40' })
  const silent = ['2026-03-15T23:00', '2026-03-16T02:00']
  const lines = merged(
    ...[quietShop('QUIET').lines(), sold.lines()],
    chatter('2026-03-15T12:00', '2026-03-16T03:00', 2, silent),
  )
  const logged: string[] = []
  const rig = createLiveRig(startMs)
  const { engine } = await live(rig, lines, OFTEN, logged)
  const alerts = () => logged.filter((line) => (JSON.parse(line).level ?? '') === 'error')

  // Last heard at 22:58, and never silent for more than two minutes: blind from 23:03.
  const blindMs = at('2026-03-15T23:03')
  await rig.passTo(blindMs - 1_000)
  expect(alerts()).toEqual([])
  await rig.passTo(blindMs + 2 * MINUTE_MS)
  expect(alerts()).toHaveLength(1)
  expect(alerts()[0]).toContain('blind')
  expect(engine.status().partitions[0]?.phase).toBe('blind')
  await rig.passTo(at('2026-03-16T01:59'))
  expect(rig.warnings()).toEqual([])
  await rig.passTo(at('2026-03-16T03:00'))
  expect(alerts()).toHaveLength(1)
  expect(engine.status().partitions[0]?.phase).toBe('ok')

  // Only who is idle in truth is told, once, as of the instant at which the partition saw again.
  const told = rig.warnings()
  expect(told.map(({ subject }) => subject)).toEqual(['QUIET'])
  expect(atMsOf(told[0]!)).toBe(at('2026-03-16T02:00'))
  expect(told[0]!['data']).toMatchObject({ consequence: { date: '2026-04-15' } })
  expect(rig.world.errors).toEqual([])
}, 60_000)

describe('the proof of an absence', () => {
  test('told by the sweep: the log was read to its end, as asked at an instant after the grace', async () => {
    const rig = createLiveRig(at('2026-03-15T22:00'))
    await live(
      rig,
      merged(quietShop('QUIET').lines(), chatter('2026-03-14T00:20', '2026-03-16T01:00', 60)),
      OFTEN,
    )
    await rig.passTo(at('2026-03-16T00:30'))
    const [record] = rig.warnings()
    const { proof } = emittedOf(record!)
    const dueMs = atMsOf(record!)
    expect(proof).toMatchObject({ partition: 0, position: proof?.['end'], state: 'ok' })
    expect(Number(proof?.['end'])).toBe(rig.topic.log[0]!.length - 1)
    expect(Date.parse(proof!['wall']!)).toBeGreaterThanOrEqual(dueMs + 2 * MINUTE_MS)
    expect(Date.parse(proof!['arrivalClock']!)).toBe(dueMs + MINUTE_MS)
  })

  test('told before a later record of the account: that record', async () => {
    const quiet = quietShop('QUIET')
    quiet.tell('2026-03-16T00:10', 'terminal.heartbeat', { terminalId: 'T1' })
    const lines = quiet.lines()
    // Read at once, long after: no sweep comes between.
    const rig = createLiveRig(at('2026-03-16T05:00'))
    await live(rig, lines)
    await rig.passTo(at('2026-03-16T05:10'))
    const [record] = rig.warnings()
    expect(emittedOf(record!).proof).toMatchObject({
      ...{ partition: 0, position: '3', end: '4', state: 'catching-up' },
      ...{ wall: '2026-03-16T00:10:00+08:00', arrivalClock: '2026-03-16T00:10:00+08:00' },
    })
  })
})
