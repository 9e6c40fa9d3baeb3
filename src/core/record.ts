/** A warning record as a CloudEvent: attributes and data, each in the published order. */
import { recordId, episodeId } from './ids.ts'
import { dayText } from './time.ts'
import type { EpochMs, Zone } from './time.ts'
import type { Evidence, Reason, Stage, WarningRecord } from './warning.ts'

const SEVERITIES: Readonly<Record<Stage | 'resolved' | 'retracted', readonly [string, number]>> = {
  retracted: ['RETRACTED', 9],
  resolved: ['RESOLVED', 10],
  notice: ['NOTICE', 11],
  warning: ['WARNING', 13],
  'final-warning': ['FINAL-WARNING', 17],
  'consequence-due': ['CONSEQUENCE-DUE', 21],
}
const SEQUENCE_DIGITS = 10

/** What only the sending knows: not compared, not in the ids, left out by `replay`. */
export type Emission = Readonly<{
  recordedMs: EpochMs
  /** Whole seconds from the due instant to the sending; 0 up to twice the grace. */
  lateSeconds: number
  /** Of absence and overdue: what had been read when it was said. */
  proof?: Readonly<{
    partition: number
    position: number
    end: number
    wallMs: EpochMs
    arrivalClockMs: EpochMs
    state: 'ok' | 'catching-up' | 'blind'
  }>
}>

export type Renderer = Readonly<{
  /** All attributes, then `data`: one line of `replay`, or a structured record. */
  structured: (record: WarningRecord, emission?: Emission) => Readonly<Record<string, unknown>>
  attributes: (record: WarningRecord, emission?: Emission) => Readonly<Record<string, unknown>>
  data: (record: WarningRecord, emission?: Emission) => Readonly<Record<string, unknown>>
}>

/** `name` is the output's: `source` is the same on all instances. */
export function createRenderer(zoneOf: (name: string) => Zone, name: string): Renderer {
  const attributes = (record: WarningRecord, emission?: Emission) =>
    attributesOf(record, zoneOf(record.zone), name, emission)
  const data = (record: WarningRecord, emission?: Emission) =>
    dataOf(record, zoneOf(record.zone), emission)
  return {
    attributes,
    data,
    structured: (record, emission) => ({
      ...attributes(record, emission),
      data: data(record, emission),
    }),
  }
}

function attributesOf(
  record: WarningRecord,
  zone: Zone,
  name: string,
  emission: Emission | undefined,
): Record<string, unknown> {
  const { reason, stage } = record
  const [severitytext, severitynumber] = SEVERITIES[isEnd(reason) ? reason : stage]
  return defined({
    specversion: '1.0',
    id: recordId(record, reason, stage),
    source: `urn:forewarn:${name}`,
    type: `forewarn.warning.${reason}.v1`,
    subject: record.merchantId,
    tenantid: record.tenant,
    partitionkey: record.merchantId,
    time: zone.text(record.atMs),
    severitytext,
    severitynumber,
    sequence: String(record.sequence).padStart(SEQUENCE_DIGITS, '0'),
    correlationid: episodeId(record),
    causationid: record.causationId,
    datacontenttype: 'application/json',
    dataschema: 'urn:forewarn:schema:warning.v1',
    recordedtime: emission === undefined ? undefined : zone.text(emission.recordedMs),
  })
}

function dataOf(
  record: WarningRecord,
  zone: Zone,
  emission: Emission | undefined,
): Record<string, unknown> {
  const { window } = record
  return defined({
    detector: record.detector,
    subject: record.subject,
    reason: record.reason,
    stage: record.stage,
    resolution: record.resolution,
    previousStage: record.previousStage,
    openedAt: zone.text(record.openedMs),
    consequence: consequenceOf(record, zone),
    value: record.value,
    threshold: record.threshold,
    limit: record.limit,
    unit: record.unit,
    source: record.source,
    k: record.k,
    n: record.n,
    baseline: record.baseline,
    historyDays: record.historyDays,
    window: window && { from: zone.text(window.fromMs), to: zone.text(window.toMs) },
    seen: record.seen,
    clears: record.clears,
    documents: record.documents,
    advice: record.advice,
    audience: record.audience,
    terminalIds: record.terminalIds.length === 0 ? undefined : record.terminalIds,
    evidence: record.evidence?.map((it) => evidenceOf(it, zone)),
    policy: {
      profile: record.profile,
      hash: record.policyHash,
      detectorVersion: record.detectorVersion,
    },
    emitted: emission === undefined ? undefined : emittedOf(emission, zone),
  })
}

function consequenceOf({ consequence, consequenceOn: on }: WarningRecord, zone: Zone) {
  if (on === undefined) return { kind: consequence }
  return { kind: consequence, at: zone.text(zone.startMs(on)), date: dayText(on), zone: zone.name }
}

function evidenceOf({ timeMs, eventId, ...rest }: Evidence, zone: Zone) {
  return { eventId, time: zone.text(timeMs), ...rest }
}

function emittedOf({ lateSeconds, proof }: Emission, zone: Zone) {
  if (proof === undefined) return { lateSeconds }
  const { partition, position, end, wallMs, arrivalClockMs, state } = proof
  return {
    lateSeconds,
    proof: {
      partition,
      position: String(position),
      end: String(end),
      wall: zone.text(wallMs),
      arrivalClock: zone.text(arrivalClockMs),
      state,
    },
  }
}

const isEnd = (reason: Reason): reason is 'resolved' | 'retracted' =>
  reason === 'resolved' || reason === 'retracted'

/** What does not apply is left out. */
function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
