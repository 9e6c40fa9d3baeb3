import { describe, expect, test } from 'vitest'
import { createRenderer } from '../../src/core/record.ts'
import type { Emission } from '../../src/core/record.ts'
import { createZones } from '../../src/core/time.ts'
import type { Reason, Stage, WarningRecord } from '../../src/core/warning.ts'
import { warningRecord } from '../support/warning-record.ts'

const { attributes, data, structured } = createRenderer(createZones(), 'default')
const at = (text: string) => Date.parse(`${text}+08:00`)

/** Every member that a record can have. */
const RAISED: WarningRecord = warningRecord({
  ...{ reason: 'raised', stage: 'warning', previousStage: 'notice', sequence: 42 },
  ...{ atMs: at('2026-04-01T00:00:00'), value: 76, threshold: 76 },
  window: { fromMs: at('2026-01-15T18:00:00'), toMs: at('2026-04-01T00:00:00') },
  ...{ k: 3, n: 12, baseline: 10, historyDays: 61, causationId: 'e-9' },
  evidence: [
    {
      ...{ eventId: 'e-88213', timeMs: at('2026-01-15T18:00:00.250'), terminalId: 'T2' },
      ...{ amount: 12_850, currency: 'CNY', responseCode: '00', last4: '4821' },
    },
  ],
})
const EMISSION: Emission = {
  recordedMs: at('2026-04-01T00:02:00.007'),
  lateSeconds: 0,
  proof: {
    ...{ partition: 3, position: 7_012, end: 7_012 },
    ...{ wallMs: at('2026-04-01T00:02:00'), arrivalClockMs: at('2026-04-01T00:01:00') },
    state: 'ok' as const,
  },
}

test('attributes are those of a CloudEvent, in their order', () => {
  const all = attributes(RAISED, EMISSION)
  const { id, correlationid } = all
  expect(id).toBe(`${String(correlationid)}-warning`)
  expect(JSON.stringify(all)).toBe(
    JSON.stringify({
      specversion: '1.0',
      id,
      source: 'urn:forewarn:default',
      type: 'forewarn.warning.raised.v1',
      subject: 'M1000042',
      tenantid: 'acq-a',
      partitionkey: 'M1000042',
      time: '2026-04-01T00:00:00+08:00',
      severitytext: 'WARNING',
      severitynumber: 13,
      sequence: '0000000042',
      correlationid,
      causationid: 'e-9',
      datacontenttype: 'application/json',
      dataschema: 'urn:forewarn:schema:warning.v1',
      recordedtime: '2026-04-01T00:02:00.007+08:00',
    }),
  )
})

test('data says everything that is known, in its order', () => {
  expect(JSON.stringify(data(RAISED, EMISSION))).toBe(
    JSON.stringify({
      ...{ detector: 'terminal-inactivity', subject: 'terminal:T2:reverify' },
      ...{ reason: 'raised', stage: 'warning', previousStage: 'notice' },
      openedAt: '2026-03-16T00:00:00+08:00',
      consequence: {
        ...{ kind: 'suspension', at: '2026-04-15T00:00:00+08:00', date: '2026-04-15' },
        zone: 'Asia/Shanghai',
      },
      ...{ value: 76, threshold: 76, limit: 90, unit: 'days', source: 'CN1' },
      ...{ k: 3, n: 12, baseline: 10, historyDays: 61 },
      window: { from: '2026-01-15T18:00:00+08:00', to: '2026-04-01T00:00:00+08:00' },
      seen: { lastSaleOn: '2026-01-15' },
      clears: ['re-verify', 'mark-as-backup', 'declare-pause', 'cancel'],
      ...{ documents: ['legal-rep-id'], advice: ['adv-plan-idle'] },
      ...{ audience: ['merchant', 'operator'], terminalIds: ['T2'] },
      evidence: [
        {
          ...{ eventId: 'e-88213', time: '2026-01-15T18:00:00.250+08:00', terminalId: 'T2' },
          ...{ amount: 12_850, currency: 'CNY', responseCode: '00', last4: '4821' },
        },
      ],
      policy: { profile: 'cn', hash: '9f2c41d07ab3', detectorVersion: 1 },
      emitted: {
        lateSeconds: 0,
        proof: {
          ...{ partition: 3, position: '7012', end: '7012' },
          wall: '2026-04-01T00:02:00+08:00',
          arrivalClock: '2026-04-01T00:01:00+08:00',
          state: 'ok',
        },
      },
    }),
  )
})

describe('what does not apply is left out', () => {
  test('of the emission, before anything is sent', () => {
    expect(attributes(RAISED)).not.toHaveProperty('recordedtime')
    expect(data(RAISED)).not.toHaveProperty('emitted')
    expect(data(RAISED, { recordedMs: 0, lateSeconds: 7 })['emitted']).toEqual({ lateSeconds: 7 })
  })

  test('of a timer, whoever caused it', () => {
    expect(attributes(warningRecord())).not.toHaveProperty('causationid')
  })

  test('of a behaviour, the date of its consequence', () => {
    const { consequenceOn: _, ...undated } = warningRecord({ terminalIds: [] })
    expect(data(undated)['consequence']).toEqual({ kind: 'suspension' })
    expect(data(undated)).not.toHaveProperty('terminalIds')
  })

  test('of an end, the numbers', () => {
    const { value: _, threshold: __, limit: ___, unit: ____, ...rest } = warningRecord()
    const ended = data({ ...rest, reason: 'resolved', resolution: 'rolled-up' })
    expect(ended).toMatchObject({ reason: 'resolved', stage: 'notice', resolution: 'rolled-up' })
    for (const member of ['value', 'threshold', 'limit', 'unit', 'previousStage']) {
      expect(ended).not.toHaveProperty(member)
    }
  })

  test('but a zero is said', () => {
    expect(data(warningRecord({ value: 0 }))['value']).toBe(0)
  })
})

test.each<[Reason, Stage, string, number]>([
  ['opened', 'notice', 'NOTICE', 11],
  ['raised', 'warning', 'WARNING', 13],
  ['opened', 'final-warning', 'FINAL-WARNING', 17],
  ['raised', 'consequence-due', 'CONSEQUENCE-DUE', 21],
  ['resolved', 'consequence-due', 'RESOLVED', 10],
  ['retracted', 'warning', 'RETRACTED', 9],
])('%s at %s is of severity %s, %i', (reason, stage, severitytext, severitynumber) => {
  const record = warningRecord({ reason, stage })
  expect(attributes(record)).toMatchObject({ severitytext, severitynumber })
  expect(attributes(record)['type']).toBe(`forewarn.warning.${reason}.v1`)
})

test('a structured record is its attributes, then its data', () => {
  const whole = structured(RAISED)
  expect(whole).toEqual({ ...attributes(RAISED), data: data(RAISED) })
  expect(Object.keys(whole).at(-1)).toBe('data')
})

test('the output’s own name is in the source', () => {
  const renderer = createRenderer(createZones(), 'eu')
  expect(renderer.attributes(RAISED)['source']).toBe('urn:forewarn:eu')
})
