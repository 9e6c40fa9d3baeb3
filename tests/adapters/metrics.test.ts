import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createMetrics } from '../../src/adapters/metrics.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { STAGES } from '../../src/core/warning.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { DEAD_CODES } from '../../src/events/event.ts'
import { warningRecord } from '../support/warning-record.ts'

const NOW_MS = Date.parse('2026-04-01T00:00:00Z')
const names = DETECTORS.map(({ name }) => name)

function given(isWithProcess = false) {
  let nowMs = NOW_MS
  const metrics = createMetrics({
    ...{ version: '1.2.3', revision: 'abc', node: 'v26', tzdata: '2026a', topic: 'in' },
    ...{ detectors: names, nowMs: () => nowMs, isWithProcess, configHash: 'c0ffee' },
  })
  const lines = async () => (await metrics.scrape()).body.split('\n')
  return {
    ...metrics,
    pass: (ms: number) => (nowMs += ms),
    lines,
    /** The value of one series, named as in the exposition. */
    value: async (series: string) => {
      const line = (await lines()).find((it) => it.startsWith(`${series} `))
      return line === undefined ? undefined : Number(line.slice(series.length + 1))
    },
  }
}

const progress = {
  ...{ position: 90, end: 100, clockMs: NOW_MS - 5_000, newestEventMs: NOW_MS - 7_000 },
  ...{ phase: 'catching-up' as const, timerDueMs: NOW_MS - 3_000, silences: [] },
}

describe('the configuration', () => {
  test('is known by its hash, and a failed reload by a zero and an older instant', async () => {
    const { configRead, policyLoaded, pass, value } = given()
    configRead(true)
    pass(60_000)
    configRead(false)
    policyLoaded([{ hash: 'abc', armed: 8 }])
    policyLoaded([{ hash: 'def', armed: 7 }])
    const found = {
      'forewarn_config_info{hash="c0ffee"}': 1,
      forewarn_config_last_reload_successful: 0,
      forewarn_config_last_reload_success_timestamp_seconds: NOW_MS / 1_000,
      'forewarn_policy_info{hash="abc"}': undefined,
      'forewarn_policy_info{hash="def"}': 1,
      forewarn_detectors_armed: 7,
    }
    for (const [series, expected] of Object.entries(found)) {
      expect({ series, is: await value(series) }).toEqual({ series, is: expected })
    }
    configRead(true)
    expect(await value('forewarn_config_last_reload_successful')).toBe(1)
  })
})

describe('what the engine tells', () => {
  test('is counted under its published name', async () => {
    const { observer, value } = given()
    observer.consumed(7, 1_400)
    observer.outcome('applied', 6)
    observer.outcome('unknown-type', 1)
    observer.deadLetter('json-invalid')
    observer.note({ kind: 'late', action: 'facts-only' })
    observer.note({ kind: 'clamped' })
    observer.commit('committed', 12)
    observer.reload('refused')
    observer.published('warnings', 3)
    observer.alreadyPresent('standing', 2)
    observer.outbox(4, 17)
    const found = {
      'forewarn_events_consumed_total{topic="in"}': 7,
      'forewarn_events_bytes_total{topic="in"}': 1_400,
      'forewarn_events_processed_total{outcome="applied"}': 6,
      'forewarn_events_processed_total{outcome="unknown-type"}': 1,
      'forewarn_events_processed_total{outcome="dead"}': 0,
      'forewarn_dead_letters_total{code="json-invalid"}': 1,
      'forewarn_late_events_total{action="facts-only"}': 1,
      'forewarn_clamped_timestamps_total{direction="future"}': 1,
      'forewarn_commits_total{outcome="committed"}': 1,
      forewarn_commit_duration_seconds_sum: 0.012,
      'forewarn_reloads_total{cause="refused"}': 1,
      'forewarn_relay_published_total{topic="warnings"}': 3,
      'forewarn_relay_already_present_total{topic="standing"}': 2,
      'forewarn_outbox_entries{topic="in",partition="4"}': 17,
      forewarn_last_processed_timestamp_seconds: NOW_MS / 1_000,
      'forewarn_build_info{version="1.2.3",revision="abc",node="v26",tzdata="2026a"}': 1,
    }
    for (const [series, expected] of Object.entries(found)) {
      expect([series, await value(series)]).toEqual([series, expected])
    }
  })

  test('gives the lead time of the first warning of an episode, and of no other', async () => {
    const { observer, value } = given()
    const day = 86_400_000
    observer.warning(warningRecord({ reason: 'opened' }), 30 * day)
    observer.warning(warningRecord({ reason: 'raised', stage: 'warning' }), 14 * day)
    observer.warning(warningRecord({ reason: 'opened', consequence: 'none' }), undefined)
    const lead = 'forewarn_warning_lead_time_seconds'
    expect(await value(`${lead}_sum{consequence="suspension"}`)).toBe(30 * 86_400)
    expect(await value(`${lead}_count{consequence="suspension"}`)).toBe(1)
    expect(await value(`${lead}_count{consequence="none"}`)).toBeUndefined()
  })

  test.each([
    ['Redis is away: OOM', 'oom'],
    ['connect ECONNREFUSED 10.1.2.3:6379', 'econnrefused'],
    ['Command timed out', 'timeout'],
    ['Connection is closed.', 'disconnected'],
    ['Kafka did not tell the offsets of terminal.events: X', 'kafka'],
    ['something with M4711 in it', 'other'],
  ])('reduces the store error "%s" to %s', async (text, code) => {
    const { observer, value } = given()
    observer.storeError('read', text)
    expect(await value(`forewarn_store_errors_total{op="read",code="${code}"}`)).toBe(1)
  })

  test('counts attempts to publish that failed', async () => {
    const { observer, value } = given()
    observer.publishError('Kafka did not take the output: no answer within 30000 ms')
    expect(await value('forewarn_produce_failures_total{code="kafka"}')).toBe(1)
  })
})

