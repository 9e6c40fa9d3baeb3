/** What leaves for the topics, as CloudEvents over Kafka: binary by default, structured where asked for. */
import type { Renderer } from '../core/record.ts'
import { deadLetter } from '../events/dead-letter.ts'
import type { HeaderStyle } from '../events/dead-letter-headers.ts'
import type { RawRecord } from '../core/ports.ts'
import type { DeadReason } from '../events/event.ts'
import type { EpochMs } from '../core/time.ts'
import type { Rendered, Wording } from './dependencies.ts'

export type WordingOptions = Readonly<{
  mode: 'binary' | 'structured'
  /** `source` of what we send. */
  source: string
  inputTopic: string
  group: string
  appVersion: string
  headerStyle: HeaderStyle
  sha256: (bytes: Uint8Array) => string
  nowMs: () => EpochMs
}>

type Header = Rendered['headers'][number]
/** From Node's pool: memory of its own for each text costs several times as much. */
const bytesOf = (text: string): Uint8Array => Buffer.from(text)

export function createWording(renderer: Renderer, options: WordingOptions): Wording {
  return {
    render: (record, emission) => {
      const attributes = renderer.attributes(record, emission)
      const data = renderer.data(record, emission)
      const isBinary = options.mode === 'binary'
      return {
        id: String(attributes['id']),
        key: bytesOf(record.merchantId),
        value: bytesOf(JSON.stringify(isBinary ? data : { ...attributes, data })),
        headers: isBinary ? binaryHeaders(attributes) : [STRUCTURED],
      }
    },
    renderStanding: createStandingWording(options.source),
    deadLetter: (reason, record, partition) => buried(reason, record, partition, options),
  }
}

/** Most headers are the same for all accounts: of a new fleet each account is told at once. */
function createStandingWording(source: string): Wording['renderStanding'] {
  const version: Header = ['ce_specversion', bytesOf('1.0')]
  const sender = binaryHeaders({ source, type: 'forewarn.standing.v1' })
  const content = binaryHeaders({
    datacontenttype: 'application/json',
    dataschema: 'urn:forewarn:schema:standing.v1',
  })
  // Neighbours are nearly always of one tenant.
  let ofTenant = { tenant: '', header: ['ce_tenantid', bytesOf('')] as Header }
  return (standing, at) => {
    const { tenant, merchantId } = at
    const key = bytesOf(merchantId)
    if (standing === undefined) return { key, value: undefined, headers: [] }
    if (ofTenant.tenant !== tenant) ofTenant = { tenant, header: ['ce_tenantid', bytesOf(tenant)] }
    const cursor = { offset: String(at.offset), version: at.version }
    const headers: Header[] = [
      version,
      ['ce_id', bytesOf(`${tenant}/${merchantId}/${at.offset}/${at.version}`)],
      ...sender,
      ['ce_subject', key],
      ofTenant.header,
      ['ce_partitionkey', key],
      ...content,
    ]
    return { key, value: bytesOf(JSON.stringify({ ...(standing as object), cursor })), headers }
  }
}

const STRUCTURED: Header = ['content-type', bytesOf('application/cloudevents+json; charset=UTF-8')]

function binaryHeaders(attributes: Readonly<Record<string, unknown>>): Header[] {
  return Object.entries(attributes).map(([name, value]): Header => {
    const header = name === 'datacontenttype' ? 'content-type' : `ce_${name}`
    return [header, bytesOf(String(value))]
  })
}

function buried(
  reason: DeadReason,
  record: RawRecord,
  partition: number,
  { inputTopic, group, appVersion, headerStyle, sha256, nowMs }: WordingOptions,
): Rendered {
  const place = {
    topic: inputTopic,
    partition,
    group,
    appVersion,
    firstFailedAtMs: nowMs(),
    headerStyle,
  }
  return deadLetter(reason, record, place, sha256)
}
