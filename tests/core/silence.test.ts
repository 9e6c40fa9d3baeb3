import { describe, expect, test } from 'vitest'
import { SILENT } from '../../src/core/observer.ts'
import { decodeMemory, encodeMemory } from '../../src/core/partition-memory.ts'
import { newSight } from '../../src/core/sight.ts'
import {
  judgeDates,
  newSilence,
  noteSale,
  endSilence,
  silentCohorts,
} from '../../src/core/silence.ts'
import { SILENCE_LIMITS } from '../../src/core/silence-limits.ts'
import { POLICY } from '../support/heard.ts'
import { history, merged } from '../support/history.ts'
import { arrivalOf, comparable, createLiveRig, replayed } from '../support/live-rig.ts'
import { play, told } from '../support/watch.ts'

const DAY_MS = 86_400_000

/** So many accounts sold last on day 100, the others still do. Judged on day 132. */
function silenceOf(quiet: number, others: number) {
  const silence = newSilence()
  judgeDates(silence, 100 * DAY_MS, SILENCE_LIMITS)
  for (let i = 0; i < quiet; i++) noteSale(silence, undefined, 100, 100 * DAY_MS)
  for (let i = 0; i < others; i++) noteSale(silence, undefined, 130, 130 * DAY_MS)
  judgeDates(silence, 132 * DAY_MS - 1, SILENCE_LIMITS)
  expect(silentCohorts(silence)).toEqual([])
  judgeDates(silence, 132 * DAY_MS, SILENCE_LIMITS)
  return silence
}

describe('a date on which many sold last', () => {
  test.each([
    [50, 949, true, 'fifty are a cohort'],
    [49, 0, false, 'fewer are not'],
    [50, 950, false, 'nor are five in a hundred'],
    [51, 949, true, 'more than that are'],
  ])('%i, of others %i: %s (%s)', (quiet, others, isCohort) => {
    const found = silentCohorts(silenceOf(quiet, others))
    const expected = [{ name: 'absence-wave:1970-04-11', accounts: quiet, sinceMs: 132 * DAY_MS }]
    expect(found).toEqual(isCohort ? expected : [])
  })

  test('whose accounts sold again before it is judged is none', () => {
    const silence = newSilence()
    for (let i = 0; i < 60; i++) noteSale(silence, undefined, 100, 100 * DAY_MS)
    for (let i = 0; i < 11; i++) noteSale(silence, 100, 120, 120 * DAY_MS)
    judgeDates(silence, 140 * DAY_MS, SILENCE_LIMITS)
    expect(silentCohorts(silence)).toEqual([])
  })

  test('is heard again when half of it is, deregistered ones too', () => {
    const silence = silenceOf(60, 60)
    for (let i = 0; i < 29; i++) noteSale(silence, 100, i % 2 === 0 ? 140 : undefined, 140 * DAY_MS)
    expect(silentCohorts(silence)).toHaveLength(1)
    expect(noteSale(silence, 100, 140, 140 * DAY_MS + 5)).toBe(true)
    expect(silence.cohorts).toMatchObject([{ on: 100, toMs: 140 * DAY_MS + 5 }])
    expect(noteSale(silence, 100, 140, 140 * DAY_MS + 6)).toBe(false)
  })

  test('is over when its incident is closed, and by no other', () => {
    const silence = silenceOf(60, 60)
    endSilence(silence, 'absence-wave:1970-04-12', 1)
    expect(silentCohorts(silence)).toHaveLength(1)
    endSilence(silence, 'absence-wave:1970-04-11', 150 * DAY_MS)
    expect(silence.cohorts).toMatchObject([{ toMs: 150 * DAY_MS }])
  })

  test('what is remembered is bounded', () => {
    const silence = newSilence()
    for (let on = 0; on < 400; on++) {
      for (let i = 0; i < 50; i++) noteSale(silence, undefined, on, on * DAY_MS)
      judgeDates(silence, on * DAY_MS, { ...SILENCE_LIMITS, shareOver: 0 })
    }
    expect(silence.cohorts).toHaveLength(64)
    expect(silence.quiet.size).toBeLessThanOrEqual(64 + 33)
  })
})

test('is stored with the partition, and missing where an earlier version stored it', () => {
  const silence = silenceOf(60, 60)
  const memory = { clockMs: 5, sight: newSight(), silence }
  const bytes = encodeMemory(memory)
  expect(decodeMemory(bytes)).toEqual(memory)
  const { silence: _, ...older } = JSON.parse(new TextDecoder().decode(bytes))
  const read = decodeMemory(new TextEncoder().encode(JSON.stringify(older)))
  expect(read.silence).toEqual(newSilence())
})