describe('gauges of a partition', () => {
  test('are computed for the instant of the scrape', async () => {
    const { observer, pass, value } = given()
    observer.progress(3, progress)
    pass(60_000)
    const at = '{topic="in",partition="3"}'
    expect(await value(`forewarn_consumer_lag_records${at}`)).toBe(10)
    expect(await value(`forewarn_consumer_lag_seconds${at}`)).toBe(65)
    expect(await value(`forewarn_event_time_lag_seconds${at}`)).toBe(67)
    expect(await value('forewarn_timer_lag_seconds')).toBe(63)
    expect(await value('forewarn_partitions{state="catching-up"}')).toBe(1)
  })

  test('show no lag at the end of the log, however long ago its last record came', async () => {
    const { observer, pass, value } = given()
    observer.progress(3, { ...progress, position: 100, timerDueMs: undefined })
    pass(3_600_000)
    expect(await value('forewarn_consumer_lag_seconds{topic="in",partition="3"}')).toBe(0)
    expect(await value('forewarn_timer_lag_seconds')).toBe(0)
  })

  test('are gone once it is another process’s', async () => {
    const { observer, lines } = given()
    observer.progress(3, progress)
    observer.outbox(3, 5)
    observer.released(3)
    expect((await lines()).filter((it) => it.includes('partition="3"'))).toEqual([])
  })

  test('tell of a partition that stopped before it made any progress', async () => {
    const { watch, value } = given()
    watch({ isReady: () => true, incidents: () => [{ partition: 5, kind: 'retention-gap' }] })
    expect(await value('forewarn_partition_stopped{topic="in",partition="5"}')).toBe(1)
    expect(await value('forewarn_partitions{state="stopped"}')).toBe(1)
    expect(await value('forewarn_incidents_open{kind="retention-gap"}')).toBe(1)
    expect(await value('forewarn_ready')).toBe(1)
  })
})

describe('the number of series', () => {
  test('does not depend on how many accounts there are', async () => {
    const few = given()
    const many = given()
    observeAccounts(few.observer, 200)
    observeAccounts(many.observer, 10_000)
    const series = (await many.lines()).filter((it) => it !== '' && !it.startsWith('#'))
    expect(series).toHaveLength((await few.lines()).filter((it) => /^[^#]/.test(it)).length)
    expect(series.length).toBeLessThan(450)
    expect(series.filter((it) => /M\d{5}|T\d{5}/.test(it))).toEqual([])
  })

  function observeAccounts(observer: ReturnType<typeof given>['observer'], accounts: number): void {
    for (let at = 0; at < accounts; at++) {
      const id = `${10_000 + at}`
      const record: WarningRecord = warningRecord({
        merchantId: `M${id}`,
        terminalIds: [`T${id}`],
        subject: `terminal:T${id}:reverify`,
        detector: names[at % names.length] ?? '',
        stage: STAGES[at % STAGES.length] ?? 'notice',
      })
      observer.warning(record, at * 1_000)
      observer.warning({ ...record, detector: `of-M${id}` }, undefined)
      observer.deadLetter(DEAD_CODES[at % DEAD_CODES.length] ?? '')
      observer.deadLetter(`M${id}`)
      observer.note({ kind: 'suppressed', detector: `of-M${id}`, cause: `cause-${at}` })
      observer.storeError('read', `WRONGTYPE at key fw:{p3}:a M${id}`)
      observer.progress(at % 8, progress)
    }
  }
})

describe('the exposition', () => {
  test('leaves out what ends in _total and is no counter', async () => {
    const wrong = (await given(true).lines()).filter((it) =>
      /^# TYPE \S+_total (?!counter)/.test(it),
    )
    expect(wrong).toEqual([])
  })

  test('tells how many merchants fell silent together', async () => {
    const { observer, scrape } = given(true)
    const silences = [{ name: 'absence-wave:2026-01-10', accounts: 60, sinceMs: NOW_MS }]
    observer.progress(3, { ...progress, silences })
    const { body } = await scrape()
    expect(body).toMatch(/^forewarn_silent_merchants\{[^}]*partition="3"[^}]*\} 60$/m)
  })

  // Where Prometheus is installed its own linter is asked as well.
  test('passes promtool', async ({ skip }) => {
    const isThere = spawnSync('promtool', ['--version']).status === 0
    if (!isThere) skip('promtool is not installed')
    const { observer, scrape } = given(true)
    observer.progress(0, progress)
    const { body } = await scrape()
    const said = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
    expect([said.status, said.stderr, said.stdout]).toEqual([0, '', ''])
  })
})