/** Sixty shops whose last sale is of 10 January, twenty that go on; and what else is told. */
function fleet(more: readonly string[] = [], to = '2026-04-20'): string[] {
  const quiet = Array.from({ length: 60 }, (_, at) => {
    const shop = history({ merchantId: `Q${String(at).padStart(2, '0')}` })
    shop.registers('2026-01-02T08:00')
    shop.activates('2026-01-02T08:10')
    shop.sells(`2026-01-10T10:${String(at).padStart(2, '0')}`)
    return shop.lines()
  })
  const shops = Array.from({ length: 20 }, (_, at) => history({ merchantId: `X${at}` }))
  for (const shop of shops) shop.registers('2026-01-02T09:00')
  let local = Temporal.PlainDateTime.from('2026-01-03T09:00')
  for (let at = 0; local.toString() < to; at++, local = local.add({ hours: 5 })) {
    shops[at % 20]!.sells(local.toString())
  }
  return merged(...quiet, ...shops.map((it) => it.lines()), more)
}
const QUIET_AT = (local: string) => history().at(local)
const ofQuiet = (lines: readonly string[], until: string) => {
  const { records } = play(lines, { policy: POLICY, untilMs: QUIET_AT(until) })
  return records.filter(({ merchantId }) => merchantId.startsWith('Q'))
}
/** Shops of the fleet that sell again, a minute apart from a time on. */
function again(count: number, from: string): string[] {
  const lines = Array.from({ length: count }, (_, at) => {
    const shop = history({ merchantId: `Q${String(at).padStart(2, '0')}`, source: 'urn:t:again' })
    const local = Temporal.PlainDateTime.from(from).add({ minutes: at })
    shop.sells(local.toString())
    return shop.lines()
  })
  return merged(...lines)
}
const control = (local: string, incidentId: string) => {
  const operator = history({ merchantId: '*', source: 'urn:operator' })
  operator.tell(local, 'incident.closed', { incidentId })
  return operator.lines()
}

describe('stages of merchants that fell silent together', () => {
  test('are not told while they are silent', () => {
    expect(ofQuiet(fleet(), '2026-04-19')).toEqual([])
  })

  test('are told on their dates where they are too few', () => {
    const few = fleet().filter((line) => !/"subject":"Q[1-5]\d"/.test(line))
    expect(told(ofQuiet(few, '2026-03-12'))).toHaveLength(10)
  })

  test('are judged once, when half of them are heard again, for their own dates', () => {
    const records = ofQuiet(fleet(again(30, '2026-04-02T10:00')), '2026-04-06')
    expect(records).toHaveLength(30)
    // The thirtieth speaks at 10:29: of two stages that came and went, the higher is told.
    expect(new Set(told(records))).toEqual(
      new Set(['2026-04-02 10:29:00 merchant-inactivity account:reverify opened warning']),
    )
    const dates = new Set(records.map(({ consequenceOn }) => consequenceOn))
    expect([...dates]).toEqual([Temporal.PlainDate.from('2026-04-10').since('1970-01-01').days])
    expect(records.every(({ merchantId }) => merchantId >= 'Q30')).toBe(true)
  })

  test('are judged when an operator closes the incident', () => {
    const lines = fleet(control('2026-04-02T12:00', 'absence-wave:2026-01-10'))
    const records = ofQuiet(lines, '2026-04-03')
    expect(new Set(told(records))).toEqual(
      new Set(['2026-04-02 12:00:00 merchant-inactivity account:reverify opened warning']),
    )
    expect(records).toHaveLength(60)
  })

  test('one that sells again is judged then for all else that waited', () => {
    const shop = history({ merchantId: 'Q00' })
    shop.tell('2026-02-20T08:00', 'fee.invoiced', {
      ...{ invoiceId: 'F1', feeType: 'sim-data', amount: 5_000, currency: 'CNY' },
      dueDate: '2026-03-01',
    })
    const heard = (more: readonly string[]) =>
      told(
        ofQuiet(fleet(merged(shop.lines(), more)), '2026-04-03').filter(
          ({ detector }) => detector === 'fee-overdue',
        ),
      )
    expect(heard([])).toEqual([])
    expect(heard(again(1, '2026-04-02T10:00'))).toEqual([
      '2026-04-02 09:59:00 fee-overdue invoice:F1 opened consequence-due',
    ])
  })

  const HEARD = again(35, '2026-04-02T10:00')
  const CLOSED = control('2026-04-02T12:00', 'absence-wave:2026-01-10')
  const UNTIL = '2026-04-08'

  test.each([
    ['catches up, heard again', HEARD, '2026-04-08T01:00'],
    ['catches up, closed', CLOSED, '2026-04-08T01:00'],
    ['is in time, heard again', HEARD, '2026-03-05'],
    ['is in time, closed', CLOSED, '2026-03-05'],
  ])(
    'are the same in replay and in a run that %s',
    async (_, more, from) => {
      const lines = fleet(more, UNTIL)
      const untilMs = QUIET_AT(UNTIL)
      const rig = createLiveRig(QUIET_AT(from))
      rig.produce(lines)
      // Few polls of a long span.
      const { engine } = rig.begin(SILENT, { untilMs, proofBusyMs: 600_000, proofIdleMs: 600_000 })
      await engine.start()
      await rig.passTo(untilMs + 2 * 3_600_000)
      expect(engine.status().partitions[0]?.isDone).toBe(true)
      expect(arrivalOf(lines.at(-1)!)).toBeLessThan(untilMs)
      const records = await replayed(lines, untilMs)
      expect(records.length).toBeGreaterThan(20)
      expect(comparable(rig.warnings())).toEqual(comparable(records))
      expect(rig.world.errors).toEqual([])
    },
    60_000,
  )
})
